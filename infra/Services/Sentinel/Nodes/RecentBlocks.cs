using System.Collections.Immutable;

namespace HaCluster.Sentinel.Nodes;

/// <summary>The last blocks of a node, kept from one answer to the next: what siblings compare, and where a reorganisation shows.</summary>
internal sealed class RecentBlocks
{
    /// <summary>Of an answer, by the contract: nodes that are no farther apart than Ethereum's <c>--lag</c> have a settled block in common.</summary>
    public const int MaxShared = 16;

    /// <summary>More are kept, so that a deep reorganisation is measured in full.</summary>
    private const int Kept = 64;

    private ImmutableArray<BlockId> _blocks = [];

    public ImmutableArray<BlockId> Newest => _blocks.Length <= MaxShared ? _blocks : _blocks[..MaxShared];

    /// <summary>Follows a new head back to a known block, or as far as parents are available.</summary>
    /// <param name="parentOf">Asks the node for the parent of a block; null where it does not have it, such as below where its sync began.</param>
    /// <returns>Number of blocks replaced by the reorganisation; null if there was none, or it is unknown.</returns>
    public async Task<int?> FollowAsync(BlockId head, string parent, Func<string, Task<(BlockId Id, string Parent)?>> parentOf)
    {
        if (IndexOf(head) is var known and >= 0)
        {
            // The node went back on its own chain, or did not move.
            _blocks = [.. _blocks.Skip(known)];
            return known > 0 ? known : null;
        }

        var added = ImmutableArray.CreateBuilder<BlockId>();
        added.Add(head);
        var (height, hash) = (head.Height - 1, parent);
        while (height >= 0 && added.Count < Kept && IndexOf(new BlockId(height, hash)) < 0)
        {
            // A gap that is longer than what is kept, above all that is known, is a node that catches up.
            if (added.Count >= MaxShared && (_blocks.IsEmpty || height > _blocks[0].Height))
                break;
            if (await parentOf(hash) is not var (block, next))
                break;
            if (block.Height != height)
                throw JsonReading.Malformed("height of a parent");
            added.Add(block);
            (height, hash) = (height - 1, next);
        }

        var joint = height < 0 ? -1 : IndexOf(new BlockId(height, hash));
        var before = _blocks;
        _blocks = [.. added.Concat(joint < 0 ? [] : before.Skip(joint)).Take(Kept)];
        if (before.IsEmpty || joint == 0)
            return null;
        // Blocks above the joint are given up; without one, all those at or above the lowest that was followed.
        var lost = joint > 0 ? joint : before.Count(block => block.Height >= added[^1].Height);
        return lost > 0 ? lost : null;
    }

    private int IndexOf(BlockId block) => _blocks.IndexOf(block);
}
