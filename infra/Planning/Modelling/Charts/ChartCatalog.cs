using System.Collections.Immutable;
using HaCluster.Engine.Graph;
using HaCluster.Engine.Values;
using HaCluster.Planning.Modelling.Objects;
using HaCluster.Planning.Rendering;

namespace HaCluster.Planning.Modelling.Charts;

/// <summary>The charts that are modelled.</summary>
internal static class ChartCatalog
{
    public static readonly ImmutableArray<IChartModel> All =
    [
    ];

    public static bool Knows(string chart) => All.Any(model => model.Chart == chart);

    /// <summary>The objects of every release; one of an unknown chart is reported.</summary>
    public static IEnumerable<ClusterObject> Objects(ResourceGraph graph, IReadOnlyCollection<ClusterObject> declared, ModelDraft draft)
    {
        foreach (var release in HelmRelease.Of(graph))
        {
            var chart = new ChartRelease(release, new PropertyValue.Map(release.Values), declared);
            if (All.FirstOrDefault(model => release.IsOf(model.Chart)) is not { } model)
            {
                draft.AddUnknown(
                    $"release {release.Namespace}/{release.Name}",
                    $"the chart {release.Chart} is not modelled: its pods are missing; render it with `helm template` and add the output as manifests");
                continue;
            }

            foreach (var made in model.Objects(chart))
                yield return new ClusterObject(made, chart.Source);
        }
    }
}
