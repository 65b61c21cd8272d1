using HaCluster.Planning.Facts;
using HaCluster.Planning.Modelling.Charts.Building;
using HaCluster.Planning.Rendering;

namespace HaCluster.Planning.Modelling.Charts.Monitoring;

/// <summary>
/// kube-prometheus-stack: https://github.com/prometheus-community/helm-charts/tree/main/charts/kube-prometheus-stack (88.5.3), with the
/// charts in it.
/// </summary>
internal sealed class KubePrometheusStackChart : IChartModel
{
    private const string Defaults = """
        prometheusOperator:
          enabled: true
          terminationGracePeriodSeconds: 30
          readinessProbe: {enabled: true, initialDelaySeconds: 0, periodSeconds: 10}
          podDisruptionBudget: {enabled: false, minAvailable: 1, unhealthyPodEvictionPolicy: AlwaysAllow}
          prometheusConfigReloader: {resources: {}}
        prometheus:
          enabled: true
          podDisruptionBudget: {enabled: false, minAvailable: 1, unhealthyPodEvictionPolicy: AlwaysAllow}
          prometheusSpec: {replicas: 1, shards: 1, podAntiAffinity: soft, podAntiAffinityTopologyKey: kubernetes.io/hostname}
        alertmanager:
          enabled: true
          podDisruptionBudget: {enabled: false, minAvailable: 1, unhealthyPodEvictionPolicy: AlwaysAllow}
          alertmanagerSpec: {replicas: 1, podAntiAffinity: soft, podAntiAffinityTopologyKey: kubernetes.io/hostname}
        grafana: {enabled: true}
        kubeStateMetrics: {enabled: true}
        nodeExporter: {enabled: true}
        kube-state-metrics: {}
        prometheus-node-exporter: {}
        """;

    public string Chart => "kube-prometheus-stack";

    public IEnumerable<KubernetesObject> Objects(ChartRelease release)
    {
        var chart = release.Over(Defaults);
        IEnumerable<KubernetesObject> Of(bool isEnabled, Func<IEnumerable<KubernetesObject>> part) => isEnabled ? part() : [];
        return Of(chart.At("prometheusOperator", "enabled").IsTrue(), () => Operator(chart))
            .Concat(Of(chart.At("prometheus", "enabled").IsTrue(), () => OperatedSets.Prometheus(chart)))
            .Concat(Of(chart.At("alertmanager", "enabled").IsTrue(), () => OperatedSets.Alertmanager(chart)))
            .Concat(Of(chart.At("grafana", "enabled").IsTrue(), () => GrafanaPods.Of(chart.Inner("grafana"))))
            .Concat(Of(chart.At("kubeStateMetrics", "enabled").IsTrue(), () => KubeStateMetricsPods.Of(chart.Inner("kube-state-metrics"))))
            .Concat(Of(chart.At("nodeExporter", "enabled").IsTrue(), () => NodeExporterPods.Of(chart.Inner("prometheus-node-exporter"))));
    }

    private static IEnumerable<KubernetesObject> Operator(ChartRelease chart)
    {
        var values = chart.At("prometheusOperator");
        var name = $"{chart.FullName}-operator";
        var labels = ObjectParts.Map(("app", ObjectParts.Text($"{chart.ShortName}-operator")), ("release", ObjectParts.Text(chart.Name)));
        var probe = values.At("readinessProbe");
        yield return new ChartPods("Deployment", chart.Namespace, name)
        {
            Labels = labels,
            // The template sets one replica; the operator has no leader election.
            Replicas = ObjectParts.Number(1),
            Strategy = values.At("strategy"),
            Placement = values,
            PriorityClass = values.At("priorityClassName"),
            GraceSeconds = values.At("terminationGracePeriodSeconds"),
            Containers = [ObjectParts.Container(chart.ShortName, values.At("resources"), probe.At("enabled").IsTrue() ? probe : null)],
            IsOnHostNetwork = values.At("hostNetwork").IsTrue(),
        }.ToObject();
        if (values.At("podDisruptionBudget", "enabled").IsTrue())
            yield return ChartObjects.Budget(chart.Namespace, name, labels, values.At("podDisruptionBudget"));
    }
}
