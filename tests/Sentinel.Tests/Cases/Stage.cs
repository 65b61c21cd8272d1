using System.Net;
using HaCluster.Sentinel.Arguments;
using HaCluster.Sentinel.Tests.Peers;
using HaCluster.Workloads.Tests.Chains;

namespace HaCluster.Sentinel.Tests.Cases;

/// <summary>Nodes and sentinels of one test, which end with it in the reverse order.</summary>
internal sealed class Stage : IAsyncDisposable
{
    private readonly Stack<IAsyncDisposable> _all = [];

    public ShiftedClock Clock { get; } = new();

    public async Task<ChainProcess> AnvilAsync(int chainId = 31337, DateTimeOffset? genesis = null)
    {
        var node = await ChainProcess.AnvilAsync(chainId: chainId, genesis: genesis);
        _all.Push(new Sync(node));
        return node;
    }

    public async Task<StandInBeacon> BeaconAsync() => Keep(await StandInBeacon.StartAsync());

    public async Task<BtcdNode> BtcdAsync()
    {
        var authority = new Authority();
        _all.Push(new Sync(authority));
        return Keep(await BtcdNode.StartAsync(authority, "of-the-test"));
    }

    public async Task<(ChainProcess Miner, ChainProcess Follower)> EthereumPeersAsync()
    {
        var (miner, follower) = await ChainProcess.EthereumPeersAsync();
        _all.Push(new Sync(miner));
        _all.Push(new Sync(follower));
        return (miner, follower);
    }

    /// <summary>Beside a node, with the sentinels of others as its siblings.</summary>
    public Task<RunningSentinel> BesideAsync(ChainProcess node, params RunningSentinel[] siblings) =>
        SentinelAsync(Options.Ethereum(node.Url, [.. siblings.Select(one => one.Url)]));

    public async Task<RunningSentinel> SentinelAsync(SentinelOptions options) => Keep(await RunningSentinel.StartAsync(options, Clock));

    /// <summary>Where nothing listens.</summary>
    public static Uri Nowhere() => new($"http://{IPAddress.Loopback}:{Waiting.FreePort()}");

    public async ValueTask DisposeAsync()
    {
        while (_all.TryPop(out var one))
            await one.DisposeAsync();
    }

    private T Keep<T>(T one)
        where T : IAsyncDisposable
    {
        _all.Push(one);
        return one;
    }

    private sealed class Sync(IDisposable one) : IAsyncDisposable
    {
        public ValueTask DisposeAsync()
        {
            one.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
