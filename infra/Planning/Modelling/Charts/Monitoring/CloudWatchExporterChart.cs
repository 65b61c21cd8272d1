using HaCluster.Planning.Facts;
using HaCluster.Planning.Modelling.Charts.Building;
using HaCluster.Planning.Rendering;

namespace HaCluster.Planning.Modelling.Charts.Monitoring;

/// <summary>
/// YACE: https://github.com/prometheus-community/helm-charts/tree/main/charts/prometheus-yet-another-cloudwatch-exporter (0.47.0).
/// </summary>
internal sealed class CloudWatchExporterChart : IChartModel
{
    private const string Defaults = """
        replicaCount: 1
        podDisruptionBudget: {enabled: false, minAvailable: 1, unhealthyPodEvictionPolicy: AlwaysAllow}
        """;

    public string Chart => "prometheus-yet-another-cloudwatch-exporter";

    public IEnumerable<KubernetesObject> Objects(ChartRelease release)
    {
        var chart = release.Over(Defaults);
        yield return new ChartPods("Deployment", chart.Namespace, chart.FullName)
        {
            Labels = chart.Labels(),
            Replicas = chart.At("replicaCount"),
            Placement = chart.Values,
            PriorityClass = chart.At("priorityClassName"),
            Containers = [ObjectParts.Container(chart.Chart, chart.At("resources"), ObjectParts.Map())],
        }.ToObject();
        if (chart.At("podDisruptionBudget", "enabled").IsTrue())
            yield return ChartObjects.Budget(chart.Namespace, chart.FullName, chart.Labels(), chart.At("podDisruptionBudget"));
    }
}
