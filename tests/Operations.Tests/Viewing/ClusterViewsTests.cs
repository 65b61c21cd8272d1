using HaCluster.Operations.Tests.Fakes;
using HaCluster.Operations.Viewing;
using HaCluster.Twin.Kubernetes;
using Microsoft.AspNetCore.Http;

namespace HaCluster.Operations.Tests.Viewing;

public sealed class ClusterViewsTests
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly ApiServerOptions Quiet = new() { RunsDisruptionController = false };

    [Fact]
    public async Task Nodes_show_what_their_pods_request_and_what_is_wrong()
    {
        await using var cluster = await StartAsync();
        cluster.AddNode("n1", "eu-central-1a", cpu: "4");
        cluster.AddNode("n2", "eu-central-1b", isReady: false);
        cluster.AddNode("n3", "eu-central-1c", isCordoned: true);
        cluster.AddDeployment("web", "500m", "n1", "n1");
        using var session = cluster.Session();

        var view = await new ClusterViews(session).ReadNodesAsync(None);

        Assert.True(view.IsComplete);
        Assert.Equal(["n1", "n2", "n3"], view.Items.Select(node => node.Name));
        Assert.Equal((Health.Healthy, 2, 58, new Usage(1, 4), new Usage(512 * 1024 * 1024, 14m * 1024 * 1024 * 1024), "i-0n1", "general"), (
            view.Items[0].Health, view.Items[0].Pods, view.Items[0].PodCapacity, view.Items[0].Cpu, view.Items[0].Memory, view.Items[0].InstanceId, view.Items[0].Pool));
        Assert.Equal((Health.Critical, "its kubelet does not report"), (view.Items[1].Health, view.Items[1].Note));
        Assert.Equal((Health.Degraded, "cordoned"), (view.Items[2].Health, view.Items[2].Note));
    }

    [Fact]
    public async Task A_workload_below_strength_says_why_and_where_the_rest_is()
    {
        await using var cluster = await StartAsync();
        cluster.AddNodes(1);
        cluster.AddDeployment("web", "100m", "n-a-1", "n-b-1", "!n-c-1");
        cluster.AddBudget("web", "web", 0);
        using var session = cluster.Session();

        var workload = Assert.Single((await new ClusterViews(session).ReadWorkloadsAsync(None)).Items);

        Assert.Equal(("shop", "web", "Deployment", 3, 2, true), (workload.Namespace, workload.Name, workload.Kind, workload.Desired, workload.Ready, workload.IsBelowStrength));
        Assert.Equal((Health.Degraded, 0, "web", 3), (workload.Health, workload.Disruptions, workload.Budget, workload.Restarts));
        Assert.Equal("1 pod: CrashLoopBackOff", workload.Note);
        Assert.Equal(["eu-central-1a", "eu-central-1b"], workload.ReadyByZone.Keys);
        Assert.Equal(["registry/web:1"], workload.Images);
    }

    [Fact]
    public async Task Quotas_show_the_share_that_is_used()
    {
        await using var cluster = await StartAsync();
        cluster.AddDeployment("web", "450m", "n1", "n1");
        cluster.Add("resourcequotas", """
            { "apiVersion": "v1", "kind": "ResourceQuota", "metadata": { "name": "shop", "namespace": "shop" }, "spec": { "hard": { "requests.cpu": "1", "pods": "2" } },
              "status": { "hard": { "requests.cpu": "1", "pods": "2" }, "used": { "requests.cpu": "900m", "pods": "2" } } }
            """);
        using var session = cluster.Session();

        var quotas = (await new ClusterViews(session).ReadQuotasAsync(None)).Items;

        Assert.Equal([("pods", 100m, Health.Critical), ("requests.cpu", 90m, Health.Degraded)], quotas.Select(quota => (quota.Resource, quota.Percent, quota.Health)));
    }

    [Fact]
    public async Task The_screen_says_what_it_could_not_look_at_and_never_calls_it_healthy()
    {
        await using var cluster = await StartAsync();
        cluster.AddNodes(1);
        cluster.AddDeployment("web", "100m", "n-a-1", "n-b-1", "n-c-1");
        using var session = cluster.Session();

        var status = await new ClusterViews(session).ReadClusterAsync(None);

        Assert.Equal(Health.Unknown, status.Health);
        Assert.Equal((3, 3, 0), (status.Nodes.Total, status.Nodes.Ready, status.Nodes.Cordoned));
        Assert.Equal((3, 3), (status.Pods.Total, status.Pods.Ready));
        Assert.Empty(status.BelowStrength);
        Assert.Equal(["alerts", "databases", "node pools", "pending alerts", "zonal shifts", "zone ids"], status.Unknown.Select(part => part.Part).Order());
        Assert.Equal(FailureKind.MonitoringMissing, status.Unknown.Single(part => part.Part == "alerts").Failure);
        Assert.Contains(status.Findings, finding => finding.StartsWith("databases not known", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_zone_without_a_ready_node_and_a_workload_without_a_pod_are_critical()
    {
        await using var cluster = await StartAsync();
        cluster.AddNode("n1", "eu-central-1a");
        cluster.AddNode("n2", "eu-central-1b", isReady: false);
        cluster.AddDeployment("web", "100m", "!n2");
        using var session = cluster.Session();

        var status = await new ClusterViews(session).ReadClusterAsync(None);

        Assert.Equal(Health.Critical, status.Health);
        Assert.Equal(Health.Critical, status.Zones.Single(zone => zone.Name == "eu-central-1b").Health);
        Assert.Contains(status.Findings, finding => finding.StartsWith("Deployment shop/web: 0 of 1 ready", StringComparison.Ordinal));
        Assert.StartsWith("zone eu-central-1b", status.Findings[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_the_permission_for_pods_nodes_are_shown_as_unknown_and_the_permission_is_named()
    {
        var reader = new ApiUser("reader", "reader-token") { May = access => access.Resource != "pods" };
        await using var cluster = await StartAsync(Quiet with { Users = [new ApiUser("admin", "admin-token"), reader] });
        cluster.AddNode("n1", "eu-central-1a");
        using var session = cluster.Session(user: reader);

        var view = await new ClusterViews(session).ReadNodesAsync(None);

        Assert.Equal(Health.Unknown, Assert.Single(view.Items).Health);
        var part = Assert.Single(view.Unknown);
        Assert.Equal(("pods", FailureKind.PermissionDenied), (part.Part, part.Failure));
        Assert.Contains("list pods", part.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Alerts_silences_and_sentinels_are_read_through_the_proxy()
    {
        await using var cluster = await StartAsync();
        cluster.AddNode("n1", "eu-central-1a");
        AddPod(cluster, "prometheus-monitoring-prometheus-0", """ "app.kubernetes.io/name": "prometheus" """);
        AddPod(cluster, "alertmanager-monitoring-alertmanager-0", """ "app.kubernetes.io/name": "alertmanager" """);
        AddPod(cluster, "bitcoin-0", """ "ha-cluster/chain": "bitcoin", "ha-cluster/role": "node" """);
        cluster.Server.Proxies.AddPod("shop", "prometheus-monitoring-prometheus-0", "9090", context => context.JsonAsync(
            """{"status":"success","data":{"alerts":[{"labels":{"alertname":"Slow","severity":"warning"},"annotations":{"summary":"slow"},"state":"pending","activeAt":"2026-01-02T03:04:05Z","value":"1"}]}}"""));
        cluster.Server.Proxies.AddPod("shop", "alertmanager-monitoring-alertmanager-0", "9093", context => context.Request.Path.Value!.EndsWith("silences", StringComparison.Ordinal)
            ? context.JsonAsync("""[{"id":"s1","status":{"state":"active"},"matchers":[{"name":"alertname","value":"Full","isRegex":false,"isEqual":true}],"startsAt":"2026-01-02T03:04:05Z","endsAt":"2026-01-02T05:04:05Z","createdBy":"ada","comment":"c"}]""")
            : context.JsonAsync(
                """
                [{"labels":{"alertname":"Down","severity":"critical"},"annotations":{"summary":"web is down","runbook_url":"https://x"},"startsAt":"2026-01-02T03:04:05Z","status":{"state":"active","silencedBy":[],"inhibitedBy":[]}},
                 {"labels":{"alertname":"Full","severity":"warning"},"annotations":{},"startsAt":"2026-01-02T03:04:05Z","status":{"state":"suppressed","silencedBy":["s1"],"inhibitedBy":[]}}]
                """));
        cluster.Server.Proxies.AddPod("shop", "bitcoin-0", "9800", context => context.JsonAsync(
            """{"ok":false,"reason":"lagging","detail":"10 behind","pod":"bitcoin-0","chain":"bitcoin","network":"mainnet","client":"btcd","observed":"2026-01-02T03:04:05Z","head":{"height":90,"hash":"00","time":"2026-01-02T03:03:05Z"},"reference":{"height":100,"pod":"bitcoin-1"},"peers":8}""", 503));
        using var session = cluster.Session();

        var views = new ClusterViews(session);
        var alerts = await views.ReadAlertsAsync(None);
        var silence = Assert.Single((await views.ReadSilencesAsync(None)).Items);
        var chain = Assert.Single((await views.ReadChainsAsync(None)).Items);
        var status = await views.ReadClusterAsync(None);

        Assert.True(alerts.IsComplete);
        Assert.Equal([("Down", "firing"), ("Slow", "pending"), ("Full", "silenced")], alerts.Items.Select(alert => (alert.Name, alert.State)));
        Assert.Equal(("s1", "alertname=\"Full\"", "active"), (silence.Id, silence.Matchers[0], silence.State));
        Assert.Equal((false, "lagging", 90L, 10L, TimeSpan.FromMinutes(1), 8, "eu-central-1a"), (chain.IsReady, chain.Reason, chain.Head, chain.Lag, chain.TipAge, chain.Peers, chain.Zone));
        Assert.Equal("Down", Assert.Single(status.Alerts).Name);
        Assert.Equal(Health.Critical, status.Health);
        Assert.Contains("chain bitcoin: none of 1 nodes is ready", status.Findings);
    }

    private static void AddPod(TwinCluster cluster, string name, string labels) => cluster.Add("pods", $$"""
        { "apiVersion": "v1", "kind": "Pod", "metadata": { "name": "{{name}}", "namespace": "shop", "labels": { {{labels}} } }, "spec": { "nodeName": "n1", "containers": [ { "name": "c" } ] },
          "status": { "phase": "Running", "conditions": [ { "type": "Ready", "status": "True" } ] } }
        """);

    private static async Task<TwinCluster> StartAsync(ApiServerOptions? options = null)
    {
        var cluster = await TwinCluster.StartAsync(options ?? Quiet);
        cluster.AddNamespace("shop");
        return cluster;
    }
}
