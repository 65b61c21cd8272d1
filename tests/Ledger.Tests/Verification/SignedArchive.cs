using HaCluster.Ledger.Archives;
using HaCluster.Ledger.Tests.Writing;

namespace HaCluster.Ledger.Tests.Verification;

/// <summary>An archive of twelve segments with checkpoints, for whoever wants to change it unseen.</summary>
public abstract class SignedArchive : IAsyncLifetime, IDisposable
{
    private protected const int Segments = 12;
    private protected const int PerSegment = 4;
    private protected const long Size = Segments * PerSegment;

    private protected Ledgers Archive { get; } = new() { Options = new() { Linger = TimeSpan.Zero, CheckpointRecords = 20 } };

    public async Task InitializeAsync()
    {
        await using var logs = await Archive.OpenAsync();
        for (var segment = 0; segment < Segments; segment++)
            await StreamLogTests.StoreAsync(logs, Ledgers.Records(1 + segment * PerSegment, PerSegment));
        await StreamLogTests.StoreAsync(logs, [Ledgers.Record("other", stream: "audit")]);
    }

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose()
    {
        Archive.Dispose();
        GC.SuppressFinalize(this);
    }

    private protected string[] Folders => [Path.Combine(Archive.Folder, ArchiveNames.Segments(Ledgers.Stream)), Path.Combine(Archive.Folder, ArchiveNames.Checkpoints(Ledgers.Stream))];

    private protected Task<byte[]> CheckpointAsync() => File.ReadAllBytesAsync(Path.Combine(Archive.Folder, ArchiveNames.Checkpoint(Ledgers.Stream, Size)));

    /// <summary>Whoever owns the folder can do that; writing to the file itself is not allowed.</summary>
    private protected static void Replace(string file, byte[] content)
    {
        File.Delete(file);
        File.WriteAllBytes(file, content);
    }
}
