using System.Collections.Immutable;

namespace HaCluster.Simulation.Model;

/// <summary>An EKS managed node group in one or more zones.</summary>
public sealed record NodeGroup
{
    public required string Name { get; init; }

    public required ImmutableArray<string> Zones { get; init; }

    public required int Min { get; init; }

    public required int Desired { get; init; }

    public required int Max { get; init; }

    /// <summary>
    /// The template of its nodes; name and zone are set by <see cref="NodeAt(int)"/>. It has the size of the smallest instance type of the group.
    /// </summary>
    public required Node Template { get; init; }

    /// <summary>Such as <c>m7i.xlarge</c>.</summary>
    public string InstanceType { get; init; } = "";

    public bool IsSpot { get; init; }

    /// <summary>Nodes that an update of the group replaces at a time.</summary>
    public int UpdatedAtOnce { get; init; } = 1;

    /// <summary>Whether EKS node auto-repair is on: it replaces instances whose nodes stay unreachable.</summary>
    public bool RepairsNodes { get; init; }

    /// <summary>The setting that changes <see cref="Min"/>, such as <c>nodePools.general.min</c>; null when there is none.</summary>
    public string? MinSetting { get; init; }

    /// <summary>The node number <paramref name="index"/> of the group; nodes alternate between the zones, as Auto Scaling balances them.</summary>
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
