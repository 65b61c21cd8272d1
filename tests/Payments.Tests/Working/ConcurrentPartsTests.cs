using System.Collections.Concurrent;
using HaCluster.Payments.Chains;
using HaCluster.Payments.Metrics;
using HaCluster.Payments.Store;
using HaCluster.Payments.Tests.Store;
using HaCluster.Payments.Working;
using HaCluster.Services;

namespace HaCluster.Payments.Tests.Working;

/// <summary>A part that fails, or does not end, holds up no other.</summary>
public sealed class ConcurrentPartsTests : OwnStore
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);

    private readonly RecordingClock _clock = new(DateTimeOffset.UtcNow);
    private Database _database = null!;

    public override async Task InitializeAsync() => _database = await OpenAsync();

    [Fact]
    public async Task A_part_that_fails_rests_for_longer_each_time_and_the_others_go_on()
    {
        var worker = new Parts(1) { ["bad"] = () => throw new NodeUnreachableException("it is away"), ["good"] = () => Task.CompletedTask };
        var loop = LoopOf(worker);
        var tries = new List<int>();
        for (var second = 0; second < 90; second++)
        {
            if (!await loop.RoundAsync(default))
                tries.Add(second);
            _clock.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(90, worker.Ended["good"]);
        // The longest rest is shorter than the lease: what is said of the part stays.
        Assert.Equal([0, 2, 6, 14, 30, 50, 70], tries);
        worker["bad"] = () => Task.CompletedTask;
        _clock.Advance(TimeSpan.FromSeconds(20));
        Assert.True(await loop.RoundAsync(default) && await loop.RoundAsync(default));
        Assert.Equal(2, worker.Ended["bad"]);
    }

    [Fact]
    public async Task The_rounds_of_all_parts_do_not_become_fewer_because_of_one()
    {
        var worker = new Parts(1) { ["bad"] = () => throw new NodeUnreachableException("it is away"), ["good"] = () => Task.CompletedTask };
        using var stop = new CancellationTokenSource();
        var running = LoopOf(worker).RunAsync(stop.Token);
        await Waiting.UntilAsync("there were some rounds", () => worker.Ended.GetValueOrDefault("good") >= 20);
        await stop.CancelAsync();
        await running;
        Assert.All(_clock.Pauses, pause => Assert.Equal(worker.Every, pause));
    }

    [Fact]
    public async Task A_part_that_does_not_end_holds_up_no_other_and_is_not_begun_twice()
    {
        var hanging = new TaskCompletionSource();
        var worker = new Parts(2) { ["bad"] = () => hanging.Task, ["good"] = () => Task.CompletedTask };
        using var stop = new CancellationTokenSource();
        var running = LoopOf(worker).RunAsync(stop.Token);
        await Waiting.UntilAsync("the other goes on", () => worker.Ended.GetValueOrDefault("good") >= 5);
        Assert.Equal(1, worker.Begun["bad"]);
        hanging.SetResult();
        await Waiting.UntilAsync("it goes on, too", () => worker.Ended.GetValueOrDefault("bad") >= 2);
        await stop.CancelAsync();
        await running;
    }

    [Fact]
    public async Task No_more_parts_than_the_worker_allows_are_worked_on_at_a_time_and_all_end_before_the_loop_does()
    {
        var hanging = new TaskCompletionSource();
        var worker = new Parts(3);
        foreach (var number in Enumerable.Range(0, 10))
            worker[$"{number}"] = () => hanging.Task;
        using var stop = new CancellationTokenSource();
        var running = LoopOf(worker).RunAsync(stop.Token);
        await Waiting.UntilAsync("there were some rounds", () => worker.Rounds >= 5);
        Assert.Equal(3, worker.Begun.Count);
        await stop.CancelAsync();
        Assert.False(running.IsCompleted);
        hanging.SetResult();
        await running;
        // Of those that waited none is begun after the end.
        Assert.Equal(3, worker.Ended.Count);
    }

    private WorkerLoop LoopOf(IWorker worker) => new(worker, new WorkerContext(_database, new PaymentsMetrics(new EventLog(TextWriter.Null, _clock, "subject"), "1"), _clock, "one", Lease));

    private sealed class Parts(int concurrent) : IWorker
    {
        private readonly ConcurrentDictionary<string, Func<Task>> _parts = new(StringComparer.Ordinal);

        public Func<Task> this[string subject]
        {
            set => _parts[subject] = value;
        }

        public int Rounds { get; private set; }

        public ConcurrentDictionary<string, int> Begun { get; } = new(StringComparer.Ordinal);

        public ConcurrentDictionary<string, int> Ended { get; } = new(StringComparer.Ordinal);

        public string Name => "parts";

        public TimeSpan Every => TimeSpan.FromSeconds(1);

        public int Concurrent => concurrent;

        public Task<IReadOnlyList<WorkPart>> PartsAsync(CancellationToken cancellationToken)
        {
            Rounds++;
            return Task.FromResult<IReadOnlyList<WorkPart>>([.. _parts.Select(part => new WorkPart(part.Key, async _ =>
            {
                Begun.AddOrUpdate(part.Key, 1, (_, count) => count + 1);
                await part.Value();
                Ended.AddOrUpdate(part.Key, 1, (_, count) => count + 1);
            }))]);
        }
    }

    /// <summary>Its pauses are over at once.</summary>
    private sealed class RecordingClock(DateTimeOffset now) : TimeProvider
    {
        private readonly ManualClock _time = new(now);
        private readonly ConcurrentQueue<TimeSpan> _pauses = new();

        public IReadOnlyList<TimeSpan> Pauses => [.. _pauses];

        public override long TimestampFrequency => _time.TimestampFrequency;

        public override DateTimeOffset GetUtcNow() => _time.GetUtcNow();

        public override long GetTimestamp() => _time.GetTimestamp();

        public void Advance(TimeSpan time) => _time.Advance(time);

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            _pauses.Enqueue(dueTime);
            return base.CreateTimer(callback, state, TimeSpan.FromMilliseconds(1), period);
        }
    }
}
