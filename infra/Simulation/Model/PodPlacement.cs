namespace HaCluster.Simulation.Model;

/// <summary>A pod of a workload that runs already.</summary>
/// <param name="Workload">Id of the workload (<c>namespace/name</c>).</param>
/// <param name="Pod">Its name.</param>
/// <param name="Node">Name of the machine.</param>
public sealed record PodPlacement(string Workload, string Pod, string Node);
