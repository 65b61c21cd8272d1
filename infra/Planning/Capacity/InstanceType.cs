namespace HaCluster.Planning.Capacity;

/// <summary>What one EC2 instance of a type offers.</summary>
/// <param name="VirtualCpus">vCPUs.</param>
/// <param name="MemoryGib">Memory in GiB, before what the system and the kubelet keep for themselves.</param>
public sealed record InstanceType(string Name, int VirtualCpus, decimal MemoryGib);
