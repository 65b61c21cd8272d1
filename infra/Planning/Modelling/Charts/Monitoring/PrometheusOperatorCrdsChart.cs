using HaCluster.Planning.Rendering;

namespace HaCluster.Planning.Modelling.Charts.Monitoring;

/// <summary>Definitions alone: https://github.com/prometheus-community/helm-charts/tree/main/charts/prometheus-operator-crds.</summary>
internal sealed class PrometheusOperatorCrdsChart : IChartModel
{
    public string Chart => "prometheus-operator-crds";

    public IEnumerable<KubernetesObject> Objects(ChartRelease release) => [];
}
