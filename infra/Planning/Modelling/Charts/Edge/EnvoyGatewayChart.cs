using HaCluster.Engine.Values;
using HaCluster.Planning.Facts;
using HaCluster.Planning.Modelling.Charts.Building;
using HaCluster.Planning.Rendering;

namespace HaCluster.Planning.Modelling.Charts.Edge;

/// <summary>
/// Envoy Gateway: https://github.com/envoyproxy/gateway/tree/v1.9.0/charts/gateway-helm; and the proxies that it creates for the Gateways of
/// the program.
/// </summary>
internal sealed class EnvoyGatewayChart : IChartModel
{
    private const string Name = "envoy-gateway";

    private const string Defaults = """
        deployment:
          replicas: 1
          envoyGateway:
            resources: {requests: {cpu: 100m, memory: 256Mi}, limits: {memory: 1024Mi}}
            startupProbe: {periodSeconds: 1}
            readinessProbe: {periodSeconds: 10}
          pod: {}
        podDisruptionBudget: {minAvailable: 0}
        hpa: {enabled: false, minReplicas: 1, maxReplicas: 1}
        """;

    public string Chart => "gateway-helm";

    public IEnumerable<KubernetesObject> Objects(ChartRelease release)
    {
        var chart = release.Over(Defaults);
        var labels = chart.Labels().And(ObjectParts.Map(("control-plane", ObjectParts.Text(Name))));
        var container = chart.At("deployment", "envoyGateway");
        yield return new ChartPods("Deployment", chart.Namespace, Name)
        {
            Labels = labels,
            Replicas = chart.At("deployment", "replicas"),
            Strategy = container.At("strategy"),
            Placement = chart.At("deployment", "pod"),
            PriorityClass = chart.At("deployment", "priorityClassName"),
            GraceSeconds = ObjectParts.Number(10),
            Containers = [ObjectParts.Container(Name, container.At("resources"), container.At("readinessProbe"), container.At("startupProbe"))],
        }.ToObject();
        if (chart.At("hpa", "enabled").IsTrue())
            yield return ChartObjects.Autoscaler(chart.Namespace, Name, chart.At("hpa"));
        if (Counted(chart.At("podDisruptionBudget")) is { } budget)
            yield return ChartObjects.Budget(chart.Namespace, Name, labels, budget);
        foreach (var made in EnvoyFleet.Of(chart))
            yield return made;
    }

    /// <summary>The template leaves out bounds of zero, and the whole budget when none is left.</summary>
    private static PropertyValue.Map? Counted(PropertyValue? budget)
    {
        var counted = ObjectParts.Map(
            ("minAvailable", budget.At("minAvailable").Integer() > 0 ? budget.At("minAvailable") : null),
            ("maxUnavailable", budget.At("maxUnavailable").Integer() > 0 ? budget.At("maxUnavailable") : null));
        return counted.Entries.IsEmpty ? null : counted.And(ObjectParts.Map(("unhealthyPodEvictionPolicy", budget.At("unhealthyPodEvictionPolicy"))));
    }
}
