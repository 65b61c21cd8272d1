using HaCluster.Planning.Facts;
using HaCluster.Planning.Modelling.Charts.Building;
using HaCluster.Planning.Rendering;

namespace HaCluster.Planning.Modelling.Charts.Platform;

/// <summary>Fluent Bit: https://github.com/fluent/helm-charts/tree/fluent-bit-0.58.1/charts/fluent-bit.</summary>
internal sealed class FluentBitChart : IChartModel
{
    private const string Defaults = """
        kind: DaemonSet
        replicaCount: 1
        hostNetwork: false
        metricsPort: 2020
        hotReload: {enabled: false}
        podDisruptionBudget: {enabled: false, maxUnavailable: 30%}
        """;

    public string Chart => "fluent-bit";

    public IEnumerable<KubernetesObject> Objects(ChartRelease release)
    {
        var chart = release.Over(Defaults);
        var kind = chart.At("kind").Text()!;
        yield return new ChartPods(kind, chart.Namespace, chart.FullName)
        {
            Labels = chart.Labels(),
            Replicas = kind == "Deployment" ? chart.At("replicaCount") : null,
            Strategy = chart.At("updateStrategy"),
            Placement = chart.Values,
            PriorityClass = chart.At("priorityClassName"),
            GraceSeconds = chart.At("terminationGracePeriodSeconds"),
            MinReadySeconds = chart.At("minReadySeconds"),
            Containers =
            [
                ObjectParts.Container(
                    chart.Chart, chart.At("resources"), ObjectParts.Map(), ports: ObjectParts.Ports(chart.At("metricsPort").Integer() ?? 0)),
                .. chart.At("hotReload", "enabled").IsTrue() ? new[] { ObjectParts.Container("reloader", chart.At("hotReload", "resources")) } : [],
                .. chart.At("extraContainers").Items(),
            ],
            InitContainers = chart.At("initContainers").Items(),
            IsOnHostNetwork = chart.At("hostNetwork").IsTrue(),
        }.ToObject();
        if (kind == "Deployment" && chart.At("podDisruptionBudget", "enabled").IsTrue())
            yield return ChartObjects.Budget(chart.Namespace, chart.FullName, chart.Labels(), chart.At("podDisruptionBudget"));
    }
}
