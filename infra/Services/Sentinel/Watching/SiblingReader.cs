using System.Text.Json;
using HaCluster.Sentinel.Decisions;
using HaCluster.Sentinel.Nodes;

namespace HaCluster.Sentinel.Watching;

/// <summary>Reads another sentinel's <c>/ready</c>, as carefully as a node's response: it may be another version, or another server.</summary>
internal static class SiblingReader
{
    /// <exception cref="RpcException">It is not the document of a sentinel.</exception>
    public static SiblingFacts Read(string name, JsonElement document) => new(
        name,
        document.Text("network"),
        document.Text("reason"),
        document.Optional("head") is { } head ? Block(head) : null,
        document.Optional("recent") is { ValueKind: JsonValueKind.Array } recent ? [.. recent.EnumerateArray().Take(RecentBlocks.MaxShared).Select(Block)] : [],
        document.Optional("consensus")?.Height("distance"));

    private static BlockId Block(JsonElement block) => new(block.Height("height"), block.Hash("hash"));
}
