namespace HaCluster.Simulation.Running;

/// <summary>A replica that is not there, and why.</summary>
/// <param name="Pod">As <c>namespace/name</c>.</param>
/// <param name="Reason">In plain words; for <see cref="WaitCause.Node"/> the scheduler's.</param>
public sealed record WaitingPod(string Pod, WaitCause Cause, string Reason)
{
    public override string ToString() => $"{Pod}: {Reason}";
}
