using System.Collections.Immutable;
using HaCluster.Simulation.Model;

namespace HaCluster.Simulation.Running;

/// <summary>A disruption of the cluster from outside. A closed set.</summary>
public abstract record Disruption
{
    private Disruption()
    {
    }

    /// <summary>Nodes stop at once, without a shutdown.</summary>
    public sealed record NodesLost(ImmutableArray<string> Nodes, LostInstances Instances = LostInstances.Terminated) : Disruption;

    /// <summary>All nodes of a zone stop; nothing can start in it and its volumes are unreachable.</summary>
    public sealed record ZoneLost(string Zone, LostInstances Instances = LostInstances.Terminated) : Disruption;

    /// <summary>All nodes of a node group stop.</summary>
    public sealed record GroupLost(string Group, LostInstances Instances = LostInstances.Terminated) : Disruption;

    /// <summary>A pod is deleted without grace period, on a healthy node.</summary>
    /// <param name="Pod">As <c>namespace/name</c>.</param>
    public sealed record PodLost(string Pod) : Disruption;

    /// <summary>An operator marks a dead node as permanently lost: the taint <c>node.kubernetes.io/out-of-service</c>.</summary>
    public sealed record NodeOutOfService(string Node) : Disruption;

    /// <summary><c>kubectl drain --ignore-daemonsets --delete-emptydir-data --force</c>.</summary>
    /// <param name="Timeout">Null for none: it then retries until it succeeds.</param>
    public sealed record NodeDrained(string Node, TimeSpan? Timeout = null) : Disruption;

    /// <summary>EKS moves a managed node group to another version or launch template.</summary>
    public sealed record GroupUpdated(string Group) : Disruption;

    /// <summary>A workload gets a new pod template and rolls.</summary>
    /// <param name="Workload">As <c>namespace/name</c>.</param>
    /// <param name="Pods">The new pod spec; null for a rolling restart.</param>
    public sealed record WorkloadUpdated(string Workload, PodSpec? Pods = null) : Disruption
    {
        /// <summary>The kind, among workloads with the same name (<see cref="Model.Workload.ObjectKind"/>); null for any.</summary>
        public string? ObjectKind { get; init; }

        public static WorkloadUpdated Of(Workload workload) => new(workload.Id) { ObjectKind = workload.ObjectKind };

        public bool Selects(Workload workload) => workload.Id == Workload && (ObjectKind is null || workload.ObjectKind == ObjectKind);
    }

    /// <summary>
    /// A zonal shift: nodes of the zone are cordoned, its pods are removed from endpoints, nothing starts there; nothing is evicted
    /// (https://docs.aws.amazon.com/eks/latest/userguide/zone-shift.html).
    /// </summary>
    public sealed record ZoneShifted(string Zone) : Disruption;
}
