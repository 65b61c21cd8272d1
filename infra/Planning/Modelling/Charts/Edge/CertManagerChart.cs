using HaCluster.Engine.Values;
using HaCluster.Planning.Facts;
using HaCluster.Planning.Modelling.Charts.Building;
using HaCluster.Planning.Rendering;

namespace HaCluster.Planning.Modelling.Charts.Edge;

/// <summary>cert-manager: https://github.com/cert-manager/cert-manager/tree/v1.21.1/deploy/charts/cert-manager.</summary>
internal sealed class CertManagerChart : IChartModel
{
    private const string Defaults = """
        replicaCount: 1
        nodeSelector: {kubernetes.io/os: linux}
        podDisruptionBudget: {enabled: false}
        webhook:
          replicaCount: 1
          nodeSelector: {kubernetes.io/os: linux}
          podDisruptionBudget: {enabled: false}
          readinessProbe: {initialDelaySeconds: 5, periodSeconds: 5}
        cainjector:
          enabled: true
          replicaCount: 1
          nodeSelector: {kubernetes.io/os: linux}
          podDisruptionBudget: {enabled: false}
        """;

    public string Chart => "cert-manager";

    public IEnumerable<KubernetesObject> Objects(ChartRelease release)
    {
        var chart = release.Over(Defaults);
        return Part(chart, "", "controller", chart.Values)
            .Concat(Part(chart, "webhook", "webhook", chart.At("webhook")))
            .Concat(chart.At("cainjector", "enabled").IsTrue() ? Part(chart, "cainjector", "cainjector", chart.At("cainjector")) : []);
    }

    private static IEnumerable<KubernetesObject> Part(ChartRelease chart, string suffix, string component, PropertyValue? values)
    {
        var name = suffix.Length == 0 ? chart.FullName : $"{chart.FullName}-{suffix}";
        // Only the controller is named after the chart; the other parts append their own names.
        var labels = ObjectParts.Map(
            ("app.kubernetes.io/name", ObjectParts.Text(suffix.Length == 0 ? chart.ShortName : suffix)),
            ("app.kubernetes.io/instance", ObjectParts.Text(chart.Name)),
            ("app.kubernetes.io/component", ObjectParts.Text(component)));
        yield return new ChartPods("Deployment", chart.Namespace, name)
        {
            Labels = labels,
            Replicas = values.At("replicaCount"),
            Strategy = values.At("strategy"),
            Placement = values,
            PriorityClass = chart.At("global", "priorityClassName"),
            Containers = [ObjectParts.Container($"cert-manager-{component}", values.At("resources"), values.At("readinessProbe"))],
        }.ToObject();
        var budget = values.At("podDisruptionBudget");
        if (budget.At("enabled").IsTrue())
            yield return ChartObjects.Budget(chart.Namespace, name, labels, OneAtLeast(budget));
    }

    private static PropertyValue? OneAtLeast(PropertyValue? budget) =>
        budget.At("minAvailable") is null && budget.At("maxUnavailable") is null ? budget.And(ObjectParts.Map(("minAvailable", ObjectParts.Number(1)))) : budget;
}
