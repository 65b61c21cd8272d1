using System.Collections.Immutable;
using HaCluster.Ledger.Archives;
using HaCluster.Ledger.Records;

namespace HaCluster.Ledger.Writing;

/// <summary>What a start does with the segments of the spool.</summary>
internal sealed partial class StreamLog
{
    private static KeptSegment Kept(string stream, byte[] content)
    {
        try
        {
            return new KeptSegment(Segment.Read(content), content);
        }
        catch (BreachException exception)
        {
            throw new BrokenArchiveException($"the spool of {stream}: {exception.Message}");
        }
    }

    /// <summary>
    /// Puts back what the archive had stored and lost. All that the spool has but its last segment was stored: its place in the stream is its own, and the archive
    /// takes it only while the place is empty.
    /// </summary>
    private static async Task RestoreAsync(string stream, IEnumerable<KeptSegment> segments, LogContext context, CancellationToken cancellationToken)
    {
        var now = context.Clock.GetUtcNow();
        var kept = segments.Where(one => context.Options.Retention?.HasPassed(one.Segment.LastAt, now) is not true).ToDictionary(one => one.Segment.First);
        var missing = await context.Archive.MissingAsync(stream, [.. kept.Keys.Order()], cancellationToken);
        // Another archive than it was: nothing of this stream belongs into it.
        if (missing.Count == 0 || (missing[0] > 1 && await IsEmptyAsync(context.Archive, stream, cancellationToken)))
            return;
        foreach (var first in missing)
        {
            if (await context.Archive.TryPutAsync(ArchiveNames.Segment(stream, first), kept[first].Content, cancellationToken))
                context.Observer.Restored(stream, first);
        }
    }

    private static async Task<bool> IsEmptyAsync(IArchive archive, string stream, CancellationToken cancellationToken)
    {
        await foreach (var _ in archive.ListAsync(ArchiveNames.Segments(stream), "", cancellationToken))
            return false;
        return true;
    }

    /// <summary>Puts into the archive what a killed process may not have.</summary>
    /// <returns>Records whose place was taken by another instance, and how many there were before them: none of them was acknowledged.</returns>
    private static async Task<(ImmutableArray<PreparedRecord> Records, long Since)> RecoverAsync(StreamState state, KeptSegment last, IArchive archive, CancellationToken cancellationToken)
    {
        var (segment, content) = last;
        if (segment.First > state.Size + 1)
            throw new BrokenArchiveException($"the archive has {state.Size} records of {state.Stream}, and this process had stored {segment.First - 1} of them in it");
        var name = ArchiveNames.Segment(state.Stream, segment.First);
        if (segment.First == state.Size + 1 && segment.Previous == state.Head)
        {
            var isStored = await archive.TryPutAsync(name, content, cancellationToken);
            await state.CatchUpAsync(archive, cancellationToken);
            if (isStored)
                return ([], 0);
        }

        if ((await archive.ReadAsync(name, cancellationToken)).AsSpan().SequenceEqual(content))
            return ([], 0);
        var records = ImmutableArray.CreateBuilder<PreparedRecord>();
        Segment.Read(content, (in entry, line) => records.Add(PreparedRecord.Of(entry, line)));
        return (records.ToImmutable(), segment.First - 1);
    }

    private sealed record KeptSegment(Segment Segment, byte[] Content);
}
