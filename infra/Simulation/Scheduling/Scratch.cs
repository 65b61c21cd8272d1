namespace HaCluster.Simulation.Scheduling;

/// <summary>Buffers that are reused for each pod.</summary>
internal sealed class Scratch<T>
{
    private T[] _items = [];

    public Span<T> Take(int count)
    {
        if (_items.Length < count)
            _items = new T[Math.Max(count, _items.Length * 2)];
        return _items.AsSpan(0, count);
    }
}
