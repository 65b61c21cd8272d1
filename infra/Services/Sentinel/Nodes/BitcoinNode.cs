using System.Collections.Immutable;
using System.Text.Json;
using HaCluster.Sentinel.Arguments;

namespace HaCluster.Sentinel.Nodes;

/// <summary>
/// btcd, bitcoind and bcoin, read through the methods that they share. btcd fills <c>headers</c> with <c>blocks</c> and never reports that it is in its initial
/// download (https://github.com/btcsuite/btcd/blob/master/rpcserver.go, <c>handleGetBlockChainInfo</c>), so neither is taken for a sign of health.
/// </summary>
internal sealed class BitcoinNode(JsonRpc rpc, TimeProvider clock) : IChainNode
{
    /// <summary>What changes slowly is asked less often.</summary>
    private static readonly TimeSpan SlowInterval = TimeSpan.FromSeconds(10);

    /// <summary>Blocks that headers may be ahead of: a day.</summary>
    private const long MaxAhead = 144;

    private static readonly string[] HeightsOfPeers = ["currentheight", "synced_headers", "startingheight"];

    private readonly RecentBlocks _recent = new();
    private Head? _head;
    private string? _version;
    private Slow _slow = new(null, null, null);
    private long _slowAsked = long.MinValue;

    public async Task<NodeFacts> AskAsync(CancellationToken cancellationToken)
    {
        using var answer = await rpc.CallAsync("getblockchaininfo", cancellationToken);
        var chain = answer.Value;
        var best = new BlockId(chain.Height("blocks"), chain.Hash("bestblockhash"));
        var reorganised = await FollowAsync(best, cancellationToken);
        _version ??= await VersionAsync(cancellationToken);
        if (_slowAsked == long.MinValue || clock.GetElapsedTime(_slowAsked) >= SlowInterval)
            (_slow, _slowAsked) = (await SlowAsync(cancellationToken), clock.GetTimestamp());
        return new NodeFacts
        {
            Head = _head!,
            Recent = _recent.Newest,
            Network = Networks.OfBitcoin(chain.Text("chain")),
            Version = _version,
            Peers = _slow.Peers,
            PeerHeight = _slow.PeerHeight,
            Mempool = _slow.Mempool,
            ReportsSyncing = chain.Optional("initialblockdownload") is { ValueKind: JsonValueKind.True }
                || (chain.Optional("headers") is not null && chain.Height("headers") - best.Height > MaxAhead),
            VerificationProgress = chain.Share("verificationprogress"),
            ReorgDepth = reorganised,
        };
    }

    private async Task<int?> FollowAsync(BlockId best, CancellationToken cancellationToken)
    {
        if (_head?.Id == best)
            return null;
        var (id, parent, time) = await HeaderAsync(best.Hash, cancellationToken);
        if (id.Height != best.Height)
            throw JsonReading.Malformed("height");
        var depth = await _recent.FollowAsync(best, parent, async hash => await HeaderAsync(hash, cancellationToken) is var (block, next, _) ? (block, next) : null);
        _head = new Head(best.Height, best.Hash, time);
        return depth;
    }

    private async Task<(BlockId Id, string Parent, DateTimeOffset Time)> HeaderAsync(string hash, CancellationToken cancellationToken)
    {
        using var answer = await rpc.CallAsync("getblockheader", cancellationToken, hash, true);
        var header = answer.Value;
        // The first block has no parent: absent, or 64 zeros.
        var parent = header.Optional("previousblockhash") is null ? "" : header.Text("previousblockhash");
        return (new BlockId(header.Height("height"), header.Hash("hash")), parent, JsonReading.Moment(header.Height("time"), "time"));
    }

    /// <summary>bitcoind reports it in <c>getnetworkinfo</c>, which btcd does not have; btcd reports a number in <c>getinfo</c>.</summary>
    private async Task<string> VersionAsync(CancellationToken cancellationToken)
    {
        using var network = await rpc.TryAsync("getnetworkinfo", cancellationToken);
        if (network?.Value.Optional("subversion") is { ValueKind: JsonValueKind.String } agent)
            return agent.AsText("version").Trim('/');
        using var info = await rpc.TryAsync("getinfo", cancellationToken);
        return info?.Value.Optional("version") is { } version ? version.ValueKind == JsonValueKind.String ? version.AsText("version") : version.GetRawText() : "";
    }

    private async Task<Slow> SlowAsync(CancellationToken cancellationToken)
    {
        using var peers = await rpc.CallAsync("getpeerinfo", cancellationToken);
        if (peers.Value.ValueKind != JsonValueKind.Array)
            throw JsonReading.Malformed("list of peers");
        var heights = peers.Value.EnumerateArray().Select(HeightOf).OfType<long>().Order().ToImmutableArray();
        using var mempool = await rpc.TryAsync("getmempoolinfo", cancellationToken);
        return new Slow(
            peers.Value.GetArrayLength(),
            heights.IsEmpty ? null : heights[heights.Length / 2],
            mempool is { Value: var pool } ? (pool.Height("size"), pool.Height("bytes")) : null);
    }

    /// <summary>What a peer announced since it was met, or when it was; null where it announced nothing (-1 in bitcoind).</summary>
    private static long? HeightOf(JsonElement peer) => HeightsOfPeers
        .Select(name => peer.Optional(name) is { ValueKind: JsonValueKind.Number } height && height.TryGetInt64(out var number) && number > 0 ? number : (long?)null)
        .FirstOrDefault(height => height is not null);

    private sealed record Slow(int? Peers, long? PeerHeight, (long Transactions, long Bytes)? Mempool);
}
