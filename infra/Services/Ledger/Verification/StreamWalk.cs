using System.Collections.Immutable;
using HaCluster.Ledger.Archives;
using HaCluster.Ledger.Proof;
using HaCluster.Ledger.Records;

namespace HaCluster.Ledger.Verification;

/// <summary>One stream, record after record, from its beginning or from a checkpoint.</summary>
/// <param name="start">Null: from the first record.</param>
/// <param name="due">Checkpoints from there on, in the order of their sizes.</param>
/// <param name="mayHaveExpired">Whether the archive may have deleted records of a time.</param>
internal sealed class StreamWalk(string stream, Checkpoint? start, Queue<Checkpoint> due, Func<DateTimeOffset, bool> mayHaveExpired)
{
    private readonly ImmutableArray<RecordRange>.Builder _expired = ImmutableArray.CreateBuilder<RecordRange>();

    // Both are unknown behind records that have expired, until the next checkpoint: up to there each record is known by the one after it, which names its hash.
    private MerkleFrontier? _tree = start?.ToFrontier() ?? new();
    private string? _head = start?.Head ?? Hash.None;
    private DateTimeOffset _at;

    /// <summary>The last record.</summary>
    public long Size { get; private set; } = start?.Size ?? 0;

    /// <summary>Of the last checkpoint that was found to be true.</summary>
    public long Signed { get; private set; } = start?.Size ?? 0;

    public ImmutableArray<RecordRange> Expired => _expired.ToImmutable();

    public FoundException Found(Breach breach, long sequence, string name, string message) => new(new Finding(breach, stream, sequence, name, message));

    public void Add(string name, long number, Segment? segment, BreachException? breach)
    {
        if (number < Size + 1)
            throw Found(Breach.Reordering, number, name, $"record {number} appears twice");
        if (number > Size + 1)
            Skip(name, number, segment);
        if (segment is null)
            throw Found(breach!.Breach, breach.Sequence == 0 ? number : breach.Sequence, name, breach.Message);
        if (segment.Stream != stream || segment.First != number)
            throw Found(Breach.Reordering, number, name, $"the object is the one that begins with record {segment.First} of {segment.Stream}");
        if (_head is not null && segment.Previous != _head)
            throw Found(Breach.Edit, Size > 0 ? Size : number, name, $"record {number} does not name the hash of record {Size}: one of the objects around it was replaced");
        if (segment.FirstAt < _at)
            throw Found(Breach.BackDating, number, name, $"record {number} has the time {Entry.Format(segment.FirstAt)}, which is before that of record {Size}");
        for (var place = 0; place < segment.Leaves.Length; place += Hash.Size)
        {
            var leaf = segment.Leaves.AsSpan(place, Hash.Size);
            _tree?.Add(leaf);
            Size++;
            while (due.TryPeek(out var checkpoint) && checkpoint.Size == Size)
                Check(due.Dequeue(), leaf);
        }

        (_head, _at) = (segment.Head, segment.LastAt);
    }

    /// <summary>After the last segment.</summary>
    public void End()
    {
        if (_tree is null)
            throw Found(Breach.Deletion, _expired[^1].From, ArchiveNames.Segments(stream), $"records {_expired[^1].From} to {_expired[^1].To} are missing, and no checkpoint covers those that follow");
        if (!due.TryPeek(out var missing))
            return;
        var last = due.Last();
        if (Signed < Size || !mayHaveExpired(Entry.ParseTime(last.At)))
            throw Found(Breach.Truncation, Size + 1, ArchiveNames.Segments(stream), $"records {Size + 1} to {last.Size}, which a checkpoint covers, are missing at the end; the first such checkpoint is that of {missing.Size}");
        _expired.Add(new RecordRange(Size + 1, last.Size));
        Signed = Size = last.Size;
    }

    /// <summary>
    /// Records are missing: a breach, unless each is so old that the archive may have deleted it, and a checkpoint covers them. What is before them has to end with a
    /// checkpoint too: whoever writes to the archive could put anything else behind the last one.
    /// </summary>
    private void Skip(string name, long number, Segment? next)
    {
        var (from, to) = (Size + 1, number - 1);
        if (Signed < Size)
            throw Found(Breach.Deletion, from, name, $"records {from} to {to} are missing, and no checkpoint covers those just before them");
        while (due.TryPeek(out var checkpoint) && checkpoint.Size < to)
            due.Dequeue();
        // None of them is younger than the record after them, or than a checkpoint of them all.
        var isCovered = due.TryPeek(out var covering);
        // What is wrong with the object that follows is the nearer thing to say.
        if (next is null && isCovered && mayHaveExpired(DateTimeOffset.MinValue))
            return;
        if (next is null || !isCovered || !(mayHaveExpired(next.FirstAt) || mayHaveExpired(Entry.ParseTime(covering!.At))))
            throw Found(Breach.Deletion, from, name, $"records {from} to {to} are missing");
        _expired.Add(new RecordRange(from, to));
        Size = to;
        (_tree, _head) = (null, null);
        while (due.TryPeek(out var exact) && exact.Size == to)
        {
            (_tree, _head, Signed) = (due.Dequeue().ToFrontier(), exact.Head, to);
        }
    }

    private void Check(Checkpoint checkpoint, ReadOnlySpan<byte> leaf)
    {
        if (checkpoint.Head != Hash.Hex(leaf) || (_tree is not null && checkpoint.Root != Hash.Hex(_tree.Root())))
            throw Found(Breach.Edit, Size, ArchiveNames.Checkpoint(stream, Size), $"records up to {Size} were written again: they are not those that the checkpoint signs");
        _tree ??= checkpoint.ToFrontier();
        Signed = Size;
    }
}

/// <param name="To">The last one.</param>
internal readonly record struct RecordRange(long From, long To);

internal sealed class FoundException(Finding finding) : Exception(finding.Message)
{
    public Finding Finding { get; } = finding;
}
