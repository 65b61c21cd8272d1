using System.Collections.Concurrent;
using HaCluster.Ledger.Archives;
using HaCluster.Ledger.Indexing;
using HaCluster.Ledger.Indexing.OpenSearch;
using HaCluster.Ledger.Indexing.Sqlite;
using HaCluster.Ledger.Tests.Writing;

namespace HaCluster.Ledger.Tests.Indexing;

/// <summary>The way from the archive into the index.</summary>
public sealed class IndexerTests : IDisposable
{
    private static readonly IndexerOptions Hasty = new()
    {
        Batch = 10,
        Turn = 30,
        LookEvery = TimeSpan.FromMilliseconds(20),
        LookAtMost = TimeSpan.FromMilliseconds(100),
        RetryEvery = TimeSpan.FromMilliseconds(5),
        RetryAtMost = TimeSpan.FromMilliseconds(50),
    };

    private readonly Ledgers _ledgers = new();
    private readonly IndexWatcher _watcher = new();

    public void Dispose() => _ledgers.Dispose();

    [Fact]
    public async Task What_other_instances_write_is_found_too()
    {
        await using var one = await _ledgers.OpenAsync("one");
        await one.AppendAsync(Ledgers.Stream, Ledgers.Records(1, 25));
        await using var index = SqliteIndex.Open(_ledgers.At("index.db"));
        await using var indexer = Start(index);
        await UntilFoundAsync(index, 25);
        // Nobody tells it.
        await one.AppendAsync(Ledgers.Stream, Ledgers.Records(26, 3));
        await one.AppendAsync("other", [Ledgers.Record("o-1", stream: "other")]);
        await UntilFoundAsync(index, 28);
        await UntilFoundAsync(index, 1, "other");
    }

    [Fact]
    public async Task A_long_backlog_is_indexed_in_turns_without_leaving_anything_out()
    {
        await using var one = await _ledgers.OpenAsync("one");
        for (var first = 1; first <= 200; first += 5)
            await one.AppendAsync(Ledgers.Stream, Ledgers.Records(first, 5));
        await one.AppendAsync("other", [Ledgers.Record("o-1", stream: "other")]);
        await using var index = SqliteIndex.Open(_ledgers.At("index.db"));
        await using var indexer = Start(index);
        await UntilFoundAsync(index, 200);
        await UntilFoundAsync(index, 1, "other");
        Assert.Equal((0, TimeSpan.Zero), (Follower(indexer).LagRecords, Follower(indexer).LagTime));
        Assert.Empty(_watcher.Events);
    }

    [Fact]
    public async Task While_the_index_is_away_the_lag_grows_and_then_it_catches_up()
    {
        await using var server = await LoopbackOpenSearch.StartAsync();
        server.IsAway = true;
        await using var index = new OpenSearchIndex(new OpenSearchClient(server.Address, new OpenSearchOptions { Tries = 1 }, TimeProvider.System, null), TimeProvider.System);
        await using var logs = await _ledgers.OpenAsync();
        await using var indexer = Start(index);
        Assert.IsType<HaCluster.Ledger.Writing.Outcome.Stored>(await logs.AppendAsync(Ledgers.Stream, Ledgers.Records(1, 30)));
        indexer.Grew(Ledgers.Stream, 30, TimeProvider.System.GetUtcNow());
        await Waiting.UntilAsync("several tries have failed", () => _watcher.Failures > 3);
        Assert.Equal(30, Follower(indexer).LagRecords);
        Assert.True(Follower(indexer).LagTime > TimeSpan.Zero);
        server.IsAway = false;
        await UntilFoundAsync(index, 30);
        await Waiting.UntilAsync("the lag is over", () => Follower(indexer) is { LagRecords: 0 } follower && follower.LagTime == TimeSpan.Zero);
        await Waiting.UntilAsync("it is said", () => _watcher.Events.Contains("back"));
        Assert.Equal(["away", "back"], _watcher.Events);
    }

    /// <summary>Two instances, an index with all the faults that there are, and a writer that does not wait for any of it.</summary>
    [Fact]
    public async Task Under_faults_throughout_nothing_is_missing_and_nothing_doubled()
    {
        const int Records = 2000;
        await using var server = await LoopbackOpenSearch.StartAsync();
        var random = new Random(20260131);
        server.Fault = (_, document) =>
        {
            lock (random)
            {
                return random.Next(20) switch
                {
                    0 => (429, "es_rejected_execution_exception"),
                    1 => (503, "unavailable_shards_exception"),
                    _ => document["stream"] is not null && document["data"]?["n"]?.GetValue<long>() % 100 == 7 ? (400, "mapper_parsing_exception") : null,
                };
            }
        };
        var options = new OpenSearchOptions { Tries = 3, RetryEvery = TimeSpan.FromMilliseconds(1) };
        await using var first = new OpenSearchIndex(new OpenSearchClient(server.Address, options, TimeProvider.System, null), TimeProvider.System);
        await using var second = new OpenSearchIndex(new OpenSearchClient(server.Address, options, TimeProvider.System, null), TimeProvider.System);
        await using var logs = await _ledgers.OpenAsync();
        await using var one = Start(first);
        await using var other = Start(second);
        for (var record = 1; record <= Records; record += 20)
        {
            lock (random)
            {
                switch (random.Next(5))
                {
                    case 0: server.LostAnswers += 2; break;
                    case 1: server.Busy += 3; break;
                    case 2: server.Red += 2; break;
                    case 3: server.LargestBody = random.Next(2) == 0 ? 2000 : int.MaxValue; break;
                }
            }

            await logs.AppendAsync(Ledgers.Stream, Ledgers.Records(record, 20));
            one.Grew(Ledgers.Stream, record + 19, TimeProvider.System.GetUtcNow());
        }

        server.LargestBody = int.MaxValue;
        await Waiting.UntilAsync("both are at the end", () => Follower(one).Position == Records && Follower(other).Position == Records, () => string.Join('\n', _watcher.Events.TakeLast(5)));
        var refused = (await first.DeadLettersAsync(Ledgers.Stream, 0, 1000, default)).Letters.Select(letter => letter.Sequence).ToArray();
        Assert.Equal(Enumerable.Range(0, 20).Select(number => 100L * number + 7), refused);
        server.Fault = (_, _) => null;
        Assert.Equal((20, 0), await one.ReplayAsync(Ledgers.Stream, default));
        var found = server.Documents("ledger.payments.*").Select(one => one.Document["sequence"]!.GetValue<long>());
        Assert.Equal(Enumerable.Range(1, Records).Select(number => (long)number), found.Order());
        Assert.Equal((0, TimeSpan.Zero, 0), (Follower(one).LagRecords, Follower(one).LagTime, Follower(one).DeadLetters));
    }

    [Fact]
    public async Task A_segment_that_was_changed_is_not_shown_and_other_streams_go_on()
    {
        await using var logs = await _ledgers.OpenAsync();
        await logs.AppendAsync(Ledgers.Stream, Ledgers.Records(1, 2));
        await logs.AppendAsync(Ledgers.Stream, Ledgers.Records(3, 2));
        var file = Path.Combine(_ledgers.Folder, ArchiveNames.Segment(Ledgers.Stream, 3));
        var right = await File.ReadAllTextAsync(file);
        File.Delete(file);
        await File.WriteAllTextAsync(file, right.Replace("\"n\":3", "\"n\":9", StringComparison.Ordinal));
        await using var index = SqliteIndex.Open(_ledgers.At("index.db"));
        await using var indexer = Start(index);
        await logs.AppendAsync("other", [Ledgers.Record("o-1", stream: "other")]);
        await UntilFoundAsync(index, 1, "other");
        await Waiting.UntilAsync("it is said", () => _watcher.Events.Any(text => text.StartsWith("stuck payments", StringComparison.Ordinal)));
        await UntilFoundAsync(index, 2);
        await Waiting.UntilAsync("it was tried several times", () => _watcher.Failures > 3);
        Assert.Single(_watcher.Events);

        await File.WriteAllTextAsync(file, right);
        await UntilFoundAsync(index, 4);
    }

    [Fact]
    public async Task Records_that_expired_at_the_beginning_are_passed_over_and_named()
    {
        await using var logs = await _ledgers.OpenAsync();
        for (var first = 1; first <= 10; first++)
            await logs.AppendAsync(Ledgers.Stream, Ledgers.Records(first, 1));
        for (var first = 1; first <= 4; first++)
            File.Delete(Path.Combine(_ledgers.Folder, ArchiveNames.Segment(Ledgers.Stream, first)));
        await using var index = SqliteIndex.Open(_ledgers.At("index.db"));
        await using var indexer = Start(index);
        await UntilFoundAsync(index, 6);
        Assert.Equal(["missing payments 1-4"], _watcher.Events);
        Assert.Equal(10, await index.PositionAsync(Ledgers.Stream, default));
    }

    [Fact]
    public async Task A_position_in_the_middle_of_a_segment_is_gone_on_from()
    {
        await using var logs = await _ledgers.OpenAsync();
        await logs.AppendAsync(Ledgers.Stream, Ledgers.Records(1, 4));
        await logs.AppendAsync(Ledgers.Stream, Ledgers.Records(5, 4));
        await using var index = SqliteIndex.Open(_ledgers.At("index.db"));
        var segment = SegmentRecords.Read(Ledgers.Stream, (await _ledgers.Archive.ReadAsync(ArchiveNames.Segment(Ledgers.Stream, 5), default))!);
        var first = SegmentRecords.Read(Ledgers.Stream, (await _ledgers.Archive.ReadAsync(ArchiveNames.Segment(Ledgers.Stream, 1), default))!);
        await index.AddAsync(Ledgers.Stream, [.. first.Records, segment.Records[0]], default);
        await using var indexer = Start(index);
        indexer.Grew(Ledgers.Stream, 8, TimeProvider.System.GetUtcNow());
        await UntilFoundAsync(index, 8);
        Assert.Empty(_watcher.Events);
    }

    [Fact]
    public async Task An_archive_that_is_away_is_followed_again_when_it_is_back()
    {
        var archive = new FaultyArchive(_ledgers.Archive);
        await using var logs = await _ledgers.OpenAsync();
        await logs.AppendAsync(Ledgers.Stream, Ledgers.Records(1, 3));
        archive.IsAway = true;
        await using var index = SqliteIndex.Open(_ledgers.At("index.db"));
        await using var indexer = new Indexer(index, archive, _watcher, Hasty, TimeProvider.System);
        indexer.Start();
        indexer.Grew(Ledgers.Stream, 3, TimeProvider.System.GetUtcNow());
        await Waiting.UntilAsync("it was tried", () => _watcher.Failures > 1);
        archive.IsAway = false;
        await UntilFoundAsync(index, 3);
    }

    private Indexer Start(IIndex index)
    {
        var indexer = new Indexer(index, _ledgers.Archive, _watcher, Hasty, TimeProvider.System);
        indexer.Start();
        return indexer;
    }

    private static StreamFollower Follower(Indexer indexer) => indexer.Followers.Single(follower => follower.Stream == Ledgers.Stream);

    private static Task UntilFoundAsync(IIndex index, int count, string stream = Ledgers.Stream) => Waiting.UntilAsync(
        $"{count} records of {stream} are found",
        async () =>
        {
            try
            {
                return (await index.SearchAsync(new RecordQuery(stream) { Limit = 1000 }, default)).Records.Count == count;
            }
            catch (IndexUnavailableException)
            {
                return false;
            }
        });
}

/// <summary>Keeps what it is told.</summary>
internal sealed class IndexWatcher : IIndexObserver
{
    private int _failures;

    public ConcurrentQueue<string> Events { get; } = new();

    public int Failures => _failures;

    public void Followed(StreamFollower follower)
    {
    }

    public void Failed(string stream, string reason) => Interlocked.Increment(ref _failures);

    public void IndexAway(string reason) => Events.Enqueue("away");

    public void IndexBack() => Events.Enqueue("back");

    public void Stuck(string stream, string reason) => Events.Enqueue($"stuck {stream} {reason}");

    public void Missing(string stream, long first, long last) => Events.Enqueue($"missing {stream} {first}-{last}");

    public void Refused(string stream, int records)
    {
    }
}
