using System.Text;
using HaCluster.Ledger.Archives;
using HaCluster.Ledger.Proof;
using HaCluster.Ledger.Records;
using HaCluster.Ledger.Tests.Writing;
using HaCluster.Ledger.Verification;

namespace HaCluster.Ledger.Tests.Verification;

/// <summary>Somebody with this software, who can write to the archive and has no key, puts whole objects there whose hashes all fit.</summary>
public sealed class ForgeryTests : IAsyncLifetime, IDisposable
{
    private const int PerSegment = 4;

    private readonly Ledgers _ledgers = new() { Options = new() { Linger = TimeSpan.Zero, CheckpointRecords = 8 } };

    /// <summary>Records 1 to 16 are signed, 17 to 24 are not.</summary>
    public async Task InitializeAsync()
    {
        await using (var logs = await _ledgers.OpenAsync())
        {
            for (var first = 1; first <= 24; first += PerSegment)
                await StreamLogTests.StoreAsync(logs, Ledgers.Records(first, PerSegment));
        }

        File.Delete(At(ArchiveNames.Checkpoint(Ledgers.Stream, 24)));
        Assert.Equal((24L, 16L, null), await ReportAsync());
    }

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose() => _ledgers.Dispose();

    [Fact]
    public async Task Other_records_in_the_middle_are_found_by_those_that_follow()
    {
        await ForgeAsync(17, Changed(17));
        Assert.Equal((20L, 16L, new Place(Breach.Edit, 20)), await ReportAsync());
    }

    [Fact]
    public async Task An_object_with_times_before_those_of_the_one_before_it_is_found()
    {
        await ForgeAsync(21, Changed(21), DateTimeOffset.UnixEpoch);
        Assert.Equal((20L, 16L, new Place(Breach.BackDating, 21)), await ReportAsync());
    }

    [Fact]
    public async Task Records_of_another_stream_are_found()
    {
        await ForgeAsync(21, [Ledgers.Record("r-21", stream: "audit")]);
        Assert.Equal((20L, 16L, new Place(Breach.Edit, 21)), await ReportAsync());
    }

    [Fact]
    public async Task A_record_that_says_the_same_in_other_bytes_is_found()
    {
        var lines = (await File.ReadAllTextAsync(At(ArchiveNames.Segment(Ledgers.Stream, 21)))).Split('\n');
        // The same JSON, which has only one form here.
        var (head, line) = (lines[0], lines[1].Replace("\"data\":{\"n\":21}", "\"data\":{\"n\":2.1e1}", StringComparison.Ordinal));
        Assert.NotEqual(lines[1], line);
        var content = $"{head}\n{line}\n";
        await WriteAsync(21, Encoding.UTF8.GetBytes($"{content}{{\"count\":1,\"head\":\"{Hash.Hex(Hash.Leaf(Encoding.UTF8.GetBytes(line)))}\",\"sha256\":\"{Hash.HexOf(Encoding.UTF8.GetBytes(content))}\"}}\n"));
        Assert.Equal((20L, 16L, new Place(Breach.Edit, 21)), await ReportAsync());
    }

    [Fact]
    public async Task The_end_of_a_part_is_compared_with_its_checkpoint()
    {
        await ForgeAsync(13, Changed(13));
        using var archive = new FolderArchive(_ledgers.Folder);
        var report = await new Verifier(archive, [_ledgers.Signer.PublicKey], []).VerifyAsync(Ledgers.Stream, 8, 16, default);
        Assert.Equal((Breach.Edit, 16L), (report.Finding!.Breach, report.Finding.Sequence));
    }

    [Fact]
    public async Task What_is_behind_the_last_checkpoint_that_is_left_does_not_pass_for_expired_records()
    {
        await ForgeAsync(9, Changed(9));
        foreach (var first in new[] { 13, 17, 21 })
            File.Delete(At(ArchiveNames.Segment(Ledgers.Stream, first)));
        using var archive = new FolderArchive(_ledgers.Folder);
        var verifier = new Verifier(archive, [_ledgers.Signer.PublicKey], []) { Retention = new Retention(1), Clock = new SetClock(DateTimeOffset.UtcNow.AddYears(2)) };
        var finding = (await verifier.VerifyAsync(default)).Single(one => one.Stream == Ledgers.Stream).Finding;
        Assert.Equal((Breach.Truncation, 13L), (finding!.Breach, finding.Sequence));
    }

    [Fact]
    public async Task A_checkpoint_with_the_root_of_another_tree_is_found_though_its_key_has_signed_it()
    {
        var name = ArchiveNames.Checkpoint(Ledgers.Stream, 16);
        var checkpoint = SignedCheckpoint.Parse(await File.ReadAllBytesAsync(At(name))).Checkpoint;
        var other = new MerkleFrontier();
        for (var leaf = 0; leaf < 16; leaf++)
            other.Add(Hash.Leaf([(byte)leaf]));
        var signed = await SignedCheckpoint.SignAsync(checkpoint with { Frontier = [.. other.Roots.Select(root => Hash.Hex(root))], Root = Hash.Hex(other.Root()) }, _ledgers.Signer, default);
        File.Delete(At(name));
        await File.WriteAllBytesAsync(At(name), signed.ToBytes());
        Assert.Equal((16L, 16L, new Place(Breach.Edit, 16)), await ReportAsync());
    }

    private static PreparedRecord[] Changed(int first) => [.. Enumerable.Range(first, PerSegment).Select(number => Ledgers.Record($"r-{number}", """{"n":"changed"}"""))];

    /// <summary>An object in the place of that one, which goes on from the one before it.</summary>
    private async Task ForgeAsync(int first, PreparedRecord[] records, DateTimeOffset? at = null)
    {
        var before = Segment.Read(await File.ReadAllBytesAsync(At(ArchiveNames.Segment(Ledgers.Stream, first - PerSegment))));
        using var writer = new SegmentWriter(Ledgers.Stream, first, before.Head, at ?? before.LastAt, "one", 1024, records.Length);
        foreach (var record in records)
            writer.Add(record);
        await WriteAsync(first, writer.Close().ToArray());
    }

    private async Task WriteAsync(int first, byte[] content)
    {
        var file = At(ArchiveNames.Segment(Ledgers.Stream, first));
        File.Delete(file);
        await File.WriteAllBytesAsync(file, content);
    }

    private string At(string name) => Path.Combine(_ledgers.Folder, name);

    private async Task<(long Size, long Signed, Place? Finding)> ReportAsync()
    {
        var report = (await _ledgers.VerifyAsync()).Single(one => one.Stream == Ledgers.Stream);
        return (report.Size, report.Signed, report.Finding is { } finding ? new Place(finding.Breach, finding.Sequence) : null);
    }

    private sealed record Place(Breach Breach, long Sequence);
}
