using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace HaCluster.Operations.Kubernetes;

/// <content>Evictions (https://kubernetes.io/docs/concepts/scheduling-eviction/api-eviction/) and the proxy.</content>
public sealed partial class KubernetesApi
{
    public async Task<EvictionAnswer> EvictAsync(
        string @namespace, string pod, string? uid, CancellationToken cancellationToken, TimeSpan? grace = null, bool isDryRun = false)
    {
        var options = new JsonObject();
        if (uid is not null)
            options["preconditions"] = Preconditions(uid, null);
        if (grace is { } time)
            options["gracePeriodSeconds"] = (long)time.TotalSeconds;
        var body = new JsonObject
        {
            ["apiVersion"] = "policy/v1",
            ["kind"] = "Eviction",
            ["metadata"] = new JsonObject { ["name"] = pod, ["namespace"] = @namespace },
            ["deleteOptions"] = options,
        };
        var path = Kinds.Pods.Path(@namespace, pod, "eviction") + (isDryRun ? "?dryRun=All" : "");
        // Evicting a pod that is terminating already changes nothing.
        var call = Post(path, "create pods/eviction", $"Pod {@namespace}/{pod}", body, isRepeatable: true);
        try
        {
            return await _wire.SendAsync(call, (response, token) => AnswerAsync(@namespace, response, token), cancellationToken, IsRefusal);
        }
        catch (HaClusterException exception) when ((exception.Kind == FailureKind.NotFound && exception.Code != KubernetesErrors.NotServed) || IsOtherObject(exception))
        {
            return EvictionAnswer.Gone;
        }
    }

    public async Task<ProxyAnswer> ProxyAsync(ProxyTarget target, HttpMethod method, string pathAndQuery, JsonNode? body, CancellationToken cancellationToken)
    {
        var call = new Call(method, target.Path + "/" + pathAndQuery.TrimStart('/'), $"{method.Method.ToLowerInvariant()} {target.Plural}/proxy", target.ToString(), Options.RequestTimeout, method == HttpMethod.Get)
        {
            Body = body is null ? null : System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(body),
        };
        return await _wire.SendAsync(
            call,
            async (response, token) => new ProxyAnswer((int)response.StatusCode, await response.Content.ReadAsStringAsync(token)),
            cancellationToken,
            // A Status is the API server's own: no such service, no ready endpoint, no permission.
            (response, text) => response.StatusCode != HttpStatusCode.Unauthorized && StatusObject.Read(text) is null);
    }

    /// <summary>
    /// 429 with the cause DisruptionBudget is a budget's refusal; any other 429 is the API server asking to slow down. Several budgets over one pod are
    /// refused with 500 (https://github.com/kubernetes/kubernetes/blob/master/pkg/registry/core/pod/storage/eviction.go).
    /// </summary>
    private static bool IsRefusal(HttpResponseMessage response, string body) => StatusObject.Read(body) is { } status && response.StatusCode switch
    {
        HttpStatusCode.TooManyRequests => status.Causes.Any(cause => cause.Reason == "DisruptionBudget") || status.Message.Contains("disruption budget", StringComparison.Ordinal),
        HttpStatusCode.InternalServerError => status.Message.Contains("more than one PodDisruptionBudget", StringComparison.Ordinal),
        _ => false,
    };

    private static async Task<EvictionAnswer> AnswerAsync(string @namespace, HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (response.IsSuccessStatusCode)
            return EvictionAnswer.Evicted;
        var failure = KubernetesErrors.Of(new Call(HttpMethod.Post, "", "", "", default, false), response, "");
        var status = StatusObject.Read(await response.Content.ReadAsStringAsync(cancellationToken))!;
        var reason = status.Causes.Select(cause => cause.Message).FirstOrDefault(message => message.Length > 0) ?? status.Message;
        var budget = BudgetName().Match(reason) is { Success: true } match ? $"{@namespace}/{match.Groups["name"].Value}" : "";
        return new EvictionAnswer(
            EvictionOutcome.Refused, budget, reason.TrimEnd('.'), failure.RetryAfter ?? (status.RetryAfterSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : null));
    }

    // "The disruption budget web needs 2 healthy pods and has 2 currently"
    [GeneratedRegex("disruption budget (?<name>[a-z0-9][-a-z0-9.]*[a-z0-9]|[a-z0-9]) ")]
    private static partial Regex BudgetName();
}
