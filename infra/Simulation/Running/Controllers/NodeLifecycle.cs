using HaCluster.Simulation.Model;
using HaCluster.Simulation.Running.Clock;
using HaCluster.Simulation.Running.State;
using HaCluster.Simulation.Running.Status;
using HaCluster.Simulation.Scheduling;

namespace HaCluster.Simulation.Running.Controllers;

/// <summary>
/// From the failure of a node to the end of its pods: the node lifecycle controller with its eviction rates per zone
/// (https://github.com/kubernetes/kubernetes/blob/v1.35.0/pkg/controller/nodelifecycle/node_lifecycle_controller.go), the cloud controller, which
/// deletes nodes
/// without an instance, and the garbage collection of pods without a node.
/// </summary>
internal static class NodeLifecycle
{
    private const int LargeZone = 50;
    private const double UnhealthyZone = 0.55;

    private static readonly Taint Unreachable = Taint.Unreachable with { Effect = TaintEffect.NoSchedule };
    private static readonly Taint OutOfServiceTaint = new("node.kubernetes.io/out-of-service", "nodeshutdown", TaintEffect.NoExecute);

    public static void Fail(RunState run, NodeState node, LostInstances instance)
    {
        var name = node.Node.Name;
        if (!run.IsResponding(name))
            return;
        run.Nodes[name] = new NodeRun(node.Node, run.Now, instance);
        run.Log(new RunEvent.NodeFailed(run.Now, name, instance));
        foreach (var pod in PodsOn(run, node))
        {
            if (pod.IsReady)
                pod.Recovery = new Recovery(pod.Pod.Ordinal, run.Now);
            pod.IsReady = false;
            run.Touch(pod.Workload);
        }

        run.Agenda.Add(run.Now + run.Timers.NodeMonitorGrace, new Due(DueKind.NodeMarked, Name: name));
        if (instance == LostInstances.Terminated && node.Node.Group is { } group)
            run.Agenda.Add(run.Now + run.Timers.InstanceReplacement, new Due(DueKind.InstanceReplaced, Name: group));
        else if (instance == LostInstances.Stopped && node.Node.Group is not null)
            run.Agenda.Add(run.Now + run.Timers.InstanceReplacement, new Due(DueKind.InstanceUnhealthy, Name: name));
    }

    /// <summary>
    /// An Auto Scaling group terminates an instance that is not running
    /// (https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-health-checks.html), unless its processes are suspended.
    /// </summary>
    public static void FindUnhealthy(RunState run, string name)
    {
        if (run.Nodes.GetValueOrDefault(name) is { Instance: LostInstances.Stopped, IsGone: false } dead && !run.SuspendedGroups.Contains(dead.Node.Group!))
            Terminate(run, name, "Auto Scaling found it stopped");
    }

    /// <summary>The instance of a node that stopped answering is terminated, and replaced by its group.</summary>
    /// <exception cref="ArgumentException">The node answers, or its instance is terminated already.</exception>
    public static void Terminate(RunState run, string name, string why)
    {
        if (run.Nodes.GetValueOrDefault(name) is not { Instance: not LostInstances.Terminated } dead)
            throw new ArgumentException($"{name} has no instance that stopped answering", nameof(name));
        run.Nodes[name] = dead with { Instance = LostInstances.Terminated };
        run.Log(new RunEvent.InstanceTerminated(run.Now, name, why));
        if (dead.IsMarked && !dead.IsGone)
            run.Agenda.Add(run.Now + run.Timers.NodeMonitorPeriod, new Due(DueKind.InstanceGone, Name: name));
        if (dead.Node.Group is { } group)
            run.Agenda.Add(run.Now + run.Timers.InstanceReplacement, new Due(DueKind.InstanceReplaced, Name: group));
    }

    /// <exception cref="ArgumentException">The instance is not stopped.</exception>
    public static void Restart(RunState run, string name)
    {
        if (run.Nodes.GetValueOrDefault(name) is not { Instance: LostInstances.Stopped, IsGone: false } dead)
            throw new ArgumentException($"the instance of {name} is not stopped", nameof(name));
        run.Nodes[name] = dead with { Instance = LostInstances.Unreachable };
        run.Agenda.Add(run.Now + run.Timers.NodeProvision, new Due(DueKind.NodeReturns, Name: name));
    }

    /// <summary>The kubelet starts again: pods that were told to end are gone, the others start again.</summary>
    public static void Return(RunState run, string name)
    {
        if (run.Nodes.GetValueOrDefault(name) is not { Instance: LostInstances.Unreachable, IsGone: false } || run.Cluster.Find(name) is not { } node)
            return;
        run.Nodes.Remove(name);
        run.NodesToTaint.Remove(name);
        run.Cluster.Untaint(node, Taint.Unreachable.Key);
        run.Log(new RunEvent.NodeReturned(run.Now, name));
        foreach (var pod in PodsOn(run, node).ToArray())
        {
            (pod.IsReady, pod.IsListed, pod.IsAvailable) = (false, false, false);
            run.Touch(pod.Workload);
            if (pod.IsTerminating)
                Pods.Remove(run, pod, isUnmounted: true);
            else if (pod.Phase is PodStage.Starting or PodStage.Running)
                Kubelet.Start(run, pod);
        }

        run.RoomVersion++;
        run.HealthVersion++;
        run.Agenda.Add(run.Now, new Due(DueKind.ZoneTaints, Name: node.Node.Zone));
    }

    /// <summary>The grace period has ended without a heartbeat.</summary>
    public static void Mark(RunState run, string name)
    {
        if (run.Nodes.GetValueOrDefault(name) is not { IsGone: false, IsMarked: false } dead || dead.FailedAt + run.Timers.NodeMonitorGrace > run.Now
            || run.Cluster.Find(name) is not { } node)
            return;
        run.Nodes[name] = dead with { IsMarked = true };
        run.Cluster.Taint(node, Unreachable);
        run.Log(new RunEvent.NodeUnreachable(run.Now, name));
        foreach (var pod in PodsOn(run, node))
        {
            (pod.IsListed, pod.IsAvailable) = (false, false);
            if (pod.Recovery is { DetectedAt: null } recovery)
                pod.Recovery = recovery with { DetectedAt = run.Now };
            run.Touch(pod.Workload);
        }

        run.HealthVersion++;
        run.NodesToTaint.Add(name);
        run.Agenda.Add(run.Now, new Due(DueKind.ZoneTaints, Name: dead.Node.Zone));
        if (dead.Instance == LostInstances.Terminated)
            run.Agenda.Add(run.Now + run.Timers.NodeMonitorPeriod, new Due(DueKind.InstanceGone, Name: name));
        else if (dead.Node.Group is { } group && run.Model.NodeGroups.FirstOrDefault(g => g.Name == group) is { RepairsNodes: true })
            run.Agenda.Add(run.Now + run.Timers.NodeRepair, new Due(DueKind.InstanceRepaired, Name: name));
        if (dead.IsOutOfService)
            run.Agenda.Add(run.Now + run.Timers.PodGcPeriod, new Due(DueKind.OutOfServiceCollected, Name: name));
    }

    /// <summary>Evicts the pods of the zone's next unreachable node, if the zone's eviction rate allows it now.</summary>
    public static void TaintNext(RunState run, string zone)
    {
        if (run.NextTaintIn.GetValueOrDefault(zone) > run.Now || Pace(run, zone) is not { } pace)
            return;
        var name = run.NodesToTaint.Find(candidate => run.Nodes[candidate].Node.Zone == zone);
        if (name is null)
            return;
        run.NodesToTaint.Remove(name);
        run.NextTaintIn[zone] = run.Now + pace;
        run.Agenda.Add(run.Now + pace, new Due(DueKind.ZoneTaints, Name: zone));
        var node = run.Cluster.Find(name)!;
        run.Nodes[name] = run.Nodes[name] with { IsTainted = true };
        run.Cluster.Taint(node, Taint.Unreachable);
        run.Log(new RunEvent.NodeTainted(run.Now, name));
        foreach (var pod in PodsOn(run, node))
        {
            if (TolerationTime(pod.Pod.Spec, run.Timers.DefaultToleration) is { } time)
                run.Agenda.Add(run.Now + time, new Due(DueKind.TolerationEnds, pod.Pod));
        }
    }

    public static void Evict(RunState run, PodRun pod)
    {
        if (pod.IsTerminating || !NodeChanges.IsStillTainted(run, pod))
            return;
        run.Log(new RunEvent.PodEvicted(run.Now, pod.ToString(), pod.Node!, run.IsResponding(pod.Node!) ? "its node has a taint that it tolerates no longer" : "its node is unreachable"));
        Pods.Delete(run, pod);
    }

    /// <summary>The node object is deleted, because EC2 has no such instance any more.</summary>
    public static void Delete(RunState run, string name, string why)
    {
        if (run.Cluster.Find(name) is not { } node)
            return;
        var orphans = PodsOn(run, node).ToArray();
        run.Cluster.Remove(node);
        run.Nodes[name] = (run.Nodes.GetValueOrDefault(name) ?? new NodeRun(node.Node, run.Now, LostInstances.Terminated)) with { IsMarked = true, IsGone = true };
        run.NodesToTaint.Remove(name);
        run.Log(new RunEvent.NodeGone(run.Now, name, why));
        foreach (var pod in orphans)
        {
            (pod.IsOrphan, pod.IsReady, pod.IsListed, pod.IsAvailable) = (true, false, false, false);
            run.Touch(pod.Workload);
            run.Agenda.Add(run.Now + run.Timers.OrphanQuarantine + run.Timers.PodGcPeriod, new Due(DueKind.OrphansCollected, pod.Pod));
        }

        foreach (var workload in run.Workloads.ForReading.Where(workload => workload.NodesToFill.Contains(name)))
        {
            run.Workloads[workload.Index].NodesToFill.Remove(name);
            run.Touch(workload.Index);
        }

        run.RoomVersion++;
        run.HealthVersion++;
        run.Agenda.Add(run.Now, new Due(DueKind.ZoneTaints, Name: node.Node.Zone));
    }

    public static void Collect(RunState run, PodRun pod)
    {
        run.Log(new RunEvent.PodLost(run.Now, pod.ToString(), $"garbage-collected, {pod.Node} no longer exists"));
        Pods.Remove(run, pod, isUnmounted: false);
    }

    public static void TakeOutOfService(RunState run, NodeState node)
    {
        var name = node.Node.Name;
        var dead = run.Nodes[name] with { IsOutOfService = true };
        run.Nodes[name] = dead;
        run.Cluster.Taint(node, OutOfServiceTaint);
        run.Log(new RunEvent.NodeOutOfService(run.Now, name));
        foreach (var pod in PodsOn(run, node).ToArray())
        {
            if (!pod.Pod.Spec.Tolerations.Any(toleration => toleration.Tolerates(OutOfServiceTaint)))
                Pods.Delete(run, pod);
        }

        if (dead.IsMarked)
            run.Agenda.Add(run.Now + run.Timers.PodGcPeriod, new Due(DueKind.OutOfServiceCollected, Name: name));
    }

    public static void CollectOutOfService(RunState run, string name)
    {
        if (run.Cluster.Find(name) is not { } node)
            return;
        foreach (var pod in PodsOn(run, node).Where(pod => pod.IsTerminating).ToArray())
        {
            run.Log(new RunEvent.PodLost(run.Now, pod.ToString(), $"garbage-collected, {name} is out of service"));
            Pods.Remove(run, pod, isUnmounted: true);
        }
    }

    public static IEnumerable<PodRun> PodsOn(RunState run, NodeState node) => node.Pods.Select(pod => run.Find(pod)!);

    /// <summary>How long the pod tolerates an unreachable node; null means forever. Admission sets a default when it names none.</summary>
    private static TimeSpan? TolerationTime(PodSpec pod, TimeSpan byDefault)
    {
        var tolerations = pod.Tolerations.Where(toleration => toleration.Tolerates(Taint.Unreachable)).ToArray();
        return tolerations.Length == 0 ? byDefault : tolerations.Min(toleration => toleration.For ?? TimeSpan.MaxValue) is var least && least == TimeSpan.MaxValue ? null : least;
    }

    /// <summary>
    /// Time between node evictions in the zone; null while evictions are stopped: when a small zone is mostly dead, or every zone is, the network may
    /// be at fault.
    /// </summary>
    private static TimeSpan? Pace(RunState run, string zone)
    {
        var zones = run.Cluster.Nodes.GroupBy(node => node.Node.Zone)
            .ToDictionary(nodes => nodes.Key, nodes => (All: nodes.Count(), Dead: nodes.Count(node => run.Nodes.GetValueOrDefault(node.Node.Name) is { IsMarked: true })));
        if (zones.Values.All(nodes => nodes.Dead == nodes.All) || !zones.TryGetValue(zone, out var own))
            return null;
        var isPartial = own.Dead < own.All && own.Dead > 2 && (double)own.Dead / own.All >= UnhealthyZone;
        return !isPartial ? run.Timers.NodeEvictionInterval : own.All > LargeZone ? run.Timers.SecondaryNodeEvictionInterval : null;
    }
}
