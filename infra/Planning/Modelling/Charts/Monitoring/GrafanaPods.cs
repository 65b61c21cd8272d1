using System.Collections.Immutable;
using HaCluster.Engine.Values;
using HaCluster.Planning.Facts;
using HaCluster.Planning.Modelling.Charts.Building;
using HaCluster.Planning.Rendering;

namespace HaCluster.Planning.Modelling.Charts.Monitoring;

/// <summary>
/// Grafana inside kube-prometheus-stack: https://github.com/grafana-community/helm-charts/tree/main/charts/grafana (12.11.1).
/// </summary>
internal static class GrafanaPods
{
    // The last two lines are what kube-prometheus-stack sets.
    private const string Defaults = """
        replicas: 1
        deploymentStrategy: {type: RollingUpdate}
        readinessProbe: {httpGet: {path: /api/health}}
        persistence: {enabled: false, size: 10Gi}
        initChownData: {enabled: true}
        autoscaling: {enabled: false, minReplicas: 1, maxReplicas: 5}
        podDisruptionBudget: {}
        useStatefulSet: false
        sidecar:
          alerts: {enabled: false}
          notifiers: {enabled: false}
          plugins: {enabled: false}
          dashboards: {enabled: true}
          datasources: {enabled: true}
        """;

    private static readonly ImmutableArray<string> Sidecars = ["alerts", "dashboards", "datasources", "notifiers", "plugins"];

    public static IEnumerable<KubernetesObject> Of(ChartRelease release)
    {
        var chart = release.Over(Defaults);
        var scales = chart.At("autoscaling", "enabled").IsTrue();
        var keepsData = chart.At("persistence", "enabled").IsTrue();
        var isSet = chart.At("useStatefulSet").IsTrue();
        if (keepsData && !isSet)
            yield return ChartObjects.Of("v1", "PersistentVolumeClaim", chart.Namespace, chart.FullName, ClaimSpec(chart.At("persistence")));
        yield return new ChartPods(isSet ? "StatefulSet" : "Deployment", chart.Namespace, chart.FullName)
        {
            Labels = chart.Labels(),
            Replicas = scales ? null : chart.At("replicas"),
            Strategy = chart.At("deploymentStrategy"),
            Placement = chart.Values,
            PriorityClass = chart.At("priorityClassName"),
            GraceSeconds = chart.At("terminationGracePeriodSeconds"),
            Containers =
            [
                .. Sidecars.Where(sidecar => chart.At("sidecar", sidecar, "enabled").IsTrue())
                    .Select(sidecar => ObjectParts.Container($"grafana-sc-{sidecar}", chart.At("sidecar", "resources"))),
                ObjectParts.Container("grafana", chart.At("resources"), chart.At("readinessProbe")),
            ],
            InitContainers = keepsData && chart.At("initChownData", "enabled").IsTrue()
                ? [ObjectParts.Container("init-chown-data", chart.At("initChownData", "resources"))]
                : [],
            Claims = keepsData && isSet ? ObjectParts.List(Claim(chart.At("persistence"))) : null,
            Volumes = keepsData && !isSet
                ? ObjectParts.List(ObjectParts.Map(("name", ObjectParts.Text("storage")), ("persistentVolumeClaim", ObjectParts.Map(("claimName", ObjectParts.Text(chart.FullName))))))
                : null,
        }.ToObject();
        if (scales)
            yield return ChartObjects.Autoscaler(chart.Namespace, chart.FullName, chart.At("autoscaling"));
        if (chart.At("podDisruptionBudget") is PropertyValue.Map { Entries.IsEmpty: false } budget)
            yield return ChartObjects.Budget(chart.Namespace, chart.FullName, chart.Labels(), budget);
    }

    private static PropertyValue.Map Claim(PropertyValue? persistence) => ObjectParts.Map(
        ("metadata", ObjectParts.Map(("name", ObjectParts.Text("storage")))),
        ("spec", ClaimSpec(persistence)));

    private static PropertyValue.Map ClaimSpec(PropertyValue? persistence) => ObjectParts.Map(
        ("accessModes", persistence.At("accessModes") ?? ObjectParts.List(ObjectParts.Text("ReadWriteOnce"))),
        ("storageClassName", persistence.At("storageClassName")),
        ("resources", ObjectParts.Map(("requests", ObjectParts.Map(("storage", persistence.At("size")))))));
}
