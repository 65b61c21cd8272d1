using HaCluster.Operations.Kubernetes;

namespace HaCluster.Operations.Ledger;

/// <summary>
/// The replicas of the finance log (infra/Services/Ledger) through the API server's proxy. Their metrics need no token; the API server does not check the certificate of a
/// pod, and nothing secret is sent.
/// </summary>
internal sealed class LedgerWire(IKubernetesApi api)
{
    /// <summary>As infra/Stack/Logging/Finance declares it.</summary>
    private const string Namespace = "logging", Name = "finance-log";

    /// <returns>An entry for each replica.</returns>
    /// <exception cref="HaClusterException">The cluster has no finance log, or its pods cannot be listed.</exception>
    public async Task<IReadOnlyList<LedgerReplica>> ReadAsync(CancellationToken cancellationToken)
    {
        // The name of its pods' label, and the port, are settings; the service knows both.
        var service = await api.FindAsync(Kinds.Services, Namespace, Name, cancellationToken);
        if (service?.Spec is not { Selector: { Count: > 0 } selector, Ports: [var port, ..] })
        {
            throw new HaClusterException(
                FailureKind.MonitoringMissing, "get services", $"{Namespace}/{Name}", "the cluster has no finance log", "It runs when ha-cluster:logging.finance.producers names a secret");
        }

        var labels = string.Join(",", selector.OrderBy(label => label.Key, StringComparer.Ordinal).Select(label => $"{label.Key}={label.Value}"));
        var pods = (await api.ListAsync(Kinds.Pods, new ListScope(Namespace, LabelSelector: labels), cancellationToken)).Items
            .Where(pod => pod.Metadata.DeletionTimestamp is null && pod.Status?.Phase is not ("Succeeded" or "Failed")).OrderBy(pod => pod.Metadata.Name, StringComparer.Ordinal);
        return await Task.WhenAll(pods.Select(pod => ReadAsync(pod.Metadata.Name, $"{port.Port}", cancellationToken)));
    }

    private async Task<LedgerReplica> ReadAsync(string pod, string port, CancellationToken cancellationToken)
    {
        try
        {
            var answer = await api.ProxyAsync(new ProxyTarget(Namespace, "pods", pod, port, IsTls: true), HttpMethod.Get, "/metrics", null, cancellationToken);
            return !answer.IsSuccess ? new LedgerReplica(pod, null, $"HTTP {answer.Status}")
                : MetricsText.Read(answer.Body) is { } samples && samples.Any(sample => sample.Name == "ledger_build_info") ? new LedgerReplica(pod, samples, "")
                : new LedgerReplica(pod, null, "what answers is not a ledger");
        }
        catch (HaClusterException exception)
        {
            return new LedgerReplica(pod, null, exception.Problem);
        }
    }
}

/// <param name="Samples">Null when it did not answer.</param>
/// <param name="Fault">Why it did not.</param>
internal sealed record LedgerReplica(string Pod, IReadOnlyList<MetricSample>? Samples, string Fault);
