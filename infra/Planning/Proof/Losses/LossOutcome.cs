using System.Collections.Immutable;
using HaCluster.Simulation.Model;
using HaCluster.Simulation.Scheduling;

namespace HaCluster.Planning.Proof.Losses;

/// <summary>What a loss does, without any new instance.</summary>
internal sealed record LossOutcome
{
    public required ImmutableArray<string> DeadZones { get; init; }

    /// <summary>Replicas that were on what is gone, by workload; daemons are not counted, they go with their node.</summary>
    public required IReadOnlyDictionary<Workload, int> Displaced { get; init; }

    /// <summary>Where displaced and preempted pods went.</summary>
    public required IReadOnlyDictionary<Pod, NodeState> Moves { get; init; }

    public required ImmutableArray<StuckPod> Stuck { get; init; }

    /// <summary>Pods that others pushed off their node.</summary>
    public required int Preempted { get; init; }

    /// <summary>The cluster afterwards.</summary>
    public required ClusterState After { get; init; }

    public int StuckOf(Workload workload) => Stuck.Count(stuck => stuck.Pod.Workload == workload);
}
