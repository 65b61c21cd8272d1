using HaCluster.Planning.Modelling.Charts.Building;
using HaCluster.Planning.Rendering;

namespace HaCluster.Planning.Modelling.Charts.Edge;

/// <summary>
/// ExternalDNS, one pod: https://github.com/kubernetes-sigs/external-dns/tree/external-dns-helm-chart-1.21.1/charts/external-dns.
/// </summary>
internal sealed class ExternalDnsChart : IChartModel
{
    private const string Defaults = """
        replicaCount: 1
        deploymentStrategy: {type: Recreate}
        readinessProbe: {initialDelaySeconds: 5, periodSeconds: 10}
        """;

    public string Chart => "external-dns";

    public IEnumerable<KubernetesObject> Objects(ChartRelease release)
    {
        var chart = release.Over(Defaults);
        yield return new ChartPods("Deployment", chart.Namespace, chart.FullName)
        {
            Labels = chart.Labels(),
            Replicas = chart.At("replicaCount"),
            Strategy = chart.At("deploymentStrategy"),
            Placement = chart.Values,
            PriorityClass = chart.At("priorityClassName"),
            GraceSeconds = chart.At("terminationGracePeriodSeconds"),
            Containers = [ObjectParts.Container(chart.Chart, chart.At("resources"), chart.At("readinessProbe"))],
        }.ToObject();
    }
}
