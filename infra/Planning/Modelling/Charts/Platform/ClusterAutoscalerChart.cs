using HaCluster.Engine.Values;
using HaCluster.Planning.Facts;
using HaCluster.Planning.Modelling.Charts.Making;
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
        var labels = Fragment.Map(("app.kubernetes.io/instance", Fragment.Text(chart.Name)), ("app.kubernetes.io/name", Fragment.Text(app)));
        yield return new ChartPods("Deployment", chart.Namespace, name)
        {
            Labels = labels,
            Replicas = chart.At("replicaCount"),
            Strategy = chart.At("updateStrategy"),
            Placement = chart.Values,
            PriorityClass = chart.At("priorityClassName"),
            // It has no readiness probe.
            Containers = [Fragment.Container(chart.Chart, chart.At("resources"))],
            IsOnHostNetwork = chart.At("hostNetwork").IsTrue(),
        }.ToObject();
        if (chart.At("podDisruptionBudget") is PropertyValue.Map { Entries.IsEmpty: false } budget)
            yield return MadeObject.Budget(chart.Namespace, name, labels, budget);
    }
}
