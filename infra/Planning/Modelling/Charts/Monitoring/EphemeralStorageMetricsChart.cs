using HaCluster.Planning.Facts;
using HaCluster.Planning.Modelling.Charts.Building;
using HaCluster.Planning.Rendering;

namespace HaCluster.Planning.Modelling.Charts.Monitoring;

/// <summary>
/// Ephemeral storage metrics, one pod, or one per node: https://github.com/jmcgrath207/k8s-ephemeral-storage-metrics/tree/1.21.3/chart.
/// </summary>
internal sealed class EphemeralStorageMetricsChart : IChartModel
{
    private const string Name = "k8s-ephemeral-storage-metrics";

    private const string Defaults = """
        deploy_type: Deployment
        probes: {readiness: {periodSeconds: 10}}
        """;

    public string Chart => Name;

    public IEnumerable<KubernetesObject> Objects(ChartRelease release)
    {
        var chart = release.Over(Defaults);
        var kind = chart.At("deploy_type").Text()!;
        yield return new ChartPods(kind, chart.Namespace, Name)
        {
            Labels = chart.Labels(),
            Replicas = kind == "Deployment" ? ObjectParts.Number(1) : null,
            Placement = chart.Values,
            PriorityClass = chart.At("priorityClassName"),
            Containers = [ObjectParts.Container("metrics", chart.At("resources"), chart.At("probes", "readiness"))],
        }.ToObject();
    }
}
