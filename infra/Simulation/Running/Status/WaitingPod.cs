using System.Collections.Immutable;
using HaCluster.Simulation.Scheduling;

namespace HaCluster.Simulation.Running.Status;

/// <summary>A missing replica, with the reason.</summary>
/// <param name="Pod">As <c>namespace/name</c>.</param>
/// <param name="Reason">In plain words; for <see cref="WaitCause.Node"/> the scheduler's.</param>
public sealed record WaitingPod(string Pod, WaitCause Cause, string Reason)
{
    /// <summary>For <see cref="WaitCause.Node"/>, nodes by the reason why they do not take it.</summary>
    public ImmutableArray<RefusedNodes> Refusals { get; init; } = [];

    public override string ToString() => $"{Pod}: {Reason}";
}

/// <summary>Why a replica is missing.</summary>
public enum WaitCause
{
    /// <summary>No node can take it.</summary>
    Node,

    /// <summary>A quota of its namespace is exhausted, so the pod does not exist.</summary>
    Quota,

    /// <summary>Its volume is still held by another node.</summary>
    Volume,

    /// <summary>Its predecessor of the same name still exists on a dead node, so the pod does not exist.</summary>
    Predecessor,

    /// <summary>A lower ordinal of its StatefulSet is not ready, so the pod does not exist.</summary>
    Order,

    /// <summary>It has no controller and is not recreated.</summary>
    Nothing,

    /// <summary>It is scheduled and starting, or its node is dead and not detected yet.</summary>
    Start,
}
