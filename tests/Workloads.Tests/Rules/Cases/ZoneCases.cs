namespace HaCluster.Workloads.Tests.Rules.Cases;

internal static class ZoneCases
{
    public static RuleCase[] All { get; } =
    [
        new()
        {
            Alert = "ZoneLost",
            At = "20m",

            // All nodes of b stop, then their objects are removed; in a and c nodes go on.
            Firing = [.. Node("a1", "a"), .. Node("a2", "a"), .. Gone("b1", "b"), .. Gone("b2", "b"), .. Node("c1", "c")],
            Labels = "zone=b",
            Value = "2",

            // Two of a's nodes stop and one stays: degraded, not lost.
            Silent = [.. Node("a1", "a", "1x9 0x60"), .. Node("a2", "a"), .. Node("b1", "b"), .. Node("c1", "c")],
        },
        new()
        {
            Alert = "ClusterInFewerZones",
            At = "25m",
            Firing = [.. Node("a1", "a"), .. Node("b1", "b", "1x9 0x60"), .. Node("c1", "c")],
            Value = "2",

            // The same, and the exporter is gone: then nothing is known of zones.
            Silent = [.. Node("a1", "a", "1x9 _x60", "1x9 _x60"), .. Node("b1", "b", "1x9 _x60", "1x9 _x60"), .. Node("c1", "c", "1x9 _x60", "1x9 _x60")],
        },
        new()
        {
            Alert = "ZoneDegraded",
            At = "20m",
            Firing = [.. Node("a1", "a"), .. Node("b1", "b", "0x60"), .. Node("b2", "b", "0x60"), .. Node("b3", "b")],
            Labels = "zone=b",
            Value = "33.33%",
            Silent = [.. Node("a1", "a"), .. Node("b1", "b", "0x60"), .. Node("b2", "b"), .. Node("b3", "b")],
        },
        new()
        {
            Alert = "ZoneCapacityUneven",
            At = "40m",
            Firing = [.. Node("a1", "a", cores: 16), .. Node("b1", "b", cores: 4), .. Node("c1", "c", cores: 16)],
            Labels = "zone=b,resource=cpu",
            Value = "4",
            Silent = [.. Node("a1", "a", cores: 16), .. Node("b1", "b", cores: 8), .. Node("c1", "c", cores: 16)],
        },
        new()
        {
            Alert = "ZoneLossNotAffordable",
            At = "70m",
            Firing = [.. Node("a1", "a", cores: 4), .. Node("b1", "b", cores: 4), .. Node("c1", "c", cores: 4), .. Pod("x", "Running", 9)],
            Labels = "resource=cpu",
            Value = "9",

            // The same requests, half of them by a pod that has ended.
            Silent = [.. Node("a1", "a", cores: 4), .. Node("b1", "b", cores: 4), .. Node("c1", "c", cores: 4), .. Pod("x", "Running", 5), .. Pod("y", "Succeeded", 4)],
        },
        new()
        {
            Alert = "WorkloadInOneZone",
            At = "40m",
            Firing = [.. Node("a1", "a"), .. Node("a2", "a"), .. Node("b1", "b"), OfShop("x1", "a1"), OfShop("x2", "a2")],
            Labels = "namespace=site,workload=shop",
            Silent = [.. Node("a1", "a"), .. Node("a2", "a"), .. Node("b1", "b"), OfShop("x1", "a1"), OfShop("x2", "b1")],
        },
    ];

    public static (string Series, string Values)[] Node(string name, string zone, string ready = "1x100", string labels = "1x100", int cores = 8) =>
    [
        ($$"""kube_node_info{node="{{name}}"}""", labels),
        ($$"""kube_node_labels{node="{{name}}",label_topology_kubernetes_io_zone="{{zone}}"}""", labels),
        ($$"""kube_node_status_condition{node="{{name}}",condition="Ready",status="true"}""", ready),
        ($$"""kube_node_status_allocatable{node="{{name}}",resource="cpu",unit="core"}""", $"{cores}x100"),
    ];

    private static (string Series, string Values)[] Pod(string name, string phase, int cores) =>
    [
        ($$"""kube_pod_container_resource_requests{namespace="site",pod="{{name}}",container="app",resource="cpu",unit="core"}""", $"{cores}x100"),
        ($$"""kube_pod_status_phase{namespace="site",pod="{{name}}",phase="Running"}""", phase == "Running" ? "1x100" : "0x100"),
        ($$"""kube_pod_status_phase{namespace="site",pod="{{name}}",phase="Succeeded"}""", phase == "Running" ? "0x100" : "1x100"),
    ];

    private static (string Series, string Values)[] Gone(string name, string zone) => Node(name, zone, "1x9 0x5 _x60", labels: "1x15 _x60");

    private static (string Series, string Values) OfShop(string pod, string node) => (
        $$"""kube_pod_info{namespace="site",pod="shop-7d4b9c6f8d-{{pod}}",node="{{node}}",created_by_kind="ReplicaSet",created_by_name="shop-7d4b9c6f8d"}""",
        "1x100");
}
