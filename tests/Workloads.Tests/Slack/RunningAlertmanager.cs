using System.Diagnostics;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using HaCluster.Workloads.Tests.Peers;

namespace HaCluster.Workloads.Tests.Slack;

/// <summary>A real Alertmanager with the configuration of a stack, on loopback and without peers.</summary>
internal sealed class RunningAlertmanager : IDisposable
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(60);

    private readonly Scratch _scratch;
    private readonly Process _process;
    private readonly HttpClient _client;
    private readonly StringBuilder _log = new();

    private RunningAlertmanager(Scratch scratch, string config, string externalUrl)
    {
        _scratch = scratch;
        var address = $"127.0.0.1:{LoopbackReceiver.FreePort()}";
        _client = new HttpClient { BaseAddress = new Uri($"http://{address}") };
        _process = Process.Start(new ProcessStartInfo(
            Tool.Alertmanager.Require(),
            [
                $"--config.file={config}", $"--storage.path={Path.Combine(scratch.Path, "data")}", $"--web.listen-address={address}",
                $"--web.external-url={externalUrl}", "--web.route-prefix=/", "--cluster.listen-address=",
            ])
        { RedirectStandardError = true })!;
        _process.ErrorDataReceived += (_, line) =>
        {
            lock (_log)
                _log.AppendLine(line.Data);
        };
        _process.BeginErrorReadLine();
    }

    public string Log
    {
        get
        {
            lock (_log)
                return _log.ToString();
        }
    }

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

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
        _process.Dispose();
        _client.Dispose();
        _scratch.Dispose();
    }

    private async Task UntilReadyAsync()
    {
        for (var deadline = DateTime.UtcNow + Timeout; DateTime.UtcNow < deadline; await Task.Delay(50))
        {
            Assert.False(_process.HasExited, Log);
            try
            {
                using var answer = await _client.GetAsync("/-/ready");
                if (answer.IsSuccessStatusCode)
                    return;
            }
            catch (HttpRequestException)
            {
                // Not listening yet.
            }
        }

        Assert.Fail($"Alertmanager never became ready: {Log}");
    }
}
