using System.Collections.Immutable;
using HaCluster.Engine.Graph;
using HaCluster.Engine.Values;
using HaCluster.Planning.Modelling.Charts.Edge;
using HaCluster.Planning.Modelling.Charts.Monitoring;
using HaCluster.Planning.Modelling.Charts.Platform;
using HaCluster.Planning.Modelling.Objects;
using HaCluster.Planning.Rendering;
using HaCluster.Simulation.Model;

namespace HaCluster.Planning.Modelling.Charts;

/// <summary>The charts that are modelled.</summary>
internal static class ChartCatalog
{
    private const string Hooks = "Helm hooks, jobs that run only during an install or upgrade, are not counted.";

    public static readonly ImmutableArray<IChartModel> All =
    [
        new BlackboxExporterChart(),
        new CertManagerChart(),
        new CloudWatchExporterChart(),
        new ClusterAutoscalerChart(),
        new EnvoyGatewayChart(),
        new EphemeralStorageMetricsChart(),
        new ExternalDnsChart(),
        new ExternalSecretsChart(),
        new FluentBitChart(),
        new GitLabRunnerChart(),
        new KubePrometheusStackChart(),
        new LoadBalancerControllerChart(),
        new PrometheusOperatorCrdsChart(),
        new VeleroChart(),
    ];

    /// <summary>The objects of every release; releases of unknown charts are reported.</summary>
    public static IEnumerable<ClusterObject> Objects(ResourceGraph graph, IReadOnlyCollection<ClusterObject> declared, ModelDraft draft)
    {
        foreach (var release in HelmRelease.Of(graph))
        {
            draft.Assume(Hooks);
            if (All.FirstOrDefault(model => release.IsOf(model.Chart)) is not { } model)
            {
                draft.AddUnknown(
                    $"chart {release.Namespace}/{release.Name}",
                    $"the chart {release.Chart} is not modelled: its pods are missing; render it with `helm template` and add the output as manifests",
                    hidesPods: true);
                draft.Claims.AddRange(ChartValues.Claims(release));
                continue;
            }

            foreach (var assumption in model.Assumptions)
                draft.Assume(assumption);
            var chart = new ChartRelease(release.Name, release.Namespace, model.Chart, new PropertyValue.Map(release.Values), declared);
            foreach (var made in model.Objects(chart))
                yield return new ClusterObject(made, new Origin.Chart(made.Urn ?? release.Urn, model.Chart, release.Version));
        }
    }
}
