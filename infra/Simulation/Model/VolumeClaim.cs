namespace HaCluster.Simulation.Model;

/// <summary>A volume of the pod's own, bound to the zone where the pod first runs (EBS with <c>WaitForFirstConsumer</c>).</summary>
/// <param name="Name">Of the claim, or for a StatefulSet of its template.</param>
/// <param name="Bytes">Size.</param>
/// <param name="StorageClass">Null for the cluster's default.</param>
public sealed record VolumeClaim(string Name, long Bytes, string? StorageClass);
