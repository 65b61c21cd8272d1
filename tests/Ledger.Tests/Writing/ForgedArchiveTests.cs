using HaCluster.Ledger.Archives;
using HaCluster.Ledger.Proof;
using HaCluster.Ledger.Writing;

namespace HaCluster.Ledger.Tests.Writing;

/// <summary>An archive that somebody has changed is not written to: a start reads its end, and finds what is inconsistent.</summary>
public sealed class ForgedArchiveTests : IAsyncLifetime, IDisposable
{
    private readonly Ledgers _ledgers = new();

    /// <summary>Records 1 to 8, two in each object, and a checkpoint of all.</summary>
    public async Task InitializeAsync()
    {
        await using (var logs = await _ledgers.OpenAsync())
        {
            for (var first = 1; first <= 7; first += 2)
                await StreamLogTests.StoreAsync(logs, Ledgers.Records(first, 2));
        }

        Assert.Equal(8, (await LoadAsync()).Size);
    }

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose() => _ledgers.Dispose();

    [Fact]
    public async Task Other_records_are_found_by_those_that_follow()
    {
        File.Delete(At(8));
        await ForgeAsync(5);
        await AssertBrokenAsync("record 7 does not name the hash of the record before it");
    }

    [Fact]
    public async Task Other_records_at_the_end_are_found_by_the_checkpoint()
    {
        await ForgeAsync(7);
        await AssertBrokenAsync("record 8 is not the one of the checkpoint");
    }

    [Fact]
    public async Task A_hole_among_the_records_that_a_repeated_one_is_looked_for_in_is_found()
    {
        File.Delete(Path(5));
        await AssertBrokenAsync("it begins with record 7 of payments");
    }

    [Fact]
    public async Task A_missing_beginning_is_found_where_no_checkpoint_covers_it()
    {
        File.Delete(At(8));
        File.Delete(Path(1));
        await AssertBrokenAsync("it begins with record 3 of payments");
    }

    [Fact]
    public async Task An_object_under_another_name_is_found()
    {
        File.Move(Path(7), Path(6));
        await AssertBrokenAsync("it begins with record 7 of payments");
    }

    [Fact]
    public async Task Records_of_another_stream_are_found()
    {
        File.Delete(At(8));
        await ForgeAsync(7, "audit");
        await AssertBrokenAsync("it begins with record 7 of audit");
    }

    [Fact]
    public async Task A_checkpoint_of_another_stream_or_another_key_is_found()
    {
        var signed = SignedCheckpoint.Parse(await File.ReadAllBytesAsync(At(8)));
        await SignAsync(signed.Checkpoint with { Stream = "audit" }, _ledgers.Signer);
        await AssertBrokenAsync("its signature is wrong");
        using var other = FileSigner.Open(_ledgers.At("other.pem"));
        await SignAsync(signed.Checkpoint, other);
        await AssertBrokenAsync("its signature is wrong");
    }

    private string Path(long first) => System.IO.Path.Combine(_ledgers.Folder, ArchiveNames.Segment(Ledgers.Stream, first));

    private string At(long size) => System.IO.Path.Combine(_ledgers.Folder, ArchiveNames.Checkpoint(Ledgers.Stream, size));

    /// <summary>Puts an object in the place of one, in which all fits together: two records of other content behind those that are there.</summary>
    private async Task ForgeAsync(long first, string stream = Ledgers.Stream)
    {
        using var writer = new SegmentWriter(stream, first, Segment.Read(await File.ReadAllBytesAsync(Path(first - 2))).Head, DateTimeOffset.UtcNow, "forger", 1000, 2);
        writer.Add(Ledgers.Record($"r-{first}", """{"n":0}""", stream: stream));
        writer.Add(Ledgers.Record($"r-{first + 1}", """{"n":0}""", stream: stream));
        await WriteAsync(Path(first), writer.Close().ToArray());
    }

    private async Task SignAsync(Checkpoint checkpoint, FileSigner signer) => await WriteAsync(At(8), (await SignedCheckpoint.SignAsync(checkpoint, signer, default)).ToBytes());

    /// <summary>What the archive keeps is not for writing.</summary>
    private static async Task WriteAsync(string file, byte[] content)
    {
        File.Delete(file);
        await File.WriteAllBytesAsync(file, content);
    }

    private Task<StreamState> LoadAsync() => StreamState.LoadAsync(_ledgers.Archive, Ledgers.Stream, _ledgers.Options, TimeProvider.System, default);

    private async Task AssertBrokenAsync(string reason) => Assert.Contains(reason, (await Assert.ThrowsAsync<BrokenArchiveException>(LoadAsync)).Message, StringComparison.Ordinal);
}
