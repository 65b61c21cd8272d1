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

/// <summary>A pod that finds no place after a loss.</summary>
/// <param name="Reason">As kube-scheduler words it.</param>
internal sealed record StuckPod(Pod Pod, StuckCause Cause, string Reason)
{
    /// <summary>Nodes by the reason why they do not take it; empty for a pod that was not tried.</summary>
    public ImmutableArray<RefusedNodes> Refusals { get; init; } = [];
}

/// <summary>Why a pod finds no place.</summary>
internal enum StuckCause
{
    /// <summary>Its volume is in a zone that is gone.</summary>
    DeadVolume,

    /// <summary>Its volume is in a zone that stands, and no node there has room for it.</summary>
    VolumeWithoutNode,

    /// <summary>A new node would take it: there is too little room.</summary>
    Room,

    /// <summary>A node has room for it, and its own required spread keeps it from there.</summary>
    Spread,

    /// <summary>Not even an empty node would take it: a required spread or a rule of its own forbids.</summary>
    Rule,
}
