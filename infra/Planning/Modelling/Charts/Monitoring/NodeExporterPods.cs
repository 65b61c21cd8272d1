using HaCluster.Planning.Facts;
using HaCluster.Planning.Modelling.Charts.Building;
using HaCluster.Planning.Rendering;

namespace HaCluster.Planning.Modelling.Charts.Monitoring;

/// <summary>
/// The node exporter inside kube-prometheus-stack:
/// https://github.com/prometheus-community/helm-charts/tree/main/charts/prometheus-node-exporter (4.56.1).
/// </summary>
internal static class NodeExporterPods
{
    private const string Defaults = """
        hostNetwork: true
        service: {port: 9100}
        nodeSelector: {kubernetes.io/os: linux}
        tolerations: [{effect: NoSchedule, operator: Exists}]
        updateStrategy: {type: RollingUpdate, rollingUpdate: {maxUnavailable: 1}}
        readinessProbe: {initialDelaySeconds: 0, periodSeconds: 10}
        """;

    // The default of the template when the values name none.
    private const string NoFargate = """
        nodeAffinity:
          requiredDuringSchedulingIgnoredDuringExecution:
            nodeSelectorTerms:
            - matchExpressions:
              - {key: eks.amazonaws.com/compute-type, operator: NotIn, values: [fargate]}
              - {key: type, operator: NotIn, values: [virtual-kubelet]}
        """;

    public static IEnumerable<KubernetesObject> Of(ChartRelease release)
    {
        var chart = release.Over(Defaults);
        yield return new ChartPods("DaemonSet", chart.Namespace, chart.FullName)
        {
            Labels = chart.Labels(),
            Strategy = chart.At("updateStrategy"),
            Placement = chart.Values,
            DefaultAffinity = ObjectParts.Yaml(NoFargate),
            PriorityClass = chart.At("priorityClassName"),
            GraceSeconds = chart.At("terminationGracePeriodSeconds"),
            Containers =
            [
                ObjectParts.Container(
                    "node-exporter", chart.At("resources"), chart.At("readinessProbe"), ports: ObjectParts.Ports(chart.At("service", "port").Integer() ?? 0)),
            ],
            IsOnHostNetwork = chart.At("hostNetwork").IsTrue(),
        }.ToObject();
    }
}
