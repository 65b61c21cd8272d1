using HaCluster.Engine.Values;
using HaCluster.Planning.Facts;
using HaCluster.Planning.Modelling.Objects;
using HaCluster.Planning.Rendering;

namespace HaCluster.Planning.Modelling.Charts;

/// <summary>A release with its values over those of the chart.</summary>
/// <param name="Declared">The program's own objects: some charts make pods for them.</param>
internal sealed record ChartRelease(HelmRelease Release, PropertyValue Values, IReadOnlyCollection<ClusterObject> Declared)
{
    public string Name => Release.Name;

    public string Namespace => Release.Namespace;

    public string Source => $"chart {Release.Chart[(Release.Chart.LastIndexOf('/') + 1)..]} {Release.Version}";

    public PropertyValue? At(params ReadOnlySpan<string> path) => Values.At(path);

    /// <summary>As Helm merges: maps go into each other, everything else replaces, and null takes a default away.</summary>
    public ChartRelease Over(PropertyValue defaults) => this with { Values = Merge(defaults, Values) };

    private static PropertyValue Merge(PropertyValue under, PropertyValue over)
    {
        if (under is not PropertyValue.Map low || over is not PropertyValue.Map high)
            return over;
        var merged = low.Entries;
        foreach (var (key, value) in high.Entries)
        {
            merged = value is PropertyValue.Null ? merged.Remove(key)
                : merged.SetItem(key, merged.TryGetValue(key, out var known) ? Merge(known, value) : value);
        }

        return new PropertyValue.Map(merged);
    }
}
