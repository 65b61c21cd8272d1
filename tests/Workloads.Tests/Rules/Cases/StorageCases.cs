namespace HaCluster.Workloads.Tests.Rules.Cases;

internal static class StorageCases
{
    public static RuleCase[] All { get; } =
    [
        new()
        {
            Alert = "VolumeFillsWithinADay",
            At = "7h",
            Firing = [.. Volume("400-0.3x600")],
            Labels = "namespace=chains,persistentvolumeclaim=data-0",

            // Slower: it lasts for four days.
            Silent = [.. Volume("300-0.05x600")],
        },
        new()
        {
            Alert = "VolumeNearlyFull",
            At = "20m",
            Firing = [.. Volume("80x60")],
            Labels = "namespace=chains,persistentvolumeclaim=data-0",
            Value = "8%",
            Silent = [.. Volume("120x60")],
        },
        new()
        {
            Alert = "QuotaAlmostUsed",
            At = "30m",
            Firing = [.. Quota("9")],
            Labels = "namespace=shop,resourcequota=quota,resource=limits.cpu",
            Value = "90%",

            // Full is another alert's matter.
            Silent = [.. Quota("10")],
        },
        new()
        {
            Alert = "QuotaUsedUp",
            At = "30m",
            Firing = [.. Quota("10")],
            Labels = "namespace=shop,resourcequota=quota,resource=limits.cpu",
            Value = "100%",
            Silent = [.. Quota("9")],
        },
        new()
        {
            Alert = "EphemeralStorageNearLimit",
            At = "20m",
            Firing = [Ephemeral("85x60")],
            Labels = "namespace=shop,pod=web-1,container=web",
            Value = "85",

            // Without a limit of its own the percentage is of the node's disk, which has its own alert.
            Silent = [Ephemeral("85x60", "node")],
        },
        new()
        {
            Alert = "EphemeralStorageFillsSoon",
            At = "85m",
            Firing = [Ephemeral("30+0.4x200")],
            Labels = "namespace=shop,pod=web-1,container=web",
            Value = "160",
            Silent = [Ephemeral("45+0.1x200")],
        },
        new()
        {
            Alert = "NodeEphemeralStorageLow",
            At = "20m",
            Firing = [("""ephemeral_storage_node_available{node_name="n1"}""", "15x60"), ("""ephemeral_storage_node_capacity{node_name="n1"}""", "100x60")],
            Labels = "node_name=n1",
            Value = "15%",
            Silent = [("""ephemeral_storage_node_available{node_name="n1"}""", "35x60"), ("""ephemeral_storage_node_capacity{node_name="n1"}""", "100x60")],
        },
    ];

    private static (string Series, string Values)[] Volume(string available) =>
    [
        ("""kubelet_volume_stats_available_bytes{namespace="chains",persistentvolumeclaim="data-0",node="n1"}""", available),
        ("""kubelet_volume_stats_capacity_bytes{namespace="chains",persistentvolumeclaim="data-0",node="n1"}""", "1000x600"),
    ];

    private static (string Series, string Values)[] Quota(string used) =>
    [
        ("""kube_resourcequota{namespace="shop",resourcequota="quota",resource="limits.cpu",type="used"}""", $"{used}x60"),
        ("""kube_resourcequota{namespace="shop",resourcequota="quota",resource="limits.cpu",type="hard"}""", "10x60"),
    ];

    private static (string Series, string Values) Ephemeral(string values, string source = "container") =>
        ($$"""ephemeral_storage_container_limit_percentage{pod_namespace="shop",pod_name="web-1",node_name="n1",container="web",source="{{source}}"}""", values);
}
