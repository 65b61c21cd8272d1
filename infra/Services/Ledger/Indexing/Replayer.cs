using HaCluster.Ledger.Archives;

namespace HaCluster.Ledger.Indexing;

/// <summary>Gives the index again what it refused, from the archive: after a mapping was changed, for example.</summary>
internal sealed class Replayer(IArchive archive, IIndex index)
{
    private const int Page = 500;

    /// <exception cref="ArchiveUnavailableException">The archive does not answer.</exception>
    /// <exception cref="IndexUnavailableException">The index does not answer.</exception>
    /// <exception cref="FormatException">A record is not in the archive as it was.</exception>
    public async Task<(long Accepted, long Refused)> ReplayAsync(string stream, CancellationToken cancellationToken)
    {
        var (after, accepted, refused) = (0L, 0L, 0L);
        while (true)
        {
            var page = await index.DeadLettersAsync(stream, after, Page, cancellationToken);
            if (page.Letters.IsEmpty)
                return (accepted, refused);
            foreach (var records in await ReadAsync(stream, [.. page.Letters.Select(letter => letter.Sequence)], cancellationToken))
            {
                var again = await index.ReplayAsync(stream, records, cancellationToken);
                refused += again;
                accepted += records.Count - again;
            }

            after = page.Letters[^1].Sequence;
        }
    }

    /// <summary>The records of some sequences, by the segment that they are in.</summary>
    private async Task<IReadOnlyList<IReadOnlyList<IndexRecord>>> ReadAsync(string stream, SortedSet<long> sequences, CancellationToken cancellationToken)
    {
        var found = new List<IReadOnlyList<IndexRecord>>();
        var feed = new ArchiveFeed(archive, stream, ahead: 1);
        while (sequences.Count > 0)
        {
            var first = sequences.Min;
            SegmentRecords? segment = null;
            await foreach (var next in feed.ReadAfterAsync(first - 1, cancellationToken))
            {
                segment = next;
                break;
            }

            if (segment is null || segment.First > first || segment.Last < first)
                throw new FormatException($"record {first} of {stream} is not in the archive; run `ledger verify` for details");
            found.Add([.. segment.Records.Where(record => sequences.Contains(record.Sequence))]);
            sequences.RemoveWhere(sequence => sequence <= segment.Last);
        }

        return found;
    }
}
