using System.Text.Json;
using System.Text.Json.Nodes;
using HaCluster.Workloads.Tests.Peers;
using HaCluster.Workloads.Tests.Rules.Cases;

namespace HaCluster.Workloads.Tests.Rules;

/// <summary>Values of recorded series that dashboards show, worked out by the real promtool.</summary>
public sealed class RecordingTests : IDisposable
{
    private readonly Scratch _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [SkippableFact]
    public Task A_workload_costs_what_its_running_pods_request() => ExpectAsync(
        [.. Pod("shop-7d4b9c6f8d-x1", "Running"), .. Pod("shop-7d4b9c6f8d-x2", "Running"), .. Pod("shop-7d4b9c6f8d-x3", "Succeeded")],
        // Two pods of one vCPU and two GiB each, in millionths of a dollar an hour.
        "round(workload:cost_usd:hourly * 1000000)",
        ("""{namespace="site", workload="shop"}""", 80170));

    [SkippableFact]
    public Task Nodes_are_counted_by_zone_and_those_that_are_ready_apart() => ExpectAsync(
        [.. ZoneCases.Node("a1", "a"), .. ZoneCases.Node("a2", "a", "0x60"), .. ZoneCases.Node("b1", "b")],
        """{__name__=~"zone:nodes(_ready)?:count"}""",
        ("""zone:nodes:count{zone="a"}""", 2),
        ("""zone:nodes:count{zone="b"}""", 1),
        ("""zone:nodes_ready:count{zone="a"}""", 1),
        ("""zone:nodes_ready:count{zone="b"}""", 1));

    [SkippableFact]
    public Task A_service_that_never_failed_fails_in_no_request() => ExpectAsync(
        [("""envoy_cluster_upstream_rq_total{envoy_cluster_name="shop",pod="gateway-a"}""", "0+60x60")],
        """{__name__=~"service:(requests:rate5m|errors:ratio_rate5m|objective)", service="site-shop"}""",
        ("""service:errors:ratio_rate5m{namespace="site-shop", service="site-shop"}""", 0),
        ("""service:objective{namespace="site-shop", service="site-shop", team="delivery", workload="shop"}""", 0.999),
        ("""service:requests:rate5m{namespace="site-shop", service="site-shop"}""", 1));

    private async Task ExpectAsync((string Series, string Values)[] recording, string query, params (string Labels, double Value)[] expected)
    {
        _scratch.Write("rules.yaml", RuleFile.Of(Catalog.All));
        _scratch.Write("test.yaml", new JsonObject
        {
            ["rule_files"] = new JsonArray("rules.yaml"),
            ["evaluation_interval"] = "1m",
            ["tests"] = new JsonArray(new JsonObject
            {
                ["interval"] = "1m",
                ["input_series"] = new JsonArray([.. recording.Select(entry => new JsonObject { ["series"] = entry.Series, ["values"] = entry.Values })]),
                ["promql_expr_test"] = new JsonArray(new JsonObject
                {
                    ["expr"] = query,
                    ["eval_time"] = "30m",
                    ["exp_samples"] = new JsonArray([.. expected.Select(sample => new JsonObject { ["labels"] = sample.Labels, ["value"] = sample.Value })]),
                }),
            }),
        }.ToJsonString(new JsonSerializerOptions { WriteIndented = true }));

        var (exitCode, output) = await Tool.Promtool.RunAsync(_scratch.Path, "test", "rules", "test.yaml");

        Assert.True(exitCode == 0, output);
    }

    private static (string Series, string Values)[] Pod(string name, string phase) =>
    [
        ($$"""kube_pod_info{namespace="site",pod="{{name}}",node="a1",created_by_kind="ReplicaSet",created_by_name="shop-7d4b9c6f8d"}""", "1x60"),
        ($$"""kube_pod_status_phase{namespace="site",pod="{{name}}",phase="Running"}""", phase == "Running" ? "1x60" : "0x60"),
        ($$"""kube_pod_container_resource_requests{namespace="site",pod="{{name}}",container="app",resource="cpu",unit="core"}""", "1x60"),
        ($$"""kube_pod_container_resource_requests{namespace="site",pod="{{name}}",container="app",resource="memory",unit="byte"}""", "2147483648x60"),
    ];
}
