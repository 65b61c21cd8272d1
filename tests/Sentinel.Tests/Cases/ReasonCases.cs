using HaCluster.Sentinel.Arguments;
using HaCluster.Sentinel.Decisions;
using HaCluster.Sentinel.Tests.Peers;

namespace HaCluster.Sentinel.Tests.Cases;

/// <summary>How a node gets into the state of each reason. Consensus clients are stand-ins, and so is what makes a bcoin answer as btcd; the rest is real.</summary>
internal static class ReasonCases
{
    private static readonly Dictionary<string, Func<Stage, Task<RunningSentinel>>> Ready = new()
    {
        [Reasons.Ok] = async stage => await stage.BesideAsync(await stage.AnvilAsync()),
        [Reasons.FailOpen] = async stage => await stage.SentinelAsync(WithTipAge(await stage.AnvilAsync(genesis: Old))),
        [Reasons.Starting] = stage => stage.SentinelAsync(Options.Ethereum(Stage.Nowhere())),
        [Reasons.Unanswered] = async stage =>
        {
            var node = await stage.AnvilAsync();
            var sentinel = await stage.BesideAsync(node);
            await sentinel.UntilAsync("ok");
            await node.FreezeAsync();
            return sentinel;
        },
        [Reasons.WrongNetwork] = async stage => await stage.BesideAsync(await stage.AnvilAsync(chainId: 1)),
        // A node that fetches the chain from a peer.
        [Reasons.Syncing] = async stage =>
        {
            var (_, follower) = await stage.EthereumPeersAsync();
            return await stage.SentinelAsync(Options.Ethereum(follower.Url) with { Network = "123456", Client = "ethereumjs" });
        },
        // Its siblings may know better, and are not heard.
        [Reasons.Stale] = async stage => await stage.SentinelAsync(WithTipAge(await stage.AnvilAsync(genesis: Old), Stage.Nowhere())),
        [Reasons.Lagging] = async stage =>
        {
            var (node, ahead) = (await stage.AnvilAsync(), await stage.AnvilAsync());
            var sibling = await stage.BesideAsync(ahead);
            await ahead.MineAsync(9);
            return await stage.BesideAsync(node, sibling);
        },
        [Reasons.ConsensusOffline] = async stage =>
        {
            var (beacon, sentinel) = await WithBeaconAsync(stage, new BeaconState());
            beacon.IsHanging = true;
            return sentinel;
        },
        [Reasons.ConsensusBehind] = async stage => (await WithBeaconAsync(stage, new BeaconState(IsOptimistic: true))).Sentinel,
        [Reasons.ExecutionOffline] = async stage => (await WithBeaconAsync(stage, new BeaconState(IsExecutionOffline: true))).Sentinel,
        [Reasons.Diverged] = async stage =>
        {
            var genesis = DateTimeOffset.UtcNow.AddMinutes(-5);
            var nodes = new[] { await stage.AnvilAsync(genesis: genesis), await stage.AnvilAsync(genesis: genesis), await stage.AnvilAsync(genesis: genesis) };
            await nodes[0].ForkAsync(1);
            foreach (var node in nodes)
            {
                for (var block = 1; block <= 10; block++)
                    await node.MineAtAsync(genesis.AddSeconds(block));
            }

            return await stage.BesideAsync(nodes[0], await stage.BesideAsync(nodes[1]), await stage.BesideAsync(nodes[2]));
        },
    };

    private static readonly Dictionary<string, Func<Stage, Task<RunningSentinel>>> Live = new()
    {
        [Reasons.Ok] = Ready[Reasons.Ok],
        // Its siblings are not its peers.
        [Reasons.Syncing] = async stage => await stage.SentinelAsync(Options.Bitcoin((await stage.BtcdAsync()).Access, Stage.Nowhere())),
        [Reasons.Waiting] = async stage =>
        {
            var sentinel = await stage.BesideAsync(await stage.AnvilAsync());
            await sentinel.UntilAsync("ok");
            stage.Clock.Advance(TimeSpan.FromMinutes(16));
            return sentinel;
        },
        [Reasons.Starting] = Ready[Reasons.Starting],
        [Reasons.Unanswered] = async stage =>
        {
            var sentinel = await Ready[Reasons.Unanswered](stage);
            stage.Clock.Advance(TimeSpan.FromMinutes(5));
            return sentinel;
        },
        [Reasons.Stalled] = async stage =>
        {
            var (node, ahead) = (await stage.AnvilAsync(), await stage.AnvilAsync());
            var sibling = await stage.BesideAsync(ahead);
            var sentinel = await stage.BesideAsync(node, sibling);
            await sentinel.UntilAsync("ok");
            await ahead.MineAsync(9);
            await sentinel.UntilAsync(Reasons.Lagging);
            stage.Clock.Advance(TimeSpan.FromMinutes(16));
            return sentinel;
        },
        [Reasons.Certificate] = async stage =>
        {
            var node = await stage.BtcdAsync();
            var sentinel = await stage.SentinelAsync(Options.Bitcoin(node.Access));
            await sentinel.UntilAsync("ok");
            node.RenewCertificate();
            stage.Clock.Advance(TimeSpan.FromHours(6));
            return sentinel;
        },
    };

    private static DateTimeOffset Old => DateTimeOffset.UtcNow.AddHours(-1);

    public static IReadOnlyDictionary<string, Func<Stage, Task<RunningSentinel>>> Of(string path) => path == "/ready" ? Ready : Live;

    private static SentinelOptions WithTipAge(ChainProcess node, params Uri[] siblings) =>
        Options.Ethereum(node.Url, siblings) is var options ? options with { Limits = options.Limits with { TipAge = TimeSpan.FromSeconds(60) } } : options;

    private static async Task<(StandInBeacon Beacon, RunningSentinel Sentinel)> WithBeaconAsync(Stage stage, BeaconState state)
    {
        var (node, beacon) = (await stage.AnvilAsync(), await stage.BeaconAsync());
        var sentinel = await stage.SentinelAsync(Options.Ethereum(node.Url) with { Consensus = beacon.Url });
        await sentinel.UntilAsync("ok");
        beacon.State = state;
        return (beacon, sentinel);
    }
}
