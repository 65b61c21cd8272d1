using System.Net;
using System.Text;
using HaCluster.Operations.Tests.Fakes;
using HaCluster.Operations.Viewing;
using HaCluster.Twin.Kubernetes;
using Microsoft.AspNetCore.Http;

namespace HaCluster.Operations.Tests.Viewing;

/// <summary>The finance log behind the API server's proxy of the twin: the real ledger, and answers that it gives in trouble.</summary>
public sealed class LedgerTests : IDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly string Program = Path.Combine(AppContext.BaseDirectory, "ledger.dll");
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ha-ledger-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task The_streams_of_a_real_ledger_are_shown_with_what_is_missing_in_them()
    {
        var port = Waiting.FreePort();
        await using var ledger = RunningProgram.Start("dotnet", [Program, $"--listen=127.0.0.1:{port}", $"--data={_folder.FullName}", "--checkpoint-records=2"]);
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        await Waiting.UntilAsync("the ledger is ready", async () =>
        {
            Assert.False(ledger.HasEnded, ledger.Text);
            try
            {
                return (await http.GetAsync(new Uri("/ready", UriKind.Relative))).IsSuccessStatusCode;
            }
            catch (HttpRequestException)
            {
                return false;
            }
        }, () => ledger.Text);
        // The number 2 is left out.
        foreach (var number in new[] { 1, 3 })
            await SendAsync(http, $$$"""{"stream":"payments","sequence":{{{number}}},"data":{"n":"x"}}""");
        await SendAsync(http, """{"stream":"payouts","id":"a","data":{}}""");
        await using var cluster = await ClusterAsync(("finance-log-a", context => ForwardAsync(context, http)));
        using var session = cluster.Session();

        await Waiting.UntilAsync("the first checkpoint is there", async () => (await new ClusterViews(session).ReadLedgerAsync(None)).Items.Any(stream => stream is { Stream: "payments", Signed: 2 }));

        var view = await new ClusterViews(session).ReadLedgerAsync(None);
        Assert.Empty(view.Unknown);
        Assert.Equal([("payments", 2L, 1L, Health.Degraded), ("payouts", 1L, 0L, Health.Healthy)], view.Items.Select(stream => (stream.Stream, stream.Records, stream.Missing, stream.Health)));
        Assert.Equal((1, 1, "numbers missing: 1"), (view.Items[0].Instances, view.Items[0].Replicas, view.Items[0].Note));
    }

    [Fact]
    public async Task Replicas_are_put_together_and_one_that_does_not_answer_is_said()
    {
        await using var cluster = await ClusterAsync(
            ("finance-log-a", context => TextAsync(context, Metrics(records: 100, signed: 90, away: 1))),
            ("finance-log-b", context => TextAsync(context, Metrics(records: 120, signed: 100, away: 0))),
            ("finance-log-c", context => TextAsync(context, "<html>sign in</html>")));
        using var session = cluster.Session();

        var view = await new ClusterViews(session).ReadLedgerAsync(None);

        var stream = Assert.Single(view.Items);
        Assert.Equal((120L, 100L, 2, 3, false, Health.Degraded), (stream.Records, stream.Signed, stream.Instances, stream.Replicas, stream.IsArchiveAway, stream.Health));
        Assert.Equal("finance-log-c: what answers is not a ledger", Assert.Single(view.Unknown).Reason);
    }

    [Theory]
    [InlineData("ledger_archive_away", 1, Health.Critical, "the archive takes no records")]
    [InlineData("ledger_stream_broken", 1, Health.Critical, "broken: nothing is written to it")]
    [InlineData("ledger_verify_failed", 1, Health.Critical, "the archive was changed")]
    [InlineData("ledger_index_lag_seconds", 61, Health.Degraded, "the index is behind")]
    [InlineData("ledger_dead_letters", 2, Health.Degraded, "dead letters: 2")]
    [InlineData("ledger_checkpoint_age_seconds", 7201, Health.Degraded, "not signed")]
    [InlineData("ledger_verified_timestamp_seconds", 1, Health.Degraded, "last verified at 1970-01-01 00:00:01Z")]
    [InlineData("ledger_index_lag_seconds", 59, Health.Healthy, "")]
    public async Task What_the_ledger_says_of_itself_decides_how_a_stream_is(string metric, long value, Health health, string note)
    {
        await using var cluster = await ClusterAsync(("finance-log-a", context => TextAsync(context, With(metric, value))));
        using var session = cluster.Session();

        var stream = Assert.Single((await new ClusterViews(session).ReadLedgerAsync(None)).Items);

        Assert.Equal((health, note), (stream.Health, stream.Note));
    }

    [Theory]
    [InlineData("", true, "")]
    [InlineData("ledger_verify_failed{stream=\"payments\"} 1\n", false, "the last verification found a change; the log of the pods and `ledger verify` name it")]
    [InlineData("ledger_stream_broken{stream=\"payments\"} 1\n", false, "the archive is inconsistent, and nothing more is written to it")]
    public async Task A_stream_passes_when_it_was_verified_and_nothing_was_found(string more, bool passes, string finding)
    {
        var verified = $"ledger_verified_timestamp_seconds{{stream=\"payments\"}} {DateTimeOffset.UtcNow.ToUnixTimeSeconds() - 3600}\n";
        await using var cluster = await ClusterAsync(("finance-log-a", context => TextAsync(context, Metrics() + verified + more)));
        using var session = cluster.Session();
        var views = new ClusterViews(session);

        var test = Assert.Single((await views.TestLedgerAsync(TimeSpan.FromDays(2), None)).Items);
        Assert.Equal((passes, finding), (test.Passed, string.Join("; ", test.Findings)));
        Assert.StartsWith("it was last verified at", Assert.Single((await views.TestLedgerAsync(TimeSpan.FromMinutes(30), None)).Items).Findings[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stream_that_was_never_verified_does_not_pass()
    {
        await using var cluster = await ClusterAsync(("finance-log-a", context => TextAsync(context, Metrics())));
        using var session = cluster.Session();

        var test = Assert.Single((await new ClusterViews(session).TestLedgerAsync(TimeSpan.FromDays(2), None)).Items);

        Assert.Equal((false, "it was not verified since the replicas started"), (test.Passed, Assert.Single(test.Findings)));
    }

    [Fact]
    public async Task A_cluster_without_a_finance_log_is_unknown_and_says_which_setting_it_needs()
    {
        await using var cluster = await TwinCluster.StartAsync(new ApiServerOptions { RunsDisruptionController = false });
        using var session = cluster.Session();

        var view = await new ClusterViews(session).ReadLedgerAsync(None);

        Assert.Empty(view.Items);
        Assert.Contains("logging.finance.producers", Assert.Single(view.Unknown).Reason, StringComparison.Ordinal);
    }

    private static async Task SendAsync(HttpClient http, string record)
    {
        using var content = new StringContent(record, Encoding.UTF8, "application/json");
        using var answer = await http.PostAsync(new Uri("/v1/records", UriKind.Relative), content);
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
    }

    private static string With(string metric, long value) => string.Join(
        '\n', Metrics().Split('\n').Where(line => !line.StartsWith(metric, StringComparison.Ordinal)).Append($"{metric}{{stream=\"payments\"}} {value}"));

    private static string Metrics(long records = 10, long signed = 10, int away = 0) =>
        $$"""
        # HELP ledger_build_info 1; the version is a label.
        ledger_build_info{version="1.0.0"} 1
        ledger_stream_records{stream="payments"} {{records}}
        ledger_stream_signed_records{stream="payments"} {{signed}}
        ledger_archive_away{stream="payments"} {{away}}
        ledger_acknowledge_seconds_bucket{le="+Inf"} 3

        """;

    private static async Task<TwinCluster> ClusterAsync(params (string Pod, RequestDelegate Answer)[] replicas)
    {
        var cluster = await TwinCluster.StartAsync(new ApiServerOptions { RunsDisruptionController = false });
        cluster.AddNamespace("logging");
        cluster.AddNode("n1", "eu-central-1a");
        // A service account of another name, and so another label.
        cluster.Add("services", """
            { "apiVersion": "v1", "kind": "Service", "metadata": { "name": "finance-log", "namespace": "logging" },
              "spec": { "selector": { "app.kubernetes.io/name": "ledger-log" }, "ports": [ { "name": "https", "port": 9443 } ] } }
            """);
        foreach (var (pod, answer) in replicas)
        {
            cluster.Add("pods", $$"""
                { "apiVersion": "v1", "kind": "Pod", "metadata": { "name": "{{pod}}", "namespace": "logging", "labels": { "app.kubernetes.io/name": "ledger-log" } },
                  "spec": { "nodeName": "n1", "containers": [ { "name": "ledger" } ] }, "status": { "phase": "Running" } }
                """);
            cluster.Server.Proxies.AddPod("logging", pod, "9443", answer);
        }

        return cluster;
    }

    private static async Task TextAsync(HttpContext context, string text)
    {
        context.Response.ContentType = "text/plain";
        await context.Response.WriteAsync(text);
    }

    private static async Task ForwardAsync(HttpContext context, HttpClient http)
    {
        using var answer = await http.GetAsync(new Uri($"{context.Request.Path}{context.Request.QueryString}", UriKind.Relative));
        context.Response.StatusCode = (int)answer.StatusCode;
        await context.Response.WriteAsync(await answer.Content.ReadAsStringAsync());
    }
}
