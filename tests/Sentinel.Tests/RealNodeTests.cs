using System.Net;
using System.Net.Sockets;
using HaCluster.Sentinel.Arguments;
using HaCluster.Sentinel.Decisions;
using HaCluster.Sentinel.Tests.Peers;

namespace HaCluster.Sentinel.Tests;

/// <summary>Sentinels beside real nodes that advance, stand still, reorganise, hang and die.</summary>
public sealed class RealNodeTests
{
    private const string NeedsAnvil = "needs anvil (npm ci --prefix tests/Sentinel.Tests/Peers/Node)";
    private const string NeedsBcoin = "needs bcoin (npm ci --prefix tests/Sentinel.Tests/Peers/Node)";

    [SkippableFact]
    public async Task A_node_falls_behind_its_sibling_and_catches_up()
    {
        Skip.If(ChainProcess.Anvil is null, NeedsAnvil);
        using var node = await ChainProcess.AnvilAsync();
        using var ahead = await ChainProcess.AnvilAsync();
        await using var sibling = await RunningSentinel.StartAsync(Ethereum(ahead.Url));
        await using var sentinel = await RunningSentinel.StartAsync(Ethereum(node.Url, sibling.Url));
        await sentinel.UntilAsync("ok");

        await ahead.MineAsync(9);
        var behind = await sentinel.UntilAsync(Reasons.Lagging);
        Assert.Equal(9, behind.GetProperty("reference").GetProperty("height").GetInt64());
        Assert.Equal((HttpStatusCode.OK, "ok"), await LiveAsync(sentinel));

        await node.MineAsync(1);
        Assert.Equal(1, (await sentinel.UntilAsync("ok")).GetProperty("head").GetProperty("height").GetInt64());
    }

    [SkippableFact]
    public async Task A_reorganisation_is_counted_with_its_depth()
    {
        Skip.If(ChainProcess.Anvil is null, NeedsAnvil);
        using var node = await ChainProcess.AnvilAsync();
        await node.MineAsync(20);
        await using var sentinel = await RunningSentinel.StartAsync(Ethereum(node.Url));
        await sentinel.UntilAsync("ok");

        await node.CallAsync("anvil_reorg", 3, Array.Empty<object>());
        await UntilMetricAsync(sentinel, "sentinel_last_reorg_depth", "3");
        await UntilMetricAsync(sentinel, "sentinel_reorgs_total", "1");
    }

    [SkippableFact]
    public async Task A_node_that_hangs_is_unanswered_and_back_when_it_goes_on()
    {
        Skip.If(ChainProcess.Anvil is null, NeedsAnvil);
        using var node = await ChainProcess.AnvilAsync();
        await using var sentinel = await RunningSentinel.StartAsync(Ethereum(node.Url));
        await sentinel.UntilAsync("ok");

        await node.FreezeAsync();
        await sentinel.UntilAsync(Reasons.Unanswered);
        // A restart is for five minutes of silence, not for fifteen seconds.
        Assert.Equal((HttpStatusCode.OK, "ok"), await LiveAsync(sentinel));
        await node.ThawAsync();
        await sentinel.UntilAsync("ok");
    }

    [SkippableFact]
    public async Task A_node_that_is_killed_and_comes_back_as_another_chain_is_not_used()
    {
        Skip.If(ChainProcess.Anvil is null, NeedsAnvil);
        using var node = await ChainProcess.AnvilAsync();
        await using var sentinel = await RunningSentinel.StartAsync(Ethereum(node.Url));
        await sentinel.UntilAsync("ok");

        node.Dispose();
        await UntilMetricAsync(sentinel, "sentinel_node_up", "0");
        using var other = await ChainProcess.AnvilAsync(node.Port, chainId: 1);
        Assert.Contains("on network mainnet, not on 31337", (await sentinel.UntilAsync(Reasons.WrongNetwork)).GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task An_old_head_that_nobody_has_newer_fails_open()
    {
        Skip.If(ChainProcess.Anvil is null, NeedsAnvil);
        using var node = await ChainProcess.AnvilAsync();
        var options = Ethereum(node.Url);
        await using var sentinel = await RunningSentinel.StartAsync(options with { Limits = options.Limits with { TipAge = TimeSpan.FromSeconds(1) } });

        var status = await sentinel.UntilAsync(Reasons.FailOpen);

        Assert.True(status.GetProperty("ok").GetBoolean());
        Assert.True(status.GetProperty("failOpen").GetBoolean());
    }

    [SkippableFact]
    public async Task A_sentinel_starts_before_its_node()
    {
        Skip.If(ChainProcess.Anvil is null, NeedsAnvil);
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();
        await using var sentinel = await RunningSentinel.StartAsync(Ethereum(new Uri($"http://127.0.0.1:{port}")));
        await sentinel.UntilAsync(Reasons.Starting);
        Assert.Equal((HttpStatusCode.ServiceUnavailable, Reasons.Starting), await LiveAsync(sentinel));

        using var node = await ChainProcess.AnvilAsync(port);
        await sentinel.UntilAsync("ok");
    }

    [SkippableFact]
    public async Task A_bitcoin_node_is_read_with_its_password()
    {
        Skip.If(ChainProcess.Bcoin is null, NeedsBcoin);
        using var node = await ChainProcess.BcoinAsync("secret-of-the-test");
        var folder = Directory.CreateTempSubdirectory("sentinel").FullName;
        var (user, password) = (Path.Combine(folder, "user"), Path.Combine(folder, "password"));
        await File.WriteAllTextAsync(user, "x");
        await File.WriteAllTextAsync(password, "wrong");
        await using var sentinel = await RunningSentinel.StartAsync(new SentinelOptions
        {
            Listen = new IPEndPoint(IPAddress.Loopback, 0),
            Chain = Chain.Bitcoin,
            Network = "regtest",
            Client = "bcoin",
            Rpc = new NodeAccess(node.Url, user, password),
            Limits = Limits.Of(Chain.Bitcoin, "regtest"),
            Pod = "bitcoin-0",
        });
        await UntilMetricAsync(sentinel, "fault=\"unauthorized\"", count => count != "0");
        await File.WriteAllTextAsync(password, "secret-of-the-test");

        var status = await sentinel.UntilAsync("ok");
        Assert.Equal(0, status.GetProperty("head").GetProperty("height").GetInt64());
        Assert.Equal(0, status.GetProperty("peers").GetInt32());
        Assert.DoesNotContain("secret-of-the-test", await sentinel.MetricsAsync() + sentinel.Log, StringComparison.Ordinal);
        Directory.Delete(folder, recursive: true);
    }

    private static SentinelOptions Ethereum(Uri node, params Uri[] siblings) => new()
    {
        Listen = new IPEndPoint(IPAddress.Loopback, 0),
        Chain = Chain.Ethereum,
        Network = "31337",
        Client = "anvil",
        Rpc = new NodeAccess(node),
        Limits = Limits.Of(Chain.Ethereum, "31337") with { TipAge = TimeSpan.Zero },
        Pod = "ethereum-0",
        Siblings = [.. siblings.Select(Sibling.At)],
    };

    private static async Task<(HttpStatusCode Status, string? Reason)> LiveAsync(RunningSentinel sentinel)
    {
        var (status, body) = await sentinel.GetAsync("/live");
        return (status, body.GetProperty("reason").GetString());
    }

    private static Task UntilMetricAsync(RunningSentinel sentinel, string name, string value) => UntilMetricAsync(sentinel, name, found => found == value);

    private static async Task UntilMetricAsync(RunningSentinel sentinel, string name, Func<string, bool> isRight)
    {
        var metrics = "";
        await Waiting.UntilAsync(
            $"{name} comes right",
            async () =>
            {
                metrics = await sentinel.MetricsAsync();
                var line = metrics.Split('\n').FirstOrDefault(line => !line.StartsWith('#') && line.Contains(name, StringComparison.Ordinal));
                return line is not null && isRight(line[(line.LastIndexOf(' ') + 1)..]);
            },
            () => $"{metrics}\n{sentinel.Log}");
    }
}
