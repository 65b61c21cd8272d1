using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using HaCluster.Workloads.Tests.Peers;

namespace HaCluster.Workloads.Tests.Rules;

/// <summary>Debian's Prometheus on loopback, with the rules and one target, evaluating every second.</summary>
internal sealed class PrometheusServer : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(3);

    private readonly Scratch _scratch = new();
    private readonly HttpClient _client;
    private readonly Process _process;

    private PrometheusServer(string program, int port, string rules, string target)
    {
        _scratch.Write("rules.yaml", rules);
        var config = _scratch.Write("prometheus.yaml", $$"""
            global: {scrape_interval: 1s, evaluation_interval: 1s}
            rule_files: [rules.yaml]
            scrape_configs:
              - job_name: kube-state-metrics
                honor_labels: true
                static_configs: [{targets: ["{{target}}"]}]
            """);
        _client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        _process = Process.Start(new ProcessStartInfo(program,
        [
            $"--config.file={config}",
            $"--storage.tsdb.path={Path.Combine(_scratch.Path, "data")}",
            $"--web.listen-address=127.0.0.1:{port}",
            "--log.level=error",
        ]))!;
    }

    /// <summary>A port that was free a moment ago.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    public static async Task<PrometheusServer> StartAsync(string rules, string target)
    {
        var server = new PrometheusServer(Tool.Prometheus.Require(), FreePort(), rules, target);
        try
        {
            await server.UntilAsync("it is ready", async () => (await server._client.GetAsync("/-/ready")).IsSuccessStatusCode);
            return server;
        }
        catch
        {
            server.Dispose();
            throw;
        }
    }

    /// <summary>Waits until something is so.</summary>
    /// <exception cref="TimeoutException">It is not so within minutes.</exception>
    public async Task UntilAsync(string what, Func<Task<bool>> holds)
    {
        var clock = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                if (await holds())
                    return;
            }
            catch (HttpRequestException) when (!_process.HasExited)
            {
                // It does not listen yet.
            }

            if (clock.Elapsed > Deadline)
                throw new TimeoutException($"not within {Deadline}: {what}");
            await Task.Delay(200);
        }
    }

    /// <summary>Labels of the alerts of one name that fire.</summary>
    public async Task<IReadOnlyList<Dictionary<string, string>>> FiringAsync(string alert)
    {
        using var answer = await GetAsync("/api/v1/alerts");
        return
        [
            .. answer.RootElement.GetProperty("data").GetProperty("alerts").EnumerateArray()
                .Where(entry => entry.GetProperty("state").GetString() == "firing")
                .Select(entry => entry.GetProperty("labels").Deserialize<Dictionary<string, string>>()!)
                .Where(labels => labels["alertname"] == alert),
        ];
    }

    /// <summary>Rules by name, with their health (<c>ok</c>, <c>err</c>, <c>unknown</c> before the first evaluation) and last error.</summary>
    public async Task<IReadOnlyList<(string Name, string Health, string Error)>> RulesAsync()
    {
        using var answer = await GetAsync("/api/v1/rules");
        return
        [
            .. answer.RootElement.GetProperty("data").GetProperty("groups").EnumerateArray()
                .SelectMany(group => group.GetProperty("rules").EnumerateArray())
                .Select(rule => (
                    rule.GetProperty("name").GetString()!,
                    rule.GetProperty("health").GetString()!,
                    rule.TryGetProperty("lastError", out var error) ? error.GetString()! : "")),
        ];
    }

    /// <summary>The value of each series of an answer, by one of its labels.</summary>
    public async Task<IReadOnlyDictionary<string, string>> QueryAsync(string query, string label)
    {
        using var answer = await GetAsync($"/api/v1/query?query={Uri.EscapeDataString(query)}");
        return answer.RootElement.GetProperty("data").GetProperty("result").EnumerateArray().ToDictionary(
            series => series.GetProperty("metric").GetProperty(label).GetString()!,
            series => series.GetProperty("value")[1].GetString()!,
            StringComparer.Ordinal);
    }

    public void Dispose()
    {
        _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
        _process.Dispose();
        _client.Dispose();
        _scratch.Dispose();
    }

    private async Task<JsonDocument> GetAsync(string path) => JsonDocument.Parse(await _client.GetStringAsync(path));
}
