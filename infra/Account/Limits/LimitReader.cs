using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using HaCluster.Account.Wire;

namespace HaCluster.Account.Limits;

/// <summary>
/// Asks Service Quotas: first for all limits of a service in one list, then one by one for those that are not in it (it lists only what
/// was ever used or raised in some accounts), and last for AWS's default.
/// </summary>
internal sealed class LimitReader(AwsConnection connection)
{
    public async Task<ImmutableArray<AccountLimit>> ReadAsync(
        IEnumerable<QuotaReference> quotas, IProgress<string>? progress, CancellationToken cancellationToken)
    {
        var limits = ImmutableArray.CreateBuilder<AccountLimit>();
        foreach (var service in quotas.GroupBy(quota => (quota.ServiceCode, quota.IsGlobal)))
        {
            progress?.Report($"limits of {service.Key.ServiceCode}");
            var api = connection.Json(AwsService.ServiceQuotas, atHome: service.Key.IsGlobal);
            var listed = await ListAsync(api, service.Key.ServiceCode, cancellationToken);
            foreach (var quota in service)
                limits.Add(listed.GetValueOrDefault(quota.QuotaCode) ?? await GetAsync(api, quota, cancellationToken));
        }

        return limits.ToImmutable();
    }

    /// <summary>Empty when the list is refused: a single limit may still be permitted.</summary>
    private static async Task<Dictionary<string, AccountLimit>> ListAsync(JsonProtocol api, string service, CancellationToken cancellationToken)
    {
        var limits = new Dictionary<string, AccountLimit>(StringComparer.Ordinal);
        try
        {
            var request = new JsonObject { ["ServiceCode"] = service, ["MaxResults"] = 100 };
            await foreach (var page in api.PagesAsync("ListServiceQuotas", request, cancellationToken))
            {
                foreach (var quota in page.GetProperty("Quotas").EnumerateArray())
                {
                    if (Read(service, quota, isDefault: false) is { } limit)
                        limits[limit.QuotaCode] = limit;
                }
            }
        }
        catch (AwsCallException)
        {
            // What was listed until then holds; the rest is asked for one by one.
        }

        return limits;
    }

    private static async Task<AccountLimit> GetAsync(JsonProtocol api, QuotaReference quota, CancellationToken cancellationToken)
    {
        AwsCallException? refusal = null;
        foreach (var operation in new[] { "GetServiceQuota", "GetAWSDefaultServiceQuota" })
        {
            try
            {
                var request = new JsonObject { ["ServiceCode"] = quota.ServiceCode, ["QuotaCode"] = quota.QuotaCode };
                var answer = await api.CallAsync(operation, request, cancellationToken);
                if (answer.TryGetProperty("Quota", out var found) && Read(quota.ServiceCode, found, operation != "GetServiceQuota") is { } limit)
                    return limit;
            }
            catch (AwsCallException exception)
            {
                // If the account's own limit may not be read, the default must not be reported in its place.
                refusal = exception;
                if (!exception.IsAbsent)
                    break;
            }
        }

        var reason = refusal is null or { IsAbsent: true } ? "Service Quotas does not have this quota in the region" : refusal.Reason;
        return new AccountLimit(quota.ServiceCode, quota.QuotaCode, null, Unread: reason);
    }

    private static AccountLimit? Read(string service, JsonElement quota, bool isDefault) =>
        quota.TryGetProperty("QuotaCode", out var code) && quota.TryGetProperty("Value", out var value) && value.ValueKind == JsonValueKind.Number
            ? new AccountLimit(
                service,
                code.GetString() ?? "",
                value.GetDecimal(),
                isDefault,
                quota.TryGetProperty("Adjustable", out var adjustable) ? adjustable.ValueKind == JsonValueKind.True : null)
            : null;
}
