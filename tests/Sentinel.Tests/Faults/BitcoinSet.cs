using System.Net;
using System.Text.Json;
using HaCluster.Sentinel.Arguments;
using HaCluster.Sentinel.Decisions;
using HaCluster.Sentinel.Tests.Peers;
using HaCluster.Stack.Chains.Replicas;
using HaCluster.Workloads.Tests.Chains;

namespace HaCluster.Sentinel.Tests.Faults;

/// <summary>
/// Three bcoins, each behind what makes it answer as btcd does: two are peers of the third, which mines a block every five seconds. A fourth, of another miner,
/// finds the longer chain now and then: reorganisations of 1 to 6 blocks, which the others get from their peers. A fifth stands for the rest of the network:
/// the third keeps it as a peer when the other two are gone.
/// </summary>
internal sealed class BitcoinSet : INodeSet
{
    private static readonly TimeSpan BlockTime = TimeSpan.FromSeconds(5);

    private const int ReorganisesEvery = 3;

    /// <summary>Of the fork that a node is led to: so deep that a node that is behind meanwhile has a block above it, and no deeper than sentinels tell one another.</summary>
    private const int ForkDepth = 13;

    private static readonly int[] Depths = [1, 6, 2, 5, 3, 4];

    private readonly List<BtcdNode> _nodes = [];
    private readonly List<PeerLink> _links = [];
    private readonly List<ShiftedClock> _clocks = [];
    private readonly List<RunningSentinel> _sentinels = [];
    private readonly SemaphoreSlim _one = new(1);
    private readonly IPEndPoint _minerPeer;
    private readonly IPEndPoint _rivalPeer = new(IPAddress.Loopback, Waiting.FreePort());
    private ChainProcess _rival = null!;
    private ChainProcess _network = null!;
    private bool _isForked;

    private BitcoinSet() => _minerPeer = new IPEndPoint(Addresses[Addresses.Count - 1], Waiting.FreePort());

    public ChainNodes Nodes { get; } = new("bitcoin", "mainnet", 8333, 8334, [new NodeSet("bitcoin-btcd", "btcd", 3, null)]);

    public IReadOnlyList<IPAddress> Addresses { get; } = [IPAddress.Parse("127.0.0.31"), IPAddress.Parse("127.0.0.32"), IPAddress.Parse("127.0.0.33")];

    public int RpcPort { get; } = Waiting.FreePort();

    public int SentinelPort { get; } = Waiting.FreePort();

    public IReadOnlyList<RunningSentinel> Sentinels => _sentinels;

    public CanonicalChain Chain { get; } = new(Limits.Of(Sentinel.Arguments.Chain.Bitcoin, "mainnet").Lag);

    public string[] Parts => [];

    public string HeadRequest => """{"jsonrpc":"1.0","id":1,"method":"getbestblock","params":[]}""";

    public IReadOnlyList<IReadOnlyList<Fault>> Lanes =>
    [
        [
            Hang(0), Killed(0), Renewed(0),
            Fault.OfClock(_clocks[2], 2, "its clock is three hours ahead", TimeSpan.FromHours(3), Reasons.FailOpen), Fault.OfClock(_clocks[2], 2, "its clock is three hours behind", TimeSpan.FromHours(-3), Reasons.Ok),
        ],
        [OnAFork(1), HeldBack(1), AnotherChain(1)],
    ];

    private ChainProcess Miner => _nodes[^1].Bcoin;

    public static async Task<BitcoinSet> StartAsync(Authority authority)
    {
        var set = new BitcoinSet();
        var last = set.Addresses.Count - 1;
        var miner = set.NodeAsync(last, authority, set._minerPeer.Port, peer: null);
        set._network = await ChainProcess.BcoinAsync(BtcdNode.BcoinPassword, peer: $"{set._minerPeer}");
        set._rival = await ChainProcess.BcoinAsync(BtcdNode.BcoinPassword, peerPort: set._rivalPeer.Port);
        var mined = await (await miner).Bcoin.GenerateAsync(2 * ForkDepth);
        await set._rival.TakeAsync((await miner).Bcoin, mined);
        set._links.AddRange(Enumerable.Range(0, last).Select(_ => new PeerLink(set._minerPeer)));
        set._nodes.AddRange(await Task.WhenAll(set._links.Select((link, index) => set.NodeAsync(index, authority, peerPort: 0, link.Address))));
        set._nodes.Add(await miner);
        var sentinels = set.Addresses.Select(address => new Uri($"http://{address}:{set.SentinelPort}")).ToList();
        foreach (var (pod, index) in set.Nodes.Pods.Select((pod, index) => (pod, index)))
        {
            set._clocks.Add(new ShiftedClock());
            set._sentinels.Add(await RunningSentinel.StartAsync(
                Options.Bitcoin(set._nodes[index].Access, [.. sentinels.Where((_, at) => at != index)]) with
                {
                    Listen = new IPEndPoint(set.Addresses[index], set.SentinelPort),
                    Limits = Limits.Of(Sentinel.Arguments.Chain.Bitcoin, "mainnet"),
                    Pod = pod,
                },
                set._clocks[index]));
        }

        return set;
    }

    public async Task AdvanceAsync(CancellationToken stop)
    {
        Chain.Set(0, await Miner.HashesAsync(0));
        using var timer = new PeriodicTimer(BlockTime);
        for (var (tick, reorganisations) = (1, 0); !stop.IsCancellationRequested; tick++)
        {
            await timer.WaitForNextTickAsync(CancellationToken.None);
            await OneAtATimeAsync(async () =>
            {
                if (tick % ReorganisesEvery != 0 || _isForked)
                    await MineAsync();
                else
                    await ReorganiseAsync(Depths[reorganisations++ % Depths.Length]);
            });
        }
    }

    public (long Height, string? Hash) HeadOf(JsonElement result) => (result.GetProperty("height").GetInt64(), result.GetProperty("hash").GetString());

    public async ValueTask DisposeAsync()
    {
        foreach (var sentinel in _sentinels)
            await sentinel.DisposeAsync();
        foreach (var node in _nodes)
            await node.DisposeAsync();
        foreach (var link in _links)
            await link.DisposeAsync();
        _network.Dispose();
        _rival.Dispose();
        _one.Dispose();
    }

    private Task<BtcdNode> NodeAsync(int index, Authority authority, int peerPort, string? peer) => BtcdNode.StartAsync(
        authority, Front.Password, new IPEndPoint(Addresses[index], RpcPort), peerPort, peer, Nodes.HostOf(Nodes.Pods.ElementAt(index)));

    private async Task MineAsync(int blocks = 1)
    {
        var hashes = await Miner.GenerateAsync(blocks);
        Chain.Set(Chain.Length, hashes);
        if (!_isForked)
            await _rival.TakeAsync(Miner, hashes);
        // A fork that is not the longer one any more: its node keeps it for want of a peer that has another.
        else if (await _rival.HeightAsync() < Chain.Length - 2)
            await _rival.GenerateAsync();
    }

    private async Task ReorganiseAsync(int depth)
    {
        var hashes = await _rival.ReplaceAsync(depth);
        await Miner.TakeAsync(_rival, hashes);
        Chain.Set(Chain.Length - depth, hashes);
    }

    private async Task OneAtATimeAsync(Func<Task> act)
    {
        await _one.WaitAsync();
        try
        {
            await act();
        }
        finally
        {
            _one.Release();
        }
    }

    private Fault Hang(int node) => new(
        "a node hangs", node, Reasons.Unanswered, () => _nodes[node].Bcoin.FreezeAsync(), () => _nodes[node].Bcoin.ThawAsync(), UntilKubelet: true, NeedsQuorum: true);

    private Fault Killed(int node) => new(
        "a node is killed, and starts again with its data", node, Reasons.Unanswered, () => _nodes[node].KillAsync(), () => _nodes[node].StartAgainAsync(), NeedsQuorum: true);

    private Fault Renewed(int node) => new(
        "a node restarts with a renewed certificate",
        node,
        Reasons.Ok,
        async () =>
        {
            _nodes[node].RenewCertificate();
            await _nodes[node].KillAsync();
            await _nodes[node].StartAgainAsync();
        },
        () => Task.CompletedTask);

    private Fault HeldBack(int node) => new(
        "a node gets no more blocks",
        node,
        Reasons.Lagging,
        async () =>
        {
            _links[node].Hold();
            await OneAtATimeAsync(() => MineAsync((int)Limits.Of(Sentinel.Arguments.Chain.Bitcoin, "mainnet").Lag + 1));
        },
        () =>
        {
            _links[node].Release();
            return Task.CompletedTask;
        });

    private Fault OnAFork(int node) => new(
        "a node's only peer is on a fork",
        node,
        Reasons.Diverged,
        () => OneAtATimeAsync(async () =>
        {
            _isForked = true;
            await _rival.ReplaceAsync(ForkDepth);
            _links[node].LeadTo(_rivalPeer);
        }),
        () => OneAtATimeAsync(async () =>
        {
            while (await _rival.HeightAsync() >= Chain.Length - 1)
                await MineAsync();
            _isForked = false;
            _links[node].LeadTo(_minerPeer);
            await _rival.TakeAsync(Miner, await Miner.HashesAsync(await CommonAsync() + 1));
        }),
        NeedsQuorum: true);

    private Fault AnotherChain(int node)
    {
        ChainProcess? other = null;
        return new Fault(
            "a node comes back as another chain's",
            node,
            Reasons.WrongNetwork,
            async () =>
            {
                await _nodes[node].Bcoin.KillAsync();
                other = await ChainProcess.BcoinAsync(BtcdNode.BcoinPassword, $"{Addresses[node]}", _nodes[node].Bcoin.Port, network: "testnet");
            },
            async () =>
            {
                await other!.KillAsync();
                await _nodes[node].Bcoin.StartAgainAsync();
            });
    }

    /// <summary>The newest block that both miners have.</summary>
    private async Task<long> CommonAsync()
    {
        var height = Math.Min(await _rival.HeightAsync(), await Miner.HeightAsync());
        while (height > 0 && (await _rival.CallAsync("getblockhash", height)).GetString() != (await Miner.CallAsync("getblockhash", height)).GetString())
            height--;
        return height;
    }
}
