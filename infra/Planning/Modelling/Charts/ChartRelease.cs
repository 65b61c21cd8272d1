using HaCluster.Engine.Values;
using HaCluster.Planning.Facts;
using HaCluster.Planning.Modelling.Charts.Building;
using HaCluster.Planning.Modelling.Objects;

namespace HaCluster.Planning.Modelling.Charts;

/// <summary>A release of a chart, or of a chart inside it.</summary>
/// <param name="Chart">Name of the chart in its repository.</param>
/// <param name="Declared">The program's own objects: some charts create pods for them.</param>
internal sealed record ChartRelease(string Name, string Namespace, string Chart, PropertyValue Values, IReadOnlyCollection<ClusterObject> Declared)
{
    public PropertyValue? At(params ReadOnlySpan<string> path) => Values.At(path);

    /// <summary>The values of the release merged with the chart's defaults.</summary>
    /// <param name="defaults">YAML, as in the chart's <c>values.yaml</c>.</param>
    public ChartRelease Over(string defaults) => this with { Values = Values.Over(ObjectParts.Yaml(defaults)) };

    /// <summary>A chart inside this one; its values are under its name.</summary>
    public ChartRelease Inner(string chart) => this with { Chart = chart, Values = At(chart) ?? ObjectParts.Map() };

    /// <summary>
    /// The usual name of a chart's objects: <c>fullnameOverride</c>, or the release and the chart unless one contains the other.
    /// </summary>
    public string FullName => At("fullnameOverride").Text() is { Length: > 0 } full ? full
        : Name.Contains(ShortName, StringComparison.Ordinal) ? Name
        : $"{Name}-{ShortName}";

    public string ShortName => At("nameOverride").Text() is { Length: > 0 } name ? name : Chart;

    /// <summary>The labels by which most charts select their pods.</summary>
    public PropertyValue.Map Labels(string suffix = "") => ObjectParts.Map(
        ("app.kubernetes.io/name", ObjectParts.Text(ShortName + suffix)),
        ("app.kubernetes.io/instance", ObjectParts.Text(Name)));
}
