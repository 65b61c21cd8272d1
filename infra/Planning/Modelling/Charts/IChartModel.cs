using HaCluster.Planning.Rendering;

namespace HaCluster.Planning.Modelling.Charts;

/// <summary>One Helm chart: which objects its release makes, as far as pods, their budgets and their entry points go.</summary>
internal interface IChartModel
{
    /// <summary>Name of the chart in its repository.</summary>
    string Chart { get; }

    /// <summary>What the model takes for granted, beside the chart's own values.</summary>
    IEnumerable<string> Assumptions => [];

    IEnumerable<KubernetesObject> Objects(ChartRelease release);
}
