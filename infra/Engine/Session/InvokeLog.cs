using System.Collections.Immutable;
using HaCluster.Engine.Graph;

namespace HaCluster.Engine.Session;

/// <summary>The function calls of a run, in order; bounded, since a program may ask in a loop.</summary>
internal sealed class InvokeLog
{
    public const int Capacity = 10_000;

    private readonly ImmutableArray<InvokeRecord>.Builder _records = ImmutableArray.CreateBuilder<InvokeRecord>();
    private readonly Lock _lock = new();

    public void Add(InvokeRecord record)
    {
        lock (_lock)
        {
            if (_records.Count < Capacity)
                _records.Add(record);
        }
    }

    public ImmutableArray<InvokeRecord> Snapshot()
    {
        lock (_lock)
            return _records.ToImmutable();
    }
}
