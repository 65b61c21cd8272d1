using System.Diagnostics;
using System.Globalization;
using System.Net;
using HaCluster.Stack.Chains.Fronts;
using HaCluster.Stack.Chains.Replicas;
using HaCluster.Workloads.Tests.Peers;

namespace HaCluster.Workloads.Tests.Chains;

/// <summary>A real HAProxy with the rendered configuration, whose DNS server is killed or answers nonsense. The chains wait beside each other.</summary>
public abstract class FrontDnsTests
{
    private readonly ChainNodes _nodes;
    private readonly string _method;

    /// <param name="method">A call that the front passes on.</param>
    private protected FrontDnsTests(ChainNodes nodes, string method) => (_nodes, _method) = (nodes, method);

    // Every server was in maintenance after 42 s of silence, or 2.8 s of the quicker clock.
    private static readonly TimeSpan Outage = TimeSpan.FromSeconds(5);

    public static TheoryData<DnsFailure> Failures => new(Enum.GetValues<DnsFailure>().Where(trouble => trouble != DnsFailure.None));

    [SkippableTheory]
    [MemberData(nameof(Failures))]
    public async Task While_dns_is_in_trouble_healthy_nodes_go_on_serving_and_others_are_left_out(DnsFailure trouble)
    {
        using var dns = new LoopbackDns();
        await using var front = await RunningFront.StartAsync(_nodes, dns: dns);
        await Waiting.UntilAsync("the front answers so", async () => (await CallAsync(front)).Status == HttpStatusCode.OK);

        dns.Fail(trouble);
        var last = await CallsAsync(front, Outage);

        // Fail open means: health checks decide.
        var serving = front.Nodes.Single(node => node.Name == last);
        serving.IsReady = false;
        await Waiting.UntilAsync("the front answers so", async () => await CallAsync(front) is (HttpStatusCode.OK, var body) && body != serving.Name);
        serving.IsReady = true;

        // The first node has moved in the meantime, and the others are lost.
        dns.Addresses[_nodes.HostOf(_nodes.Pods.First())] = RunningFront.MovedTo;
        dns.Recover();
        foreach (var node in front.Nodes.Where(node => node.Name != RunningFront.Moved))
            node.IsReady = false;
        await Waiting.UntilAsync("the front answers so", async () => await CallAsync(front) == (HttpStatusCode.OK, RunningFront.Moved));
    }

    [SkippableFact]
    public async Task A_restart_while_dns_is_silent_goes_on_with_the_last_known_addresses()
    {
        using var dns = new LoopbackDns();
        await using var front = await RunningFront.StartAsync(_nodes, dns: dns);
        await Waiting.UntilAsync("the front answers so", async () => (await CallAsync(front)).Status == HttpStatusCode.OK);
        await using var reloader = await StartReloaderAsync(front);
        await Waiting.UntilAsync(
            "all addresses are kept",
            async () => (await File.ReadAllTextAsync(front.State)).Split('\n').Count(line => line.Contains(" 127.0.0.", StringComparison.Ordinal)) == 3,
            () => reloader.Text);

        dns.Fail(DnsFailure.Silent);
        await front.RestartAsync();

        await Waiting.UntilAsync("the front answers", async () => (await CallAsync(front)).Status == HttpStatusCode.OK);
    }

    [Fact]
    public void Known_addresses_are_kept_far_longer_than_an_outage_lasts()
    {
        var lines = FrontConfiguration.Text(_nodes, 6000).Split('\n').Select(line => line.Trim()).ToArray();

        foreach (var trouble in new[] { "nx", "other", "refused", "timeout" })
            Assert.Contains($"hold {trouble} 24h", lines);
        // What DNS replaces must not be used any longer.
        Assert.Contains("hold obsolete 0s", lines);
        Assert.Contains("hold valid 10s", lines);
        Assert.Contains(lines, line => line.StartsWith("default-server ", StringComparison.Ordinal) && line.Contains("init-addr last,none", StringComparison.Ordinal));
    }

    // The container's own script, shell and tools (BusyBox), with other paths.
    private static async Task<RunningProgram> StartReloaderAsync(RunningFront front)
    {
        var busybox = Tool.BusyBox.Require();
        var folder = Path.GetDirectoryName(front.State)!;
        var watched = Directory.CreateDirectory(Path.Combine(folder, "watched", "tls"));
        await File.WriteAllTextAsync(Path.Combine(watched.FullName, "tls.crt"), "certificate");
        var tools = Directory.CreateDirectory(Path.Combine(folder, "tools")).FullName;
        await Tool.BusyBox.RunAsync(folder, "--install", "-s", tools);
        return RunningProgram.Start(busybox, ["sh", "-uc", RpcFront.Reloader], environment: new Dictionary<string, string?>
        {
            ["PATH"] = tools,
            ["PAUSE_SECONDS"] = "1",
            ["STATE"] = front.State,
            ["STATE_PORT"] = front.StatePort.ToString(CultureInfo.InvariantCulture),
            ["WATCHED"] = Path.Combine(folder, "watched"),
        });
    }

    /// <summary>Calls for a time. All are served; and where the machine is so busy that health checks fail, DNS at least takes no server out.</summary>
    /// <returns>The node that served the last one.</returns>
    private async Task<string> CallsAsync(RunningFront front, TimeSpan time)
    {
        var node = "";
        for (var clock = Stopwatch.StartNew(); clock.Elapsed < time; await Task.Delay(100))
        {
            var (status, body) = await CallAsync(front);
            if (status != HttpStatusCode.OK)
                Assert.Contains("state=\"DOWN\"} 1", await ServersAsync(front), StringComparison.Ordinal);
            else
                node = body;
        }

        Assert.DoesNotContain("state=\"MAINT\"} 1", await ServersAsync(front), StringComparison.Ordinal);
        await Waiting.UntilAsync("the front answers", async () => (await CallAsync(front)) is (HttpStatusCode.OK, var body) && (node = body).Length > 0);
        return node;
    }

    private static async Task<string> ServersAsync(RunningFront front) => string.Join(
        '\n', (await front.MetricsAsync("/metrics")).Split('\n').Where(line => line.StartsWith("haproxy_server_status{", StringComparison.Ordinal)));

    private Task<(HttpStatusCode Status, string Body)> CallAsync(RunningFront front) => front.CallAsync(_method);
}

public sealed class BitcoinFrontDnsTests()
    : FrontDnsTests(new ChainNodes("bitcoin", "mainnet", 8333, 8334, [new NodeSet("bitcoin", "btcd", 3, null)]), "uptime");

public sealed class EthereumFrontDnsTests()
    : FrontDnsTests(
        new ChainNodes("ethereum", "mainnet", 30303, 8545, [new NodeSet("ethereum-geth", "geth", 2, 6060), new NodeSet("ethereum-reth", "reth", 1, 9001)]),
        "eth_blockNumber");
