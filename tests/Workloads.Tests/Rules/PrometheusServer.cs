using System.Text.Json;
using HaCluster.Workloads.Tests.Peers;

namespace HaCluster.Workloads.Tests.Rules;

/// <summary>Debian's Prometheus on loopback, with the rules and one target, evaluating every second.</summary>
internal sealed class PrometheusServer : IDisposable
{
    private readonly Scratch _scratch = new();
    private readonly HttpClient _client;
    private readonly RunningProgram _process;

    private PrometheusServer(string program, int port, string rules, string settings)
    {
        _scratch.Write("rules.yaml", rules);
        var config = _scratch.Write("prometheus.yaml", $$"""
            global: {scrape_interval: 1s, evaluation_interval: 1s, external_labels: {cluster: ha-cluster-prod} }
            rule_files: [rules.yaml]
            {{settings}}
            """);
        _client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        _process = RunningProgram.Start(program,
        [
            $"--config.file={config}",
            $"--storage.tsdb.path={Path.Combine(_scratch.Path, "data")}",
            $"--web.listen-address=127.0.0.1:{port}",
            "--log.level=error",
        ]);
    }

    /// <param name="target">Host and port of what stands for kube-state-metrics.</param>
    public static Task<PrometheusServer> StartAsync(string rules, string target) =>
        StartWithAsync(rules, $$"""scrape_configs: [{job_name: kube-state-metrics, honor_labels: true, static_configs: [{targets: ["{{target}}"]}]}]""");

    /// <param name="settings">What it scrapes and whom it tells, as sections of its configuration.</param>
    public static async Task<PrometheusServer> StartWithAsync(string rules, string settings)
    {
        var server = new PrometheusServer(Tool.Prometheus.Require(), Waiting.FreePort(), rules, settings);
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

    /// <summary>Waits until something is so. One glance proves nothing: groups of rules are evaluated one after the other, and a busy machine leaves turns out.</summary>
    /// <exception cref="TimeoutException">It is not so within minutes.</exception>
    public Task UntilAsync(string what, Func<Task<bool>> holds) => Waiting.UntilAsync(what, holds, () => _process.Text);

    /// <summary>Waits until a rule was evaluated a number of times more.</summary>
    public async Task UntilEvaluatedAsync(string rule, int times)
    {
        for (var last = await LastEvaluationAsync(rule); times > 0; times--)
        {
            await UntilAsync($"{rule} is evaluated", async () => await LastEvaluationAsync(rule) != last);
            last = await LastEvaluationAsync(rule);
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

    /// <summary>Names of all alerts that fire.</summary>
    public async Task<IReadOnlySet<string>> FiringAsync()
    {
        using var answer = await GetAsync("/api/v1/alerts");
        return answer.RootElement.GetProperty("data").GetProperty("alerts").EnumerateArray()
            .Where(entry => entry.GetProperty("state").GetString() == "firing")
            .Select(entry => entry.GetProperty("labels").GetProperty("alertname").GetString()!)
            .ToHashSet(StringComparer.Ordinal);
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
        _process.Dispose();
        _client.Dispose();
        _scratch.Dispose();
    }

    private async Task<string> LastEvaluationAsync(string name)
    {
        using var answer = await GetAsync("/api/v1/rules");
        return answer.RootElement.GetProperty("data").GetProperty("groups").EnumerateArray()
            .SelectMany(group => group.GetProperty("rules").EnumerateArray())
            .Single(rule => rule.GetProperty("name").GetString() == name).GetProperty("lastEvaluation").GetString()!;
    }

    private async Task<JsonDocument> GetAsync(string path) => JsonDocument.Parse(await _client.GetStringAsync(path));
}
