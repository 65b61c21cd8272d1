using System.Numerics;
using HaCluster.Ledger.Records;

namespace HaCluster.Ledger.Proof;

/// <summary>The hashes that lead from one entry to the root of a tree (https://www.rfc-editor.org/rfc/rfc6962#section-2.1.1).</summary>
internal static class InclusionPath
{
    public static IReadOnlyList<byte[]> Of(long index, ReadOnlySpan<byte> leaves)
    {
        var path = new List<byte[]>();
        Collect(index, leaves, path);
        return path;
    }

    /// <returns>The root that the path leads to; null when it has the wrong length.</returns>
    public static byte[]? Root(ReadOnlySpan<byte> leaf, long index, long size, IReadOnlyList<byte[]> path)
    {
        if (index < 0 || index >= size)
            return null;
        // https://www.rfc-editor.org/rfc/rfc9162#section-2.1.3.2
        var (node, last, root) = (index, size - 1, leaf.ToArray());
        foreach (var step in path)
        {
            if (last == 0 || step.Length != Hash.Size)
                return null;
            if ((node & 1) == 1 || node == last)
            {
                Hash.Node(step, root, root);
                while ((node & 1) == 0 && node != 0)
                    (node, last) = (node >> 1, last >> 1);
            }
            else
            {
                Hash.Node(root, step, root);
            }

            (node, last) = (node >> 1, last >> 1);
        }

        return last == 0 ? root : null;
    }

    private static void Collect(long index, ReadOnlySpan<byte> leaves, List<byte[]> path)
    {
        var count = leaves.Length / Hash.Size;
        if (count <= 1)
            return;
        var split = Split(count);
        var left = leaves[..(split * Hash.Size)];
        var right = leaves[(split * Hash.Size)..];
        Collect(index < split ? index : index - split, index < split ? left : right, path);
        path.Add(Root(index < split ? right : left));
    }

    private static byte[] Root(ReadOnlySpan<byte> leaves)
    {
        var tree = new MerkleFrontier();
        for (var start = 0; start < leaves.Length; start += Hash.Size)
            tree.Add(leaves.Slice(start, Hash.Size));
        return tree.Root();
    }

    /// <summary>The largest power of two below the count.</summary>
    private static int Split(int count) => 1 << (BitOperations.Log2((uint)(count - 1)));
}
