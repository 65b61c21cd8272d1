using System.Collections.Immutable;

namespace HaCluster.Simulation.Model;

/// <summary>A node of the cluster.</summary>
public sealed record Node
{
    public required string Name { get; init; }

    /// <summary>Availability zone; empty when unknown.</summary>
    public required string Zone { get; init; }

    /// <summary>The name of its node group; null without a group.</summary>
    public string? Group { get; init; }

    /// <summary>Resources for pods, after the reserves of system and kubelet.</summary>
    public required Resources Allocatable { get; init; }

    public ImmutableSortedDictionary<string, long> Extended { get; init; } = ImmutableSortedDictionary.Create<string, long>(StringComparer.Ordinal);

    public int MaxPods { get; init; } = 110;

    /// <summary>Volumes that can be attached for pods, by the name of their driver; a driver without a limit is absent.</summary>
    public ImmutableSortedDictionary<string, int> VolumeLimits { get; init; } = ImmutableSortedDictionary.Create<string, int>(StringComparer.Ordinal);

    /// <summary>The limit of EBS; null without one.</summary>
    public int? MaxEbsVolumes => VolumeLimits.TryGetValue(VolumeDriver.Ebs.Name, out var limit) ? limit : null;

    public Node WithEbsVolumes(int limit) => this with { VolumeLimits = VolumeLimits.SetItem(VolumeDriver.Ebs.Name, limit) };

    /// <summary>With zone and host name.</summary>
    public ImmutableSortedDictionary<string, string> Labels { get; init; } = Model.Labels.None;

    public ImmutableArray<Taint> Taints { get; init; } = [];

    /// <summary>Cordoned.</summary>
    public bool IsUnschedulable { get; init; }
}
