using HaCluster.Engine.Values;
using HaCluster.Planning.Facts;
using HaCluster.Planning.Modelling.Charts.Building;
using HaCluster.Planning.Rendering;

namespace HaCluster.Planning.Modelling.Charts.Platform;

/// <summary>
/// External Secrets: https://github.com/external-secrets/external-secrets/tree/helm-chart-2.9.0/deploy/charts/external-secrets.
/// </summary>
internal sealed class ExternalSecretsChart : IChartModel
{
    private const string Defaults = """
        createOperator: true
        replicaCount: 1
        readinessProbe: {enabled: false, spec: {initialDelaySeconds: 10, periodSeconds: 10}}
        podDisruptionBudget: {enabled: false, minAvailable: 1}
        webhook:
          create: true
          replicaCount: 1
          certManager: {enabled: false}
          podDisruptionBudget: {enabled: false, minAvailable: 1}
          readinessProbe: {enabled: true, initialDelaySeconds: 20, periodSeconds: 5}
        certController:
          create: true
          replicaCount: 1
          podDisruptionBudget: {enabled: false, minAvailable: 1}
          readinessProbe: {enabled: true, initialDelaySeconds: 20, periodSeconds: 5}
        """;

    public string Chart => "external-secrets";

    public IEnumerable<KubernetesObject> Objects(ChartRelease release)
    {
        var chart = release.Over(Defaults);
        var own = chart.At("createOperator").IsTrue() ? Part(chart, "", chart.Values) : [];
        var webhook = chart.At("webhook", "create").IsTrue() ? Part(chart, "-webhook", chart.At("webhook")) : [];
        var certificates = chart.At("certController", "create").IsTrue() && !chart.At("webhook", "certManager", "enabled").IsTrue()
            ? Part(chart, "-cert-controller", chart.At("certController"))
            : [];
        return own.Concat(webhook).Concat(certificates);
    }

    private static IEnumerable<KubernetesObject> Part(ChartRelease chart, string suffix, PropertyValue? values)
    {
        var labels = chart.Labels(suffix);
        var probe = values.At("readinessProbe");
        yield return new ChartPods("Deployment", chart.Namespace, chart.FullName + suffix)
        {
            Labels = labels,
            Replicas = values.At("replicaCount"),
            Strategy = values.At("strategy"),
            Placement = values,
            PriorityClass = values.At("priorityClassName"),
            Containers = [ObjectParts.Container(chart.Chart + suffix, values.At("resources"), probe.At("enabled").IsTrue() ? probe.At("spec") ?? probe : null)],
        }.ToObject();
        var budget = values.At("podDisruptionBudget");
        if (budget.At("enabled").IsTrue())
            yield return ChartObjects.Budget(chart.Namespace, chart.FullName + suffix + "-pdb", labels, OnlyOne(budget));
    }

    /// <summary>The template writes maxUnavailable if it is set, otherwise minAvailable.</summary>
    private static PropertyValue? OnlyOne(PropertyValue? budget) =>
        budget.At("maxUnavailable") is null || budget is not PropertyValue.Map map ? budget : new PropertyValue.Map(map.Entries.Remove("minAvailable"));
}
