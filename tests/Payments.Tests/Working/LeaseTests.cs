using HaCluster.Payments.Metrics;
using HaCluster.Payments.Store;
using HaCluster.Payments.Working;
using HaCluster.Services;

namespace HaCluster.Payments.Tests.Working;

/// <summary>Of any number of replicas one works on each part.</summary>
public sealed class LeaseTests : IAsyncLifetime, IDisposable
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);

    private readonly Scratch _scratch = new();
    private readonly ManualClock _clock = new(DateTimeOffset.UtcNow);
    private SqliteDatabase _database = null!;

    public async Task InitializeAsync()
    {
        _database = new SqliteDatabase(_scratch.At("payments.db"));
        await _database.MigrateAsync(default);
    }

    public async Task DisposeAsync() => await _database.DisposeAsync();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public async Task One_replica_works_until_it_gives_up_or_its_lease_is_over()
    {
        var (first, second) = (new Counted(), new Counted());
        var (one, other) = (LoopOf(first, "one"), LoopOf(second, "other"));
        for (var round = 0; round < 3; round++)
        {
            Assert.True(await one.RoundAsync(default) && await other.RoundAsync(default));
            _clock.Advance(Lease / 2);
        }

        Assert.Equal((3, 0), (first.Rounds, second.Rounds));
        // One that has died.
        _clock.Advance(Lease);
        Assert.True(await other.RoundAsync(default) && await one.RoundAsync(default));
        Assert.Equal((3, 1), (first.Rounds, second.Rounds));
        await other.GiveUpAsync();
        Assert.True(await one.RoundAsync(default) && await other.RoundAsync(default));
        Assert.Equal((4, 1), (first.Rounds, second.Rounds));
    }

    private WorkerLoop LoopOf(IWorker worker, string holder) =>
        new(worker, new WorkerContext(_database, new PaymentsMetrics(new EventLog(TextWriter.Null, _clock, "subject"), "1"), _clock, holder, Lease));

    private sealed class Counted : IWorker
    {
        public int Rounds { get; private set; }

        public string Name => "counted";

        public TimeSpan Every => TimeSpan.FromSeconds(1);

        public Task<IReadOnlyList<WorkPart>> PartsAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<WorkPart>>(
        [
            new WorkPart("part", _ =>
            {
                Rounds++;
                return Task.CompletedTask;
            }),
        ]);
    }
}
