using HaCluster.Engine.Values;
using HaCluster.Planning.Facts;
using HaCluster.Planning.Modelling.Charts.Building;
using HaCluster.Planning.Rendering;

namespace HaCluster.Planning.Modelling.Charts.Monitoring;

/// <summary>
/// kube-state-metrics inside kube-prometheus-stack:
/// https://github.com/prometheus-community/helm-charts/tree/main/charts/kube-state-metrics (8.4.0).
/// </summary>
internal static class KubeStateMetricsPods
{
    private const string Defaults = """
        replicas: 1
        autosharding: {enabled: false}
        kubeRBACProxy: {enabled: false}
        readinessProbe: {initialDelaySeconds: 5, periodSeconds: 10}
        podDisruptionBudget: {}
        """;

    public static IEnumerable<KubernetesObject> Of(ChartRelease release)
    {
        var chart = release.Over(Defaults);
        yield return new ChartPods(chart.At("autosharding", "enabled").IsTrue() ? "StatefulSet" : "Deployment", chart.Namespace, chart.FullName)
        {
            Labels = chart.Labels(),
            Replicas = chart.At("replicas"),
            Strategy = chart.At("updateStrategy") is PropertyValue.Text type ? ObjectParts.Map(("type", type)) : null,
            Placement = chart.Values,
            PriorityClass = chart.At("priorityClassName"),
            Containers =
            [
                ObjectParts.Container(chart.Chart, chart.At("resources"), chart.At("readinessProbe")),
                .. chart.At("kubeRBACProxy", "enabled").IsTrue()
                    ? new[] { ObjectParts.Container("kube-rbac-proxy-http", chart.At("kubeRBACProxy", "resources")) }
                    : [],
            ],
            IsOnHostNetwork = chart.At("hostNetwork").IsTrue(),
        }.ToObject();
        if (chart.At("podDisruptionBudget") is PropertyValue.Map { Entries.IsEmpty: false } budget)
            yield return ChartObjects.Budget(chart.Namespace, chart.FullName, chart.Labels(), budget);
    }
}
