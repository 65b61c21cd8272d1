using System.Collections.Immutable;
using HaCluster.Ledger.Archives;
using HaCluster.Ledger.Records;

namespace HaCluster.Ledger.Writing;

/// <summary>What becomes of the requests of a batch: stored, answered as the first time, or refused.</summary>
internal sealed partial class StreamLog
{
    private Decision Decide(List<AppendRequest> batch)
    {
        var now = _clock.GetUtcNow();
        // Times in a stream never go back, whatever the clock does; and not below a millisecond, which is what an entry keeps.
        var at = DateTimeOffset.FromUnixTimeMilliseconds(Math.Max(now.ToUnixTimeMilliseconds(), _state.At.ToUnixTimeMilliseconds()));
        var decision = new Decision(_state.Size + 1, at);
        foreach (var request in batch)
            request.Outcome = Decide(request, decision, batch);
        return decision;
    }

    private Outcome Decide(AppendRequest request, Decision decision, List<AppendRequest> batch)
    {
        // Its sender may have sent it again to another instance, which stored it longer ago than the window reaches: then it would be stored twice.
        if (_state.Size - request.Since > _options.Window)
            return new Outcome.Unavailable("it waited so long that another instance may have stored it in the meantime");
        var mark = decision.Mark();
        var sequences = ImmutableArray.CreateBuilder<long>(request.Records.Length);
        var conflicts = ImmutableArray.CreateBuilder<Conflict>();
        var added = new List<PreparedRecord>();
        var gaps = 0L;
        for (var index = 0; index < request.Records.Length; index++)
        {
            var record = request.Records[index];
            if (_state.Known.TryFind(record.Key, out var known))
            {
                if (known.Content == record.Content)
                    sequences.Add(known.Sequence);
                else
                    conflicts.Add(new Conflict(index, record.Id, known.Sequence, $"the id {record.Id} is that of record {known.Sequence}, which has other content"));
                continue;
            }

            if (record.ProducerSequence is { } own)
            {
                var before = _state.Producers.GetValueOrDefault(record.Producer, ProducerSequence.None);
                if (before.After(own) is not { } after)
                {
                    conflicts.Add(new Conflict(index, record.Id, null, $"the sequence {own} is neither above {before.Last}, the highest of {record.Producer}, nor one of those that it left out"));
                    continue;
                }

                gaps += before.Last >= 0 && own > before.Last + 1 ? own - before.Last - 1 : 0;
                decision.Producers.Add((record.Producer, _state.Set(record.Producer, after)));
            }

            var sequence = decision.Next + added.Count;
            _state.Known.Add(record.Key, record.Content, sequence);
            sequences.Add(sequence);
            added.Add(record);
        }

        if (conflicts.Count > 0)
        {
            decision.TakeBack(_state, mark);
            return new Outcome.Refused(conflicts.ToImmutable());
        }

        request.Gaps = gaps;
        if (added.Count > 0)
        {
            decision.Segment ??= new SegmentWriter(
                _stream, decision.First, _state.Head, decision.At, _writer,
                (int)Math.Min(LogOptions.LargestSegment, 1024 + batch.Sum(one => one.Size + one.Records.Length * 160L)), batch.Sum(one => one.Records.Length));
            foreach (var record in added)
                decision.Segment.Add(record);
            decision.Next += added.Count;
        }

        return new Outcome.Stored(sequences.MoveToImmutable(), request.Records.Length - added.Count);
    }
}
