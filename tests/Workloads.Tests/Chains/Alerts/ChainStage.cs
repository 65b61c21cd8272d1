using System.Globalization;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text.RegularExpressions;
using HaCluster.Workloads.Tests.Peers;
using HaCluster.Workloads.Tests.Rendered;
using HaCluster.Workloads.Tests.Rules;
using HaCluster.Workloads.Tests.Slack;

namespace HaCluster.Workloads.Tests.Chains.Alerts;

/// <summary>
/// The nodes of one chain on loopback with their real sentinels and, on Ethereum, the real front; a real Prometheus that scrapes them with the rendered rules of
/// chains; a real Alertmanager with the rendered configuration, which tells a receiver in place of Slack. Nothing of the rules is changed but their times: an alert
/// waits half a second for each of its minutes, six at most, and a range is as many seconds as it was minutes. promtool tests them at full length.
/// </summary>
internal sealed partial class ChainStage : IAsyncDisposable
{
    private static readonly string[] RuleFiles = ["ha-bitcoin.yaml", "ha-chain-snapshots.yaml", "ha-chains.yaml", "ha-ethereum.yaml"];

    private readonly Scratch _scratch = new();
    private readonly Authority _authority = new();
    private readonly LoopbackReceiver _receiver = new();
    private readonly List<IAsyncDisposable> _running = [];
    private readonly IReadOnlyList<string> _pods;
    private readonly PlayedMetrics _exporter = new(Waiting.FreePort());
    private readonly (int Rpc, int Sentinel) _ports = (Waiting.FreePort(), Waiting.FreePort());
    private readonly int _network;
    private RunningAlertmanager _alertmanager = null!;
    private int _frontMetrics;

    private ChainStage(string chain, IReadOnlyList<string> pods, int network) => (ChainName, _pods, _network) = (chain, pods, network);

    public string ChainName { get; }

    public PlayedChain Chain { get; } = new();

    public List<PlayedNode> Nodes { get; } = [];

    public List<SentinelProcess> Sentinels { get; } = [];

    public PrometheusServer Prometheus { get; private set; } = null!;

    public IReadOnlyList<Slack.Delivery> Slack => [.. _receiver.Deliveries.Where(delivery => delivery.IsSlack)];

    public static Task<ChainStage> BitcoinAsync() => StartAsync(new ChainStage("bitcoin", ["bitcoin-0", "bitcoin-1", "bitcoin-2"], network: 11));

    public static Task<ChainStage> EthereumAsync() => StartAsync(new ChainStage("ethereum", ["ethereum-geth-0", "ethereum-geth-1", "ethereum-reth-0"], network: 12));

    /// <summary>Restarts a sentinel: it has forgotten all that it saw.</summary>
    public async Task RestartSentinelAsync(int index)
    {
        await Sentinels[index].DisposeAsync();
        Sentinels[index] = await StartSentinelAsync(index);
    }

    /// <summary>What kube-state-metrics would tell of the pods; and what comes from elsewhere in a cluster.</summary>
    public void Show(params IEnumerable<(string Series, int Value)> others) => _exporter.Show(
        _pods.Select(pod => ($$"""kube_pod_container_status_running{namespace="chains",pod="{{pod}}",container="sentinel"}""", 1)).Concat(others));

    /// <summary>A certificate for the addresses of all nodes.</summary>
    public X509Certificate2 Certificate(TimeSpan lifetime) => _authority.Issue(lifetime, [.. _pods.Select((_, index) => $"{AddressOf(index)}")]);

    public Task UntilAsync(string what, Func<Task<bool>> holds) => Waiting.UntilAsync(what, holds, Trouble);

    /// <summary>Waits until every sentinel has seen the newest block of a chain that is paused.</summary>
    public Task UntilSeenAsync() => UntilAsync("every sentinel has seen the head", async () =>
    {
        var statuses = await Task.WhenAll(Sentinels.Select(sentinel => sentinel.StatusAsync()));
        return statuses.All(status => status.GetProperty("head").GetProperty("hash").GetString()!.EndsWith(Chain.HashOf(Chain.Head), StringComparison.Ordinal));
    });

    public async ValueTask DisposeAsync()
    {
        foreach (var sentinel in Sentinels)
            await sentinel.DisposeAsync();
        foreach (var node in Nodes)
            await node.DisposeAsync();
        foreach (var other in _running)
            await other.DisposeAsync();
        Prometheus?.Dispose();
        _alertmanager?.Dispose();
        _receiver.Dispose();
        _exporter.Dispose();
        _authority.Dispose();
        _scratch.Dispose();
    }

    private static async Task<ChainStage> StartAsync(ChainStage stage)
    {
        try
        {
            await stage.StartAsync();
            return stage;
        }
        catch
        {
            await stage.DisposeAsync();
            throw;
        }
    }

    private async Task StartAsync()
    {
        Skip.IfNot(Loopback.HasMany, Loopback.Needed);
        _scratch.Write("ca.crt", _authority.Pem);
        _scratch.Write("user", "bitcoin");
        using (var declared = Certificate(TimeSpan.FromDays(60)))
            _scratch.Write("tls.crt", declared.ExportCertificatePem());
        _scratch.Write("data/keep", "");
        for (var index = 0; index < _pods.Count; index++)
            Nodes.Add(await PlayedNode.StartAsync(Chain, AddressOf(index), _ports.Rpc, ChainName == "bitcoin" ? Certificate(TimeSpan.FromDays(60)) : null));
        for (var index = 0; index < _pods.Count; index++)
            Sentinels.Add(await StartSentinelAsync(index));
        if (ChainName == "ethereum")
            await StartFrontAsync();
        Show();
        _alertmanager = await RunningAlertmanager.StartAsync(_receiver);
        Prometheus = await PrometheusServer.StartWithAsync(await RulesAsync(), Settings());
        await UntilAsync("all nodes are ready", async () => (await Prometheus.QueryAsync("sum by (chain) (sentinel_ready)", "chain")).GetValueOrDefault(ChainName) == "3");
        await UntilAsync("nothing fires", async () => (await Prometheus.FiringAsync()).Count == 0);
    }

    private IPAddress AddressOf(int index) => IPAddress.Parse($"127.0.{_network}.{index + 1}");

    /// <summary>With the rendered arguments, but where its node, its siblings and its files are.</summary>
    private async Task<SentinelProcess> StartSentinelAsync(int index)
    {
        var pod = _pods[index];
        var rendered = await RenderedSentinel.ArgumentsAsync(pod[..pod.LastIndexOf('-')]);
        var node = $"{AddressOf(index)}:{_ports.Rpc}";
        IEnumerable<string> arguments =
        [
            .. rendered.Where(argument => !argument.StartsWith("--listen=", StringComparison.Ordinal) && !argument.StartsWith("--node=", StringComparison.Ordinal))
                .Select(argument => argument.Split('=', 2)).Select(argument => $"{argument[0]}={Here(argument[0], argument[1])}"),
            .. Enumerable.Range(0, _pods.Count).Where(other => other != index).Select(other => $"--node=http://{AddressOf(other)}:{_ports.Sentinel}"),
        ];
        return await SentinelProcess.StartAsync(new IPEndPoint(AddressOf(index), _ports.Sentinel), pod, arguments);

        string Here(string name, string value) => name switch
        {
            "--rpc" => ChainName == "bitcoin" ? $"https://{node}" : $"http://{node}",
            "--consensus" => $"http://{node}",
            "--data" => Path.Combine(_scratch.Path, "data"),
            "--rpc-ca-file" => Path.Combine(_scratch.Path, "ca.crt"),
            "--rpc-certificate-file" => Path.Combine(_scratch.Path, "tls.crt"),
            "--rpc-user-file" or "--rpc-password-file" => Path.Combine(_scratch.Path, "user"),
            _ => value,
        };
    }

    private async Task StartFrontAsync()
    {
        var haproxy = Tool.HaProxy.Require();
        RunningFront.WriteMounts(_scratch, _authority, _authority.Issue("localhost"));
        _frontMetrics = Waiting.FreePort();
        var text = RunningFront.Adapted(
            (await RenderedStack.Prod).Files["configs/chains-ethereum-front/haproxy.cfg"], _scratch, Waiting.FreePort(), _frontMetrics, _ports.Sentinel, Waiting.FreePort());
        for (var index = 0; index < _pods.Count; index++)
            text = text.Replace($" {_pods[index]}.ethereum-nodes.chains.svc.cluster.local:8545", $" {AddressOf(index)}:{_ports.Rpc}", StringComparison.Ordinal);
        _running.Add(RunningProgram.Start(haproxy, ["-db", "-f", _scratch.Write("haproxy.cfg", text)]));
    }

    private static async Task<string> RulesAsync()
    {
        var files = (await RenderedStack.Prod).Under("prometheus/rules");
        // Each file is a list of groups below one key.
        var rules = "groups:\n" + string.Concat(RuleFiles.Select(file => files[file].Replace("groups:\n", "", StringComparison.Ordinal)));
        rules = For().Replace(rules, match => $"for: {Math.Min(6000, Minutes(match) * 500)}ms");
        return Range().Replace(rules, match => $"[{Minutes(match)}s]");
    }

    private static int Minutes(Match match)
    {
        var count = int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture);
        return match.Groups[2].Value switch { "m" => count, "h" => count * 60, _ => count * 60 * 24 };
    }

    private string Settings()
    {
        var jobs = _pods.Select((pod, index) => Job(pod, $"{AddressOf(index)}:{_ports.Sentinel}", $"namespace: chains, pod: {pod}, container: sentinel")).ToList();
        if (_frontMetrics > 0)
            jobs.Add(Job("front", $"127.0.0.1:{_frontMetrics}", "namespace: chains, pod: ethereum-front-0"));
        return $$"""
            alerting: {alertmanagers: [{static_configs: [{targets: ["{{_alertmanager.Address}}"]}]}]}
            scrape_configs: [{job_name: kube-state-metrics, honor_labels: true, static_configs: [{targets: ["{{_exporter.Address}}"]}]}, {{string.Join(", ", jobs)}}]
            """;

        // Labels as the operator adds them for a PodMonitor.
        static string Job(string name, string target, string labels) =>
            $$"""{job_name: {{name}}, scrape_interval: 2s, static_configs: [{targets: ["{{target}}"], labels: { {{labels}} } } ] }""";
    }

    private string Trouble() => string.Join('\n', Slack.Select(delivery => $"{delivery.Path} {delivery.Title}"));

    [GeneratedRegex("""\bfor: "?(\d+)([mhd])"?$""", RegexOptions.Multiline)]
    private static partial Regex For();

    [GeneratedRegex(@"\[(\d+)([mhd])\]")]
    private static partial Regex Range();
}
