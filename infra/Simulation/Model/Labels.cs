using System.Collections.Immutable;

namespace HaCluster.Simulation.Model;

/// <summary>Well-known label names, and helpers for maps of labels.</summary>
public static class Labels
{
    public const string Zone = "topology.kubernetes.io/zone";
    public const string Region = "topology.kubernetes.io/region";
    public const string Host = "kubernetes.io/hostname";

    /// <summary>The topology key that the EBS driver sets on nodes and in the node affinity of its volumes.</summary>
    public const string EbsZone = "topology.ebs.csi.aws.com/zone";

    private const string BetaZone = "failure-domain.beta.kubernetes.io/zone", BetaRegion = "failure-domain.beta.kubernetes.io/region";

    /// <summary>Keys under which volumes name their zone.</summary>
    public static readonly ImmutableArray<string> OfZone = [Zone, EbsZone, BetaZone];

    /// <summary>Labels of a volume that bind it to nodes with the same (kube-scheduler's VolumeZone).</summary>
    public static readonly ImmutableArray<string> OfVolumeTopology = [BetaZone, BetaRegion, Zone, Region];

    /// <summary>The name that replaced a label of 1.16 and before.</summary>
    public static string Current(string key) => key switch { BetaZone => Zone, BetaRegion => Region, _ => key };

    public static readonly ImmutableSortedDictionary<string, string> None = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    public static ImmutableSortedDictionary<string, string> Of(params ReadOnlySpan<(string Key, string Value)> labels)
    {
        var map = None.ToBuilder();
        foreach (var (key, value) in labels)
            map[key] = value;
        return map.ToImmutable();
    }
}
