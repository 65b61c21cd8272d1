using HaCluster.Ledger.Archives;
using HaCluster.Ledger.Arguments;
using HaCluster.Ledger.Tests.Writing;
using HaCluster.Ledger.Verification;
using HaCluster.Ledger.Writing;

namespace HaCluster.Ledger.Tests.Verification;

/// <summary>Streams of which the archive has deleted what is older than its retention: 12 segments of 4 records, one each 30 days, a checkpoint behind every second.</summary>
public sealed class ExpiryTests : IAsyncLifetime, IDisposable
{
    private const int Segments = 12;
    private const int PerSegment = 4;
    private const long Size = Segments * PerSegment;
    private const int Years = 10;

    private static readonly DateTimeOffset Begin = new(2010, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Month = TimeSpan.FromDays(30);

    private readonly SetClock _clock = new(Begin);
    private readonly Ledgers _ledgers;

    public ExpiryTests() => _ledgers = new Ledgers { Clock = _clock, Options = new() { Linger = TimeSpan.Zero, CheckpointRecords = 8, CheckpointEvery = TimeSpan.FromDays(20) } };

    public async Task InitializeAsync()
    {
        await using (var logs = await _ledgers.OpenAsync())
        {
            for (var segment = 0; segment < Segments; segment++, _clock.Now += Month)
            {
                await StreamLogTests.StoreAsync(logs, Ledgers.Records(1 + segment * PerSegment, PerSegment));
                await Waiting.UntilAsync("the checkpoint is signed", () => segment % 2 == 0 || logs.Opened.Single().View.Checkpoint?.Checkpoint.Size == (segment + 1) * PerSegment);
            }
        }

        // Ten years after record 24, the last of the sixth segment.
        _clock.Now = (Begin + 5 * Month).AddYears(Years);
    }

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose() => _ledgers.Dispose();

    [Theory]
    [InlineData(16, "behind a checkpoint")]
    [InlineData(12, "between two checkpoints")]
    [InlineData(24, "the last record that may have expired: its checkpoint says so")]
    public async Task A_stream_may_begin_later_when_what_is_missing_was_old_and_a_checkpoint_covers_it(int last, string why)
    {
        Delete(1, last);
        var report = await VerifyAsync(Years);
        Assert.True(report.Finding is null, $"{why}: {report.Finding}");
        Assert.Equal((Size, Size), (report.Size, report.Signed));
        Assert.Equal([new RecordRange(1, last)], report.Expired.ToArray());
        // Whoever did not say that records expire is told that they are missing.
        Assert.Equal((Breach.Deletion, 1L), BreachOf(await VerifyAsync(null)));
    }

    [Fact]
    public async Task Younger_records_may_not_be_missing()
    {
        Delete(1, 28);
        Assert.Equal((Breach.Deletion, 1L), BreachOf(await VerifyAsync(Years)));
        // Of record 28 only the one after it tells the age.
        _clock.Now += 2 * Month;
        Assert.Null((await VerifyAsync(Years)).Finding);
    }

    [Fact]
    public async Task Without_a_checkpoint_that_covers_them_records_may_not_be_missing()
    {
        Delete(1, 12);
        Directory.Delete(Path.Combine(_ledgers.Folder, "checkpoints/payments"), recursive: true);
        Assert.Equal((Breach.Deletion, 1L), BreachOf(await VerifyAsync(Years)));
    }

    [Theory]
    [InlineData(13)]
    [InlineData(16)]
    [InlineData(40)]
    public async Task What_follows_expired_records_is_verified_as_ever(long record)
    {
        Delete(1, 12);
        var file = FileOf(record);
        var text = await File.ReadAllTextAsync(file);
        File.Delete(file);
        await File.WriteAllTextAsync(file, text.Replace($"{{\"n\":{record}}}", $"{{\"n\":{record + 1}}}", StringComparison.Ordinal));
        Assert.Equal((Breach.Edit, record), BreachOf(await VerifyAsync(Years)));
    }

    [Theory]
    [InlineData(16, "records go on behind it")]
    [InlineData(48, "nothing but the checkpoint is behind it")]
    public async Task What_follows_expired_records_was_not_written_by_somebody_else(int last, string why)
    {
        // Four records in a chain of their own, whose first one names a hash that nobody has any more.
        var first = last - PerSegment + 1;
        Delete(1, last);
        _clock.Now = (Begin + (last / PerSegment - 1) * Month).AddYears(Years);
        using var forged = new Ledgers { Clock = new SetClock(Begin + (last / PerSegment - 1) * Month) };
        await using (var logs = await forged.OpenAsync())
        {
            await StreamLogTests.StoreAsync(logs, Ledgers.Records(1, first - 1));
            await StreamLogTests.StoreAsync(logs, [.. Ledgers.Records(first, PerSegment - 1), Ledgers.Record($"r-{last}", """{"n":"forged"}""")]);
        }

        File.Copy(Path.Combine(forged.Folder, ArchiveNames.Segment(Ledgers.Stream, first)), FileOf(last));
        var report = await VerifyAsync(Years);
        Assert.True(report.Finding is { Breach: Breach.Edit } finding && finding.Sequence == last && finding.Name.StartsWith("checkpoints/", StringComparison.Ordinal), $"{why}: {report.Finding}");
    }

    [Fact]
    public async Task Records_on_hold_may_stay_between_expired_ones_when_a_checkpoint_ends_them()
    {
        Delete(1, 4);
        Delete(9, 16);
        var report = await VerifyAsync(Years);
        Assert.Null(report.Finding);
        Assert.Equal([new RecordRange(1, 4), new RecordRange(9, 16)], report.Expired.ToArray());
        // These follow a checkpoint, and end with none: anybody could have written them.
        Delete(5, 8);
        Restore(9);
        Assert.Equal((Breach.Deletion, 13L), BreachOf(await VerifyAsync(Years)));
        Restore(5);
        Delete(17, 20);
        Assert.Equal((Breach.Deletion, 13L), BreachOf(await VerifyAsync(Years)));
    }

    [Fact]
    public async Task The_end_may_be_missing_only_when_all_of_it_has_expired()
    {
        Delete(45, 48);
        Assert.Equal((Breach.Truncation, 45L), BreachOf(await VerifyAsync(Years)));
        Restore(45);
        Delete(1, 48);
        Assert.Equal((Breach.Truncation, 1L), BreachOf(await VerifyAsync(Years)));
        _clock.Now += Month * Segments;
        var report = await VerifyAsync(Years);
        Assert.Equal((null, Size), (report.Finding, report.Size));
        Assert.Equal([new RecordRange(1, Size)], report.Expired.ToArray());
    }

    [Fact]
    public async Task A_stream_goes_on_after_its_older_records_or_all_have_expired()
    {
        Delete(1, 12);
        await StoreNextAsync(49, Years);
        Directory.Delete(_ledgers.Spool("one"), recursive: true);
        _clock.Now += Month * Segments;
        Delete(1, 49);
        Assert.Contains("is broken", Assert.IsType<Outcome.Unavailable>(await AppendNextAsync(50, null)).Reason, StringComparison.Ordinal);
        Assert.IsType<Outcome.Unavailable>(await AppendNextAsync(50, Years));
        _clock.Now = _clock.Now.AddYears(Years);
        await StoreNextAsync(50, Years);
        Assert.Equal((null, 50L), ((await VerifyAsync(Years)).Finding, (await VerifyAsync(Years)).Size));
    }

    [Fact]
    public async Task The_command_says_what_has_expired()
    {
        Delete(1, 12);
        using var output = new StringWriter { NewLine = "\n" };
        Assert.Equal(CommandLine.Broken, await CommandLine.RunAsync(["verify", _ledgers.Folder], output, output));
        Assert.Equal(CommandLine.Done, await CommandLine.RunAsync(["verify", _ledgers.Folder, "--retention-years", "1"], output, output));
        Assert.Contains("payments: intact, 36 records, 6 checkpoints\n  begins at record 13: 1 to 12 expired, and signed checkpoints cover them\n", output.ToString(), StringComparison.Ordinal);
        Assert.Equal(CommandLine.Unusable, await CommandLine.RunAsync(["verify", _ledgers.Folder, "--retention-years", "0"], output, output));
        // A proof needs the hashes of all records.
        Assert.Equal(CommandLine.Unusable, await CommandLine.RunAsync(["prove", "r-20", _ledgers.Folder, "--stream", "payments"], output, output));
        Assert.Contains("records 1 to 12 have expired", output.ToString(), StringComparison.Ordinal);
    }

    private async Task StoreNextAsync(int number, int? years) => Assert.Equal([number], Assert.IsType<Outcome.Stored>(await AppendNextAsync(number, years)).Sequences.ToArray());

    private async Task<Outcome> AppendNextAsync(int number, int? years)
    {
        _ledgers.Options = _ledgers.Options with { Retention = years is { } kept ? new Retention(kept) : null };
        await using var logs = await _ledgers.OpenAsync();
        return await logs.AppendAsync(Ledgers.Stream, Ledgers.Records(number, 1));
    }

    private async Task<StreamReport> VerifyAsync(int? years)
    {
        using var archive = new FolderArchive(_ledgers.Folder);
        var verifier = new Verifier(archive, [_ledgers.Signer.PublicKey], []) { Retention = years is { } kept ? new Retention(kept) : null, Clock = _clock };
        return Assert.Single(await verifier.VerifyAsync(default));
    }

    private static (Breach, long) BreachOf(StreamReport report)
    {
        Assert.NotNull(report.Finding);
        return (report.Finding.Breach, report.Finding.Sequence);
    }

    private string FileOf(long record) => Path.Combine(_ledgers.Folder, ArchiveNames.Segment(Ledgers.Stream, (record - 1) / PerSegment * PerSegment + 1));

    private void Delete(long from, long to)
    {
        for (var record = from; record <= to; record += PerSegment)
        {
            if (File.Exists(FileOf(record)))
                File.Move(FileOf(record), _ledgers.At(Path.GetFileName(FileOf(record))));
        }
    }

    private void Restore(long record) => File.Move(_ledgers.At(Path.GetFileName(FileOf(record))), FileOf(record));
}
