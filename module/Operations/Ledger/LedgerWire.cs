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

    /// <summary>Where its own API is reached, with TLS to a pod.</summary>
    public static TunnelTarget Target { get; } = new(Namespace, Name, "https", "finance-log-tls");

    /// <returns>An entry for each replica.</returns>
    /// <exception cref="HaClusterException">The cluster has no finance log, or its pods cannot be listed.</exception>
    public async Task<IReadOnlyList<LedgerReplica>> ReadAsync(CancellationToken cancellationToken)
    {
        var found = await ServicePods.FindAsync(api, Namespace, Name, cancellationToken)
            ?? throw new HaClusterException(
                FailureKind.MonitoringMissing, "get services", $"{Namespace}/{Name}", "the cluster has no finance log", "It runs when ha-cluster:logging.finance.producers names a secret");
        var port = found.Service.Spec.Ports[0].Port;
        return await Task.WhenAll(found.Pods.Select(pod => ReadAsync(pod.Metadata.Name, $"{port}", cancellationToken)));
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
