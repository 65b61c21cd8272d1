using System.Collections.Immutable;
using System.Text;
using HaCluster.Ledger.Archives;
using HaCluster.Ledger.Proof;
using HaCluster.Ledger.Records;

namespace HaCluster.Ledger.Verification;

/// <summary>
/// Walks an archive and looks for anything that the ledger did not write: by the chain of hashes, by the checkpoints and their signatures, and by what a checkpoint
/// kept elsewhere says.
/// </summary>
/// <param name="trusted">Keys that may sign; empty: those in the archive are trusted.</param>
/// <param name="expected">Checkpoints that were kept elsewhere: the archive must continue from them.</param>
internal sealed class Verifier(IArchive archive, IReadOnlyList<PublicKey> trusted, IReadOnlyList<SignedCheckpoint> expected)
{
    private readonly Dictionary<string, PublicKey?> _keys = trusted.ToDictionary(key => key.Id, PublicKey? (key) => key);

    /// <summary>Older records may be missing; null: none may.</summary>
    public Retention? Retention { get; init; }

    /// <summary>Objects that are read while another is looked at.</summary>
    public int ReadAhead { get; init; } = 2 * Environment.ProcessorCount;

    /// <summary>Is called with the time that each object took, and ends when the next may be read.</summary>
    public Func<TimeSpan, Task> Rest { get; init; } = _ => Task.CompletedTask;

    /// <summary>Is told the last record that was found in order, after each object.</summary>
    public Action<long> Progress { get; init; } = _ => { };

    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <exception cref="ArchiveUnavailableException">It cannot be read to its end.</exception>
    public async Task<IReadOnlyList<StreamReport>> VerifyAsync(CancellationToken cancellationToken)
    {
        var reports = new List<StreamReport>();
        var streams = await archive.StreamsAsync(cancellationToken);
        foreach (var stream in streams.Union(expected.Select(one => one.Checkpoint.Stream)).Order(StringComparer.Ordinal))
        {
            reports.Add(Names.IsStream(stream)
                ? await VerifyAsync(stream, 0, long.MaxValue, cancellationToken)
                : new StreamReport(stream, 0, 0, 0, new Finding(Breach.ForeignObject, stream, 0, ArchiveNames.Segments(stream), "it is not the name of a stream")));
        }

        return reports;
    }

    /// <summary>Verifies a part of a stream that begins behind a checkpoint and ends with one.</summary>
    /// <param name="from">Size of a checkpoint; 0: from the first record.</param>
    /// <param name="to">Size of a later one; <see cref="long.MaxValue"/>: to the end of the stream.</param>
    /// <exception cref="ArchiveUnavailableException">It cannot be read to its end.</exception>
    public async Task<StreamReport> VerifyAsync(string stream, long from, long to, CancellationToken cancellationToken)
    {
        var walk = new StreamWalk(stream, null, new(), MayHaveExpired);
        var checkpoints = ImmutableArray<SignedCheckpoint>.Empty;
        Finding? finding = null;
        try
        {
            checkpoints = await ReadCheckpointsAsync(walk, stream, from, to, cancellationToken);
            var start = checkpoints.FirstOrDefault(one => one.Checkpoint.Size == from);
            if (from > 0 && start is null)
                throw walk.Found(Breach.Deletion, from, ArchiveNames.Checkpoint(stream, from), "the checkpoint is missing");
            var due = checkpoints.Concat(expected.Where(one => one.Checkpoint.Stream == stream)).Select(one => one.Checkpoint).Where(one => one.Size > from && one.Size <= to);
            walk = new StreamWalk(stream, start?.Checkpoint, new(due.OrderBy(one => one.Size)), MayHaveExpired);
            await WalkAsync(walk, stream, from, to, cancellationToken);
        }
        catch (FoundException found)
        {
            finding = found.Finding;
        }

        return new StreamReport(stream, walk.Size, checkpoints.Length, finding is null ? walk.Signed : Signed(checkpoints, walk.Size), finding) { Expired = walk.Expired };
    }

    private bool MayHaveExpired(DateTimeOffset at) => Retention?.HasPassed(at, Clock.GetUtcNow()) is true;

    private static long Signed(ImmutableArray<SignedCheckpoint> checkpoints, long size) => Math.Min(size, checkpoints.Length > 0 ? checkpoints.Max(one => one.Checkpoint.Size) : 0);

    private async Task<ImmutableArray<SignedCheckpoint>> ReadCheckpointsAsync(StreamWalk walk, string stream, long from, long to, CancellationToken cancellationToken)
    {
        var checkpoints = ImmutableArray.CreateBuilder<SignedCheckpoint>();
        var known = new HashSet<string>(StringComparer.Ordinal) { Hash.None };
        await foreach (var name in archive.ListAsync(ArchiveNames.Checkpoints(stream), from > 0 ? ArchiveNames.Checkpoint(stream, from - 1) : "", cancellationToken))
        {
            if (ArchiveNames.NumberOf(name) is not { } size)
                throw walk.Found(Breach.ForeignObject, 0, name, "the ledger does not write an object of this name");
            if (size > to)
                break;
            var signed = Parse(walk, name, await archive.ReadAsync(name, cancellationToken));
            if (signed.Checkpoint.Size != size || signed.Checkpoint.Stream != stream)
                throw walk.Found(Breach.Reordering, size, name, $"it is the checkpoint of {signed.Checkpoint.Size} records of {signed.Checkpoint.Stream}");
            await CheckSignatureAsync(walk, name, signed, cancellationToken);
            // That of a part may be before it.
            if (from == 0 && !known.Contains(signed.Checkpoint.Previous))
                throw walk.Found(Breach.Deletion, size, name, "the checkpoint that it names as the previous one is missing");
            known.Add(signed.Hash);
            checkpoints.Add(signed);
        }

        return checkpoints.ToImmutable();
    }

    private static SignedCheckpoint Parse(StreamWalk walk, string name, byte[]? content)
    {
        try
        {
            var signed = SignedCheckpoint.Parse(content);
            signed.Checkpoint.ToFrontier();
            Entry.ParseTime(signed.Checkpoint.At);
            return signed;
        }
        catch (FormatException exception)
        {
            throw walk.Found(Breach.Edit, ArchiveNames.NumberOf(name) ?? 0, name, $"the checkpoint was changed: {exception.Message}");
        }
    }

    private async Task CheckSignatureAsync(StreamWalk walk, string name, SignedCheckpoint signed, CancellationToken cancellationToken)
    {
        var (id, size) = (signed.Checkpoint.Key, signed.Checkpoint.Size);
        if (!_keys.TryGetValue(id, out var key))
        {
            if (trusted.Count > 0)
                throw walk.Found(Breach.Signature, size, name, $"it is signed by the key {id}, which is not one that --key gives");
            _keys[id] = key = await ReadKeyAsync(id, cancellationToken);
        }

        if (key is null)
            throw walk.Found(Breach.Signature, size, name, $"the archive does not have its key, {ArchiveNames.Key(id)}, as it was");
        if (!signed.IsSignedBy(key))
            throw walk.Found(Breach.Signature, size, name, "the checkpoint is not signed by its key");
    }

    private async Task<PublicKey?> ReadKeyAsync(string id, CancellationToken cancellationToken)
    {
        try
        {
            var key = await archive.ReadAsync(ArchiveNames.Key(id), cancellationToken) is { } pem ? PublicKey.OfPem(Encoding.ASCII.GetString(pem)) : null;
            return key?.Id == id ? key : null;
        }
        catch (FormatException)
        {
            return null;
        }
    }

    private async Task WalkAsync(StreamWalk walk, string stream, long from, long to, CancellationToken cancellationToken)
    {
        var reading = new Queue<(string Name, long Number, Task<(Segment? Segment, BreachException? Breach)> Segment)>();
        await foreach (var name in archive.ListAsync(ArchiveNames.Segments(stream), from > 0 ? ArchiveNames.Segment(stream, from) : "", cancellationToken))
        {
            if (ArchiveNames.NumberOf(name) is not { } number)
                throw walk.Found(Breach.ForeignObject, 0, name, "the ledger does not write an object of this name");
            if (number > to)
                break;
            reading.Enqueue((name, number, Task.Run(() => ReadAsync(name, cancellationToken), cancellationToken)));
            if (reading.Count > ReadAhead)
                await GoOnAsync();
        }

        while (reading.Count > 0)
            await GoOnAsync();
        walk.End();

        async Task GoOnAsync()
        {
            var start = Clock.GetTimestamp();
            var (name, number, task) = reading.Dequeue();
            var (segment, breach) = await task;
            walk.Add(name, number, segment, breach);
            Progress(walk.Size);
            await Rest(Clock.GetElapsedTime(start));
        }
    }

    private async Task<(Segment? Segment, BreachException? Breach)> ReadAsync(string name, CancellationToken cancellationToken)
    {
        var content = await archive.ReadAsync(name, cancellationToken);
        try
        {
            return (Segment.Read(content), null);
        }
        catch (BreachException exception)
        {
            return (null, exception);
        }
    }
}

/// <param name="Size">The last record that was found in order, up to the finding.</param>
/// <param name="Signed">Records that a signed checkpoint covers; of those after it only the chain speaks.</param>
internal sealed record StreamReport(string Stream, long Size, int Checkpoints, long Signed, Finding? Finding)
{
    /// <summary>Records that the archive had to delete, in order.</summary>
    public ImmutableArray<RecordRange> Expired { get; init; } = [];
}
