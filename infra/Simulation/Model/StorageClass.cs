using System.Collections.Immutable;

namespace HaCluster.Simulation.Model;

/// <summary>How volumes of one kind are made (https://kubernetes.io/docs/concepts/storage/storage-classes/).</summary>
public sealed record StorageClass
{
    public required string Name { get; init; }

    public required VolumeDriver Driver { get; init; }

    /// <summary><c>WaitForFirstConsumer</c>: the volume is made where the pod goes. False: at once, wherever the driver likes.</summary>
    public bool WaitsForPod { get; init; } = true;

    /// <summary>Where volumes may be made, of which one must match; empty for anywhere: <c>allowedTopologies</c>.</summary>
    public ImmutableArray<NodeAffinityTerm> Topologies { get; init; } = [];

    /// <summary>For claims that name none.</summary>
    public bool IsDefault { get; init; }

    /// <summary>What a claim has whose class nobody has looked up: one of EBS that waits for the pod.</summary>
    public static readonly StorageClass Ebs = new() { Name = "", Driver = VolumeDriver.Ebs };
}
