using HaCluster.Payments.Metrics;
using HaCluster.Payments.Store;
using HaCluster.Payments.Tests.Peers;
using HaCluster.Payments.Tests.Store;
using HaCluster.Payments.Working;
using HaCluster.Services;

namespace HaCluster.Payments.Tests.Working;

/// <summary>A replica says of work what it knows as long as the work is its own.</summary>
public sealed class WorkerLoopTests(PostgreSql postgreSql) : IClassFixture<PostgreSql>, IDisposable
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);

    private readonly Scratch _scratch = new();
    private readonly ManualClock _clock = new(DateTimeOffset.UnixEpoch.AddYears(60));

    public void Dispose() => _scratch.Dispose();

    [SkippableTheory, OnBothStores]
    public async Task A_replica_that_has_lost_a_lease_no_longer_shows_what_it_said_of_the_work(StoreKind kind)
    {
        await using var database = await Stores.OpenAsync(kind, _scratch, postgreSql);
        foreach (var (worker, say, shown) in Gauges())
        {
            var (first, second) = (new Replica(database, _clock, worker, "part", say), new Replica(database, _clock, worker, "part", say));
            await first.Loop.RoundAsync(default);
            await second.Loop.RoundAsync(default);
            Assert.Contains(shown, await first.ShownAsync(), StringComparison.Ordinal);
            Assert.DoesNotContain(shown, await second.ShownAsync(), StringComparison.Ordinal);
            // It was paused for too long.
            _clock.Advance(Lease);
            await second.Loop.RoundAsync(default);
            await first.Loop.RoundAsync(default);
            Assert.DoesNotContain(shown, await first.ShownAsync(), StringComparison.Ordinal);
            Assert.Contains($"payments_worker{{worker=\"{worker}\",subject=\"part\"}} 0", await first.ShownAsync(), StringComparison.Ordinal);
            Assert.Contains(shown, await second.ShownAsync(), StringComparison.Ordinal);
            _clock.Advance(Lease);
            await first.Loop.RoundAsync(default);
            Assert.Contains(shown, await first.ShownAsync(), StringComparison.Ordinal);
            _clock.Advance(Lease);
        }
    }

    [SkippableTheory, OnBothStores]
    public async Task What_is_said_of_other_work_stays(StoreKind kind)
    {
        await using var database = await Stores.OpenAsync(kind, _scratch, postgreSql);
        var (first, second) = (new Replica(database, _clock, "watcher", "bitcoin", Scanned("bitcoin")), new Replica(database, _clock, "watcher", "ethereum", Scanned("ethereum")));
        first.Worker.Subjects.Add("ethereum");
        first.Worker.Say += Scanned("ethereum");
        await first.Loop.RoundAsync(default);
        _clock.Advance(Lease);
        await second.Loop.RoundAsync(default);
        first.Worker.Say = Scanned("bitcoin");
        await first.Loop.RoundAsync(default);
        Assert.Contains("payments_scanned_height{chain=\"bitcoin\"} 7", await first.ShownAsync(), StringComparison.Ordinal);
        Assert.DoesNotContain("payments_scanned_height{chain=\"ethereum\"}", await first.ShownAsync(), StringComparison.Ordinal);
    }

    [SkippableTheory, OnBothStores]
    public async Task A_lease_that_cannot_be_extended_is_lost_when_it_is_over(StoreKind kind)
    {
        await using var database = await Stores.OpenAsync(kind, _scratch, postgreSql);
        var replica = new Replica(database, _clock, "watcher", "bitcoin", Scanned("bitcoin"));
        await replica.Loop.RoundAsync(default);
        replica.Worker.IsStoreAway = true;
        _clock.Advance(Lease - TimeSpan.FromSeconds(1));
        Assert.False(await replica.Loop.RoundAsync(default));
        Assert.Contains("payments_scanned_height{chain=\"bitcoin\"} 7", await replica.ShownAsync(), StringComparison.Ordinal);
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.False(await replica.Loop.RoundAsync(default));
        Assert.DoesNotContain("payments_scanned_height{chain=\"bitcoin\"}", await replica.ShownAsync(), StringComparison.Ordinal);
        replica.Worker.IsStoreAway = false;
        Assert.True(await replica.Loop.RoundAsync(default));
        Assert.Contains("payments_scanned_height{chain=\"bitcoin\"} 7", await replica.ShownAsync(), StringComparison.Ordinal);
    }

    [SkippableTheory, OnBothStores]
    public async Task A_lease_of_a_clock_that_was_wrong_is_not_waited_for(StoreKind kind)
    {
        await using var database = await Stores.OpenAsync(kind, _scratch, postgreSql);
        var now = _clock.GetUtcNow();
        Assert.True(await database.TakeAsync("sender/wal_1", "wrong", Lease, now.AddHours(10), default));
        Assert.True(await database.TakeAsync("sender/wal_1", "right", Lease, now, default));
        Assert.False(await database.TakeAsync("sender/wal_1", "third", Lease, now, default));
        // A difference that clocks may have is none.
        Assert.True(await database.TakeAsync("sender/wal_2", "ahead", Lease, now + Lease, default));
        Assert.False(await database.TakeAsync("sender/wal_2", "right", Lease, now, default));
    }

    private static Action<PaymentsMetrics> Scanned(string chain) => metrics => metrics.Watching.Scanned(chain, 7, 9);

    private static IEnumerable<(string Worker, Action<PaymentsMetrics> Say, string Shown)> Gauges() =>
    [
        ("watcher", Scanned("part"), "payments_scanned_height{chain=\"part\"} 7"),
        ("watcher", Scanned("part"), "payments_scanner_lag_blocks{chain=\"part\"} 2"),
        ("watcher", metrics => metrics.Watching.Reorganised("part", 3), "payments_reorganisation_depth_blocks{chain=\"part\"} 3"),
        ("sender", metrics => metrics.Open("part", 4, TimeSpan.FromSeconds(5)), "payments_open_transfers{wallet=\"part\"} 4"),
        ("sender", metrics => metrics.Open("part", 4, TimeSpan.FromSeconds(5)), "payments_oldest_open_transfer_seconds{wallet=\"part\"} 5"),
        ("webhook", metrics => metrics.Delivery.Webhook("part", TimeSpan.FromSeconds(6)), "payments_webhook_oldest_undelivered_seconds{hook=\"part\"} 6"),
        ("outbox", metrics => metrics.Delivery.Outbox(TimeSpan.FromSeconds(8)), "payments_outbox_oldest_undelivered_seconds 8"),
    ];

    private sealed class Replica
    {
        private readonly PaymentsMetrics _metrics = new(new EventLog(TextWriter.Null, TimeProvider.System, "subject"), "1");

        public Replica(Database database, TimeProvider clock, string worker, string subject, Action<PaymentsMetrics> say)
        {
            Worker = new SayingWorker(worker, _metrics) { Subjects = [subject], Say = say };
            Loop = new WorkerLoop(Worker, new WorkerContext(database, _metrics, clock, Ids.New("replica", clock.GetUtcNow()), Lease));
        }

        public SayingWorker Worker { get; }

        public WorkerLoop Loop { get; }

        public async Task<string> ShownAsync()
        {
            using var text = new MemoryStream();
            await _metrics.WriteAsync(text, default);
            return System.Text.Encoding.UTF8.GetString(text.ToArray());
        }
    }

    private sealed class SayingWorker(string name, PaymentsMetrics metrics) : IWorker
    {
        public required List<string> Subjects { get; init; }

        public required Action<PaymentsMetrics> Say { get; set; }

        public bool IsStoreAway { get; set; }

        public string Name => name;

        public TimeSpan Every => TimeSpan.FromSeconds(1);

        public Task<IReadOnlyList<WorkPart>> PartsAsync(CancellationToken cancellationToken) => IsStoreAway ? throw new StoreUnavailableException("it is away")
            : Task.FromResult<IReadOnlyList<WorkPart>>([.. Subjects.Select(subject => new WorkPart(subject, _ => SayAsync()))]);

        private Task SayAsync()
        {
            Say(metrics);
            return Task.CompletedTask;
        }
    }
}
