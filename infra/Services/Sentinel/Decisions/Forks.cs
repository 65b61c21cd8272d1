using System.Collections.Immutable;
using HaCluster.Sentinel.Nodes;

namespace HaCluster.Sentinel.Decisions;

/// <summary>
/// Which nodes are on this node's fork, and which are on another. Two nodes may differ in the newest blocks for a while; they are compared three blocks below the
/// lower of their heads.
/// </summary>
/// <param name="Agreeing">Siblings that have the same block.</param>
/// <param name="Differing">Siblings that have another.</param>
/// <param name="LargestOther">Size of the largest group of <paramref name="Differing"/> that agree with one another.</param>
internal sealed record Forks(int Agreeing, ImmutableArray<SiblingFacts> Differing, int LargestOther)
{
    public const int Settled = 3;

    public static readonly Forks None = new(0, [], 0);

    /// <summary>More nodes have another block than have this node's. In a tie nobody can tell who is right, and taking both sides out would leave none.</summary>
    public bool IsOutvoted => LargestOther > Agreeing + 1;

    /// <summary>More nodes differ from this one than agree with it, whether or not they agree with one another: after a reorganisation not all have told of it yet.</summary>
    public bool IsOutnumbered => Differing.Length > Agreeing + 1;

    public static Forks Of(Snapshot at)
    {
        if (at.Node is not { } node)
            return None;
        var (agreeing, differing) = (0, ImmutableArray.CreateBuilder<SiblingFacts>());
        foreach (var sibling in at.Comparable)
        {
            if (Agree(node.Head.Height, node.Recent, sibling.Head!.Value.Height, sibling.Recent) is not { } same)
                continue;
            if (same)
                agreeing++;
            else
                differing.Add(sibling);
        }

        return new Forks(agreeing, differing.ToImmutable(), differing.Select(one => differing.Count(other => ReferenceEquals(one, other) || Agree(one, other))).DefaultIfEmpty().Max());
    }

    private static bool Agree(SiblingFacts one, SiblingFacts other) => Agree(one.Head!.Value.Height, one.Recent, other.Head!.Value.Height, other.Recent) == true;

    /// <summary>Null where one of the two has not told of that block.</summary>
    private static bool? Agree(long height, ImmutableArray<BlockId> recent, long otherHeight, ImmutableArray<BlockId> otherRecent)
    {
        var settled = Math.Min(height, otherHeight) - Settled;
        return HashAt(recent, settled) is { } own && HashAt(otherRecent, settled) is { } other ? string.Equals(own, other, StringComparison.OrdinalIgnoreCase) : null;
    }

    private static string? HashAt(ImmutableArray<BlockId> blocks, long height)
    {
        foreach (var block in blocks)
        {
            if (block.Height == height)
                return block.Hash;
        }

        return null;
    }
}
