using System.Collections.Immutable;
using System.Net.Http.Headers;
using HaCluster.Operations.Monitoring;
using HaCluster.Operations.Tests.Fakes;
using HaCluster.Twin.Kubernetes;
using Microsoft.AspNetCore.Http;

namespace HaCluster.Operations.Tests.Viewing;

/// <summary>The real Prometheus and the real Alertmanager behind the API server's proxy of the twin.</summary>
public sealed class MonitoringTests : IDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ha-monitoring-");

    public void Dispose() => _folder.Delete(recursive: true);

    [SkippableFact]
    public async Task Silences_and_alerts_are_set_listed_and_ended_in_a_real_alertmanager()
    {
        var program = Programs.Find("prometheus-alertmanager") ?? Programs.Find("alertmanager");
        Skip.If(program is null, "needs prometheus-alertmanager on the PATH (bash tests/all gets it)");
        await File.WriteAllTextAsync(Path.Combine(_folder.FullName, "config.yml"), "route: { receiver: nobody }\nreceivers: [ { name: nobody } ]\n");
        var port = Waiting.FreePort();
        await using var running = RunningProgram.Start(program, [
            $"--config.file={_folder.FullName}/config.yml", $"--storage.path={_folder.FullName}/data", $"--web.listen-address=127.0.0.1:{port}", "--cluster.listen-address=", "--log.level=error"]);
        await ReadyAsync(running, port);
        await using var cluster = await ClusterAsync("alertmanager", "9093", port);
        using var session = cluster.Session();
        var alertmanager = session.Monitoring.Alertmanager;
        var now = DateTimeOffset.UtcNow;

        var id = await alertmanager.SilenceAsync(
            new SilenceRequest([new("alertname", "Slow"), new("pod", "api-.*", IsRegex: true), new("team", "data", IsEqual: false)], now, now.AddHours(1), "ada@laptop", "known"), None);
        await alertmanager.SendAsync(new TestAlert(Labels("Slow", "api-1"), Labels("summary", "x"), now, now.AddMinutes(5)), None);
        await alertmanager.SendAsync(new TestAlert(Labels("Down", "api-1"), ImmutableSortedDictionary<string, string>.Empty.Add("summary", "it is down"), now, now.AddMinutes(5)), None);

        var silence = Assert.Single(await alertmanager.ListSilencesAsync(None));
        Assert.Equal((id, "active", "ada@laptop", "known"), (silence.Id, silence.State, silence.CreatedBy, silence.Comment));
        Assert.Equal(["alertname=\"Slow\"", "pod=~\"api-.*\"", "team!=\"data\""], silence.Matchers.Order(StringComparer.Ordinal));
        await Waiting.UntilAsync("the alert is silenced", async () => (await alertmanager.ListAlertsAsync(None)).Any(alert => alert is { Name: "Slow", State: "silenced" }));
        var alerts = (await alertmanager.ListAlertsAsync(None)).OrderBy(alert => alert.Name, StringComparer.Ordinal).ToList();
        Assert.Equal([("Down", "firing", "it is down"), ("Slow", "silenced", "")], alerts.Select(alert => (alert.Name, alert.State, alert.Summary)));
        Assert.Equal([id], alerts[1].SilencedBy);

        Assert.True(await alertmanager.RemoveSilenceAsync(id, None));
        await Waiting.UntilAsync("the silence has ended", async () => Assert.Single(await alertmanager.ListSilencesAsync(None)).State == "expired");
        Assert.False(await alertmanager.RemoveSilenceAsync(Guid.NewGuid().ToString(), None));
        var refused = await Assert.ThrowsAsync<HaClusterException>(() => alertmanager.SilenceAsync(new SilenceRequest([new("alertname", "Slow")], now.AddHours(-2), now.AddHours(-1), "ada", "x"), None));
        Assert.Equal(FailureKind.Rejected, refused.Kind);
        Assert.Contains("past", refused.Message, StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task A_real_prometheus_answers_queries_and_says_what_is_wrong_with_one()
    {
        var program = Programs.Find("prometheus");
        Skip.If(program is null, "needs prometheus on the PATH (bash tests/all gets it)");
        await File.WriteAllTextAsync(Path.Combine(_folder.FullName, "config.yml"), "rule_files: [ rules.yml ]\nscrape_configs: []\n");
        await File.WriteAllTextAsync(Path.Combine(_folder.FullName, "rules.yml"), """
            groups:
            - name: g
              interval: 1s
              rules:
              - record: service:errors:ratio_rate5m
                expr: vector(0.25)
                labels: { namespace: shop, service: web }
              - alert: Slow
                expr: vector(1)
                for: 1h
                labels: { severity: warning }
                annotations: { summary: it is slow }
            """);
        var port = Waiting.FreePort();
        await using var running = RunningProgram.Start(program, [
            $"--config.file={_folder.FullName}/config.yml", $"--storage.tsdb.path={_folder.FullName}/data", $"--web.listen-address=127.0.0.1:{port}", "--log.level=error"]);
        await ReadyAsync(running, port);
        await using var cluster = await ClusterAsync("prometheus", "9090", port);
        using var session = cluster.Session();
        var prometheus = session.Monitoring.Prometheus;

        // As an update judges a service.
        await Waiting.UntilAsync("the rule is evaluated", async () => (await prometheus.QueryAsync("max(service:errors:ratio_rate5m{namespace=\"shop\",service=\"web\"})", None)) is [{ Value: 0.25 }]);
        Assert.Empty(await prometheus.QueryAsync("max(service:errors:ratio_rate5m{namespace=\"shop\",service=\"other\"})", None));
        Assert.Equal("web", Assert.Single(await prometheus.QueryAsync("service:errors:ratio_rate5m", None)).Labels["service"]);
        Assert.Equal(42, Assert.Single(await prometheus.QueryAsync("scalar(vector(42))", None)).Value);
        Assert.True(double.IsNaN(Assert.Single(await prometheus.QueryAsync("vector(0) / 0", None)).Value));
        Assert.Equal(double.PositiveInfinity, Assert.Single(await prometheus.QueryAsync("vector(1) / 0", None)).Value);
        await Waiting.UntilAsync("the alert is pending", async () => (await prometheus.ListAlertsAsync(None)) is [{ Name: "Slow", State: "pending", Severity: "warning", Summary: "it is slow" }]);

        var wrong = await Assert.ThrowsAsync<HaClusterException>(() => prometheus.QueryAsync("max(", None));
        Assert.Equal(FailureKind.Rejected, wrong.Kind);
        Assert.Contains("parse error", wrong.Message, StringComparison.Ordinal);
        var matrix = await Assert.ThrowsAsync<HaClusterException>(() => prometheus.QueryAsync("service:errors:ratio_rate5m[5m]", None));
        Assert.Equal(FailureKind.InvalidInput, matrix.Kind);
    }

    [Theory]
    [InlineData("""{"status":"success","data":{"resultType":"vector","result":[{"metric":{}}]}}""")]
    [InlineData("""{"status":"success","data":{"resultType":"vector","result":[{"metric":{},"value":[1,"many"]}]}}""")]
    [InlineData("<html>sign in</html>")]
    public async Task An_answer_that_is_not_prometheus_is_an_error_and_not_a_crash(string answer)
    {
        await using var cluster = await ClusterAsync("prometheus", "9090", context => context.JsonAsync(answer));
        using var session = cluster.Session();
        Assert.Equal(FailureKind.NotUnderstood, (await Assert.ThrowsAsync<HaClusterException>(() => session.Monitoring.Prometheus.QueryAsync("up", None))).Kind);
    }

    [Theory]
    [InlineData("ok", 200, true, Health.Healthy)]
    [InlineData("fail-open", 200, true, Health.Degraded)]
    [InlineData("consensus-behind", 503, false, Health.Degraded)]
    [InlineData("starting", 503, false, Health.Degraded)]
    public async Task A_chain_node_is_shown_as_its_sentinel_says(string reason, int status, bool isReady, Health health)
    {
        var head = reason == "starting" ? "null" : """{"height":100,"hash":"00","time":"2026-01-02T03:03:05Z"}""";
        await using var cluster = await ClusterAsync("node", "9800", context => context.JsonAsync(
            $$"""{"ok":{{(isReady ? "true" : "false")}},"reason":"{{reason}}","detail":"d","pod":"node-0","chain":"ethereum","network":"mainnet","client":"geth","observed":{{(reason == "starting" ? "null" : "\"2026-01-02T03:04:05Z\"")}},"head":{{head}},"recent":[],"finalized":68,"reference":null,"peers":null,"unknownMember":{"a":[1]} }""", status),
            """, "ha-cluster/chain": "ethereum", "ha-cluster/role": "node" """);
        using var session = cluster.Session();

        var chain = Assert.Single((await new Operations.Viewing.ClusterViews(session).ReadChainsAsync(None)).Items);

        Assert.Equal((isReady, reason, health, "geth"), (chain.IsReady, chain.Reason, chain.Health, chain.Client));
        Assert.Equal(reason == "starting" ? ((long?)null, (TimeSpan?)null) : (100L, TimeSpan.FromMinutes(1)), (chain.Head, chain.TipAge));
        Assert.Null(chain.Lag);
    }

    [Theory]
    [InlineData(200, "<html>")]
    [InlineData(404, "404 page not found")]
    [InlineData(200, """{"status":"fine"}""")]
    public async Task A_chain_node_whose_sentinel_does_not_answer_in_its_words_is_not_called_healthy(int status, string answer)
    {
        await using var cluster = await ClusterAsync("node", "9800", context => context.JsonAsync(answer, status), """, "ha-cluster/chain": "ethereum", "ha-cluster/role": "node" """);
        using var session = cluster.Session();
        var chain = Assert.Single((await new Operations.Viewing.ClusterViews(session).ReadChainsAsync(None)).Items);
        Assert.Equal(("unanswered", Health.Unknown), (chain.Reason, chain.Health));
    }

    private static ImmutableSortedDictionary<string, string> Labels(string name, string pod) => ImmutableSortedDictionary<string, string>.Empty.Add("alertname", name).Add("pod", pod).Add("severity", "warning");

    private static Task ReadyAsync(RunningProgram program, int port) => Waiting.UntilAsync("it is ready", async () =>
    {
        Assert.False(program.HasEnded, program.Text);
        using var http = new HttpClient();
        using var answer = await http.GetAsync(new Uri($"http://127.0.0.1:{port}/-/ready"));
        return answer.IsSuccessStatusCode;
    }, () => program.Text);

    private static Task<TwinCluster> ClusterAsync(string program, string port, int behind) => ClusterAsync(program, port, context => ForwardAsync(context, behind));

    private static async Task<TwinCluster> ClusterAsync(string program, string port, RequestDelegate answer, string labels = "")
    {
        var cluster = await TwinCluster.StartAsync(new ApiServerOptions { RunsDisruptionController = false });
        cluster.AddNamespace("monitoring");
        cluster.AddNode("n1", "eu-central-1a");
        cluster.Add("pods", $$"""
            { "apiVersion": "v1", "kind": "Pod", "metadata": { "name": "{{program}}-0", "namespace": "monitoring", "labels": { "app.kubernetes.io/name": "{{program}}" {{labels}} } },
              "spec": { "nodeName": "n1", "containers": [ { "name": "c" } ] }, "status": { "phase": "Running", "conditions": [ { "type": "Ready", "status": "True" } ] } }
            """);
        cluster.Server.Proxies.AddPod("monitoring", $"{program}-0", port, answer);
        return cluster;
    }

    private static async Task ForwardAsync(HttpContext context, int port)
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(new HttpMethod(context.Request.Method), new Uri($"http://127.0.0.1:{port}{context.Request.Path}{context.Request.QueryString}"));
        using var reader = new StreamReader(context.Request.Body);
        if (await reader.ReadToEndAsync() is { Length: > 0 } body)
            request.Content = new StringContent(body, MediaTypeHeaderValue.Parse(context.Request.ContentType ?? "application/json"));
        using var answer = await http.SendAsync(request);
        await context.JsonAsync(await answer.Content.ReadAsStringAsync(), (int)answer.StatusCode);
    }
}
