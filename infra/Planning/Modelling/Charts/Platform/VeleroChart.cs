using HaCluster.Planning.Facts;
using HaCluster.Planning.Modelling.Charts.Building;
using HaCluster.Planning.Rendering;

namespace HaCluster.Planning.Modelling.Charts.Platform;

/// <summary>
/// Velero, always one pod, and its agent on nodes: https://github.com/vmware-tanzu/helm-charts/tree/velero-12.1.0/charts/velero.
/// </summary>
internal sealed class VeleroChart : IChartModel
{
    private const string Defaults = """
        terminationGracePeriodSeconds: 3600
        readinessProbe: {initialDelaySeconds: 10, periodSeconds: 30}
        metrics: {enabled: true}
        podDisruptionBudget: {enabled: false, minAvailable: 1}
        deployNodeAgent: false
        """;

    public string Chart => "velero";

    public IEnumerable<KubernetesObject> Objects(ChartRelease release)
    {
        var chart = release.Over(Defaults);
        var labels = chart.Labels();
        yield return new ChartPods("Deployment", chart.Namespace, "velero")
        {
            Labels = labels.And(ObjectParts.Map(("name", ObjectParts.Text("velero")))),
            Replicas = ObjectParts.Number(1),
            Strategy = ObjectParts.Map(("type", ObjectParts.Text("Recreate"))),
            Placement = chart.Values,
            PriorityClass = chart.At("priorityClassName"),
            GraceSeconds = chart.At("terminationGracePeriodSeconds"),
            Containers = [ObjectParts.Container("velero", chart.At("resources"), chart.At("metrics", "enabled").IsTrue() ? chart.At("readinessProbe") : null)],
            InitContainers = chart.At("initContainers").Items(),
        }.ToObject();
        if (chart.At("podDisruptionBudget", "enabled").IsTrue())
            yield return ChartObjects.Budget(chart.Namespace, chart.FullName, labels, chart.At("podDisruptionBudget"));
        foreach (var own in Locations(chart).Concat(Schedules(chart)))
            yield return own;
        if (!chart.At("deployNodeAgent").IsTrue())
            yield break;
        yield return new ChartPods("DaemonSet", chart.Namespace, "node-agent")
        {
            Labels = labels.And(ObjectParts.Map(("name", ObjectParts.Text("node-agent")))),
            Strategy = chart.At("nodeAgent", "updateStrategy"),
            Placement = chart.At("nodeAgent"),
            PriorityClass = chart.At("nodeAgent", "priorityClassName"),
            Containers = [ObjectParts.Container("node-agent", chart.At("nodeAgent", "resources"))],
        }.ToObject();
    }

    /// <summary>https://github.com/vmware-tanzu/helm-charts/blob/velero-12.1.0/charts/velero/templates/backupstoragelocation.yaml</summary>
    private static IEnumerable<KubernetesObject> Locations(ChartRelease chart) => chart.At("configuration", "backupStorageLocation").Items().Select(location => ChartObjects.Of(
        "velero.io/v1", "BackupStorageLocation", chart.Namespace, location.At("name").Text() ?? "default", ObjectParts.Map(
            ("provider", location.At("provider")),
            ("default", location.At("default")),
            ("accessMode", location.At("accessMode")),
            ("objectStorage", ObjectParts.Map(("bucket", location.At("bucket")), ("prefix", location.At("prefix")))),
            ("config", location.At("config")))));

    /// <summary>https://github.com/vmware-tanzu/helm-charts/blob/velero-12.1.0/charts/velero/templates/schedule.yaml</summary>
    private static IEnumerable<KubernetesObject> Schedules(ChartRelease chart) => chart.At("schedules").Entries()
        .Where(schedule => !schedule.Value.At("disabled").IsTrue())
        .Select(schedule => ChartObjects.Of(
            "velero.io/v1", "Schedule", chart.Namespace, $"{chart.FullName}-{schedule.Key}", ObjectParts.Map(
                ("schedule", schedule.Value.At("schedule")),
                ("paused", schedule.Value.At("paused")),
                ("useOwnerReferencesInBackup", schedule.Value.At("useOwnerReferencesInBackup")),
                ("template", schedule.Value.At("template")))));
}
