using System.Collections.Immutable;

namespace HaCluster.Planning.Schedules;

/// <summary>A pod that had no node, or was preempted on the one that it had.</summary>
/// <param name="Workload">Id of the workload that it is of; its own when nobody keeps it running.</param>
/// <param name="Node">Null when it stays Pending.</param>
/// <param name="Zone">Of the node; null when it has none.</param>
/// <param name="Reason">Why it stays Pending, as kube-scheduler words it; null when it does not.</param>
/// <param name="Preempts">Pods that had to go for it.</param>
public sealed record ScheduledPod(string Namespace, string Name, string Workload, int Priority, string? Node, string? Zone, string? Reason, ImmutableArray<string> Preempts);
