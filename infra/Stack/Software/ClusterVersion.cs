using System.Collections.Immutable;

namespace HaCluster.Stack.Software;

/// <summary>
/// A Kubernetes version and what is pinned for it, so that an upgrade is one line in one reviewed change.
/// </summary>
/// <remarks>
/// <para>Sources, read in November 2026:</para>
/// <para>Kubernetes 1.35, standard support until 27 March 2027: https://docs.aws.amazon.com/eks/latest/userguide/kubernetes-versions.html.</para>
/// <para>Add-ons: versions that <c>aws eks describe-addon-versions --kubernetes-version 1.35</c> offered between April and August 2026, as public
/// infrastructure repositories pin them for 1.35. Run that command before a change here.</para>
/// <para>cluster-autoscaler: Chart.yaml (version 9.59.0 is for application version 1.35.0) and image.tag in values.yaml of
/// https://github.com/kubernetes/autoscaler/tree/master/cluster-autoscaler/charts/cluster-autoscaler, July 2026.</para>
/// </remarks>
public sealed record ClusterVersion
{
    /// <summary>All versions the program can declare, oldest first.</summary>
    public static readonly ImmutableArray<ClusterVersion> All =
    [
        new()
        {
            Kubernetes = "1.35",
            VpcCni = "v1.21.1-eksbuild.8",
            KubeProxy = "v1.35.3-eksbuild.13",
            CoreDns = "v1.14.2-eksbuild.4",
            PodIdentityAgent = "v1.3.10-eksbuild.3",
            EbsCsiDriver = "v1.59.0-eksbuild.1",
            SnapshotController = "v8.5.0-eksbuild.3",
            MetricsServer = "v0.8.1-eksbuild.6",
            NodeMonitoringAgent = "v1.6.4-eksbuild.1",
            ClusterAutoscalerChart = "9.59.0",
            ClusterAutoscalerImage = "v1.35.0",
        },
    ];

    public static ClusterVersion Default => All[^1];

    /// <summary>Minor version of the control plane and the nodes.</summary>
    public required string Kubernetes { get; init; }

    public required string VpcCni { get; init; }

    public required string KubeProxy { get; init; }

    public required string CoreDns { get; init; }

    public required string PodIdentityAgent { get; init; }

    public required string EbsCsiDriver { get; init; }

    public required string SnapshotController { get; init; }

    public required string MetricsServer { get; init; }

    public required string NodeMonitoringAgent { get; init; }

    public required string ClusterAutoscalerChart { get; init; }

    public required string ClusterAutoscalerImage { get; init; }

    public static ClusterVersion? Find(string kubernetes) => All.FirstOrDefault(version => version.Kubernetes == kubernetes);
}
