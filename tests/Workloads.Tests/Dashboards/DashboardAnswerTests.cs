namespace HaCluster.Workloads.Tests.Dashboards;

/// <summary>Panels whose arithmetic could be wrong, asked of the real query language over series made by hand.</summary>
public sealed class DashboardAnswerTests
{
    private static readonly (string Series, string Values)[] Nodes =
    [
        .. from node in new (string Name, string Zone, int Ready)[] { ("a1", "a", 1), ("b1", "b", 1), ("c1", "c", 1), ("c2", "c", 0) }
           from series in new[]
           {
               ($$"""node:zone:labels{node="{{node.Name}}",zone="{{node.Zone}}"}""", "1x10"),
               ($$"""kube_node_status_allocatable{node="{{node.Name}}",resource="cpu"}""", "4x10"),
               ($$"""kube_node_status_condition{node="{{node.Name}}",condition="Ready",status="true"}""", $"{node.Ready}x10"),
           }
           select series,
        .. Pod("shop-1", "a1", "3", "Running"),
        .. Pod("agent-1", "a1", "0.5", "Running", "DaemonSet"),
        .. Pod("shop-2", "b1", "1", "Running"),
        .. Pod("shop-3", "c1", "1", "Running"),
        .. Pod("job-1", "c1", "2", "Succeeded", "Job"),
    ];

    [SkippableFact]
    public async Task Room_after_the_loss_of_a_zone_counts_what_has_to_move() =>
        // Free on nodes that take pods: 12 - 5.5 = 6.5. With zone a go 4 cores, and its agent needs no other place.
        Assert.Equal("", await Promtool.EvaluateAsync(
            Nodes, (Query("ha-cluster", "CPU left after the loss of the zone A"), "5m", [("""{zone="a"}""", 3), ("""{zone="b"}""", 2.5), ("""{zone="c"}""", 2.5)])));

    [SkippableFact]
    public async Task Requested_leaves_out_what_has_ended() =>
        Assert.Equal("", await Promtool.EvaluateAsync(
            Nodes, (Query("ha-cluster", "CPU by zone B"), "5m", [("""{zone="a"}""", 3.5), ("""{zone="b"}""", 1), ("""{zone="c"}""", 1)])));

    [SkippableFact]
    public async Task Days_until_full_follow_the_growth_of_a_day()
    {
        const string Claim = """namespace="chains",persistentvolumeclaim="data-0",pod="x" """;
        Assert.Equal("", await Promtool.EvaluateAsync(
            [
                ($"kubelet_volume_stats_used_bytes{{{Claim}}}", "0+60x1500"),
                ($"kubelet_volume_stats_available_bytes{{{Claim}}}", "864000x1500"),
            ],
            (Rounded(Query("ha-chains", "Days until full A")), "1445m", [("""{namespace="chains", persistentvolumeclaim="data-0"}""", 10)])));
    }

    [SkippableFact]
    public async Task Half_of_the_allowed_errors_leave_half_of_the_budget() =>
        Assert.Equal("", await Promtool.EvaluateAsync(
            [
                ("""service:errors:ratio_rate1h{service="site-shop",namespace="site-shop"}""", "0.0005x300"),
                ("""service:requests:rate5m{service="site-shop",namespace="site-shop"}""", "10x300"),
                ("""service:objective{service="site-shop",namespace="site-shop",team="platform"}""", "0.999x300"),
            ],
            (Rounded(Query("ha-services", "Error budget remaining A")), "240m", [("""{service="site-shop"}""", 0.5)])));

    [SkippableFact]
    public async Task What_a_release_did_is_the_hour_after_against_the_hour_before()
    {
        // The release is at minute 60; the averages leave out 5 minutes at both sides of it.
        (string, string)[] slower = [("""service:latency_seconds{service="site-shop",namespace="site-shop"}""", "0.1x56 9x7 0.2x100")];
        Assert.Equal("", await Promtool.EvaluateAsync(
            slower,
            (Rounded(Query("ha-services", "Latency A")), "150m", [("""{service="site-shop"}""", 0.1)]),
            (Rounded(Query("ha-services", "Latency B")), "150m", [("""{service="site-shop"}""", 0.2)]),
            (Rounded(Query("ha-services", "Change A")), "150m", [("""{service="site-shop"}""", 1)])));
    }

    [SkippableFact]
    public async Task The_cost_of_a_service_is_that_of_its_own_workloads() =>
        Assert.Equal("", await Promtool.EvaluateAsync(
            [
                ("""workload:cost_usd:hourly{namespace="site-shop",workload="shop"}""", "0.5x10"),
                ("""workload:cost_usd:hourly{namespace="site-shop",workload="other"}""", "7x10"),
                ("""workload:cost_usd:hourly{namespace="site-other",workload="shop"}""", "9x10"),
                ("""pod:workload:labels{namespace="site-shop",workload="shop",pod="shop-1",node="a1"}""", "1x10"),
                ("""pod:workload:labels{namespace="site-shop",workload="shop",pod="shop-2",node="b1"}""", "1x10"),
                ("""pod:workload:labels{namespace="site-shop",workload="other",pod="other-1",node="a1"}""", "1x10"),
            ],
            (Query("ha-services", "Cost A"), "5m", [("{}", 0.5)])));

    private static IEnumerable<(string Series, string Values)> Pod(string name, string node, string cpu, string phase, string owner = "ReplicaSet") =>
    [
        ($$"""kube_pod_container_resource_requests{namespace="n",pod="{{name}}",container="c",node="{{node}}",resource="cpu"}""", $"{cpu}x10"),
        ($$"""kube_pod_status_phase{namespace="n",pod="{{name}}",phase="{{phase}}"}""", "1x10"),
        ($$"""kube_pod_info{namespace="n",pod="{{name}}",node="{{node}}",created_by_kind="{{owner}}"}""", "1x10"),
    ];

    // The first of its name: a title can stand in two rows.
    private static string Query(string uid, string place) =>
        GrafanaQuery.Substituted(DashboardFile.Of(uid).Queries().First(query => query.Place == $"{uid}: {place}").Query);

    private static string Rounded(string query) => $"round({query}, 0.001)";
}
