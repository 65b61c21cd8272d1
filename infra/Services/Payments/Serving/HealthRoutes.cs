using HaCluster.Payments.Http;
using HaCluster.Payments.Metrics;
using HaCluster.Payments.Policies;
using HaCluster.Payments.Store;
using HaCluster.Payments.Transfers;

namespace HaCluster.Payments.Serving;

/// <summary>Probes, and metrics for Prometheus. Anybody may ask for them, without a key: however many do, the database is asked once per second.</summary>
internal sealed class HealthRoutes
{
    private static readonly TimeSpan Age = TimeSpan.FromSeconds(1);

    private readonly Database _database;
    private readonly PaymentsMetrics _metrics;
    private readonly CancellationToken _stopping;
    private readonly CachedAnswer<bool> _answers;
    private readonly CachedAnswer<bool> _measured;

    public HealthRoutes(Database database, PaymentsMetrics metrics, TimeProvider clock, CancellationToken stopping)
    {
        (_database, _metrics, _stopping) = (database, metrics, stopping);
        _answers = new CachedAnswer<bool>(() => TryAsync(session => session.GetAsync<long>("select 1")), Age, clock);
        _measured = new CachedAnswer<bool>(() => TryAsync(MeasureAsync), Age, clock);
    }

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/live", context => context.Response.WriteAsync("ok\n"));
        routes.MapGet("/ready", ReadyAsync);
        routes.MapGet("/metrics", MetricsAsync);
    }

    private async Task MetricsAsync(HttpContext context)
    {
        // While the database is away the other metrics are what shows it.
        await _measured.GetAsync(context.RequestAborted);
        context.Response.ContentType = "text/plain; version=0.0.4; charset=utf-8";
        await _metrics.WriteAsync(context.Response.Body, context.RequestAborted);
    }

    private async Task ReadyAsync(HttpContext context)
    {
        if (_stopping.IsCancellationRequested)
            await Problems.WriteAsync(context, StatusCodes.Status503ServiceUnavailable, "stopping", "the service is stopping");
        else if (!await _answers.GetAsync(context.RequestAborted))
            await Problems.WriteAsync(context, StatusCodes.Status503ServiceUnavailable, "store-away", "the database does not answer");
        else
            await context.Response.WriteAsync("ok\n");
    }

    private async Task<bool> MeasureAsync(Session session)
    {
        _metrics.KillSwitch(await session.IsStoppedAsync());
        foreach (var wallet in await session.ApprovalsWaitingAsync())
            _metrics.ApprovalsWaiting(wallet.Wallet, wallet.Count);
        return true;
    }

    /// <returns>Whether the database answers.</returns>
    private async Task<bool> TryAsync<T>(Func<Session, Task<T>> read)
    {
        try
        {
            await _database.ReadAsync(read, CancellationToken.None);
            return true;
        }
        catch (StoreUnavailableException exception)
        {
            _metrics.StoreFailed(exception.Message);
            return false;
        }
    }
}
