using System.Collections.Immutable;
using HaCluster.Simulation.Model;

namespace HaCluster.Planning.Modelling.Settings;

/// <summary>
/// Objectives of the product's own workloads that have one replica, or may be down while they are rescheduled. The settings override them
/// (<c>ha-cluster:objectives.serving</c>).
/// </summary>
internal static class ProductObjectives
{
    private const string EthereumPrefix = "chains/ethereum-";

    private static readonly ImmutableSortedDictionary<string, string> MayBeAway = new Dictionary<string, string>
    {
        ["kube-system/snapshot-controller"] = "volume snapshots requested meanwhile are taken after it has recovered",
        ["monitoring/cloudwatch-exporter"] = "metrics of AWS have a gap; alarms in CloudWatch do not depend on it",
        ["monitoring/k8s-ephemeral-storage-metrics"] = "metrics of local disk have a gap",
        ["monitoring/monitoring-kube-state-metrics"] = "metrics of Kubernetes objects have a gap; Prometheus and Alertmanager keep running",
        ["monitoring/monitoring-operator"] = "changes of rules and monitors wait; Prometheus and Alertmanager keep running",
        ["platform/velero"] = "a backup that is due meanwhile is taken after it has recovered",
    }.ToImmutableSortedDictionary(StringComparer.Ordinal);

    private static readonly ImmutableArray<string> EthereumClients = ["geth", "reth"];

    /// <param name="serving">Objectives in the settings, by workload id.</param>
    public static ClusterModel Apply(ClusterModel model, ImmutableSortedDictionary<string, int> serving)
    {
        var applied = model.Workloads.Where(workload => !serving.ContainsKey(workload.Id) && workload.MinServing > 0)
            .Select(workload => (workload, Reason: ReasonFor(workload, model))).Where(one => one.Reason is not null)
            .ToDictionary(one => one.workload, one => one.Reason!);
        return model with
        {
            Workloads = [.. model.Workloads.Select(one => !applied.TryGetValue(one, out var reason) ? one : one with { MinServing = 0, ServingReason = $"it may be down: {reason}" })],
            Assumptions = [.. model.Assumptions, .. applied.OrderBy(one => one.Key.Id, StringComparer.Ordinal).Select(one => $"{one.Key.Id} may be down while it is rescheduled (objective 0, by default): {one.Value}.")],
        };
    }

    /// <summary>Null when at least one replica must serve.</summary>
    private static string? ReasonFor(Workload workload, ClusterModel model) =>
        MayBeAway.GetValueOrDefault(workload.Id) ?? (workload.Replicas == 1 && OtherClientOf(workload, model) is { } other
            ? $"its replicas and those of {other.Id} serve the same chain, and {other.Id} alone keeps one"
            : null);

    /// <summary>Another client of the same chain that survives by itself.</summary>
    private static Workload? OtherClientOf(Workload workload, ClusterModel model) => !EthereumClients.Any(client => workload.Id == EthereumPrefix + client)
        ? null
        : model.Workloads.FirstOrDefault(other => other != workload && other.Replicas > 1 && EthereumClients.Any(client => other.Id == EthereumPrefix + client));
}
