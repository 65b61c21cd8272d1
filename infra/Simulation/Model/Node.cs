using System.Collections.Immutable;

namespace HaCluster.Simulation.Model;

/// <summary>A machine of the cluster.</summary>
public sealed record Node
{
    public required string Name { get; init; }

    /// <summary>Availability zone; empty when unknown.</summary>
    public required string Zone { get; init; }

    /// <summary>Name of the node group it belongs to; null for a machine of no group.</summary>
    public string? Group { get; init; }

    /// <summary>What pods may ask for, after the reserves of system and kubelet.</summary>
    public required Resources Allocatable { get; init; }

    public ImmutableSortedDictionary<string, long> Extended { get; init; } = ImmutableSortedDictionary.Create<string, long>(StringComparer.Ordinal);

    public int MaxPods { get; init; } = 110;

    /// <summary>EBS volumes that can be attached for pods.</summary>
    public int MaxVolumes { get; init; } = 25;

    /// <summary>With zone and host name.</summary>
    public ImmutableSortedDictionary<string, string> Labels { get; init; } = Model.Labels.None;

    public ImmutableArray<Taint> Taints { get; init; } = [];

    /// <summary>Cordoned.</summary>
    public bool IsUnschedulable { get; init; }
}
