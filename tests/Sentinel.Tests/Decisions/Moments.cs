using System.Globalization;
using HaCluster.Sentinel.Arguments;
using HaCluster.Sentinel.Decisions;
using HaCluster.Sentinel.Nodes;

namespace HaCluster.Sentinel.Tests.Decisions;

/// <summary>Healthy moments of both chains, to be changed in one point by each test.</summary>
internal static class Moments
{
    public static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    public static readonly Snapshot Bitcoin = new()
    {
        Now = Noon,
        Chain = Chain.Bitcoin,
        Network = "mainnet",
        Limits = Limits.Of(Chain.Bitcoin, "mainnet"),
        Node = NodeAt(900_000, Noon.AddMinutes(-8)) with { Network = "mainnet", Peers = 8, PeerHeight = 900_000 },
        HasSiblings = true,
        Siblings = [SiblingAt("bitcoin-1", 900_000), SiblingAt("bitcoin-2", 899_999)],
    };

    public static readonly Snapshot Ethereum = new()
    {
        Now = Noon,
        Chain = Chain.Ethereum,
        Network = "mainnet",
        Limits = Limits.Of(Chain.Ethereum, "mainnet"),
        Node = NodeAt(23_000_000, Noon.AddSeconds(-7)) with { Network = "mainnet", Peers = 40 },
        HasConsensus = true,
        Consensus = new ConsensusFacts(13_000_000, 0, false, false, false, 70),
        HasSiblings = true,
        Siblings = [SiblingAt("ethereum-1", 23_000_000) with { Distance = 0 }, SiblingAt("ethereum-2", 22_999_999) with { Distance = 1 }],
    };

    public static Snapshot Of(string chain) => chain == "bitcoin" ? Bitcoin : Ethereum;

    public static NodeFacts NodeAt(long height, DateTimeOffset time, string fork = "a") => new()
    {
        Network = "mainnet",
        Head = new Head(height, HashOf(height, fork), time),
        Recent = [.. Recent(height, fork)],
    };

    public static SiblingFacts SiblingAt(string name, long height, string fork = "a") =>
        new(name, "mainnet", "ok", new BlockId(height, HashOf(height, fork)), [.. Recent(height, fork)]);

    public static string HashOf(long height, string fork) => fork.PadLeft(4, '0') + height.ToString("x60", CultureInfo.InvariantCulture);

    private static IEnumerable<BlockId> Recent(long height, string fork) =>
        Enumerable.Range(0, RecentBlocks.MaxShared).Select(back => new BlockId(height - back, HashOf(height - back, fork)));
}
