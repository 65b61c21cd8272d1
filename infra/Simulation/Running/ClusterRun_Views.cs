using System.Collections.Immutable;
using HaCluster.Simulation.Model;
using HaCluster.Simulation.Running.Controllers;
using HaCluster.Simulation.Running.State;
using HaCluster.Simulation.Running.Status;
using HaCluster.Simulation.Scheduling;

namespace HaCluster.Simulation.Running;

/// <content>What the run shows of pods, nodes, groups, volumes and databases.</content>
public sealed partial class ClusterRun
{
    /// <summary>Zones with a zonal shift away from them, sorted.</summary>
    public ImmutableArray<string> ShiftedZones => [.. _run.ShiftedZones.Order(StringComparer.Ordinal)];

    /// <summary>Quotas with what is used of each.</summary>
    public IEnumerable<(NamespaceQuota Quota, IReadOnlyDictionary<string, decimal> Used)> QuotaUse => _run.Quotas.All;

    /// <summary>Nodes whose instances are starting.</summary>
    public IReadOnlyList<Node> UpcomingNodes => _run.Upcoming;

    /// <summary>Nodes that stopped answering or were deleted, by name.</summary>
    public IEnumerable<LostNode> LostNodes => _run.Nodes.Values.Select(node => new LostNode(node.Node, node.FailedAt, node.Instance, node.IsMarked, node.IsGone));

    /// <summary>Nodes that Auto Scaling drains before it terminates them.</summary>
    public ImmutableArray<string> RetiringNodes => _run.Retiring;

    /// <summary>Current target sizes, by group.</summary>
    public IReadOnlyDictionary<string, int> GroupSizes => _run.GroupSizes;

    /// <summary>Whether EKS moves the group to another version.</summary>
    public bool IsGroupUpdating(string group) => _run.GroupUpdates.Exists(update => update.Group.Name == group);

    public bool IsSuspended(string group) => _run.SuspendedGroups.Contains(group);

    /// <summary>Null for a node that answers.</summary>
    public LostNode? LossOf(string node) =>
        _run.Nodes.TryGetValue(node, out var lost) ? new LostNode(lost.Node, lost.FailedAt, lost.Instance, lost.IsMarked, lost.IsGone) : null;

    public DatabaseRun DatabaseOf(Database database) => Databases.Of(_run, database);

    /// <summary>The workload's ReplicaSets, the current one last; for other kinds than Deployments the current revision only.</summary>
    public ImmutableArray<RevisionStatus> RevisionsOf(Workload workload)
    {
        var run = RunOf(workload.ObjectKind, workload.Id);
        return
        [
            .. run.OldSets.Select(old => new RevisionStatus(old.Revision, old.Target, old.Pods, IsCurrent: false)),
            new RevisionStatus(run.Revision, run.NewTarget, run.Workload.Pods, IsCurrent: true),
        ];
    }

    /// <summary>Why the workload's last pod was not created (a quota, admission); null when it was.</summary>
    public string? RefusalOf(Workload workload) => RunOf(workload.ObjectKind, workload.Id).Refusal;

    /// <summary>Whether an update is in progress.</summary>
    public bool IsUpdating(Workload workload) => RunOf(workload.ObjectKind, workload.Id).IsUpdating;

    /// <summary>Pods that a budget needs, and has, healthy; in the order of <see cref="ClusterModel.Budgets"/>.</summary>
    public (int Healthy, int Needed, int Expected) HealthOf(int budget)
    {
        var (healthy, needed) = Evictions.HealthOf(_run, budget);
        return (healthy, needed, _run.Budgets.WorkloadsOf(budget).Sum(slot => _run.Workloads.ForReading[slot].Workload.Replicas));
    }

    /// <summary>The workload's pod objects, oldest first, also of a deleted one.</summary>
    public ImmutableArray<PodStatus> PodsOf(Workload workload) => [.. RunOf(workload.ObjectKind, workload.Id).Pods.Select(StatusOf)];

    /// <summary>Null when there is no such pod.</summary>
    /// <param name="pod">As <c>namespace/name</c>.</param>
    public PodStatus? FindPod(string pod) => _run.Workloads.ForReading.SelectMany(workload => workload.Pods).FirstOrDefault(one => one.ToString() == pod) is { } found ? StatusOf(found) : null;

    /// <summary>The volumes of a pod's claims, in the order of its declaration.</summary>
    public ImmutableArray<ClaimStatus> ClaimsOf(Pod pod)
    {
        var claims = ImmutableArray.CreateBuilder<ClaimStatus>(pod.Claims.Length);
        for (var at = 0; at < pod.Claims.Length; at++)
        {
            var (key, request) = (pod.Claims[at], pod.Spec.Volumes[at]);
            var binding = _run.Cluster.BindingOf(key);
            var hold = _run.VolumeHolds.TryGetValue(key, out var held) && held.FreeAt > _run.Now ? held.Node : null;
            claims.Add(new ClaimStatus(key.Namespace, key.Name, request, binding?.Zone, binding?.Volume, hold));
        }

        return claims.ToImmutable();
    }

    private PodStatus StatusOf(PodRun pod) => new(pod.Pod, pod.Revision)
    {
        Stage = (PodStage)pod.Phase,
        Node = pod.Node,
        Zone = pod.Zone,
        IsReady = pod.IsListed,
        IsServing = pod.IsReady && (_run.ShiftedZones.IsEmpty || !_run.ShiftedZones.Contains(pod.Zone)),
        IsAvailable = pod.IsAvailable,
        IsTerminating = pod.IsTerminating,
        Reason = pod.WaitReason,
        Nominated = pod.Victims.IsEmpty ? null : pod.Nominated,
    };
}
