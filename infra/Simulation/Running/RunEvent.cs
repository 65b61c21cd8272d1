using System.Globalization;
using HaCluster.Simulation.Running.Status;

namespace HaCluster.Simulation.Running;

/// <summary>An event of a run. A closed set; as text, a description after the virtual time.</summary>
/// <param name="At">Virtual time.</param>
/// <param name="Subject">Its subject: <c>namespace/name</c> of a pod or workload, name of a node, group or zone.</param>
public abstract record RunEvent(TimeSpan At, string Subject)
{
    /// <summary>The description without time and subject.</summary>
    protected abstract string What { get; }

    public sealed override string ToString() => $"{Clock(At)} {Subject}: {What}";

    /// <summary>Such as <c>5:50</c> or <c>1:05:50</c>.</summary>
    internal static string Clock(TimeSpan time) =>
        time.ToString(time < TimeSpan.FromHours(1) ? "m':'ss" : "h':'mm':'ss", CultureInfo.InvariantCulture);

    public sealed record NodeFailed(TimeSpan At, string Subject, LostInstances Instance) : RunEvent(At, Subject)
    {
        protected override string What => Instance switch
        {
            LostInstances.Terminated => "stops, its instance is terminated",
            LostInstances.Stopped => "stops, its instance is stopped",
            _ => "stops answering, its instance remains",
        };
    }

    public sealed record NodeUnreachable(TimeSpan At, string Subject) : RunEvent(At, Subject)
    {
        protected override string What => "marked unreachable, its pods are removed from endpoints";
    }

    /// <summary>Pods that do not tolerate it are now evicted.</summary>
    public sealed record NodeTainted(TimeSpan At, string Subject) : RunEvent(At, Subject)
    {
        protected override string What => "tainted unreachable:NoExecute";
    }

    public sealed record NodeGone(TimeSpan At, string Subject, string Why) : RunEvent(At, Subject)
    {
        protected override string What => $"node object deleted: {Why}";
    }

    public sealed record NodeOutOfService(TimeSpan At, string Subject) : RunEvent(At, Subject)
    {
        protected override string What => "tainted out-of-service: its pods are deleted and its volumes detached";
    }

    public sealed record NodeLaunching(TimeSpan At, string Subject, string Node, string Zone, string Why) : RunEvent(At, Subject)
    {
        protected override string What => $"starts {Node} in {Zone}: {Why}";
    }

    public sealed record NodeLaunched(TimeSpan At, string Subject, string Zone) : RunEvent(At, Subject)
    {
        protected override string What => $"joins in {Zone}";
    }

    /// <summary>A group cannot launch another instance.</summary>
    public sealed record LaunchRefused(TimeSpan At, string Subject, string Why) : RunEvent(At, Subject)
    {
        protected override string What => $"no instance: {Why}";
    }

    public sealed record PodLost(TimeSpan At, string Subject, string Why) : RunEvent(At, Subject)
    {
        protected override string What => $"lost: {Why}";
    }

    public sealed record PodEvicted(TimeSpan At, string Subject, string Node, string Why) : RunEvent(At, Subject)
    {
        protected override string What => $"evicted from {Node}: {Why}";
    }

    public sealed record EvictionRefused(TimeSpan At, string Subject, string Node, string Why) : RunEvent(At, Subject)
    {
        protected override string What => $"eviction from {Node} refused: {Why}";
    }

    public sealed record PodScheduled(TimeSpan At, string Subject, string Node) : RunEvent(At, Subject)
    {
        protected override string What => $"scheduled on {Node}";
    }

    public sealed record PodWaits(TimeSpan At, string Subject, WaitCause Cause, string Why) : RunEvent(At, Subject)
    {
        protected override string What => $"waits: {Why}";
    }

    public sealed record PodsPreempted(TimeSpan At, string Subject, string Node, string Victims) : RunEvent(At, Subject)
    {
        protected override string What => $"preempts {Victims} on {Node}";
    }

    public sealed record VolumeAttached(TimeSpan At, string Subject, string Node) : RunEvent(At, Subject)
    {
        protected override string What => $"its volume is attached to {Node}";
    }

    public sealed record PodReady(TimeSpan At, string Subject, string Node) : RunEvent(At, Subject)
    {
        protected override string What => $"ready on {Node}";
    }

    public sealed record QuotaRefused(TimeSpan At, string Subject, string Why) : RunEvent(At, Subject)
    {
        protected override string What => $"not created: {Why}";
    }

    public sealed record DrainStarted(TimeSpan At, string Subject) : RunEvent(At, Subject)
    {
        protected override string What => "cordoned, drain begins";
    }

    /// <param name="Left">Remaining pods, as text; null when it succeeded.</param>
    public sealed record DrainEnded(TimeSpan At, string Subject, string? Left) : RunEvent(At, Subject)
    {
        protected override string What => Left is null ? "drained" : $"drain gave up, pods left: {Left}";
    }

    public sealed record GroupUpdateStarted(TimeSpan At, string Subject, int Nodes, int Surge) : RunEvent(At, Subject)
    {
        protected override string What => string.Create(CultureInfo.InvariantCulture, $"update of {Nodes} nodes begins, with {Surge} more");
    }

    /// <param name="Failure">EKS's error code with its cause; null when it succeeded.</param>
    public sealed record GroupUpdateEnded(TimeSpan At, string Subject, string? Failure) : RunEvent(At, Subject)
    {
        protected override string What => Failure is null ? "updated" : $"update failed: {Failure}";
    }

    public sealed record WorkloadUpdateStarted(TimeSpan At, string Subject) : RunEvent(At, Subject)
    {
        protected override string What => "update begins";
    }

    public sealed record WorkloadUpdateEnded(TimeSpan At, string Subject) : RunEvent(At, Subject)
    {
        protected override string What => "updated";
    }

    public sealed record NodeCordoned(TimeSpan At, string Subject, bool IsCordoned) : RunEvent(At, Subject)
    {
        protected override string What => IsCordoned ? "cordoned" : "uncordoned";
    }

    /// <summary>A node whose instance was started again answers.</summary>
    public sealed record NodeReturned(TimeSpan At, string Subject) : RunEvent(At, Subject)
    {
        protected override string What => "answers again";
    }

    public sealed record InstanceTerminated(TimeSpan At, string Subject, string Why) : RunEvent(At, Subject)
    {
        protected override string What => $"its instance is terminated: {Why}";
    }

    public sealed record GroupResized(TimeSpan At, string Subject, int Desired) : RunEvent(At, Subject)
    {
        protected override string What => string.Create(CultureInfo.InvariantCulture, $"desired size is {Desired}");
    }

    /// <summary>A pod is deleted through the API, or because its workload is deleted or scaled down.</summary>
    public sealed record PodKilled(TimeSpan At, string Subject, string Node) : RunEvent(At, Subject)
    {
        protected override string What => $"is to end on {Node}";
    }

    /// <summary>A pod of a Job has run to its end.</summary>
    public sealed record PodFinished(TimeSpan At, string Subject, string Node) : RunEvent(At, Subject)
    {
        protected override string What => $"finished on {Node}";
    }

    public sealed record WorkloadScaled(TimeSpan At, string Subject, int From, int To) : RunEvent(At, Subject)
    {
        protected override string What => string.Create(CultureInfo.InvariantCulture, $"scaled from {From} to {To}");
    }

    public sealed record WorkloadDeleted(TimeSpan At, string Subject) : RunEvent(At, Subject)
    {
        protected override string What => "deleted";
    }

    public sealed record DatabaseFailoverStarted(TimeSpan At, string Subject, string From, string To) : RunEvent(At, Subject)
    {
        protected override string What => $"fails over from {From} to {To}";
    }

    public sealed record DatabaseFailoverEnded(TimeSpan At, string Subject, string Writer) : RunEvent(At, Subject)
    {
        protected override string What => $"{Writer} is the writer";
    }

    public sealed record ZoneShiftEnded(TimeSpan At, string Subject) : RunEvent(At, Subject)
    {
        protected override string What => "zonal shift ended: nodes uncordoned, endpoints listed";
    }

    public sealed record ZoneShifted(TimeSpan At, string Subject) : RunEvent(At, Subject)
    {
        protected override string What => "shifted away: nodes cordoned, endpoints removed, no new nodes";
    }
}
