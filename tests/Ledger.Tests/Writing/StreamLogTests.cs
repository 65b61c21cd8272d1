using System.Collections.Immutable;
using HaCluster.Ledger.Archives;
using HaCluster.Ledger.Proof;
using HaCluster.Ledger.Records;
using HaCluster.Ledger.Writing;

namespace HaCluster.Ledger.Tests.Writing;

public sealed partial class StreamLogTests : IDisposable
{
    private readonly Ledgers _ledgers = new();

    public void Dispose() => _ledgers.Dispose();

    [Fact]
    public async Task Records_are_in_the_archive_when_they_are_acknowledged()
    {
        await using var logs = await _ledgers.OpenAsync();
        Assert.Equal([1L, 2, 3], (await StoreAsync(logs, Ledgers.Records(1, 3))).Sequences.ToList());
        Assert.Equal([4L], (await StoreAsync(logs, Ledgers.Records(4, 1))).Sequences.ToList());
        Assert.Equal(["r-1", "r-2", "r-3", "r-4"], await _ledgers.IdsAsync());
    }

    [Fact]
    public async Task Requests_that_come_together_are_one_segment_and_each_gets_its_own_answer()
    {
        _ledgers.Options = _ledgers.Options with { Linger = TimeSpan.FromMilliseconds(200) };
        await using var logs = await _ledgers.OpenAsync();
        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(number => StoreAsync(logs, Ledgers.Records(number * 2, 2))));
        Assert.Equal(Enumerable.Range(1, 100).Select(number => (long)number), answers.SelectMany(answer => answer.Sequences).Order());
        Assert.InRange(Directory.GetFiles(Path.Combine(_ledgers.Folder, "segments/payments")).Length, 1, 10);
    }

    [Fact]
    public async Task A_repeated_record_is_answered_as_the_first_time_and_stored_once()
    {
        await using (var logs = await _ledgers.OpenAsync())
        {
            var first = await StoreAsync(logs, Ledgers.Records(1, 3));
            var again = await StoreAsync(logs, Ledgers.Records(2, 3));
            Assert.Equal((0, 2), (first.Repeated, again.Repeated));
            Assert.Equal([2L, 3, 4], again.Sequences.ToList());
        }

        // Also after a restart, from the archive alone.
        Directory.Delete(_ledgers.Spool("one"), recursive: true);
        await using var later = await _ledgers.OpenAsync();
        Assert.Equal([1L, 2, 3, 4, 5], (await StoreAsync(later, Ledgers.Records(1, 5))).Sequences.ToList());
        Assert.Equal(["r-1", "r-2", "r-3", "r-4", "r-5"], await _ledgers.IdsAsync());
    }

    [Fact]
    public async Task An_id_with_other_content_is_refused_with_all_of_its_request()
    {
        await using var logs = await _ledgers.OpenAsync();
        await StoreAsync(logs, [Ledgers.Record("a", """{"amount":"1.00"}""")]);
        var refused = Assert.IsType<Outcome.Refused>(await logs.AppendAsync(Ledgers.Stream, [Ledgers.Record("b", sequence: 5), Ledgers.Record("a", """{"amount":"2.00"}""")]));
        Assert.Equal((1, "a", (long?)1), (refused.Conflicts.Single().Index, refused.Conflicts.Single().Id, refused.Conflicts.Single().Sequence));
        Assert.Equal(["a"], await _ledgers.IdsAsync());
        Assert.Contains("refused 1", _ledgers.Observer.Events);
        // What was refused has left nothing behind: b is new, and its number is free.
        Assert.Equal([2L], (await StoreAsync(logs, [Ledgers.Record("b", sequence: 5)])).Sequences.ToList());
        // Two of one request contradict each other, too.
        Assert.IsType<Outcome.Refused>(await logs.AppendAsync(Ledgers.Stream, [Ledgers.Record("c", """{"n":1}"""), Ledgers.Record("c", """{"n":2}""")]));
    }

    [Fact]
    public async Task Numbers_of_a_producer_are_watched()
    {
        await using (var logs = await _ledgers.OpenAsync())
        {
            await StoreAsync(logs, [Ledgers.Record("a", sequence: 10), Ledgers.Record("b", sequence: 11)]);
            await StoreAsync(logs, [Ledgers.Record("c", sequence: 15)]);
            Assert.Contains("gap api 3", _ledgers.Observer.Events);
            await StoreAsync(logs, [Ledgers.Record("d", sequence: 13)]);
            var refused = Assert.IsType<Outcome.Refused>(await logs.AppendAsync(Ledgers.Stream, [Ledgers.Record("e", sequence: 13)]));
            Assert.Contains("13 is neither above 15, the highest of api, nor one of those that it left out", refused.Conflicts.Single().Message, StringComparison.Ordinal);
            Assert.Equal([new Gap(12, 12), new Gap(14, 14)], logs.Opened.Single().View.Producers.Single().Gaps.ToList());
        }

        await using var later = await _ledgers.OpenAsync();
        Assert.Equal([new Gap(12, 12), new Gap(14, 14)], later.Opened.Single().View.Producers.Single().Gaps.ToList());
    }

    [Fact]
    public async Task While_the_archive_is_away_nothing_is_acknowledged_and_nothing_is_lost_or_doubled()
    {
        var archive = new FaultyArchive(new FolderArchive(_ledgers.Folder));
        _ledgers.Archive = archive;
        await using var logs = await _ledgers.OpenAsync();
        await StoreAsync(logs, Ledgers.Records(1, 1));
        archive.IsAway = true;
        Assert.IsType<Outcome.Unavailable>(await logs.AppendAsync(Ledgers.Stream, Ledgers.Records(2, 2)));
        Assert.IsType<Outcome.Unavailable>(await logs.AppendAsync(Ledgers.Stream, Ledgers.Records(4, 1)));
        Assert.Equal("the archive is away", logs.Trouble);
        archive.IsAway = false;
        await Waiting.UntilAsync("the archive is back", () => logs.Trouble is null);
        // The first batch was durable here and is stored by now; the second was never taken.
        Assert.Equal([2L, 3, 4], (await StoreAsync(logs, Ledgers.Records(2, 3))).Sequences.ToList());
        Assert.Equal(["r-1", "r-2", "r-3", "r-4"], await _ledgers.IdsAsync());
        Assert.Equal(["away", "back"], _ledgers.Observer.Events.Where(one => one is "away" or "back"));
    }

    [Fact]
    public async Task An_object_that_was_stored_without_an_answer_is_not_stored_again()
    {
        var archive = new FaultyArchive(new FolderArchive(_ledgers.Folder));
        _ledgers.Archive = archive;
        await using var logs = await _ledgers.OpenAsync();
        archive.LostAnswers = 1;
        Assert.IsType<Outcome.Unavailable>(await logs.AppendAsync(Ledgers.Stream, Ledgers.Records(1, 2)));
        await Waiting.UntilAsync("the archive is back", () => logs.Trouble is null);
        Assert.Equal([1L, 2], (await StoreAsync(logs, Ledgers.Records(1, 2))).Sequences.ToList());
        Assert.Equal(["r-1", "r-2"], await _ledgers.IdsAsync());
        // It was its own.
        Assert.DoesNotContain("overtaken", _ledgers.Observer.Events);
    }

    [Fact]
    public async Task What_was_durable_when_the_archive_went_away_is_stored_by_the_next_process()
    {
        var archive = new FaultyArchive(new FolderArchive(_ledgers.Folder));
        _ledgers.Archive = archive;
        await using (var logs = await _ledgers.OpenAsync())
        {
            await StoreAsync(logs, Ledgers.Records(1, 1));
            archive.IsAway = true;
            Assert.IsType<Outcome.Unavailable>(await logs.AppendAsync(Ledgers.Stream, Ledgers.Records(2, 2)));
        }

        archive.IsAway = false;
        await using var later = await _ledgers.OpenAsync();
        Assert.Equal(["r-1", "r-2", "r-3"], await _ledgers.IdsAsync());
    }

    [Theory]
    [InlineData(3, true)]
    [InlineData(9, true)]
    [InlineData(10, false)]
    public async Task What_a_killed_process_had_not_stored_is_not_stored_when_it_may_be_known_no_more(int others, bool isRecognised)
    {
        _ledgers.Options = _ledgers.Options with { Window = 10 };
        var plain = _ledgers.Archive;
        var archive = new FaultyArchive(plain);
        _ledgers.Archive = archive;
        await using (var one = await _ledgers.OpenAsync("one"))
        {
            await StoreAsync(one, Ledgers.Records(0, 1));
            archive.IsAway = true;
            Assert.IsType<Outcome.Unavailable>(await one.AppendAsync(Ledgers.Stream, Ledgers.Records(1, 2)));
        }

        // Its sender sent them again, to another instance, which took many after them.
        _ledgers.Archive = plain;
        await using (var two = await _ledgers.OpenAsync("two"))
        {
            await StoreAsync(two, Ledgers.Records(1, 1));
            await StoreAsync(two, Ledgers.Records(3, others));
        }

        await using (await _ledgers.OpenAsync("one"))
            Assert.Equal(isRecognised ? ["r-2"] : [], (await _ledgers.IdsAsync()).Skip(2 + others));
        Assert.Equal((await _ledgers.IdsAsync()).Count, (await _ledgers.IdsAsync()).Distinct().Count());
    }

    [Fact]
    public async Task What_waited_while_others_stored_more_than_the_window_is_not_stored_again()
    {
        _ledgers.Options = _ledgers.Options with { Window = 10 };
        var plain = _ledgers.Archive;
        var (archive, gate) = (new FaultyArchive(plain), new TaskCompletionSource());
        _ledgers.Archive = archive;
        await using var one = await _ledgers.OpenAsync("one");
        await StoreAsync(one, Ledgers.Records(1, 1));
        var begun = archive.Begun;
        archive.Gate = gate.Task;
        var first = one.AppendAsync(Ledgers.Stream, Ledgers.Records(2, 1));
        await Waiting.UntilAsync("the first is on its way", () => archive.Begun > begun);
        var second = one.AppendAsync(Ledgers.Stream, Ledgers.Records(3, 1));
        _ledgers.Archive = plain;
        await using (var two = await _ledgers.OpenAsync("two"))
            await StoreAsync(two, Ledgers.Records(2, 20));
        gate.SetResult();
        Assert.Contains("may have stored it", Assert.IsType<Outcome.Unavailable>(await first).Reason, StringComparison.Ordinal);
        Assert.IsType<Outcome.Unavailable>(await second);
        // What comes now is known by all that there is.
        Assert.Equal([22L], (await StoreAsync(one, Ledgers.Records(22, 1))).Sequences.ToList());
        Assert.Equal(Enumerable.Range(1, 22).Select(number => $"r-{number}"), await _ledgers.IdsAsync());
    }

    [Fact]
    public async Task Two_instances_at_once_make_one_chain_without_loss_or_doubles()
    {
        await using var one = await _ledgers.OpenAsync("one");
        await using var two = await _ledgers.OpenAsync("two");
        await Task.WhenAll(Enumerable.Range(0, 60).Select(async number =>
        {
            // Every tenth is sent to both.
            await StoreAsync(number % 2 == 0 ? one : two, Ledgers.Records(number, 1));
            if (number % 10 == 0)
                await StoreAsync(number % 2 == 0 ? two : one, Ledgers.Records(number, 1));
        }));
        Assert.Equal(Enumerable.Range(0, 60).Select(number => $"r-{number}").Order(StringComparer.Ordinal), (await _ledgers.IdsAsync()).Order(StringComparer.Ordinal));
        await one.DisposeAsync();
        await two.DisposeAsync();
        Assert.Contains("overtaken", _ledgers.Observer.Events);
        Assert.Null(Assert.Single(await _ledgers.VerifyAsync()).Finding);
    }

    [Fact]
    public async Task Times_never_go_back()
    {
        var clock = new SetClock(DateTimeOffset.Parse("2026-01-31T12:00:00Z", System.Globalization.CultureInfo.InvariantCulture));
        _ledgers.Clock = clock;
        await using (var logs = await _ledgers.OpenAsync())
        {
            await StoreAsync(logs, Ledgers.Records(1, 1));
            clock.Now -= TimeSpan.FromHours(1);
            await StoreAsync(logs, Ledgers.Records(2, 1));
        }

        Assert.Null(Assert.Single(await _ledgers.VerifyAsync()).Finding);
        await using var later = await _ledgers.OpenAsync();
        await StoreAsync(later, Ledgers.Records(3, 1));
        Assert.Equal("2026-01-31T12:00:00.000Z", Entry.Format(later.Opened.Single().View.At));
        Assert.Equal("2026-01-31T12:00:00.000Z", later.Opened.Single().View.Checkpoint!.Checkpoint.At);
    }

    [Fact]
    public async Task Checkpoints_are_signed_by_count_and_at_the_end_and_a_start_reads_only_what_the_window_needs()
    {
        _ledgers.Options = _ledgers.Options with { CheckpointRecords = 10, Window = 5 };
        await using (var logs = await _ledgers.OpenAsync())
        {
            for (var number = 1; number <= 25; number++)
                await StoreAsync(logs, Ledgers.Records(number, 1));
        }

        Assert.Equal(["checkpoint 10", "checkpoint 20", "checkpoint 25"], _ledgers.Observer.Events.Where(one => one.StartsWith("checkpoint", StringComparison.Ordinal)));
        var report = Assert.Single(await _ledgers.VerifyAsync());
        Assert.Equal((null, 25L, 25L, 3), (report.Finding, report.Size, report.Signed, report.Checkpoints));
        // Older than the window: not needed to go on.
        var segments = Path.Combine(_ledgers.Folder, "segments/payments");
        foreach (var file in Directory.GetFiles(segments).Order(StringComparer.Ordinal).Take(15))
            File.Move(file, _ledgers.At(Path.GetFileName(file)));
        await using (var later = await _ledgers.OpenAsync())
            Assert.Equal([24L, 26], (await StoreAsync(later, [.. Ledgers.Records(24, 1), .. Ledgers.Records(26, 1)])).Sequences.ToList());
        foreach (var file in Directory.GetFiles(_ledgers.At(""), "*.ndjson"))
            File.Move(file, Path.Combine(segments, Path.GetFileName(file)));
        report = Assert.Single(await _ledgers.VerifyAsync());
        Assert.Equal((null, 26L, 26L), (report.Finding, report.Size, report.Signed));
    }

    [Fact]
    public async Task The_window_reaches_into_a_segment_that_began_long_before_it()
    {
        _ledgers.Options = _ledgers.Options with { Window = 5 };
        await using (var logs = await _ledgers.OpenAsync())
        {
            await StoreAsync(logs, Ledgers.Records(1, 1));
            await StoreAsync(logs, Ledgers.Records(2, 50));
            await StoreAsync(logs, Ledgers.Records(52, 1));
        }

        await using var later = await _ledgers.OpenAsync();
        Assert.Equal([49L, 52], (await StoreAsync(later, [.. Ledgers.Records(49, 1), .. Ledgers.Records(52, 1)])).Sequences.ToList());
    }

    internal static async Task<Outcome.Stored> StoreAsync(StreamLogs logs, ImmutableArray<PreparedRecord> records) =>
        Assert.IsType<Outcome.Stored>(await logs.AppendAsync(records[0].Stream, records));

    private sealed class LateSigner(ISigner signer) : ISigner
    {
        public int Failures { get; set; }

        public bool IsPassing { get; init; } = true;

        public int Opened { get; private set; }

        public PublicKey PublicKey => signer.PublicKey;

        public Task OpenAsync(CancellationToken cancellationToken) =>
            Opened++ < Failures ? throw new SigningException("the key does not answer", isPassing: IsPassing) : Task.CompletedTask;

        public Task<byte[]> SignAsync(ReadOnlyMemory<byte> message, CancellationToken cancellationToken) => signer.SignAsync(message, cancellationToken);

        public void Dispose()
        {
        }
    }
}
