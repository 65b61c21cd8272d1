using System.Runtime.CompilerServices;
using HaCluster.Ledger.Archives;

namespace HaCluster.Ledger.Indexing;

/// <summary>Gives the records of a stream in order, from any place on.</summary>
/// <param name="ahead">Objects that are read and taken apart before they are asked for.</param>
internal sealed class ArchiveFeed(IArchive archive, string stream, int ahead)
{
    /// <summary>The segment that begins after a position. Its name is known, so that a look costs one request, whatever the archive has.</summary>
    /// <returns>Null: there is none of that name.</returns>
    /// <exception cref="ArchiveUnavailableException">The archive does not answer.</exception>
    /// <exception cref="BreachException">The segment is not what the ledger wrote.</exception>
    public Task<SegmentRecords?> NextAsync(long position, CancellationToken cancellationToken) => ReadAsync(ArchiveNames.Segment(stream, position + 1), cancellationToken);

    /// <summary>All segments with records after a position; the first may begin before it, or far behind it when objects are missing.</summary>
    /// <exception cref="ArchiveUnavailableException">The archive does not answer.</exception>
    /// <exception cref="BreachException">A segment is not what the ledger wrote.</exception>
    public async IAsyncEnumerable<SegmentRecords> ReadAfterAsync(long position, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var reading = new Queue<Task<SegmentRecords?>>();
        try
        {
            await foreach (var name in NamesAsync(position, cancellationToken))
            {
                reading.Enqueue(Task.Run(() => ReadAsync(name, cancellationToken), cancellationToken));
                if (reading.Count > ahead && await reading.Dequeue() is { } segment)
                    yield return segment;
            }

            while (reading.TryDequeue(out var next))
            {
                if (await next is { } segment)
                    yield return segment;
            }
        }
        finally
        {
            // Their faults belong to nobody now.
            await Task.WhenAll(reading).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        }
    }

    /// <returns>Sequence of the last record in the archive; 0 without one.</returns>
    /// <exception cref="ArchiveUnavailableException">The archive does not answer.</exception>
    /// <exception cref="BreachException">The last segment is not what the ledger wrote.</exception>
    public async Task<long> EndAsync(CancellationToken cancellationToken)
    {
        string? last = null;
        await foreach (var name in archive.ListAsync(ArchiveNames.Segments(stream), "", cancellationToken))
            last = ArchiveNames.NumberOf(name) is null ? last : name;
        return last is not null && await ReadAsync(last, cancellationToken) is { } segment ? segment.Last : 0;
    }

    private async IAsyncEnumerable<string> NamesAsync(long position, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var isFirst = true;
        await foreach (var name in archive.ListAsync(ArchiveNames.Segments(stream), position == 0 ? "" : ArchiveNames.Segment(stream, position), cancellationToken))
        {
            if (ArchiveNames.NumberOf(name) is not { } number)
                continue;
            // The place may be within a segment, which then has an earlier name.
            if (isFirst && number != position + 1 && await HolderAsync(position + 1, cancellationToken) is { } holder)
                yield return holder;
            isFirst = false;
            yield return name;
        }

        if (isFirst && position > 0 && await HolderAsync(position + 1, cancellationToken) is { } only)
            yield return only;
    }

    /// <summary>The last segment that begins at or before a record.</summary>
    private async Task<string?> HolderAsync(long sequence, CancellationToken cancellationToken)
    {
        string? holder = null;
        await foreach (var name in archive.ListAsync(ArchiveNames.Segments(stream), "", cancellationToken))
        {
            if (ArchiveNames.NumberOf(name) is not { } number)
                continue;
            if (number > sequence)
                break;
            holder = name;
        }

        return holder;
    }

    private async Task<SegmentRecords?> ReadAsync(string name, CancellationToken cancellationToken) =>
        await archive.ReadAsync(name, cancellationToken) is { } content ? SegmentRecords.Read(stream, content) : null;
}
