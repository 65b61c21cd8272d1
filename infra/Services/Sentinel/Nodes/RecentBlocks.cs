using System.Collections.Immutable;

namespace HaCluster.Sentinel.Nodes;

/// <summary>The last blocks of a node, kept from one answer to the next: what siblings compare, and where a reorganisation shows.</summary>
internal sealed class RecentBlocks
{
    /// <summary>Of an answer, by the contract.</summary>
    public const int Told = 8;

    /// <summary>More are kept, so that a deep reorganisation is measured in full.</summary>
    private const int Kept = 64;

    private ImmutableArray<BlockId> _blocks = [];

    public ImmutableArray<BlockId> Newest => _blocks.Length <= Told ? _blocks : _blocks[..Told];

    /// <summary>Follows a new head back to a block that is known, or as far as is told.</summary>
    /// <param name="parentOf">Asks the node for the parent of a block.</param>
    /// <returns>How many blocks the reorganisation gave up; null when there was none, or it cannot be told.</returns>
    public async Task<int?> FollowAsync(BlockId head, string parent, Func<string, Task<(BlockId Id, string Parent)>> parentOf)
    {
        if (IndexOf(head) is var known and >= 0)
        {
            // The node went back on its own chain, or stands where it stood.
            _blocks = [.. _blocks.Skip(known)];
            return known > 0 ? known : null;
        }

        var added = ImmutableArray.CreateBuilder<BlockId>();
        added.Add(head);
        var (height, hash) = (head.Height - 1, parent);
        while (height >= 0 && added.Count < Kept && IndexOf(new BlockId(height, hash)) < 0)
        {
            // A gap that is longer than what is kept, above all that is known, is a node that catches up.
            if (added.Count >= Told && (_blocks.IsEmpty || height > _blocks[0].Height))
                break;
            var (block, next) = await parentOf(hash);
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
