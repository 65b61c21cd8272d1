namespace HaCluster.Workloads.Tests.Rules;

/// <summary>
/// A zone is lost before a real Prometheus that has all the rules. The times that alerts wait are cut to two seconds and nothing else; promtool
/// tests them at full length.
/// </summary>
public sealed class ZoneLossTests
{
    /// <summary>Evaluations, one a second or fewer.</summary>
    private const int LongerThanAlertsWait = 4;

    private static readonly (string Node, string Zone)[] Nodes = [("a1", "a"), ("a2", "a"), ("b1", "b"), ("b2", "b"), ("c1", "c"), ("c2", "c")];

    [SkippableFact]
    public async Task A_lost_zone_fires_for_that_zone_stays_when_its_nodes_are_removed_and_ends_when_they_are_back()
    {
        using var cluster = new PlayedMetrics(Waiting.FreePort());
        cluster.Show(Nodes.SelectMany(node => Series(node.Node, node.Zone, isReady: true)));
        using var prometheus = await PrometheusServer.StartAsync(RuleFile.Of(Catalog.All, _ => "2s"), cluster.Address);

        await prometheus.UntilAsync("every rule was evaluated", async () => (await prometheus.RulesAsync()).All(rule => rule.Health != "unknown"));
        Assert.All(await prometheus.RulesAsync(), rule => Assert.Equal((rule.Name, "ok", ""), rule));
        await prometheus.UntilAsync("all zones have two ready nodes", async () =>
            await ReadyAsync(prometheus) is { Count: 3 } ready && ready.Values.All(count => count == "2"));
        // At the start the zones come one by one.
        await prometheus.UntilAsync("no zone is missed", async () => (await prometheus.FiringAsync("ClusterInFewerZones")).Count == 0);
        Assert.Empty(await prometheus.FiringAsync("ZoneLost"));

        cluster.Show(Nodes.SelectMany(node => Series(node.Node, node.Zone, isReady: node.Zone != "b")));
        await prometheus.UntilAsync("the zone is told as lost", async () => (await prometheus.FiringAsync("ZoneLost")).Count > 0);
        var lost = Assert.Single(await prometheus.FiringAsync("ZoneLost"));
        Assert.Equal(("b", "critical", "platform"), (lost["zone"], lost["severity"], lost["team"]));
        await prometheus.UntilAsync("each of its nodes is told", async () => (await prometheus.FiringAsync("NodeNotReady")).Count == 2);
        Assert.All(await prometheus.FiringAsync("NodeNotReady"), labels => Assert.Equal("b", labels["zone"]));

        cluster.Show(Nodes.Where(node => node.Zone != "b").SelectMany(node => Series(node.Node, node.Zone, isReady: true)));
        await prometheus.UntilAsync("its nodes are gone", async () => !(await ReadyAsync(prometheus)).ContainsKey("b"));
        await prometheus.UntilAsync("no single node is told any more", async () => (await prometheus.FiringAsync("NodeNotReady")).Count == 0);
        // Both still when the rules have seen the nodes gone for longer than they wait.
        await prometheus.UntilEvaluatedAsync("ZoneLost", LongerThanAlertsWait);
        await prometheus.UntilAsync("the zone is still told", async () => (await prometheus.FiringAsync("ZoneLost")) is [var one] && one["zone"] == "b");
        await prometheus.UntilAsync("fewer zones are told", async () => (await prometheus.FiringAsync("ClusterInFewerZones")).Count == 1);

        cluster.Show(Nodes.SelectMany(node => Series(node.Node, node.Zone, isReady: true)));
        await prometheus.UntilAsync("it is over", async () =>
            (await prometheus.FiringAsync("ZoneLost")).Count == 0 && (await prometheus.FiringAsync("ClusterInFewerZones")).Count == 0);
    }

    [SkippableFact]
    public async Task Zones_do_not_look_lost_when_the_exporter_is()
    {
        using var cluster = new PlayedMetrics(Waiting.FreePort());
        cluster.Show(Nodes.SelectMany(node => Series(node.Node, node.Zone, isReady: true)));
        using var prometheus = await PrometheusServer.StartAsync(RuleFile.Of(Catalog.All, _ => "2s"), cluster.Address);
        await prometheus.UntilAsync("all zones are known", async () => (await ReadyAsync(prometheus)).Count == 3);

        cluster.Show([]);
        await prometheus.UntilAsync("the exporter is missed", async () => (await prometheus.FiringAsync("KubeStateMetricsMissing")).Count == 1);

        // The group of the zones has its own turns: it is looked at when it has missed the exporter for longer than its alerts wait.
        await prometheus.UntilAsync("no zone is known", async () => (await ReadyAsync(prometheus)).Count == 0);
        await prometheus.UntilEvaluatedAsync("ZoneLost", LongerThanAlertsWait);
        Assert.Empty(await prometheus.FiringAsync("ZoneLost"));
        Assert.Empty(await prometheus.FiringAsync("ClusterInFewerZones"));
    }

    private static Task<IReadOnlyDictionary<string, string>> ReadyAsync(PrometheusServer prometheus) => prometheus.QueryAsync("zone:nodes_ready:count", "zone");

    // As kube-state-metrics shows a node.
    private static (string Series, int Value)[] Series(string node, string zone, bool isReady) =>
    [
        ($$"""kube_node_info{node="{{node}}"}""", 1),
        ($$"""kube_node_labels{node="{{node}}",label_topology_kubernetes_io_zone="{{zone}}",label_ha_cluster_pool="general"}""", 1),
        ($$"""kube_node_status_condition{node="{{node}}",condition="Ready",status="true"}""", isReady ? 1 : 0),
        ($$"""kube_node_status_condition{node="{{node}}",condition="Ready",status="false"}""", 0),
        ($$"""kube_node_status_condition{node="{{node}}",condition="Ready",status="unknown"}""", isReady ? 0 : 1),
        ($$"""kube_node_status_allocatable{node="{{node}}",resource="cpu",unit="core"}""", 4),
        ($$"""kube_node_status_allocatable{node="{{node}}",resource="memory",unit="byte"}""", 1000),
    ];
}
