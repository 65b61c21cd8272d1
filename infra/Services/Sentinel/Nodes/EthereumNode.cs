using System.Globalization;
using System.Text.Json;
using HaCluster.Sentinel.Arguments;

namespace HaCluster.Sentinel.Nodes;

/// <summary>geth, reth, nethermind or erigon by the methods of https://ethereum.github.io/execution-apis/.</summary>
internal sealed class EthereumNode(JsonRpc rpc, TimeProvider clock) : IChainNode
{
    private static readonly TimeSpan SlowInterval = TimeSpan.FromSeconds(10);

    private readonly RecentBlocks _recent = new();
    private string? _version;
    private Slow? _slow;
    private long _slowAsked;

    public async Task<NodeFacts> AskAsync(CancellationToken cancellationToken)
    {
        using var answer = await rpc.CallAsync("eth_getBlockByNumber", cancellationToken, "latest", false);
        var block = answer.Value;
        var head = new BlockId(block.HexHeight("number"), block.Hash("hash"));
        var reorganised = await _recent.FollowAsync(head, block.Hash("parentHash"), hash => ParentAsync(hash, cancellationToken));
        // Asked after the block: a node that was replaced by one of another network since then must not lend it its name.
        var network = await NetworkAsync(cancellationToken);
        using var syncing = await rpc.CallAsync("eth_syncing", cancellationToken);
        if (_slow is null || clock.GetElapsedTime(_slowAsked) >= SlowInterval)
            (_slow, _slowAsked) = (await SlowAsync(cancellationToken), clock.GetTimestamp());
        _version ??= await VersionAsync(cancellationToken);
        return new NodeFacts
        {
            Head = new Head(head.Height, head.Hash, JsonReading.Moment(block.HexHeight("timestamp"), "timestamp")),
            Recent = _recent.Newest,
            Network = network,
            Version = _version,
            Peers = _slow.Peers,
            Finalized = _slow.Finalized,
            GasPrice = _slow.GasPrice,
            BaseFee = block.Optional("baseFeePerGas").Wei(),
            ReportsSyncing = syncing.Value.ValueKind switch
            {
                JsonValueKind.False => false,
                JsonValueKind.Object => true,
                _ => throw JsonReading.Malformed("answer to eth_syncing"),
            },
            ReorgDepth = reorganised,
        };
    }

    private async Task<(BlockId Id, string Parent)?> ParentAsync(string hash, CancellationToken cancellationToken)
    {
        using var answer = await rpc.CallAsync("eth_getBlockByHash", cancellationToken, hash, false);
        return answer.Value.ValueKind == JsonValueKind.Null
            ? null
            : (new BlockId(answer.Value.HexHeight("number"), answer.Value.Hash("hash")), answer.Value.Hash("parentHash"));
    }

    private async Task<string> NetworkAsync(CancellationToken cancellationToken)
    {
        using var answer = await rpc.CallAsync("eth_chainId", cancellationToken);
        return Networks.OfEthereum((ulong)JsonReading.Quantity(answer.Value.AsText("chain id"), "chain id"));
    }

    private async Task<string> VersionAsync(CancellationToken cancellationToken)
    {
        using var answer = await rpc.TryAsync("web3_clientVersion", cancellationToken);
        return answer is { Value: { ValueKind: JsonValueKind.String } text } ? text.AsText("version") : "";
    }

    private async Task<Slow> SlowAsync(CancellationToken cancellationToken)
    {
        using var peers = await rpc.TryAsync("net_peerCount", cancellationToken);
        // Unknown to a node that has not finalized anything since it started, and to development chains.
        using var finalized = await rpc.TryAsync("eth_getBlockByNumber", cancellationToken, "finalized", false);
        using var price = await rpc.TryAsync("eth_gasPrice", cancellationToken);
        return new Slow(
            peers is null ? null : PeersOf(peers.Value),
            finalized is { Value.ValueKind: JsonValueKind.Object } ? finalized.Value.HexHeight("number") : null,
            ((JsonElement?)price?.Value).Wei());
    }

    /// <summary>A quantity; some development nodes answer with a plain number.</summary>
    private static int? PeersOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String when value.AsText("peer count") is var text => (int)Math.Min(
            int.MaxValue,
            text.StartsWith("0x", StringComparison.Ordinal) ? JsonReading.Quantity(text, "peer count")
                : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? count : throw JsonReading.Malformed("peer count")),
        JsonValueKind.Number when value.TryGetInt32(out var count) && count >= 0 => count,
        _ => throw JsonReading.Malformed("peer count"),
    };

    private sealed record Slow(int? Peers, long? Finalized, double? GasPrice);
}
