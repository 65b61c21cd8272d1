using System.Collections.Immutable;

namespace HaCluster.Simulation.Model;

/// <summary>A storage class (https://kubernetes.io/docs/concepts/storage/storage-classes/).</summary>
public sealed record StorageClass
{
    public required string Name { get; init; }

    public required VolumeDriver Driver { get; init; }

    /// <summary><c>WaitForFirstConsumer</c>: the volume is created in the pod's zone. False: immediately, in a zone chosen by the driver.</summary>
    public bool WaitsForPod { get; init; } = true;

    /// <summary>Topology terms, of which one must match; empty for anywhere: <c>allowedTopologies</c>.</summary>
    public ImmutableArray<NodeAffinityTerm> Topologies { get; init; } = [];

    /// <summary>Whether it is the class of claims that name none.</summary>
    public bool IsDefault { get; init; }

    /// <summary>The class of a claim whose class was not resolved: EBS, bound when the pod is scheduled.</summary>
    public static readonly StorageClass Ebs = new() { Name = "", Driver = VolumeDriver.Ebs };
}
