using HaCluster.Engine.Values;
using HaCluster.Planning.Facts;
using HaCluster.Planning.Modelling.Charts.Building;
using HaCluster.Planning.Rendering;

namespace HaCluster.Planning.Modelling.Charts.Platform;

/// <summary>
/// cluster-autoscaler:
/// https://github.com/kubernetes/autoscaler/tree/cluster-autoscaler-chart-9.59.0/cluster-autoscaler/charts/cluster-autoscaler.
/// </summary>
internal sealed class ClusterAutoscalerChart : IChartModel
{
    private const string Defaults = """
        cloudProvider: aws
        replicaCount: 1
        priorityClassName: system-cluster-critical
        podDisruptionBudget: {maxUnavailable: 1}
        """;

    public string Chart => "cluster-autoscaler";

    public IEnumerable<KubernetesObject> Objects(ChartRelease release)
    {
        var chart = release.Over(Defaults);
        var app = chart.At("nameOverride").Text() is { Length: > 0 } given ? given : $"{chart.At("cloudProvider").Text()}-{chart.Chart}";
        var name = chart.At("fullnameOverride").Text() is { Length: > 0 } full ? full : app == chart.Name ? app : $"{chart.Name}-{app}";
        var labels = ObjectParts.Map(("app.kubernetes.io/instance", ObjectParts.Text(chart.Name)), ("app.kubernetes.io/name", ObjectParts.Text(app)));
        yield return new ChartPods("Deployment", chart.Namespace, name)
        {
            Labels = labels,
            Replicas = chart.At("replicaCount"),
            Strategy = chart.At("updateStrategy"),
            Placement = chart.Values,
            PriorityClass = chart.At("priorityClassName"),
            // It has no readiness probe.
            Containers = [ObjectParts.Container(chart.Chart, chart.At("resources"))],
            IsOnHostNetwork = chart.At("hostNetwork").IsTrue(),
        }.ToObject();
        if (chart.At("podDisruptionBudget") is PropertyValue.Map { Entries.IsEmpty: false } budget)
            yield return ChartObjects.Budget(chart.Namespace, name, labels, budget);
    }
}
