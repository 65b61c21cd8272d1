using HaCluster.Engine.Values;
using HaCluster.Planning.Facts;
using HaCluster.Planning.Modelling.Charts.Building;
using HaCluster.Planning.Rendering;

namespace HaCluster.Planning.Modelling.Charts.Monitoring;

/// <summary>
/// Blackbox exporter: https://github.com/prometheus-community/helm-charts/tree/main/charts/prometheus-blackbox-exporter (11.17.2).
/// </summary>
internal sealed class BlackboxExporterChart : IChartModel
{
    private const string Defaults = """
        kind: Deployment
        replicas: 1
        strategy: {type: RollingUpdate, rollingUpdate: {maxSurge: 1, maxUnavailable: 0}}
        readinessProbe: {httpGet: {path: /-/healthy}}
        podDisruptionBudget: {}
        configReloader: {enabled: false}
        """;

    public string Chart => "prometheus-blackbox-exporter";

    public IEnumerable<KubernetesObject> Objects(ChartRelease release)
    {
        var chart = release.Over(Defaults);
        var kind = chart.At("kind").Text()!;
        yield return new ChartPods(kind, chart.Namespace, chart.FullName)
        {
            Labels = chart.Labels(),
            Replicas = chart.At("replicas"),
            Strategy = kind == "Deployment" ? chart.At("strategy") : null,
            Placement = chart.Values,
            PriorityClass = chart.At("priorityClassName"),
            Containers =
            [
                ObjectParts.Container("blackbox-exporter", chart.At("resources"), chart.At("readinessProbe")),
                .. chart.At("configReloader", "enabled").IsTrue() ? new[] { ObjectParts.Container("config-reloader", chart.At("configReloader", "resources")) } : [],
            ],
            IsOnHostNetwork = chart.At("hostNetwork").IsTrue(),
        }.ToObject();
        if (chart.At("podDisruptionBudget") is PropertyValue.Map { Entries.IsEmpty: false } budget)
            yield return ChartObjects.Budget(chart.Namespace, chart.FullName, chart.Labels(), budget);
    }
}
