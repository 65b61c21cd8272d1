using HaCluster.Engine.Values;
using HaCluster.Planning.Facts;
using HaCluster.Planning.Modelling.Charts.Building;
using HaCluster.Planning.Rendering;

namespace HaCluster.Planning.Modelling.Charts.Edge;

/// <summary>
/// AWS Load Balancer Controller:
/// https://github.com/kubernetes-sigs/aws-load-balancer-controller/tree/v3.5.0/helm/aws-load-balancer-controller.
/// </summary>
internal sealed class LoadBalancerControllerChart : IChartModel
{
    private const string Defaults = """
        replicaCount: 2
        terminationGracePeriodSeconds: 10
        priorityClassName: system-cluster-critical
        configureDefaultAffinity: true
        readinessProbe: {initialDelaySeconds: 10}
        autoscaling: {enabled: false, minReplicas: 1, maxReplicas: 5}
        podDisruptionBudget: {}
        """;

    public string Chart => "aws-load-balancer-controller";

    public IEnumerable<KubernetesObject> Objects(ChartRelease release)
    {
        var chart = release.Over(Defaults);
        var labels = chart.Labels();
        var scales = chart.At("autoscaling", "enabled").IsTrue();
        yield return new ChartPods("Deployment", chart.Namespace, chart.FullName)
        {
            Labels = labels,
            Replicas = scales ? null : chart.At("replicaCount"),
            Strategy = chart.At("updateStrategy"),
            Placement = chart.Values,
            DefaultAffinity = chart.At("configureDefaultAffinity").IsTrue() ? ApartByHost(chart.ShortName) : null,
            PriorityClass = chart.At("priorityClassName"),
            GraceSeconds = chart.At("terminationGracePeriodSeconds"),
            Containers = [ObjectParts.Container(chart.Chart, chart.At("resources"), chart.At("readinessProbe"))],
            IsOnHostNetwork = chart.At("hostNetwork").IsTrue(),
        }.ToObject();
        if (scales)
            yield return ChartObjects.Autoscaler(chart.Namespace, chart.FullName, chart.At("autoscaling"));
        if (chart.At("podDisruptionBudget") is PropertyValue.Map { Entries.IsEmpty: false } budget && chart.At("replicaCount").Integer() > 1)
            yield return ChartObjects.Budget(chart.Namespace, chart.FullName, labels, budget);
    }

    private static PropertyValue ApartByHost(string name) => ObjectParts.Yaml($$"""
        podAntiAffinity:
          preferredDuringSchedulingIgnoredDuringExecution:
          - weight: 100
            podAffinityTerm:
              labelSelector: {matchExpressions: [{key: app.kubernetes.io/name, operator: In, values: [{{name}}]}]}
              topologyKey: kubernetes.io/hostname
        """);
}
