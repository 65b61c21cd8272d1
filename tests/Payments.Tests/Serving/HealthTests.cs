using System.Data.Common;
using HaCluster.Payments.Metrics;
using HaCluster.Payments.Policies;
using HaCluster.Payments.Serving;
using HaCluster.Payments.Store;
using HaCluster.Services;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Data.Sqlite;

namespace HaCluster.Payments.Tests.Serving;

/// <summary>What anybody may ask without a key costs the database little, however often it is asked.</summary>
public sealed class HealthTests : IDisposable
{
    private readonly Scratch _scratch = new();
    private readonly ManualClock _clock = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public async Task Many_who_ask_at_once_share_one_answer_and_the_next_is_asked_for_when_it_is_old()
    {
        var (asked, answer) = (0, new TaskCompletionSource<int>());
        var recent = new CachedAnswer<int>(
            () =>
            {
                Interlocked.Increment(ref asked);
                return answer.Task;
            },
            TimeSpan.FromSeconds(1), _clock);
        var first = Enumerable.Range(0, 50).Select(_ => recent.GetAsync(default)).ToArray();
        // It is slow: nobody asks beside it, however late it is.
        _clock.Advance(TimeSpan.FromSeconds(5));
        var late = recent.GetAsync(default);
        answer.SetResult(7);
        Assert.All(await Task.WhenAll([.. first, late]), one => Assert.Equal(7, one));
        Assert.Equal(1, asked);
        await recent.GetAsync(default);
        Assert.Equal(2, asked);
        _clock.Advance(TimeSpan.FromMilliseconds(999));
        await recent.GetAsync(default);
        Assert.Equal(2, asked);
        _clock.Advance(TimeSpan.FromMilliseconds(1));
        await recent.GetAsync(default);
        Assert.Equal(3, asked);
    }

    [Fact]
    public async Task A_failure_is_told_to_all_who_ask_within_the_second_too_and_one_who_goes_away_takes_it_from_nobody()
    {
        var asked = 0;
        var failing = new CachedAnswer<int>(() => Task.FromException<int>(new InvalidOperationException($"{Interlocked.Increment(ref asked)}")), TimeSpan.FromSeconds(1), _clock);
        foreach (var _ in new[] { 1, 2 })
            Assert.Equal("1", (await Assert.ThrowsAsync<InvalidOperationException>(() => failing.GetAsync(default))).Message);
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("2", (await Assert.ThrowsAsync<InvalidOperationException>(() => failing.GetAsync(default))).Message);

        var answer = new TaskCompletionSource<int>();
        var slow = new CachedAnswer<int>(() => answer.Task, TimeSpan.FromSeconds(1), _clock);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => slow.GetAsync(new CancellationToken(canceled: true)));
        var waiting = slow.GetAsync(default);
        answer.SetResult(7);
        Assert.Equal(7, await waiting);
    }

    [Fact]
    public async Task Metrics_ask_the_database_once_per_second()
    {
        await using var service = await TestService.StartAsync();
        Assert.Contains("payments_kill_switch 0\n", await MetricsAsync(), StringComparison.Ordinal);
        await service.Service.Database.ChangeAsync(session => session.SetKillSwitchAsync(true, null, "test", service.Clock.GetUtcNow()));
        Assert.Contains("payments_kill_switch 0\n", await MetricsAsync(), StringComparison.Ordinal);
        service.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Contains("payments_kill_switch 1\n", await MetricsAsync(), StringComparison.Ordinal);

        Task<string> MetricsAsync() => service.Http.GetStringAsync(new Uri("/metrics", UriKind.Relative));
    }

    [Fact]
    public async Task Probes_ask_the_database_once_per_second()
    {
        await using var database = new CountedDatabase(_scratch.At("payments.db"));
        await using var app = WebApplication.CreateSlimBuilder().Build();
        new HealthRoutes(database, new PaymentsMetrics(new EventLog(TextWriter.Null, _clock, "subject"), "1"), _clock, default).Map(app);
        var probe = ((IEndpointRouteBuilder)app).DataSources.SelectMany(source => source.Endpoints).OfType<RouteEndpoint>().Single(endpoint => endpoint.RoutePattern.RawText == "/ready").RequestDelegate!;
        Assert.Equal((200, 200, 200), (await ReadyAsync(), await ReadyAsync(), await ReadyAsync()));
        Assert.Equal(1, database.Asked);
        database.IsAway = true;
        _clock.Advance(TimeSpan.FromMilliseconds(999));
        Assert.Equal(200, await ReadyAsync());
        _clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal((503, 503), (await ReadyAsync(), await ReadyAsync()));
        Assert.Equal(2, database.Asked);
        database.IsAway = false;
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(200, await ReadyAsync());

        async Task<int> ReadyAsync()
        {
            var context = new DefaultHttpContext();
            await probe(context);
            return context.Response.StatusCode;
        }
    }

    private sealed class CountedDatabase(string file) : SqliteDatabase(file)
    {
        public int Asked { get; private set; }

        public bool IsAway { get; set; }

        protected override Task<DbConnection> OpenAsync(CancellationToken cancellationToken)
        {
            Asked++;
            return IsAway ? throw new SqliteException("away", 14) : base.OpenAsync(cancellationToken);
        }
    }
}
