namespace HaCluster.Simulation.Scheduling.Counting;

/// <summary>The nodes for which a <see cref="NodeCondition"/> holds: one bit for each.</summary>
internal sealed class NodeSet(object owner, ulong[] bits)
{
    private ulong[] _bits = bits;

    /// <summary>The state that may change it; others copy it first.</summary>
    public object Owner { get; } = owner;

    public bool this[int node] => (uint)(node >> 6) < (uint)_bits.Length && (_bits[node >> 6] & (1UL << node)) != 0;

    public NodeSet CopyFor(object owner) => new(owner, [.. _bits]);

    public void Set(int node, bool isIn)
    {
        if (node >> 6 >= _bits.Length)
            Array.Resize(ref _bits, Math.Max(_bits.Length * 2, (node >> 6) + 1));
        if (isIn)
            _bits[node >> 6] |= 1UL << node;
        else
            _bits[node >> 6] &= ~(1UL << node);
    }
}
