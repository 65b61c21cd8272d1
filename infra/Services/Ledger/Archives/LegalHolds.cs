using HaCluster.Ledger.Proof;

namespace HaCluster.Ledger.Archives;

/// <summary>
/// Keeps a part of a stream from being deleted, beyond its retention: its segments, up to a checkpoint behind them that proves them, and that checkpoint with its key.
/// </summary>
internal sealed class LegalHolds(S3Archive archive, string stream)
{
    private const int AtOnce = 8;

    /// <summary>Sets or releases the hold of all objects that a part needs.</summary>
    /// <param name="from">Its first record.</param>
    /// <param name="to">Its last record; <see cref="long.MaxValue"/>: to the end of the stream.</param>
    /// <exception cref="ArchiveUnavailableException">The bucket does not do it; what was done before stays.</exception>
    public async Task<HeldPart> HoldAsync(bool isHeld, long from, long to, CancellationToken cancellationToken)
    {
        var part = await FindAsync(from, to, cancellationToken);
        await ForEachAsync(part.Names, name => archive.HoldAsync(name, isHeld, cancellationToken), cancellationToken);
        return part;
    }

    /// <summary>The objects of a part that are held, in order.</summary>
    public async Task<(HeldPart Part, IReadOnlyList<string> Held)> ListAsync(long from, long to, CancellationToken cancellationToken)
    {
        var part = await FindAsync(from, to, cancellationToken);
        var held = new System.Collections.Concurrent.ConcurrentBag<string>();
        await ForEachAsync(
            part.Names,
            async name =>
            {
                if (await archive.IsHeldAsync(name, cancellationToken))
                    held.Add(name);
            },
            cancellationToken);
        return (part, [.. part.Names.Where(held.ToHashSet().Contains)]);
    }

    private static Task ForEachAsync(IReadOnlyList<string> names, Func<string, Task> action, CancellationToken cancellationToken) => Parallel.ForEachAsync(
        names, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken }, (name, _) => new ValueTask(action(name)));

    private async Task<HeldPart> FindAsync(long from, long to, CancellationToken cancellationToken)
    {
        var checkpoints = new List<long>();
        await foreach (var name in archive.ListAsync(ArchiveNames.Checkpoints(stream), from > 1 ? ArchiveNames.Checkpoint(stream, from - 1) : "", cancellationToken))
        {
            if (ArchiveNames.NumberOf(name) is not { } size)
                continue;
            checkpoints.Add(size);
            if (size >= to)
                break;
        }

        // Behind the last checkpoint nothing is signed yet.
        var signed = checkpoints is [.., var last] ? last : 0;
        var end = Math.Max(to, signed);
        var segments = new List<long>();
        await foreach (var name in archive.ListAsync(ArchiveNames.Segments(stream), "", cancellationToken))
        {
            if (ArchiveNames.NumberOf(name) is not { } first)
                continue;
            if (first > end)
                break;
            // The one before it ends before the part begins.
            if (first <= from)
                segments.Clear();
            segments.Add(first);
        }

        var keys = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var size in checkpoints)
            keys.Add(ArchiveNames.Key(await KeyOfAsync(ArchiveNames.Checkpoint(stream, size), cancellationToken)));
        return new HeldPart(
            [.. segments.Select(first => ArchiveNames.Segment(stream, first)), .. checkpoints.Select(size => ArchiveNames.Checkpoint(stream, size)), .. keys],
            segments.Count, segments is [var begin, ..] ? begin : 0, signed);
    }

    private async Task<string> KeyOfAsync(string checkpoint, CancellationToken cancellationToken)
    {
        try
        {
            return SignedCheckpoint.Parse(await archive.ReadAsync(checkpoint, cancellationToken)).Checkpoint.Key;
        }
        catch (FormatException exception)
        {
            throw new FormatException($"{checkpoint}: {exception.Message}; run ledger verify", exception);
        }
    }
}

/// <param name="Names">Of segments, checkpoints and keys.</param>
/// <param name="First">First record of the first segment; 0 without one.</param>
/// <param name="Signed">Size of the last checkpoint among them; 0 without one.</param>
internal sealed record HeldPart(IReadOnlyList<string> Names, int Segments, long First, long Signed);
