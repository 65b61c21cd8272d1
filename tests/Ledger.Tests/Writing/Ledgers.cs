using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Text;
using HaCluster.Ledger.Archives;
using HaCluster.Ledger.Proof;
using HaCluster.Ledger.Records;
using HaCluster.Ledger.Verification;
using HaCluster.Ledger.Writing;
using HaCluster.Services;

namespace HaCluster.Ledger.Tests.Writing;

/// <summary>Ledgers over one archive, each with a spool of its own, as replicas have them.</summary>
internal sealed class Ledgers : IDisposable
{
    public const string Stream = "payments";

    private readonly Scratch _scratch = new();

    public Ledgers(IArchive? archive = null)
    {
        Signer = FileSigner.Open(_scratch.At("key.pem"));
        Archive = archive ?? new FolderArchive(_scratch.At("archive"));
    }

    public string Folder => _scratch.At("archive");

    public IArchive Archive { get; set; }

    public FileSigner Signer { get; }

    public Watcher Observer { get; } = new();

    public LogOptions Options { get; set; } = new() { Linger = TimeSpan.Zero, RetryEvery = TimeSpan.FromMilliseconds(20) };

    public TimeProvider Clock { get; set; } = TimeProvider.System;

    public async Task<StreamLogs> OpenAsync(string instance = "one", IFaultPoints? faults = null)
    {
        var logs = new StreamLogs(new LogContext(Archive, Signer, Options, Clock, Observer, faults ?? NoFaults.Instance, instance), Spool(instance));
        using var limit = new CancellationTokenSource(Waiting.Limit);
        await logs.OpenAsync(limit.Token);
        return logs;
    }

    public string Spool(string instance) => Directory.CreateDirectory(_scratch.At($"spool-{instance}")).FullName;

    public string At(string name) => _scratch.At(name);

    public static PreparedRecord Record(string id, string data = "{}", long? sequence = null, string stream = Stream) =>
        PreparedRecord.Of(stream, "api", id, sequence, null, CanonicalJson.Of(Encoding.UTF8.GetBytes(data)));

    public static ImmutableArray<PreparedRecord> Records(int first, int count) => [.. Enumerable.Range(first, count).Select(number => Record($"r-{number}", $$"""{"n":{{number}}}"""))];

    public async Task<IReadOnlyList<StreamReport>> VerifyAsync(params SignedCheckpoint[] expected)
    {
        using var archive = new FolderArchive(Folder);
        return await new Verifier(archive, [Signer.PublicKey], expected).VerifyAsync(default);
    }

    /// <summary>Ids of all entries, in order; the archive has to be intact.</summary>
    public async Task<List<string>> IdsAsync(string stream = Stream)
    {
        var ids = new List<string>();
        var next = 1L;
        await foreach (var name in Archive.ListAsync(ArchiveNames.Segments(stream), "", default))
        {
            var segment = Segment.Read(await Archive.ReadAsync(name, default), (in entry, _) => ids.Add(entry.Id));
            Assert.Equal(next, segment.First);
            next = segment.Last + 1;
        }

        return ids;
    }

    public void Dispose()
    {
        Archive.Dispose();
        Signer.Dispose();
        _scratch.Dispose();
    }
}

/// <summary>A clock that a test sets; its timers are those of the system.</summary>
internal sealed class SetClock(DateTimeOffset now) : TimeProvider
{
    public DateTimeOffset Now { get; set; } = now;

    public override DateTimeOffset GetUtcNow() => Now;
}

/// <summary>Keeps what it is told.</summary>
internal sealed class Watcher : ILogObserver
{
    public ConcurrentQueue<string> Events { get; } = new();

    public void Opened(StreamView view)
    {
    }

    public void Stored(string stream, int records, long bytes, long size, TimeSpan spool, TimeSpan archive) => Events.Enqueue($"stored {records}");

    public void Repeated(string stream, int records) => Events.Enqueue($"repeated {records}");

    public void Refused(string stream, int records) => Events.Enqueue($"refused {records}");

    public void GapSeen(string stream, string producer, long records) => Events.Enqueue($"gap {producer} {records}");

    public void Overtaken(string stream) => Events.Enqueue("overtaken");

    public void ArchiveAway(string stream, string reason) => Events.Enqueue("away");

    public void ArchiveBack(string stream) => Events.Enqueue("back");

    public void SpoolAway(string stream, string reason) => Events.Enqueue("spool away");

    public void SpoolBack(string stream) => Events.Enqueue("spool back");

    public void Restored(string stream, long first) => Events.Enqueue($"restored {first}");

    public void CheckpointStored(string stream, long size) => Events.Enqueue($"checkpoint {size}");

    public void CheckpointFailed(string stream, string reason) => Events.Enqueue($"checkpoint failed {reason}");

    public void Broken(string stream, string reason) => Events.Enqueue($"broken {reason}");
}

/// <summary>An archive that fails as it is told: before it stores, or after it stored, as a connection that is cut.</summary>
internal sealed class FaultyArchive(IArchive archive) : IArchive
{
    private int _lostAnswers;

    public string Address => archive.Address;

    public bool IsAway { get; set; }

    /// <summary>Calls while it was away.</summary>
    public int Refused { get; private set; }

    /// <summary>An object is stored when this has ended.</summary>
    public Task Gate { get; set; } = Task.CompletedTask;

    /// <summary>Objects that wait at the gate or went through.</summary>
    public int Begun { get; private set; }

    /// <summary>Stores so many objects without saying so.</summary>
    public int LostAnswers
    {
        get => _lostAnswers;
        set => _lostAnswers = value;
    }

    public async Task<bool> TryPutAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        Check();
        Begun++;
        await Gate;
        var isStored = await archive.TryPutAsync(name, content, cancellationToken);
        return Interlocked.Decrement(ref _lostAnswers) >= 0 ? throw new ArchiveUnavailableException("the answer was lost") : isStored;
    }

    public Task<byte[]?> ReadAsync(string name, CancellationToken cancellationToken)
    {
        Check();
        return archive.ReadAsync(name, cancellationToken);
    }

    public IAsyncEnumerable<string> ListAsync(string folder, string after, CancellationToken cancellationToken)
    {
        Check();
        return archive.ListAsync(folder, after, cancellationToken);
    }

    public Task<IReadOnlyList<string>> FoldersAsync(string folder, CancellationToken cancellationToken)
    {
        Check();
        return archive.FoldersAsync(folder, cancellationToken);
    }

    public void Dispose() => archive.Dispose();

    private void Check()
    {
        if (!IsAway)
            return;
        Refused++;
        throw new ArchiveUnavailableException("the archive is away");
    }
}
