using System.Text.Json;
using System.Text.Json.Nodes;
using HaCluster.Account.Wire;

namespace HaCluster.Account.Limits;

/// <summary>Files requests for higher limits, and finds those that are open.</summary>
internal sealed class QuotaIncreaseClient(AwsConnection connection)
{
    public async Task<QuotaIncreaseRequest?> FindOpenAsync(QuotaReference quota, CancellationToken cancellationToken)
    {
        var pages = connection.Json(AwsService.ServiceQuotas, quota.IsGlobal)
            .PagesAsync("ListRequestedServiceQuotaChangeHistoryByQuota", Naming(quota), cancellationToken);
        await foreach (var page in pages)
        {
            if (page.GetProperty("RequestedQuotas").EnumerateArray().Select(Read).FirstOrDefault(request => request.IsOpen) is { } open)
                return open;
        }

        return null;
    }

    public async Task<QuotaIncreaseRequest> FileAsync(QuotaReference quota, decimal desired, CancellationToken cancellationToken)
    {
        var request = Naming(quota);
        request["DesiredValue"] = desired;
        var answer = await connection.Json(AwsService.ServiceQuotas, quota.IsGlobal).CallAsync("RequestServiceQuotaIncrease", request, cancellationToken);
        return Read(answer.GetProperty("RequestedQuota"));
    }

    private static JsonObject Naming(QuotaReference quota) => new() { ["ServiceCode"] = quota.ServiceCode, ["QuotaCode"] = quota.QuotaCode };

    private static QuotaIncreaseRequest Read(JsonElement json) => new(
        Text(json, "Id"),
        Text(json, "ServiceCode"),
        Text(json, "QuotaCode"),
        json.TryGetProperty("DesiredValue", out var value) && value.ValueKind == JsonValueKind.Number ? value.GetDecimal() : 0,
        Text(json, "Status"));

    private static string Text(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() ?? "" : "";
}
