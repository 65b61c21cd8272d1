using System.Globalization;
using System.Net;
using System.Text.Json;
using HaCluster.Sentinel.Arguments;
using HaCluster.Sentinel.Decisions;
using HaCluster.Sentinel.Tests.Peers;
using HaCluster.Stack.Chains.Replicas;

namespace HaCluster.Sentinel.Tests.Faults;

/// <summary>Three anvils that get the same blocks, each with a stand-in for its consensus client: a block a second, reorganisations of 1 to 8 blocks.</summary>
internal sealed class EthereumSet : INodeSet
{
    private const int ReorganisesEvery = 12;
    private const int MaxDepth = 8;

    private static readonly string[] Own = ["execution", "consensus"];

    private readonly List<AnvilFollower> _followers = [];
    private readonly List<ShiftedClock> _clocks = [];
    private readonly List<StandInBeacon> _beacons = [];
    private readonly List<RunningSentinel> _sentinels = [];
    private readonly DateTimeOffset _genesis = DateTimeOffset.UtcNow.AddSeconds(-1);
    private readonly List<AnvilBlock> _blocks = [];

    private EthereumSet()
    {
    }

    public ChainNodes Nodes { get; } =
        new("ethereum", "mainnet", 30303, 8545, [new NodeSet("ethereum-geth", "geth", 2, 6060), new NodeSet("ethereum-reth", "reth", 1, 9001)]);

    public IReadOnlyList<IPAddress> Addresses { get; } = [IPAddress.Parse("127.0.0.21"), IPAddress.Parse("127.0.0.22"), IPAddress.Parse("127.0.0.23")];

    public int RpcPort { get; } = Waiting.FreePort();

    public int SentinelPort { get; } = Waiting.FreePort();

    public IReadOnlyList<RunningSentinel> Sentinels => _sentinels;

    public CanonicalChain Chain { get; } = new(Limits.Of(Sentinel.Arguments.Chain.Ethereum, "31337").Lag);

    public string[] Parts => Own;

    public string HeadRequest => """{"jsonrpc":"2.0","id":1,"method":"eth_getBlockByNumber","params":["latest",false]}""";

    public IReadOnlyList<IReadOnlyList<Fault>> Lanes =>
    [
        [Hang(0), HeldBack(0), Killed(0), OnAForkOfItsOwn(0)],
        [
            Consensus(1, "the consensus client hangs", Reasons.ConsensusOffline, beacon => beacon.IsHanging = true),
            Consensus(1, "the consensus client has lost the execution client", Reasons.ExecutionOffline, beacon => beacon.State = new BeaconState(IsExecutionOffline: true)),
            Consensus(1, "the consensus client is behind", Reasons.ConsensusBehind, beacon => beacon.State = new BeaconState(Distance: 9, IsSyncing: true)),
            Consensus(1, "the consensus client follows unverified blocks", Reasons.ConsensusBehind, beacon => beacon.State = new BeaconState(IsOptimistic: true)),
            AnotherChain(1),
            Fault.OfClock(_clocks[1], 1, "its clock is two hours ahead", TimeSpan.FromHours(2), Reasons.FailOpen),
            Fault.OfClock(_clocks[1], 1, "its clock is two hours behind", TimeSpan.FromHours(-2), Reasons.Ok),
        ],
    ];

    public static async Task<EthereumSet> StartAsync()
    {
        var set = new EthereumSet();
        var sentinels = set.Addresses.Select(address => new Uri($"http://{address}:{set.SentinelPort}")).ToList();
        foreach (var (pod, index) in set.Nodes.Pods.Select((pod, index) => (pod, index)))
        {
            var address = $"{set.Addresses[index]}";
            set._followers.Add(new AnvilFollower(await ChainProcess.AnvilAsync(set.RpcPort, address: address, genesis: set._genesis)));
            set._beacons.Add(await StandInBeacon.StartAsync());
            set._clocks.Add(new ShiftedClock());
            set._sentinels.Add(await RunningSentinel.StartAsync(
                new SentinelOptions
                {
                    Listen = new IPEndPoint(set.Addresses[index], set.SentinelPort),
                    Chain = Sentinel.Arguments.Chain.Ethereum,
                    Network = "31337",
                    Client = "anvil",
                    Rpc = new NodeAccess(set._followers[index].Node.Url),
                    Consensus = set._beacons[index].Url,
                    Limits = Limits.Of(Sentinel.Arguments.Chain.Ethereum, "31337"),
                    Pod = pod,
                    Siblings = [.. sentinels.Where((_, at) => at != index).Select(Sibling.At)],
                },
                set._clocks[index]));
        }

        return set;
    }

    public async Task AdvanceAsync(CancellationToken stop)
    {
        await ExtendAsync(0, 1, fork: 0);
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1));
        for (var (tick, depth) = (1, 1); !stop.IsCancellationRequested; tick++)
        {
            await timer.WaitForNextTickAsync(CancellationToken.None);
            if (tick % ReorganisesEvery == 0 && _blocks.Count > MaxDepth)
            {
                await ExtendAsync(_blocks.Count - depth, depth + 1, fork: (byte)(tick % 100 + 1));
                depth = depth % MaxDepth + 1;
            }
            else
            {
                await ExtendAsync(_blocks.Count, 1, _blocks[^1].Fork);
            }

            foreach (var beacon in _beacons)
                beacon.State = beacon.State with { HeadSlot = beacon.State.HeadSlot + 1 };
        }
    }

    public (long Height, string? Hash) HeadOf(JsonElement result) => (Number(result), result.GetProperty("hash").GetString());

    public async ValueTask DisposeAsync()
    {
        foreach (var sentinel in _sentinels)
            await sentinel.DisposeAsync();
        foreach (var beacon in _beacons)
            await beacon.DisposeAsync();
        foreach (var follower in _followers)
            follower.Dispose();
    }

    private static long Number(JsonElement block) => long.Parse(block.GetProperty("number").GetString().AsSpan(2), NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    /// <summary>Replaces the blocks from a height on, in every node that takes blocks.</summary>
    private async Task ExtendAsync(int from, int count, byte fork)
    {
        // Blocks of the same time and the same fork have the same hash everywhere; each is of another second.
        var time = DateTimeOffset.UtcNow;
        _blocks.RemoveRange(from, _blocks.Count - from);
        for (var index = 0; index < count; index++)
        {
            var earliest = _blocks.Count == 0 ? _genesis.AddSeconds(1) : _blocks[^1].Time.AddSeconds(1);
            _blocks.Add(new AnvilBlock(index == count - 1 && time > earliest ? time : earliest, fork));
        }

        await Task.WhenAll(_followers.Select(follower => follower.FollowAsync(_blocks)));
        var hashes = new List<string>();
        var node = _followers[^1].Node;
        for (var height = from == 0 ? 0 : from + 1; height <= _blocks.Count; height++)
            hashes.Add((await node.CallAsync("eth_getBlockByNumber", $"0x{height:x}", false)).GetProperty("hash").GetString()!);
        // The block of height 0 was there before.
        Chain.Set(from == 0 ? 0 : from + 1, hashes);
    }

    private Fault Hang(int node) => new(
        "a node hangs",
        node,
        Reasons.Unanswered,
        async () =>
        {
            await _followers[node].PauseAsync();
            await _followers[node].Node.FreezeAsync();
        },
        async () =>
        {
            await _followers[node].Node.ThawAsync();
            _followers[node].GoOn();
        },
        UntilKubelet: true);

    private Fault HeldBack(int node) => new(
        "a node gets no more blocks",
        node,
        Reasons.Lagging,
        () => _followers[node].PauseAsync(),
        () =>
        {
            _followers[node].GoOn();
            return Task.CompletedTask;
        });

    private Fault Killed(int node) => new(
        "a node is killed, and starts again with no data",
        node,
        Reasons.Unanswered,
        async () =>
        {
            await _followers[node].PauseAsync();
            await _followers[node].Node.KillAsync();
        },
        () => _followers[node].StartAgainAsync());

    private Fault OnAForkOfItsOwn(int node) => new(
        "a node is on a fork of its own",
        node,
        Reasons.Diverged,
        () =>
        {
            _followers[node].ForkAt = _blocks.Count - 6;
            return Task.CompletedTask;
        },
        () =>
        {
            _followers[node].ForkAt = null;
            return Task.CompletedTask;
        },
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
                await _followers[node].PauseAsync();
                await _followers[node].Node.KillAsync();
                other = await ChainProcess.AnvilAsync(RpcPort, chainId: 1, address: $"{Addresses[node]}");
            },
            async () =>
            {
                other!.Dispose();
                await _followers[node].StartAgainAsync();
            },
            NeedsQuorum: true);
    }

    private Fault Consensus(int node, string name, string reason, Action<StandInBeacon> change) => new(
        name,
        node,
        reason,
        () =>
        {
            change(_beacons[node]);
            return Task.CompletedTask;
        },
        () =>
        {
            (_beacons[node].IsHanging, _beacons[node].State) = (false, new BeaconState());
            return Task.CompletedTask;
        });
}
