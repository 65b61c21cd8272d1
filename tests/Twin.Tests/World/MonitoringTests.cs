using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using HaCluster.Simulation.Running;
using HaCluster.Twin.World.Monitoring;

namespace HaCluster.Twin.Tests.World;

/// <summary>The stand-ins for Prometheus, Alertmanager and the sentinels: what they say follows from the world.</summary>
public sealed class MonitoringTests
{
    private const string Prometheus = "monitoring/prometheus-0:9090", Alertmanager = "monitoring/alertmanager-0:9093";

    private const string Space = """{"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "monitoring"}}""";

    private const string Rules = """
        {"apiVersion": "monitoring.coreos.com/v1", "kind": "PrometheusRule", "metadata": {"name": "ha", "namespace": "monitoring"}, "spec": {"groups": [{"name": "all", "rules": [
          {"record": "service:objective", "expr": "vector(0.99)", "labels": {"service": "web", "namespace": "shop", "team": "payments", "workload": "web"}},
          {"alert": "NodeNotReady", "for": "5m", "expr": "x", "labels": {"severity": "warning", "team": "platform"}, "annotations": {"summary": "Node {{ $labels.node }} in zone {{ $labels.zone }} is not ready"}},
          {"alert": "ZoneLost", "for": "2m", "expr": "x", "labels": {"severity": "critical"}, "annotations": {"description": "had up to {{ $value }} ready nodes"}},
          {"alert": "QuotaUsedUp", "for": "15m", "expr": "x", "labels": {"severity": "critical"}, "annotations": {"summary": "{{ $value | humanizePercentage }} of {{ $labels.resource }}"}}]}]}}
        """;

    [Fact]
    public async Task A_node_that_is_not_ready_is_pending_first_fires_after_its_time_and_resolves()
    {
        await using var api = await MonitoredAsync(2);
        Assert.Empty(await FiringAsync(api));
        Lose(api, "general-a-0");
        api.Pass(52);
        Assert.Equal([("NodeNotReady", "pending"), ("KubeNodeNotReady", "pending")], (await RulesAsync(api)).Where(alert => alert.Name.Contains("Node", StringComparison.Ordinal)));
        Assert.Empty(await FiringAsync(api));

        Stall(api, "general-c-1");
        api.Pass(400);
        var alert = Assert.Single(await FiringAsync(api), one => (string?)one["labels"]!["alertname"] == "NodeNotReady");
        Assert.Equal(("general-c-1", "warning", "platform"), ((string?)alert["labels"]!["node"], (string?)alert["labels"]!["severity"], (string?)alert["labels"]!["team"]));
        Assert.Equal("Node general-c-1 in zone eu-central-1c is not ready", (string?)alert["annotations"]!["summary"]);
        Assert.Equal("active", (string?)alert["status"]!["state"]);

        api.Twin.World.Act(run =>
        {
            run.Apply(new Change.InstanceTerminated("general-c-1"));
            return 0;
        });
        api.Pass(400);
        Assert.Empty(await FiringAsync(api));
    }

    [Fact]
    public async Task A_zone_that_is_lost_and_a_workload_below_strength_fire()
    {
        await using var api = await MonitoredAsync(1, Manifest.Deployment("web", 3), Manifest.Quota("limits", 3));
        Assert.Empty(await FiringAsync(api));
        api.Twin.World.Act(run =>
        {
            run.Apply(new Disruption.ZoneLost("eu-central-1c", LostInstances.Terminated));
            return 0;
        });
        api.Pass(300);
        var lost = Assert.Single(await FiringAsync(api), one => (string?)one["labels"]!["alertname"] == "ZoneLost");
        Assert.Equal(("eu-central-1c", "had up to 1 ready nodes"), ((string?)lost["labels"]!["zone"], (string?)lost["annotations"]!["description"]));

        api.Twin.World.Store.Change(api.Twin.World.Store.Kinds["deployments.apps"], "shop", "web", web => web["spec"]!["replicas"] = 5);
        api.Pass(1000);
        var names = (await FiringAsync(api)).Select(alert => (string)alert["labels"]!["alertname"]!).ToList();
        Assert.Contains("KubeDeploymentReplicasMismatch", names);
        Assert.Contains("QuotaUsedUp", names);
    }

    [Fact]
    public async Task A_silence_suppresses_is_kept_and_ends()
    {
        await using var api = await MonitoredAsync(1);
        Stall(api, "general-a-0");
        api.Pass(400);
        var now = api.Twin.World.Clock.Time.GetUtcNow();
        var (status, made) = await api.AskAsync(Alertmanager, "/api/v2/silences", HttpMethod.Post, $$"""
            {"matchers": [{"name": "alertname", "value": "NodeNot.*", "isRegex": true, "isEqual": true}], "startsAt": "{{Text(now)}}", "endsAt": "{{Text(now.AddHours(1))}}", "createdBy": "me", "comment": "known"}
            """);
        Assert.Equal(HttpStatusCode.OK, status);
        var id = (string)made!["silenceID"]!;

        Assert.Equal("suppressed", (string?)(await FiringAsync(api)).Single(one => (string?)one["labels"]!["alertname"] == "NodeNotReady")["status"]!["state"]);
        Assert.Equal(id, (string?)(await api.AskAsync(Alertmanager, "/api/v2/silences")).Body![0]!["id"]);
        Assert.Equal("known", (string?)(await api.AskAsync(Alertmanager, $"/api/v2/silence/{id}")).Body!["comment"]);

        Assert.Equal(HttpStatusCode.OK, (await api.AskAsync(Alertmanager, $"/api/v2/silence/{id}", HttpMethod.Delete)).Status);
        Assert.Equal("active", (string?)(await FiringAsync(api)).Single(one => (string?)one["labels"]!["alertname"] == "NodeNotReady")["status"]!["state"]);
        Assert.Equal("expired", (string?)(await api.AskAsync(Alertmanager, "/api/v2/silences")).Body![0]!["status"]!["state"]);
        Assert.Equal(HttpStatusCode.BadRequest, (await api.AskAsync(Alertmanager, "/api/v2/silences", HttpMethod.Post, """{"matchers": []}""")).Status);
    }

    [Theory]
    [InlineData("NodeNot.*", "NodeNotReady", true)]
    [InlineData("NodeNot", "NodeNotReady", false)]
    [InlineData("Not|Node", "Node\n", false)]
    public void A_pattern_is_for_all_of_a_value(string pattern, string value, bool isMatch) => Assert.Equal(isMatch, MetricQuery.IsPattern(pattern, value));

    [Fact]
    public async Task An_alert_that_is_posted_fires_until_its_end()
    {
        await using var api = await MonitoredAsync(1);
        var now = api.Twin.World.Clock.Time.GetUtcNow();
        await api.AskAsync(Alertmanager, "/api/v2/alerts", HttpMethod.Post, $$"""[{"labels": {"alertname": "HaTest"}, "startsAt": "{{Text(now)}}", "endsAt": "{{Text(now.AddMinutes(2))}}"}]""");

        Assert.Equal("HaTest", (string?)Assert.Single(await FiringAsync(api))["labels"]!["alertname"]);
        api.Pass(121);
        Assert.Empty(await FiringAsync(api));
    }

    [Fact]
    public async Task Errors_and_latency_of_a_service_follow_its_pods()
    {
        await using var api = await MonitoredAsync(1, Manifest.Deployment("web", 3), Manifest.Deployment("other", 1));
        Assert.Equal(0, await ValueAsync(api, "max(service:errors:ratio_rate5m{namespace=\"shop\",service=\"web\"})"));
        Assert.Equal(0.05, await ValueAsync(api, "max(service:latency_seconds{namespace=\"shop\",service=\"web\"})"));
        // No rule measures it.
        Assert.Null(await ValueAsync(api, "max(service:errors:ratio_rate5m{namespace=\"shop\",service=\"other\"})"));

        // Its endpoint is listed until the node is found out.
        Lose(api, api.Twin.World.Store.List(api.Twin.World.Store.Kinds["pods"], "shop").Items.Select(pod => pod.Text("spec", "nodeName")!).First(node => node != "general-b-0"));
        Assert.Equal(1.0 / 3, await ValueAsync(api, "max(service:errors:ratio_rate5m{namespace=\"shop\",service=\"web\"})"));
        api.Pass(60);
        Assert.Equal(0, await ValueAsync(api, "max(service:errors:ratio_rate5m{namespace=\"shop\",service=\"web\"})"));
    }

    [Theory]
    [InlineData("web:failing-requests", 0.5, 0.05)]
    [InlineData("web:slow-requests", 0, 5)]
    public async Task Images_can_be_chosen_that_fail_or_are_slow(string image, double errors, double latency)
    {
        await using var api = await MonitoredAsync(1, Manifest.Deployment("web", 2, image));

        Assert.Equal(errors, await ValueAsync(api, "max(service:errors:ratio_rate5m{namespace=\"shop\",service=\"web\"})"));
        Assert.Equal(latency, await ValueAsync(api, "max(service:latency_seconds{namespace=\"shop\",service=\"web\"})"));
    }

    [Theory]
    [InlineData("count(up{namespace=\"shop\"})", 3)]
    [InlineData("sum by (namespace) (up{namespace=~\"sh.*\", pod!=\"x\"})", 3)]
    [InlineData("count(up{namespace=\"monitoring\"}) by (namespace)", 2)]
    [InlineData("kube_deployment_spec_replicas{deployment=\"web\"}", 3)]
    [InlineData("min(kube_node_status_condition{condition=\"Ready\",status=\"true\"})", 1)]
    public async Task Selectors_and_aggregations_are_evaluated(string query, double first)
    {
        await using var api = await MonitoredAsync(1, Manifest.Deployment("web", 3));

        Assert.Equal(first, await ValueAsync(api, query));
    }

    [Fact]
    public async Task What_is_not_understood_is_said_and_not_answered_with_nothing()
    {
        await using var api = await MonitoredAsync(1);

        var (status, body) = await QueryAsync(api, "rate(http_requests_total[5m])");
        Assert.Equal((HttpStatusCode.BadRequest, "bad_data"), (status, (string?)body!["errorType"]));
        (status, body) = await QueryAsync(api, "node_load1");
        Assert.Equal((HttpStatusCode.OK, 0), (status, body!["data"]!["result"]!.AsArray().Count));
        Assert.Contains("does not have the metric node_load1", (string?)body["warnings"]![0], StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await api.AskAsync(Prometheus, "/api/v1/targets")).Status);
    }

    [Fact]
    public async Task Programs_on_a_dead_node_do_not_answer()
    {
        await using var api = await MonitoredAsync(1);
        Lose(api, api.Twin.World.Store.Get(api.Twin.World.Store.Kinds["pods"], "monitoring", "prometheus-0").Text("spec", "nodeName")!);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await QueryAsync(api, "up")).Status);
    }

    [Fact]
    public async Task A_healthy_prod_fires_nothing_and_its_lost_zone_fires_its_own_rules()
    {
        await using var api = await TwinApi.OfAsync(await PlannedStack.Of("prod"));
        var pod = api.Twin.World.Store.List(api.Twin.World.Store.Kinds["pods"]).Items.First(pod => pod.Labels.GetValueOrDefault("app.kubernetes.io/name") == "alertmanager");
        var alertmanager = $"{pod.Namespace}/{pod.Name}:9093";
        api.Pass(3600);
        Assert.Empty((await api.AskAsync(alertmanager, "/api/v2/alerts")).Body!.AsArray().Select(alert => alert!.ToJsonString()));

        var zone = api.Twin.World.Plan.Model.Zones.First(zone => zone != api.Twin.World.Run.FindPod($"{pod.Namespace}/{pod.Name}")!.Zone);
        api.Twin.World.Act(run =>
        {
            run.Apply(new Disruption.ZoneLost(zone, LostInstances.Terminated));
            return 0;
        });
        api.Pass(1200);
        var lost = (await api.AskAsync(alertmanager, "/api/v2/alerts")).Body!.AsArray().Single(alert => (string?)alert!["labels"]!["alertname"] == "ZoneLost")!;
        Assert.Equal((zone, "critical", "platform"), ((string?)lost["labels"]!["zone"], (string?)lost["labels"]!["severity"], (string?)lost["labels"]!["team"]));
        Assert.EndsWith("/ZoneLost.md", (string?)lost["annotations"]!["runbook_url"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_sentinel_says_how_its_chain_node_is()
    {
        var chain = """
            {"apiVersion": "apps/v1", "kind": "StatefulSet", "metadata": {"name": "bitcoin", "namespace": "shop"},
             "spec": {"replicas": 1, "serviceName": "bitcoin", "selector": {"matchLabels": {"app": "bitcoin"}}, "template": {"metadata": {"labels": {"app": "bitcoin"}},
              "spec": {"initContainers": [{"name": "sentinel", "image": "sentinel:1", "restartPolicy": "Always", "resources": {"limits": {"cpu": "100m", "memory": "64Mi"}}}],
                       "containers": [{"name": "btcd", "image": "btcd:1", "resources": {"limits": {"cpu": "100m", "memory": "64Mi"}}}]}}}}
            """;
        await using var api = await MonitoredAsync(1, chain);

        var (status, body) = await api.AskAsync("shop/bitcoin-0:9800", "/ready");
        Assert.Equal((HttpStatusCode.OK, true, "bitcoin"), (status, (bool)body!["ok"]!, (string?)body["chain"]));
        var height = (long)body["head"]!["height"]!;
        Assert.Equal(height, (long)body["reference"]!["height"]!);
        api.Pass(1200);
        Assert.Equal(height + 2, (long)(await api.AskAsync("shop/bitcoin-0:9800", "/ready")).Body!["head"]!["height"]!);

        api.Twin.World.Store.Delete(api.Twin.World.Store.Kinds["pods"], "shop", "bitcoin-0");
        api.Pass(40);
        (status, body) = await api.AskAsync("shop/bitcoin-0:9800", "/ready");
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "starting"), (status, (string?)body!["reason"]));
        Assert.Equal(HttpStatusCode.NotFound, (await api.AskAsync("shop/bitcoin-0:9800", "/metrics")).Status);
    }

    private static Task<TwinApi> MonitoredAsync(int nodes, params string[] more) =>
        TwinApi.OfAsync(SteppedWorld.Small(nodes, [Space, Rules, Program("prometheus"), Program("alertmanager"), .. more]));

    /// <summary>In zone b or c, so that tests can lose zone a.</summary>
    private static string Program(string name) => """
        {"apiVersion": "apps/v1", "kind": "StatefulSet", "metadata": {"name": "@name", "namespace": "monitoring"},
         "spec": {"replicas": 1, "serviceName": "@name", "selector": {"matchLabels": {"app.kubernetes.io/name": "@name"}}, "template": {"metadata": {"labels": {"app.kubernetes.io/name": "@name"}},
          "spec": {"nodeSelector": {"topology.kubernetes.io/zone": "eu-central-1b"}, "containers": [{"name": "main", "image": "@name:1", "resources": {"limits": {"cpu": "100m", "memory": "64Mi"}}}]}}}}
        """.Replace("@name", name, StringComparison.Ordinal);

    private static void Lose(TwinApi api, string node) => Fail(api, node, LostInstances.Terminated);

    /// <summary>It stays, and its node does not answer.</summary>
    private static void Stall(TwinApi api, string node) => Fail(api, node, LostInstances.Unreachable);

    private static void Fail(TwinApi api, string node, LostInstances instances) => api.Twin.World.Act(run =>
    {
        run.Apply(new Disruption.NodesLost([node], instances));
        return 0;
    });

    private static async Task<IReadOnlyList<JsonNode>> FiringAsync(TwinApi api) => [.. (await api.AskAsync(Alertmanager, "/api/v2/alerts")).Body!.AsArray().OfType<JsonNode>()];

    private static async Task<IEnumerable<(string Name, string State)>> RulesAsync(TwinApi api) => (await api.AskAsync(Prometheus, "/api/v1/alerts")).Body!["data"]!["alerts"]!.AsArray()
        .Select(alert => ((string)alert!["labels"]!["alertname"]!, (string)alert["state"]!));

    private static Task<(HttpStatusCode Status, JsonNode? Body)> QueryAsync(TwinApi api, string query) => api.AskAsync(Prometheus, $"/api/v1/query?query={Uri.EscapeDataString(query)}");

    private static async Task<double?> ValueAsync(TwinApi api, string query) => (await QueryAsync(api, query)).Body!["data"]!["result"]!.AsArray() is [{ } first, ..]
        ? double.Parse((string)first["value"]![1]!, CultureInfo.InvariantCulture) : null;

    private static string Text(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);
}
