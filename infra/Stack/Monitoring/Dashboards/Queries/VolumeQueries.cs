namespace HaCluster.Stack.Monitoring.Dashboards.Queries;

/// <summary>How full persistent volumes are, as the kubelets measure it.</summary>
internal static class VolumeQueries
{
    private const int Most = 15;
    private const int SecondsPerDay = 86400;

    /// <summary>Used share of the fullest.</summary>
    /// <param name="matchers">Label matchers such as <c>namespace="chains"</c>; empty for all.</param>
    public static string FullestOf(string matchers) =>
        $"topk({Most}, 1 - {Least("kubelet_volume_stats_available_bytes", matchers)} / {Least("kubelet_volume_stats_capacity_bytes", matchers)})";

    /// <summary>Days until they are full at the speed of the last 24 hours, the first ones; those that do not grow are left out.</summary>
    public static string FirstFullOf(string matchers) => $"bottomk({Most}, {DaysLeft(matchers)})";

    /// <summary>Bytes that are used.</summary>
    public static string Used(string matchers) => $"max by (namespace, persistentvolumeclaim) (kubelet_volume_stats_used_bytes{{{matchers}}})";

    /// <summary>Bytes per day by which they grow.</summary>
    public static string Growth(string matchers) =>
        $"{SecondsPerDay} * max by (namespace, persistentvolumeclaim) (deriv(kubelet_volume_stats_used_bytes{{{matchers}}}[24h]))";

    private static string DaysLeft(string matchers) =>
        $"{Least("kubelet_volume_stats_available_bytes", matchers)} / ({Growth(matchers)} > 0)";

    private static string Least(string metric, string matchers) => $"min by (namespace, persistentvolumeclaim) ({metric}{{{matchers}}})";
}
