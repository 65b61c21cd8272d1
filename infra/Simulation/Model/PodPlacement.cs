namespace HaCluster.Simulation.Model;

/// <summary>A pod that exists already.</summary>
/// <param name="Workload">Id of the workload (<c>namespace/name</c>); its own when nobody keeps it running.</param>
/// <param name="Pod">Its name.</param>
/// <param name="Node">Name of the machine; null while it waits for one.</param>
/// <param name="Spec">Its own, which may be older than the workload's or hold it to one machine.</param>
/// <param name="IsEnding">It was told to end, and takes its room until it has.</param>
public sealed record PodPlacement(string Workload, string Pod, string? Node, PodSpec Spec, bool IsEnding = false)
{
    /// <summary>Kind of the workload, as in <see cref="Model.Workload.ObjectKind"/>: others of the same name have pods of their own. Null when it is not known.</summary>
    public string? WorkloadKind { get; init; }

    /// <summary><c>status.nominatedNodeName</c>: the node where it waits for the pods to end that it preempted; null when there is none.</summary>
    public string? NominatedNode { get; init; }

    /// <summary>It is ending because kube-scheduler preempted it.</summary>
    public bool IsPreempted { get; init; }
}
