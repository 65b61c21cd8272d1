using System.Collections.Immutable;
using HaCluster.Simulation.Scheduling;

namespace HaCluster.Simulation.Running;

/// <summary>A missing replica, with the reason.</summary>
/// <param name="Pod">As <c>namespace/name</c>.</param>
/// <param name="Reason">In plain words; for <see cref="WaitCause.Node"/> the scheduler's.</param>
public sealed record WaitingPod(string Pod, WaitCause Cause, string Reason)
{
    /// <summary>For <see cref="WaitCause.Node"/>, nodes by the reason why they do not take it.</summary>
    public ImmutableArray<RefusedNodes> Refusals { get; init; } = [];

    public override string ToString() => $"{Pod}: {Reason}";
}
