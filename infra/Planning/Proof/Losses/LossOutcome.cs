using System.Collections.Immutable;
using HaCluster.Simulation.Model;
using HaCluster.Simulation.Scheduling;

namespace HaCluster.Planning.Proof.Losses;

/// <summary>The outcome of a loss without new instances.</summary>
internal sealed record LossOutcome
{
    public required ImmutableArray<string> DeadZones { get; init; }

    /// <summary>Lost replicas by workload; DaemonSet pods are not counted, because they go with their node.</summary>
    public required IReadOnlyDictionary<Workload, int> Displaced { get; init; }

    /// <summary>Where displaced and preempted pods went.</summary>
    public required IReadOnlyDictionary<Pod, NodeState> Moves { get; init; }

    public required ImmutableArray<StuckPod> Stuck { get; init; }

    /// <summary>Preempted pods.</summary>
    public required int Preempted { get; init; }

    /// <summary>The cluster afterwards.</summary>
    public required ClusterState After { get; init; }

    public int StuckOf(Workload workload) => Stuck.Count(stuck => stuck.Pod.Workload == workload);
}

/// <summary>A pod that finds no place after a loss.</summary>
/// <param name="Reason">As kube-scheduler words it.</param>
internal sealed record StuckPod(Pod Pod, StuckCause Cause, string Reason)
{
    /// <summary>Refusing nodes by reason; empty for a pod that was not tried.</summary>
    public ImmutableArray<RefusedNodes> Refusals { get; init; } = [];
}

/// <summary>Why a pod finds no place.</summary>
internal enum StuckCause
{
    /// <summary>Its volume is in a lost zone.</summary>
    DeadVolume,

    /// <summary>Its volume is in a remaining zone where no node has room for it.</summary>
    VolumeWithoutNode,

    /// <summary>A new node would take it: there is too little room.</summary>
    Room,

    /// <summary>A node has room for it, but its own required spread forbids that node.</summary>
    Spread,

    /// <summary>Not even an empty node would take it, because of a required spread or another rule.</summary>
    Rule,
}
