using System.Collections.Immutable;
using HaCluster.Simulation.Scheduling;

namespace HaCluster.Planning.Proof.Losses;

/// <summary>A pod that finds no place after a loss.</summary>
/// <param name="Reason">As kube-scheduler words it.</param>
internal sealed record StuckPod(Pod Pod, StuckCause Cause, string Reason)
{
    /// <summary>Nodes by the reason why they do not take it; empty for a pod that was not tried.</summary>
    public ImmutableArray<RefusedNodes> Refusals { get; init; } = [];
}
