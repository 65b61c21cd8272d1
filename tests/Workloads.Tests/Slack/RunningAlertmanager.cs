using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using HaCluster.Workloads.Tests.Peers;

namespace HaCluster.Workloads.Tests.Slack;

/// <summary>A real Alertmanager with the configuration of a stack, on loopback and without peers.</summary>
internal sealed class RunningAlertmanager : IDisposable
{
    private readonly Scratch _scratch;
    private readonly RunningProgram _process;
    private readonly HttpClient _client;

    private RunningAlertmanager(Scratch scratch, string config, string externalUrl)
    {
        _scratch = scratch;
        Address = $"127.0.0.1:{Waiting.FreePort()}";
        _client = new HttpClient { BaseAddress = new Uri($"http://{Address}") };
        _process = RunningProgram.Start(
            Tool.Alertmanager.Require(),
            [
                $"--config.file={config}", $"--storage.path={Path.Combine(scratch.Path, "data")}", $"--web.listen-address={Address}",
                $"--web.external-url={externalUrl}", "--web.route-prefix=/", "--cluster.listen-address=",
            ]);
    }

    /// <summary>Host and port.</summary>
    public string Address { get; }

    /// <summary>Starts one that writes to the receiver instead of Slack and SNS.</summary>
    /// <param name="slackAddress">Where Slack is, when it is not the receiver.</param>
    public static async Task<RunningAlertmanager> StartAsync(LoopbackReceiver receiver, string? slackAddress = null)
    {
        Tool.Alertmanager.Require();
        var scratch = new Scratch();
        var files = await AlertmanagerFiles.Of("prod");
        files.PointAt(scratch, slackAddress ?? receiver.Address, receiver.Address);
        files.ShortenIntervals();
        var running = new RunningAlertmanager(scratch, files.Write(scratch), files.ExternalUrl);
        try
        {
            await running.UntilReadyAsync();
            return running;
        }
        catch
        {
            running.Dispose();
            throw;
        }
    }

    /// <summary>Tells it of alerts, as Prometheus does.</summary>
    public async Task PushAsync(params IEnumerable<TestAlert> alerts) =>
        await PushAsync(new JsonArray([.. alerts.Select(alert => (JsonNode)alert.Json())]));

    public async Task PushAsync(JsonArray alerts)
    {
        using var answer = await _client.PostAsJsonAsync("/api/v2/alerts", alerts);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    /// <summary>Waits until it knows that a message to Slack has arrived. What ends before that is never told: for it, nobody had heard of it.</summary>
    public Task UntilSlackWasToldAsync() => Waiting.UntilAsync(
        "Alertmanager knows that Slack has its message",
        async () => await RequestsAsync("alertmanager_notification_requests_total") > await RequestsAsync("alertmanager_notification_requests_failed_total")
            && await RequestsAsync("alertmanager_notification_latency_seconds_count") > await RequestsAsync("alertmanager_notification_requests_failed_total"),
        () => _process.Text);

    public void Dispose()
    {
        _process.Dispose();
        _client.Dispose();
        _scratch.Dispose();
    }

    /// <summary>The count of its requests to Slack; 0 before the first.</summary>
    private async Task<double> RequestsAsync(string counter)
    {
        var metrics = await _client.GetStringAsync("/metrics");
        var line = metrics.Split('\n').FirstOrDefault(line => line.StartsWith(counter + "{integration=\"slack\"", StringComparison.Ordinal));
        return line is null ? 0 : double.Parse(line.Split(' ')[^1], CultureInfo.InvariantCulture);
    }

    private Task UntilReadyAsync() => Waiting.UntilAsync(
        "Alertmanager is ready",
        async () =>
        {
            Assert.False(_process.HasEnded, _process.Text);
            using var answer = await _client.GetAsync("/-/ready");
            return answer.IsSuccessStatusCode;
        },
        () => _process.Text);
}
