using System.Numerics;
using HaCluster.Ledger.Records;

namespace HaCluster.Ledger.Proof;

/// <summary>
/// A Merkle tree (https://www.rfc-editor.org/rfc/rfc6962#section-2.1) that grows: only the roots of its full subtrees are kept, one for each bit of its size,
/// the largest first.
/// </summary>
internal sealed class MerkleFrontier
{
    private readonly List<byte[]> _roots = [];

    // Half of all entries free the memory that the others need.
    private readonly Stack<byte[]> _spare = new();

    public MerkleFrontier()
    {
    }

    /// <exception cref="FormatException">A tree of this size has another number of full subtrees.</exception>
    public MerkleFrontier(long size, IEnumerable<byte[]> roots)
    {
        (Size, _roots) = (size, [.. roots.Select(root => root.ToArray())]);
        if (_roots.Count != BitOperations.PopCount((ulong)size))
            throw new FormatException($"the frontier of {size} entries has {_roots.Count} hashes");
    }

    public long Size { get; private set; }

    public IReadOnlyList<byte[]> Roots => _roots;

    public void Add(ReadOnlySpan<byte> leaf)
    {
        var node = _spare.TryPop(out var spare) ? spare : new byte[Hash.Size];
        leaf.CopyTo(node);
        // Each set bit at the end is a full subtree that the new one makes full again, one level higher.
        for (var size = Size; (size & 1) == 1; size >>= 1)
        {
            Hash.Node(_roots[^1], node, node);
            _spare.Push(_roots[^1]);
            _roots.RemoveAt(_roots.Count - 1);
        }

        _roots.Add(node);
        Size++;
    }

    public byte[] Root()
    {
        if (_roots.Count == 0)
            return System.Security.Cryptography.SHA256.HashData([]);
        var root = _roots[^1].ToArray();
        for (var index = _roots.Count - 2; index >= 0; index--)
            Hash.Node(_roots[index], root, root);
        return root;
    }

    public MerkleFrontier Copy() => new(Size, _roots);
}
