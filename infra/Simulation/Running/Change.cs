using System.Collections.Immutable;
using HaCluster.Simulation.Model;
using HaCluster.Simulation.Running.Clock;

namespace HaCluster.Simulation.Running;

/// <summary>What people and other programs change in a running cluster, through the APIs of Kubernetes and AWS. A closed set.</summary>
public abstract record Change
{
    private Change()
    {
    }

    /// <summary>
    /// A workload is created, or replaced by another declaration of the same kind, namespace and name: other replicas scale it; a <see cref="PodSpec"/> that
    /// is not the same object as before is a new template, and rolls it out. The object of an earlier template rolls back to that.
    /// </summary>
    public sealed record WorkloadApplied(Workload Workload) : Change;

    /// <summary>A workload is deleted with its pods, which end in their grace periods.</summary>
    /// <param name="Workload">As <c>namespace/name</c>.</param>
    public sealed record WorkloadDeleted(string ObjectKind, string Workload) : Change;

    /// <summary>A pod is deleted.</summary>
    /// <param name="Pod">As <c>namespace/name</c>.</param>
    /// <param name="IsForced">Without a grace period: the object goes at once, also from a dead node.</param>
    public sealed record PodDeleted(string Pod, bool IsForced = false) : Change;

    /// <summary>A pod of a Job has run to its end: it frees its node, volumes and quota.</summary>
    /// <param name="Pod">As <c>namespace/name</c>.</param>
    /// <param name="Left">Pods that the Job is to have now.</param>
    public sealed record PodFinished(string Pod, int Left) : Change;

    /// <summary>A claim is deleted, and its volume with it: at once, or when the pod that uses it is gone.</summary>
    public sealed record ClaimDeleted(string Namespace, string Name) : Change;

    public sealed record NodeCordoned(string Node, bool IsCordoned) : Change;

    /// <summary>A node gets other labels and taints. Taints that controllers set (<c>node.kubernetes.io/</c>) stay.</summary>
    public sealed record NodeLabelled(string Node, ImmutableSortedDictionary<string, string> Labels, ImmutableArray<Taint> Taints) : Change;

    /// <summary>The object of a node is deleted; its instance is not.</summary>
    public sealed record NodeDeleted(string Node) : Change;

    /// <summary>The instance of a node that stopped answering before is terminated.</summary>
    public sealed record InstanceTerminated(string Node) : Change;

    /// <summary>A stopped instance starts again: its node answers after <see cref="Timers.NodeProvision"/>.</summary>
    public sealed record InstanceStarted(string Node) : Change;

    /// <summary>Auto Scaling drains a node and terminates its instance (<c>TerminateInstanceInAutoScalingGroup</c>).</summary>
    /// <param name="ShrinksGroup">Whether the group does without it; otherwise it is replaced.</param>
    public sealed record NodeRetired(string Node, bool ShrinksGroup) : Change;

    /// <summary>A node group gets another size, within its bounds.</summary>
    public sealed record GroupResized(string Group, int Desired, int Min, int Max) : Change;

    /// <summary>The processes of a group's Auto Scaling group are suspended or resumed.</summary>
    public sealed record GroupSuspended(string Group, bool IsSuspended) : Change;

    /// <summary>A zonal shift ends: nodes that it cordoned are uncordoned, and endpoints list the zone's pods again.</summary>
    public sealed record ZoneShiftEnded(string Zone) : Change;

    /// <summary>A database makes another instance its writer.</summary>
    /// <param name="Target">The name of the instance; null for the reader of the lowest tier.</param>
    public sealed record DatabaseFailedOver(string Database, string? Target = null) : Change;

    /// <summary>Other budgets, quotas, priority classes and storage are declared; null for those that stay.</summary>
    public sealed record RulesApplied : Change
    {
        public ImmutableArray<DisruptionBudget>? Budgets { get; init; }

        public ImmutableArray<NamespaceQuota>? Quotas { get; init; }

        public ClusterStorage? Storage { get; init; }
    }
}
