namespace HaCluster.Simulation.Model;

/// <summary>An existing pod.</summary>
/// <param name="Workload">Id of the workload (<c>namespace/name</c>); its own id without a controller.</param>
/// <param name="Pod">Its name.</param>
/// <param name="Node">The name of its node; null while it is Pending.</param>
/// <param name="Spec">Its own spec, which may be older than the workload's or pinned to one node.</param>
/// <param name="IsEnding">Whether it is terminating; it uses its resources until it has ended.</param>
public sealed record PodPlacement(string Workload, string Pod, string? Node, PodSpec Spec, bool IsEnding = false)
{
    /// <summary>Kind of the workload, as in <see cref="Model.Workload.ObjectKind"/>: others of the same name have pods of their own. Null when it is not known.</summary>
    public string? WorkloadKind { get; init; }

    /// <summary><c>status.nominatedNodeName</c>: the node where it waits for its preempted pods to end; null when there is none.</summary>
    public string? NominatedNode { get; init; }

    /// <summary>Whether it is terminating because kube-scheduler preempted it.</summary>
    public bool IsPreempted { get; init; }
}
