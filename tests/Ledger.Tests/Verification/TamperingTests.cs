using System.Text;
using HaCluster.Ledger.Archives;
using HaCluster.Ledger.Arguments;
using HaCluster.Ledger.Proof;
using HaCluster.Ledger.Records;
using HaCluster.Ledger.Tests.Writing;
using HaCluster.Ledger.Verification;

namespace HaCluster.Ledger.Tests.Verification;

public sealed class TamperingTests : SignedArchive
{
    [Fact]
    public async Task An_archive_that_nobody_touched_is_intact()
    {
        var reports = await Archive.VerifyAsync();
        Assert.Equal([("audit", 1L, 1L), ("payments", Size, Size)], reports.Select(report => (report.Stream, report.Size, report.Signed)));
        Assert.All(reports, report => Assert.Null(report.Finding));
    }

    [Theory]
    [InlineData(6L)]
    [InlineData(8L)]
    [InlineData(Size)]
    public async Task An_edit_is_named_by_its_record(long record)
    {
        Change(record, text => text.Replace($"{{\"n\":{record}}}", $"{{\"n\":{record + 1}}}", StringComparison.Ordinal));
        await AssertFoundAsync(Breach.Edit, record);
    }

    [Fact]
    public async Task A_deleted_line_is_named()
    {
        ChangeLines(5, lines => lines.RemoveAt(2));
        await AssertFoundAsync(Breach.Deletion, 6);
    }

    [Fact]
    public async Task The_last_line_of_an_object_that_was_deleted_is_named()
    {
        ChangeLines(5, lines => lines.RemoveAt(4));
        await AssertFoundAsync(Breach.Deletion, 8);
    }

    [Fact]
    public async Task Lines_in_another_order_are_named()
    {
        ChangeLines(5, lines => (lines[2], lines[3]) = (lines[3], lines[2]));
        await AssertFoundAsync(Breach.Reordering, 6);
    }

    [Fact]
    public async Task A_deleted_object_is_named_by_its_first_record()
    {
        File.Delete(FileOf(9));
        await AssertFoundAsync(Breach.Deletion, 9);
    }

    [Fact]
    public async Task Objects_in_another_order_are_named()
    {
        var (first, second) = (await File.ReadAllBytesAsync(FileOf(9)), await File.ReadAllBytesAsync(FileOf(13)));
        Replace(FileOf(9), second);
        Replace(FileOf(13), first);
        await AssertFoundAsync(Breach.Reordering, 9);
    }

    [Fact]
    public async Task An_end_that_was_cut_off_is_named_whether_objects_or_a_part_of_one()
    {
        var whole = await File.ReadAllBytesAsync(FileOf(Size));
        Replace(FileOf(Size), whole[..^20]);
        await AssertFoundAsync(Breach.Truncation, Size + 1);
        File.Delete(FileOf(Size));
        await AssertFoundAsync(Breach.Truncation, Size - PerSegment + 1);
    }

    [Fact]
    public async Task Back_dating_is_named()
    {
        var earlier = Entry.Format(DateTimeOffset.UnixEpoch);
        Change(6, text => text.Replace(text[..text.IndexOf("\",", StringComparison.Ordinal)], $"{{\"at\":\"{earlier}", StringComparison.Ordinal));
        await AssertFoundAsync(Breach.BackDating, 6);
    }

    [Fact]
    public async Task A_stream_that_was_written_again_from_a_record_on_is_found_by_its_checkpoint()
    {
        // Whoever has the software but not the key: the same records, one of them changed, in a chain that fits.
        using var forged = new Ledgers();
        var kept = SignedCheckpoint.Parse(await CheckpointAsync());
        File.Delete(FileOf(45));
        Directory.Delete(Path.Combine(Archive.Folder, "checkpoints/payments"), recursive: true);
        Copy(Archive.Folder, forged.Folder);
        await using (var logs = await forged.OpenAsync())
            await StreamLogTests.StoreAsync(logs, [.. Ledgers.Records(45, 3), Ledgers.Record("r-48", """{"n":"changed"}""")]);
        using var archive = new FolderArchive(forged.Folder);
        // Its own signature is not that of the key that is known...
        Assert.Equal(Breach.Signature, Finding(await new Verifier(archive, [Archive.Signer.PublicKey], []).VerifyAsync(default)).Breach);
        // ... and when no key is known, a checkpoint that was kept elsewhere tells.
        Assert.Null((await new Verifier(archive, [], []).VerifyAsync(default)).Single(report => report.Stream == Ledgers.Stream).Finding);
        Assert.Equal((Breach.Edit, Size), (Finding(await new Verifier(archive, [], [kept]).VerifyAsync(default)).Breach, Finding(await new Verifier(archive, [], [kept]).VerifyAsync(default)).Sequence));
    }

    [Fact]
    public async Task A_stream_that_lost_all_its_segments_is_found_by_its_checkpoints()
    {
        Directory.Delete(Folders[0], recursive: true);
        Assert.Equal(Breach.Truncation, Finding(await Archive.VerifyAsync()).Breach);
    }

    [Fact]
    public async Task A_stream_that_was_set_back_with_its_checkpoints_is_found_by_a_checkpoint_that_was_kept()
    {
        var kept = SignedCheckpoint.Parse(await CheckpointAsync());
        File.Delete(FileOf(45));
        File.Delete(Path.Combine(Archive.Folder, ArchiveNames.Checkpoint(Ledgers.Stream, Size)));
        Assert.All(await Archive.VerifyAsync(), report => Assert.Null(report.Finding));
        Assert.Equal((Breach.Truncation, 45L), (Finding(await Archive.VerifyAsync(kept)).Breach, Finding(await Archive.VerifyAsync(kept)).Sequence));
        foreach (var folder in Folders)
            Directory.Delete(folder, recursive: true);
        Assert.Equal(Breach.Truncation, Finding(await Archive.VerifyAsync(kept)).Breach);
    }

    [Fact]
    public async Task A_record_is_proved_to_somebody_who_has_only_the_key()
    {
        using var archive = new FolderArchive(Archive.Folder);
        foreach (var number in new[] { 1L, 17, 32, 33, Size })
        {
            var proof = InclusionProof.Parse((await InclusionProof.FindAsync(archive, Ledgers.Stream, $"r-{number}", null, default)).ToBytes());
            Assert.Equal((number, null), (proof.Sequence, proof.FaultUnder(Archive.Signer.PublicKey)));
            Assert.NotNull((proof with { Entry = proof.Entry.Replace($"\"n\":{number}", $"\"n\":{number + 1}", StringComparison.Ordinal) }).FaultUnder(Archive.Signer.PublicKey));
            Assert.NotNull((proof with { Sequence = number + 1 }).FaultUnder(Archive.Signer.PublicKey));
            Assert.NotNull((proof with { Checkpoint = proof.Checkpoint with { At = Entry.Format(DateTimeOffset.UnixEpoch) } }).FaultUnder(Archive.Signer.PublicKey));
            using var stranger = FileSigner.Open(Archive.At("stranger.pem"));
            Assert.NotNull(proof.FaultUnder(stranger.PublicKey));
        }

        Assert.Contains("no record with the id r-99", (await Assert.ThrowsAsync<FormatException>(() => InclusionProof.FindAsync(archive, Ledgers.Stream, "r-99", null, default))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_commands_say_it_with_their_exit_codes()
    {
        var key = Archive.At("public.pem");
        await File.WriteAllTextAsync(key, Archive.Signer.PublicKey.Pem);
        var (code, output) = await RunAsync("verify", Archive.Folder, "--key", key);
        Assert.Equal((CommandLine.Done, "audit: intact, 1 record, 1 checkpoint\npayments: intact, 48 records, 3 checkpoints\n"), (code, output));

        (code, var proof) = await RunAsync("prove", "r-17", Archive.Folder, "--stream", "payments");
        Assert.Equal(CommandLine.Done, code);
        await File.WriteAllTextAsync(Archive.At("proof.json"), proof);
        (code, output) = await RunAsync("check", Archive.At("proof.json"), "--key", key);
        Assert.Equal(CommandLine.Done, code);
        Assert.Contains("proved: record 17 is in the stream payments, of which 48 records were signed", output, StringComparison.Ordinal);
        await File.WriteAllTextAsync(Archive.At("proof.json"), proof.Replace("\\\"n\\\":17", "\\\"n\\\":18", StringComparison.Ordinal));
        (code, output) = await RunAsync("check", Archive.At("proof.json"), "--key", key);
        Assert.Equal((CommandLine.Broken, true), (code, output.StartsWith("not proved: ", StringComparison.Ordinal)));

        Change(6, text => text.Replace("{\"n\":6}", "{\"n\":7}", StringComparison.Ordinal));
        (code, output) = await RunAsync("verify", Archive.Folder);
        Assert.Equal(CommandLine.Broken, code);
        Assert.Contains("payments: BROKEN, edit at record 6: ", output, StringComparison.Ordinal);
        Assert.Contains("keys: those in the archive were trusted", output, StringComparison.Ordinal);

        (code, output) = await RunAsync("verify", Archive.At("nowhere"));
        Assert.Equal(CommandLine.Unusable, code);
        Assert.Contains("there is nothing to verify", output, StringComparison.Ordinal);
        Assert.Equal(CommandLine.Unusable, (await RunAsync("verify", Archive.Folder, "--key", Archive.At("proof.json"))).Code);
        Assert.Equal(CommandLine.Unusable, (await RunAsync("check")).Code);
    }

    private static async Task<(int Code, string Output)> RunAsync(params string[] arguments)
    {
        using var output = new StringWriter { NewLine = "\n" };
        return (await CommandLine.RunAsync(arguments, output, output), output.ToString());
    }

    private async Task AssertFoundAsync(Breach breach, long record)
    {
        var finding = Finding(await Archive.VerifyAsync());
        Assert.Equal((breach, record), (finding.Breach, finding.Sequence));
    }

    private static Finding Finding(IReadOnlyList<StreamReport> reports)
    {
        var finding = reports.Single(report => report.Stream == Ledgers.Stream).Finding;
        Assert.NotNull(finding);
        return finding;
    }

    private string FileOf(long record) => Path.Combine(Archive.Folder, ArchiveNames.Segment(Ledgers.Stream, (record - 1) / PerSegment * PerSegment + 1));

    private void Change(long record, Func<string, string> change) => ChangeLines(record, lines =>
    {
        var index = (int)((record - 1) % PerSegment) + 1;
        var changed = change(lines[index]);
        Assert.NotEqual(lines[index], changed);
        lines[index] = changed;
    });

    private void ChangeLines(long record, Action<List<string>> change)
    {
        var lines = File.ReadAllText(FileOf(record)).TrimEnd('\n').Split('\n').ToList();
        change(lines);
        Replace(FileOf(record), Encoding.UTF8.GetBytes(string.Join('\n', lines) + "\n"));
    }

    private static void Copy(string source, string destination)
    {
        foreach (var file in Directory.GetFiles(source, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(destination, Path.GetRelativePath(source, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }
}
