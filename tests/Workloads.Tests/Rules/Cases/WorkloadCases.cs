namespace HaCluster.Workloads.Tests.Rules.Cases;

internal static class WorkloadCases
{
    private const string Container = """namespace="shop",pod="web-1",container="web" """;

    public static RuleCase[] All { get; } =
    [
        new()
        {
            Alert = "PodCannotBePlaced",
            At = "25m",
            Firing = [("""kube_pod_status_unschedulable{namespace="shop",pod="web-1"}""", "1x60")],
            Labels = "namespace=shop,pod=web-1",

            // A new node takes it after eight minutes.
            Silent = [("""kube_pod_status_unschedulable{namespace="shop",pod="web-1"}""", "1x8 stale")],
        },
        new()
        {
            Alert = "WorkloadCannotCreatePods",
            At = "20m",
            Firing = [("""kube_deployment_status_condition{namespace="shop",deployment="web",condition="ReplicaFailure",status="true"}""", "1x60")],
            Labels = "namespace=shop,workload=web",
            Silent =
            [
                ("""kube_deployment_status_condition{namespace="shop",deployment="web",condition="ReplicaFailure",status="true"}""", "0x60"),
                ("""kube_statefulset_replicas{namespace="shop",statefulset="db"}""", "3x60"),
                ("""kube_statefulset_status_replicas{namespace="shop",statefulset="db"}""", "2 3x60"),
            ],
        },
        new()
        {
            Alert = "ContainerRestartsOften",
            At = "90m",
            Firing = [($"kube_pod_container_status_restarts_total{{{Container}}}", "0+0.1x200")],
            Labels = "namespace=shop,pod=web-1,container=web",
            Value = "6",
            Silent = [($"kube_pod_container_status_restarts_total{{{Container}}}", "0x50 3x200")],
        },
        new()
        {
            Alert = "ContainerOutOfMemory",
            At = "20m",
            Firing =
            [
                ($"kube_pod_container_status_restarts_total{{{Container}}}", "0x14 1x60"),
                ($$"""kube_pod_container_status_last_terminated_reason{{{Container}},reason="OOMKilled"}""", "_x14 1x60"),
            ],
            Labels = "namespace=shop,pod=web-1,container=web",

            // It restarted, and what ended it was something else.
            Silent =
            [
                ($"kube_pod_container_status_restarts_total{{{Container}}}", "0x14 1x60"),
                ($$"""kube_pod_container_status_last_terminated_reason{{{Container}},reason="Error"}""", "_x14 1x60"),
            ],
        },
        new()
        {
            Alert = "MemoryLeak",
            At = "8h",
            Firing = [Memory("400+0.5x600"), Limit()],
            Labels = "namespace=shop,pod=web-1,container=web",
            Value = "136%",

            // It warmed up to 70 % and stays there.
            Silent = [Memory("100+10x60 700x600"), Limit()],
        },
        new()
        {
            Alert = "MemoryNearLimit",
            At = "30m",
            Firing = [Memory("950x60"), Limit()],
            Labels = "namespace=shop,pod=web-1,container=web",
            Value = "95%",
            Silent = [Memory("850x60"), Limit()],
        },
    ];

    private static (string Series, string Values) Memory(string values) => ($"container_memory_working_set_bytes{{{Container}}}", values);

    private static (string Series, string Values) Limit() => ($$"""kube_pod_container_resource_limits{{{Container}},resource="memory"}""", "1000x700");
}
