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
            .Select(workload => (workload, Absence: AbsenceOf(workload, model))).Where(one => one.Absence is not null)
            .ToDictionary(one => one.workload, one => one.Absence!);
        return model with
        {
            Workloads =
            [
                .. model.Workloads.Select(one => !applied.TryGetValue(one, out var absence) ? one
                    : one with { MinServing = 0, ServingReason = $"it may be down: {absence.Reason}", AlsoServedBy = absence.Other }),
            ],
            Assumptions = [.. model.Assumptions, .. applied.OrderBy(one => one.Key.Id, StringComparer.Ordinal).Select(one => $"{one.Key.Id} may be down while it is rescheduled (objective 0, by default): {one.Value.Reason}.")],
        };
    }

    /// <summary>Null when at least one replica must serve.</summary>
    private static Absence? AbsenceOf(Workload workload, ClusterModel model) =>
        MayBeAway.TryGetValue(workload.Id, out var reason) ? new Absence(reason)
        : workload.Replicas == 1 && OtherClientOf(workload, model) is { } other
            ? new Absence($"its replicas and those of {other.Id} serve the same chain, and {other.Id} alone keeps one", other.Id)
            : null;

    /// <summary>Another client of the same chain that survives by itself.</summary>
    private static Workload? OtherClientOf(Workload workload, ClusterModel model) => !EthereumClients.Any(client => workload.Id == EthereumPrefix + client)
        ? null
        : model.Workloads.FirstOrDefault(other => other != workload && other.Replicas > 1 && EthereumClients.Any(client => other.Id == EthereumPrefix + client));

    /// <summary>Why a workload may be down.</summary>
    /// <param name="Other">The id of the workload that serves meanwhile; null when none needs to.</param>
    private sealed record Absence(string Reason, string? Other = null);
}
