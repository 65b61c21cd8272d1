using HaCluster.Ledger.Archives;

namespace HaCluster.Ledger.Writing;

/// <summary>What a batch changes; can be taken back as a whole or down to a mark.</summary>
internal sealed class Decision(long first, DateTimeOffset at) : IDisposable
{
    public long First { get; } = first;

    public long Next { get; set; } = first;

    public DateTimeOffset At { get; } = at;

    public SegmentWriter? Segment { get; set; }

    public List<(string Producer, ProducerSequence Before)> Producers { get; } = [];

    public (long Next, int Producers) Mark() => (Next, Producers.Count);

    public void TakeBack(StreamState state) => TakeBack(state, (First, 0));

    public void TakeBack(StreamState state, (long Next, int Producers) mark)
    {
        state.Known.TakeBack(mark.Next);
        for (var index = Producers.Count - 1; index >= mark.Producers; index--)
            state.Set(Producers[index].Producer, Producers[index].Before);
        Producers.RemoveRange(mark.Producers, Producers.Count - mark.Producers);
    }

    public void Dispose() => Segment?.Dispose();
}
