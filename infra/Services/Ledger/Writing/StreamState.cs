using HaCluster.Ledger.Archives;
using HaCluster.Ledger.Proof;
using HaCluster.Ledger.Records;

namespace HaCluster.Ledger.Writing;

/// <summary>What is known of a stream, from its archive: where it ends, its tree, and which records a repeated one would be recognised among.</summary>
internal sealed class StreamState(string stream, LogOptions options, TimeProvider clock)
{
    private const int ReadAhead = 8;

    // Of so many segments it is known whether the archive has kept them, should no checkpoint be signed for a long time.
    private const int MostUncovered = 100_000;

    private readonly Dictionary<string, ProducerSequence> _producers = [];
    private readonly Queue<long> _uncovered = new();

    public string Stream { get; } = stream;

    /// <summary>Sequence of the last record; 0 before the first.</summary>
    public long Size => Tree.Size;

    /// <summary>Hash of the last record.</summary>
    public string Head { get; private set; } = Hash.None;

    /// <summary>Time of the last record.</summary>
    public DateTimeOffset At { get; private set; }

    public MerkleFrontier Tree { get; private set; } = new();

    public SignedCheckpoint? Checkpoint { get; private set; }

    public KnownRecords Known { get; } = new(options.Window);

    /// <summary>First records of the segments that no checkpoint covers.</summary>
    public IReadOnlyCollection<long> Uncovered => _uncovered;

    /// <summary>Time of the oldest record that no checkpoint covers; null without one.</summary>
    public DateTimeOffset? UncoveredSince { get; private set; }

    /// <summary>By name of the producer.</summary>
    public IReadOnlyDictionary<string, ProducerSequence> Producers => _producers;

    /// <summary>Reads the end of a stream: its last checkpoint, what came after it, and as many records before it as the window has.</summary>
    /// <exception cref="BrokenArchiveException">What was read is inconsistent.</exception>
    /// <exception cref="ArchiveUnavailableException">It cannot be read.</exception>
    public static async Task<StreamState> LoadAsync(IArchive archive, string stream, LogOptions options, TimeProvider clock, CancellationToken cancellationToken)
    {
        var state = new StreamState(stream, options, clock);
        var checkpoint = await state.FindCheckpointAsync(archive, cancellationToken);
        var after = "";
        if (checkpoint is not null)
        {
            after = await StartAsync(archive, stream, checkpoint.Checkpoint.Size, options.Window, cancellationToken);
            state.Checkpoint = checkpoint;
            state.Tree = checkpoint.Checkpoint.ToFrontier();
            state.Head = checkpoint.Checkpoint.Head;
            state.At = Entry.ParseTime(checkpoint.Checkpoint.At);
        }

        var last = await state.ReadAsync(archive, after, cancellationToken);
        return last >= state.Size || state.MayHaveExpired(Entry.ParseTime(checkpoint!.Checkpoint.At)) ? state : throw new BrokenArchiveException($"the stream {stream} ends after record {last}, and its last checkpoint has {state.Size}");
    }

    /// <summary>Reads what other instances added since.</summary>
    /// <exception cref="BrokenArchiveException">What was read is inconsistent.</exception>
    /// <exception cref="ArchiveUnavailableException">It cannot be read.</exception>
    public Task CatchUpAsync(IArchive archive, CancellationToken cancellationToken) => ReadAsync(archive, ArchiveNames.Segment(Stream, Size), cancellationToken);

    /// <summary>Sets the number of a producer's last record, and takes it back with what it was.</summary>
    public ProducerSequence Set(string producer, ProducerSequence? value)
    {
        var before = _producers.GetValueOrDefault(producer, ProducerSequence.None);
        if (value is null || value.Last < 0)
            _producers.Remove(producer);
        else
            _producers[producer] = value;
        return before;
    }

    /// <summary>Goes on after a segment of this instance was stored.</summary>
    /// <param name="first">Of the segment.</param>
    /// <param name="leaves">Hashes of the records that are new, one after the other.</param>
    public void Advance(long first, ReadOnlySpan<byte> leaves, string head, DateTimeOffset firstAt, DateTimeOffset at)
    {
        if (leaves.Length > 0)
        {
            _uncovered.Enqueue(first);
            if (_uncovered.Count > MostUncovered)
                _uncovered.Dequeue();
            UncoveredSince ??= firstAt;
        }

        for (var start = 0; start < leaves.Length; start += Hash.Size)
            Tree.Add(leaves.Slice(start, Hash.Size));
        (Head, At) = (head, at);
    }

    /// <summary>A checkpoint covers all that there is.</summary>
    public void Accept(SignedCheckpoint checkpoint)
    {
        (Checkpoint, UncoveredSince) = (checkpoint, null);
        _uncovered.Clear();
    }

    private bool MayHaveExpired(DateTimeOffset at) => options.Retention?.HasPassed(at, clock.GetUtcNow()) is true;

    /// <summary>After which name to list: a segment is named by its first record, which may come long before the one where the window begins.</summary>
    private static async Task<string> StartAsync(IArchive archive, string stream, long size, int window, CancellationToken cancellationToken)
    {
        for (var reach = (long)window; reach < size; reach *= 2)
        {
            var after = ArchiveNames.Segment(stream, size - reach);
            await foreach (var name in archive.ListAsync(ArchiveNames.Segments(stream), after, cancellationToken))
            {
                if (ArchiveNames.NumberOf(name) <= Math.Max(size - window, 0) + 1)
                    return after;
                break;
            }
        }

        return "";
    }

    private async Task<SignedCheckpoint?> FindCheckpointAsync(IArchive archive, CancellationToken cancellationToken)
    {
        string? last = null;
        await foreach (var name in archive.ListAsync(ArchiveNames.Checkpoints(Stream), "", cancellationToken))
            last = ArchiveNames.NumberOf(name) is null ? last : name;
        if (last is null)
            return null;
        try
        {
            var content = await archive.ReadAsync(last, cancellationToken) ?? throw new FormatException("it is gone");
            var signed = SignedCheckpoint.Parse(content);
            var pem = await archive.ReadAsync(ArchiveNames.Key(signed.Checkpoint.Key), cancellationToken) ?? throw new FormatException("the archive does not have its key");
            if (signed.Checkpoint.Stream != Stream || !signed.IsSignedBy(PublicKey.OfPem(System.Text.Encoding.ASCII.GetString(pem))))
                throw new FormatException("its signature is wrong");
            signed.Checkpoint.ToFrontier();
            return signed;
        }
        catch (FormatException exception)
        {
            throw new BrokenArchiveException($"{last}: {exception.Message}");
        }
    }

    /// <returns>The last record that was read; 0 without one.</returns>
    private async Task<long> ReadAsync(IArchive archive, string after, CancellationToken cancellationToken)
    {
        var next = 0L;
        var reading = new Queue<(string Name, Task<byte[]?> Content)>();
        await foreach (var name in archive.ListAsync(ArchiveNames.Segments(Stream), after, cancellationToken))
        {
            reading.Enqueue((name, archive.ReadAsync(name, cancellationToken)));
            if (reading.Count == ReadAhead)
                await GoOnAsync();
        }

        while (reading.Count > 0)
            await GoOnAsync();
        return Math.Max(next - 1, 0);

        async Task GoOnAsync()
        {
            var (name, content) = reading.Dequeue();
            next = Apply(name, await content ?? throw new BrokenArchiveException($"{name}: it is gone"), next);
        }
    }

    /// <returns>The sequence that has to come next.</returns>
    private long Apply(string name, byte[] content, long next)
    {
        try
        {
            // What is older than the checkpoint only fills the window.
            var (size, head) = (Size, Head);
            var producers = new List<(string Producer, long Sequence)>();
            var segment = Segment.Read(content, (in entry, line) =>
            {
                Known.Add(PreparedRecord.KeyOf(entry.Producer, entry.Id), entry.ContentOf(line), entry.Sequence);
                if (entry.ProducerSequence is { } own)
                    producers.Add((entry.Producer, own));
                if (entry.Sequence == size + 1 && entry.Previous != head)
                    throw new BreachException(Breach.Edit, entry.Sequence, $"record {entry.Sequence} does not name the hash of the record before it");
            });
            var isExpected = next == 0 || segment.First == next || (segment.First > next && MayHaveExpired(segment.FirstAt));
            if (ArchiveNames.NumberOf(name) != segment.First || segment.Stream != Stream || !isExpected || segment.First > size + 1)
                throw new BreachException(Breach.Deletion, next, $"it begins with record {segment.First} of {segment.Stream}");
            Known.Forget();
            foreach (var (producer, own) in producers)
                Set(producer, _producers.GetValueOrDefault(producer, ProducerSequence.None).After(own) ?? _producers[producer]);
            if (segment.Last >= size)
            {
                if (segment.Last == size && segment.Head != head)
                    throw new BreachException(Breach.Edit, size, $"record {size} is not the one of the checkpoint");
                Advance(segment.First, segment.Leaves.AsSpan((int)(size + 1 - segment.First) * Hash.Size), segment.Head, segment.FirstAt, segment.LastAt);
            }

            return segment.Last + 1;
        }
        catch (BreachException exception)
        {
            throw new BrokenArchiveException($"{name}: {exception.Message}");
        }
    }
}

/// <summary>The archive is inconsistent; nothing may be added to it.</summary>
internal sealed class BrokenArchiveException(string message) : Exception($"{message}; run `ledger verify` for details. Nothing is added to a broken stream");
