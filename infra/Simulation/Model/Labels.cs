using System.Collections.Immutable;

namespace HaCluster.Simulation.Model;

/// <summary>Label names with a meaning, and how maps of labels are made.</summary>
public static class Labels
{
    public const string Zone = "topology.kubernetes.io/zone";
    public const string Host = "kubernetes.io/hostname";

    public static readonly ImmutableSortedDictionary<string, string> None = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    public static ImmutableSortedDictionary<string, string> Of(params ReadOnlySpan<(string Key, string Value)> labels)
    {
        var map = None.ToBuilder();
        foreach (var (key, value) in labels)
            map[key] = value;
        return map.ToImmutable();
    }
}
