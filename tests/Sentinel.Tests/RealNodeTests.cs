using System.Net;
using HaCluster.Sentinel.Arguments;
using HaCluster.Sentinel.Decisions;
using HaCluster.Sentinel.Tests.Peers;
using HaCluster.Workloads.Tests.Chains;

namespace HaCluster.Sentinel.Tests;

/// <summary>Sentinels beside real nodes that advance, stand still, reorganise, hang and die.</summary>
public sealed class RealNodeTests
{
    [SkippableFact]
    public async Task A_node_falls_behind_its_sibling_and_catches_up()
    {
        using var node = await ChainProcess.AnvilAsync();
        using var ahead = await ChainProcess.AnvilAsync();
        await using var sibling = await RunningSentinel.StartAsync(Options.Ethereum(ahead.Url));
        await using var sentinel = await RunningSentinel.StartAsync(Options.Ethereum(node.Url, sibling.Url));
        await sentinel.UntilAsync("ok");

        await ahead.MineAsync(9);
        var behind = await sentinel.UntilAsync(Reasons.Lagging);
        Assert.Equal(9, behind.GetProperty("reference").GetProperty("height").GetInt64());
        Assert.Equal((HttpStatusCode.OK, "ok"), await LiveAsync(sentinel));

        await node.MineAsync(1);
        Assert.Equal(1, (await sentinel.UntilAsync("ok")).GetProperty("head").GetProperty("height").GetInt64());
    }

    [SkippableFact]
    public async Task Every_reorganisation_is_counted_with_its_depth()
    {
        using var node = await ChainProcess.AnvilAsync();
        await node.MineAsync(20);
        await using var sentinel = await RunningSentinel.StartAsync(Options.Ethereum(node.Url));
        await sentinel.UntilAsync("ok");

        for (var depth = 1; depth <= 8; depth++)
        {
            // Other blocks of the same number.
            await node.RollBackAsync(depth);
            await node.ForkAsync((byte)depth);
            await node.MineAsync(depth);
            await UntilMetricAsync(sentinel, "sentinel_last_reorg_depth", $"{depth}");
            await UntilMetricAsync(sentinel, "sentinel_reorgs_total", $"{depth}");
        }

        Assert.Equal((HttpStatusCode.OK, "ok"), await LiveAsync(sentinel));
    }

    [SkippableFact]
    public async Task A_renewed_certificate_asks_for_a_restart_when_it_is_the_pods_turn()
    {
        using var authority = new Authority();
        await using var node = await BtcdNode.StartAsync(authority, "of-the-test");
        var clock = new ShiftedClock();
        await using var sentinel = await RunningSentinel.StartAsync(Options.Bitcoin(node.Access) with { Pod = "bitcoin-1" }, clock);
        await sentinel.UntilAsync("ok");

        // It is valid since an hour ago; the second pod's turn is twelve hours after that.
        node.RenewCertificate();
        clock.Advance(TimeSpan.FromHours(10));
        await sentinel.UntilAsync("waiting", "/live");
        clock.Advance(TimeSpan.FromHours(1.1));
        await sentinel.UntilAsync(Reasons.Certificate, "/live");
        // It serves on meanwhile.
        await sentinel.UntilAsync("ok");

        await node.Btcd.StartAgainAsync();
        await sentinel.UntilAsync("waiting", "/live");
    }

    [SkippableFact]
    public async Task A_node_that_hangs_is_unanswered_and_back_when_it_goes_on()
    {
        using var node = await ChainProcess.AnvilAsync();
        await using var sentinel = await RunningSentinel.StartAsync(Options.Ethereum(node.Url));
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
        using var node = await ChainProcess.AnvilAsync();
        await using var sentinel = await RunningSentinel.StartAsync(Options.Ethereum(node.Url));
        await sentinel.UntilAsync("ok");

        // Within two polls: what the node said before must not be taken for the other chain's.
        await node.KillAsync();
        using var other = await ChainProcess.AnvilAsync(node.Port, chainId: 1);
        Assert.Contains("on network mainnet, not on 31337", (await sentinel.UntilAsync(Reasons.WrongNetwork)).GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task An_old_head_that_nobody_has_newer_fails_open()
    {
        using var node = await ChainProcess.AnvilAsync();
        var options = Options.Ethereum(node.Url);
        await using var sentinel = await RunningSentinel.StartAsync(options with { Limits = options.Limits with { TipAge = TimeSpan.FromSeconds(1) } });

        var status = await sentinel.UntilAsync(Reasons.FailOpen);

        Assert.True(status.GetProperty("ok").GetBoolean());
        Assert.True(status.GetProperty("failOpen").GetBoolean());
    }

    [SkippableFact]
    public async Task A_sentinel_starts_before_its_node()
    {
        var port = Waiting.FreePort();
        await using var sentinel = await RunningSentinel.StartAsync(Options.Ethereum(new Uri($"http://127.0.0.1:{port}")));
        await sentinel.UntilAsync(Reasons.Starting);
        Assert.Equal((HttpStatusCode.ServiceUnavailable, Reasons.Starting), await LiveAsync(sentinel));

        using var node = await ChainProcess.AnvilAsync(port);
        await sentinel.UntilAsync("ok");
    }

    [SkippableFact]
    public async Task A_bitcoin_node_is_read_with_its_password()
    {
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
