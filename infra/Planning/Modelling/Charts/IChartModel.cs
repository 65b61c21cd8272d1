using HaCluster.Planning.Rendering;

namespace HaCluster.Planning.Modelling.Charts;

/// <summary>One Helm chart and the objects that its release creates, as far as they concern pods, disruption budgets and entry points.</summary>
internal interface IChartModel
{
    /// <summary>Name of the chart in its repository.</summary>
    string Chart { get; }

    /// <summary>Assumptions of the model beyond the chart's own values.</summary>
    IEnumerable<string> Assumptions => [];

    IEnumerable<KubernetesObject> Objects(ChartRelease release);
}
