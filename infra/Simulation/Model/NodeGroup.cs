using System.Collections.Immutable;

namespace HaCluster.Simulation.Model;

/// <summary>Machines of one kind that are counted together: an EKS managed node group over one or more zones.</summary>
public sealed record NodeGroup
{
    public required string Name { get; init; }

    public required ImmutableArray<string> Zones { get; init; }

    public required int Min { get; init; }

    public required int Desired { get; init; }

    public required int Max { get; init; }

    /// <summary>What each of its machines is like; name and zone are filled in by <see cref="NodeAt(int)"/>. The smallest of the types that the group may take.</summary>
    public required Node Template { get; init; }

    /// <summary>Such as <c>m7i.xlarge</c>.</summary>
    public string InstanceType { get; init; } = "";

    public bool IsSpot { get; init; }

    /// <summary>Nodes that an update of the group takes away at a time.</summary>
    public int UpdatedAtOnce { get; init; } = 1;

    /// <summary>EKS node auto-repair is on: instances whose nodes stay unreachable are replaced.</summary>
    public bool RepairsNodes { get; init; }

    /// <summary>The setting that changes <see cref="Min"/>, such as <c>nodePools.general.min</c>; null when there is none.</summary>
    public string? MinSetting { get; init; }

    /// <summary>The machine number <paramref name="index"/> of the group; machines go round the zones, as Auto Scaling balances them.</summary>
    public Node NodeAt(int index) => NodeAt(index, Zones[index % Zones.Length]);

    public Node NodeAt(int index, string zone)
    {
        var name = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Name}-{index}");
        return Template with
        {
            Name = name,
            Zone = zone,
            Group = Name,
            Labels = Template.Labels.SetItems([new(Labels.Zone, zone), new(Labels.EbsZone, zone), new(Labels.Region, RegionOf(zone)), new(Labels.Host, name)]),
        };
    }

    /// <summary><c>eu-central-1</c> of <c>eu-central-1a</c>.</summary>
    private static string RegionOf(string zone) => zone.Length > 1 && char.IsAsciiDigit(zone[^2]) && char.IsAsciiLetter(zone[^1]) ? zone[..^1] : zone;
}
