using HaCluster.Stack.Platform;
using HaCluster.Stack.Settings.Namespaces;
using HaCluster.Stack.Software;
using HaCluster.Stack.Workloads;
using Pulumi;

namespace HaCluster.Stack.Monitoring.Metrics;

/// <summary>
/// Ephemeral storage used by pods: the kubelet measures it but has no metric for it
/// (https://github.com/prometheus-community/helm-charts/issues/4929). One pod queries all kubelets through the API server; it stores nothing.
/// </summary>
public static class EphemeralStorageExporter
{
    private const string Name = "ephemeral-storage-metrics";

    // The user that Kubernetes calls nobody.
    private const int User = 65534;

    public static void Declare(Foundation foundation, PlatformServices platform, Resource parent) => ChartRelease.Declare(
        Name,
        new ChartReleaseArgs
        {
            Chart = Pins.EphemeralStorageMetrics,
            Name = Name,
            Namespace = ClusterNamespaces.Monitoring,
            Values = Values(),
            Provider = foundation.Provider,
            After = [.. foundation.Ready, .. platform.MonitorsReady],
        },
        parent);

    // https://github.com/jmcgrath207/k8s-ephemeral-storage-metrics/blob/master/chart/values.yaml
    private static Dictionary<string, object> Values() => new()
    {
        ["deploy_type"] = "Deployment",
        ["interval"] = 30,
        ["resources"] = MonitoringSizes.EphemeralStorage.Values(),
        ["podSecurityContext"] = Hardening.PodValues(User),
        ["containerSecurityContext"] = Hardening.ContainerValues(),
    };
}
