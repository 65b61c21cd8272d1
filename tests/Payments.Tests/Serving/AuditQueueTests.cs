using HaCluster.Payments.Access;
using HaCluster.Payments.Metrics;
using HaCluster.Payments.Store;
using HaCluster.Payments.Tests.Store;
using HaCluster.Services;

namespace HaCluster.Payments.Tests.Serving;

/// <summary>Rows of the audit trail are written after the answers: none is lost, however many there are, and while the database is away.</summary>
public sealed class AuditQueueTests : OwnStore
{
    /// <summary>More than two batches.</summary>
    private const int Many = 450;

    private readonly PaymentsMetrics _metrics = new(new EventLog(TextWriter.Null, TimeProvider.System, "subject"), "1");
    private Database _database = null!;

    public override async Task InitializeAsync() => _database = await OpenAsync();

    [Fact]
    public async Task Rows_of_many_requests_are_written_once_and_in_their_order()
    {
        await using var queue = NewQueue();
        await AddAsync(queue, Many);
        await Waiting.UntilAsync("all are written", async () => (await StatusesAsync()).Count >= Many);
        Assert.Equal(Enumerable.Range(0, Many), await StatusesAsync());
    }

    [Fact]
    public async Task What_waits_when_the_service_ends_is_written()
    {
        var queue = NewQueue();
        await AddAsync(queue, Many);
        await queue.DisposeAsync();
        Assert.Equal(Enumerable.Range(0, Many), await StatusesAsync());
        // Of a request that nobody waited for any longer.
        await AddAsync(queue, 1);
        Assert.Equal(Many, (await StatusesAsync()).Count);
    }

    [Fact]
    public async Task Rows_wait_while_the_database_is_away()
    {
        await using var queue = NewQueue();
        await ExecuteAsync("alter table audit_trail rename to away");
        await AddAsync(queue, Many);
        await Waiting.UntilAsync("it was tried", HasFailedAsync);
        await ExecuteAsync("alter table away rename to audit_trail");
        await Waiting.UntilAsync("all are written", async () => (await StatusesAsync()).Count >= Many);
        Assert.Equal(Enumerable.Range(0, Many), await StatusesAsync());
    }

    [Fact]
    public async Task A_database_that_stays_away_holds_up_no_end()
    {
        var queue = NewQueue();
        await ExecuteAsync("alter table audit_trail rename to away");
        await AddAsync(queue, Many);
        await queue.DisposeAsync().AsTask().WaitAsync(Waiting.Limit);
        Assert.True(await HasFailedAsync());
    }

    private AuditQueue NewQueue() => new(_database, _metrics);

    private async Task<bool> HasFailedAsync()
    {
        using var text = new MemoryStream();
        await _metrics.WriteAsync(text, default);
        return !System.Text.Encoding.UTF8.GetString(text.ToArray()).Contains("payments_store_failures_total 0\n", StringComparison.Ordinal);
    }

    /// <summary>Whose statuses count from zero.</summary>
    private static async Task AddAsync(AuditQueue queue, int rows)
    {
        for (var number = 0; number < rows; number++)
            await queue.AddAsync(new AskedRequest { Key = "test", Method = "POST", Path = "/v1/wallets", Status = number });
    }

    private async Task<IReadOnlyList<int>> StatusesAsync() =>
        [.. (await _database.ReadAsync(session => session.AskedAsync(null, 0, 2 * Many))).Reverse().Select(row => (int)row.Status)];

    private Task<int> ExecuteAsync(string statement) => _database.ChangeAsync(session => session.ExecuteAsync(statement));
}
