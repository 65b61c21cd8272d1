using HaCluster.Simulation.Running;
using HaCluster.Simulation.Running.Status;

namespace HaCluster.Twin.World;

/// <summary>Events of the run as Event objects, the last of them: the API server forgets them after an hour.</summary>
internal sealed class EventObjects(World world)
{
    private const int Kept = 1000;

    private readonly Queue<(string Namespace, string Name)> _written = [];
    private long _number;

    public void Show(IReadOnlyCollection<RunEvent> events)
    {
        foreach (var happened in events)
        {
            if (Describe(happened) is { } described)
                Write(happened, described.Kind, described.Reason, described.Message, described.IsWarning);
        }
    }

    /// <summary>The reasons that the components of Kubernetes give; null for what has no event there.</summary>
    private static (string Kind, string Reason, string Message, bool IsWarning)? Describe(RunEvent happened) => happened switch
    {
        RunEvent.PodScheduled scheduled => ("Pod", "Scheduled", $"Successfully assigned {happened.Subject} to {scheduled.Node}", false),
        RunEvent.PodWaits { Cause: WaitCause.Node } waits => ("Pod", "FailedScheduling", waits.Why, true),
        RunEvent.PodWaits { Cause: WaitCause.Volume } waits => ("Pod", "FailedAttachVolume", waits.Why, true),
        RunEvent.VolumeAttached => ("Pod", "SuccessfulAttachVolume", "AttachVolume.Attach succeeded", false),
        RunEvent.PodReady => ("Pod", "Started", "Container started and ready", false),
        RunEvent.PodKilled or RunEvent.PodLost => ("Pod", "Killing", "Stopping container", false),
        RunEvent.PodFinished => ("Pod", "Completed", "Containers ended", false),
        RunEvent.PodEvicted evicted => ("Pod", "Evicted", evicted.Why, true),
        RunEvent.PodsPreempted preempted => ("Pod", "Preempted", $"preempts {preempted.Victims} on {preempted.Node}", false),
        RunEvent.QuotaRefused refused => ("Pod", "FailedCreate", refused.Why, true),
        RunEvent.NodeUnreachable => ("Node", "NodeNotReady", $"Node {happened.Subject} status is now: NodeNotReady", true),
        RunEvent.NodeTainted => ("Node", "TaintManagerEviction", "Its pods are evicted when their tolerations end", true),
        RunEvent.NodeGone gone => ("Node", "RemovingNode", $"Node {happened.Subject}: {gone.Why}", false),
        RunEvent.NodeLaunched => ("Node", "RegisteredNode", $"Node {happened.Subject} registered", false),
        RunEvent.NodeReturned => ("Node", "NodeReady", $"Node {happened.Subject} status is now: NodeReady", false),
        RunEvent.NodeCordoned { IsCordoned: true } => ("Node", "NodeNotSchedulable", $"Node {happened.Subject} status is now: NodeNotSchedulable", false),
        RunEvent.NodeCordoned => ("Node", "NodeSchedulable", $"Node {happened.Subject} status is now: NodeSchedulable", false),
        _ => null,
    };

    private void Write(RunEvent happened, string kind, string reason, string message, bool isWarning)
    {
        var slash = happened.Subject.IndexOf('/', StringComparison.Ordinal);
        var (space, name) = slash < 0 ? ((string?)null, happened.Subject) : (happened.Subject[..slash], happened.Subject[(slash + 1)..]);
        var home = space ?? "default";
        if (world.Store.Find(world.Store.Kinds["namespaces"], null, home) is not { IsDeleting: false })
            return;
        var stamp = PodObjects.Stamp(world.Clock.At(happened.At));
        var subject = world.Store.Find(world.Store.Kinds[kind == "Pod" ? "pods" : "nodes"], space, name);
        var own = $"{name}.{++_number:x16}";
        world.Records.Wrote(world.Store.Create(world.Store.Kinds["events"], Json.Map(
            ("metadata", Json.Map(("name", own), ("namespace", home))),
            ("involvedObject", Json.Map(("apiVersion", "v1"), ("kind", kind), ("namespace", space), ("name", name), ("uid", subject?.Uid))),
            ("reason", reason), ("message", message), ("type", isWarning ? "Warning" : "Normal"), ("count", 1),
            ("firstTimestamp", stamp), ("lastTimestamp", stamp), ("source", Json.Map(("component", "twin"))))));
        _written.Enqueue((home, own));
        while (_written.Count > Kept)
        {
            var (oldSpace, old) = _written.Dequeue();
            if (world.Store.Find(world.Store.Kinds["events"], oldSpace, old) is not null)
                world.Records.Wrote(world.Store.Delete(world.Store.Kinds["events"], oldSpace, old).Object);
        }
    }
}
