using HaCluster.Payments.Metrics;
using HaCluster.Payments.Store;
using HaCluster.Payments.Tests.Store;
using HaCluster.Payments.Working;
using HaCluster.Services;

namespace HaCluster.Payments.Tests.Working;

/// <summary>Of any number of replicas one works on each part.</summary>
public sealed class LeaseTests : OwnStore
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);

    private readonly ManualClock _clock = new(DateTimeOffset.UtcNow);
    private Database _database = null!;

    public override async Task InitializeAsync() => _database = await OpenAsync();

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

    [Fact]
    public async Task A_defect_holds_up_its_own_part_only_and_raises_an_alarm()
    {
        var worker = new Counted { Defect = new InvalidOperationException("nobody thought of it") };
        using var log = new StringWriter();
        var loop = LoopOf(worker, "one", log);
        Assert.False(await loop.RoundAsync(default));
        _clock.Advance(TimeSpan.FromSeconds(2));
        Assert.False(await loop.RoundAsync(default));
        Assert.Equal(2, worker.Rounds);
        Assert.Contains("nobody thought of it", log.ToString(), StringComparison.Ordinal);
        // Where not even the parts are known, the next round tries again.
        (worker.Defect, worker.PartsDefect) = (null, new FormatException("unreadable"));
        Assert.False(await loop.RoundAsync(default));
        worker.PartsDefect = null;
        Assert.True(await loop.RoundAsync(default));
        Assert.Equal(3, worker.Rounds);
        Assert.Equal(3, log.ToString().Split('\n').Count(line => line.Contains("\"alarm\"", StringComparison.Ordinal)));
    }

    private WorkerLoop LoopOf(IWorker worker, string holder, TextWriter? log = null) =>
        new(worker, new WorkerContext(_database, new PaymentsMetrics(new EventLog(log ?? TextWriter.Null, _clock, "subject"), "1"), _clock, holder, Lease));

    private sealed class Counted : IWorker
    {
        public int Rounds { get; private set; }

        /// <summary>Of another part, which comes first.</summary>
        public Exception? Defect { get; set; }

        public Exception? PartsDefect { get; set; }

        public string Name => "counted";

        public TimeSpan Every => TimeSpan.FromSeconds(1);

        public Task<IReadOnlyList<WorkPart>> PartsAsync(CancellationToken cancellationToken) => PartsDefect is not null ? throw PartsDefect : Task.FromResult<IReadOnlyList<WorkPart>>(
        [
            new WorkPart("other", _ => Defect is null ? Task.CompletedTask : throw Defect),
            new WorkPart("part", _ =>
            {
                Rounds++;
                return Task.CompletedTask;
            }),
        ]);
    }
}
