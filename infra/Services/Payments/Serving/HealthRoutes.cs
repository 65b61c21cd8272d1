using HaCluster.Payments.Metrics;
using HaCluster.Payments.Policies;
using HaCluster.Payments.Store;
using HaCluster.Payments.Transfers;

namespace HaCluster.Payments.Serving;

/// <summary>Probes, and metrics for Prometheus.</summary>
internal sealed class HealthRoutes(Database database, PaymentsMetrics metrics, CancellationToken stopping)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/live", context => context.Response.WriteAsync("ok\n"));
        routes.MapGet("/ready", ReadyAsync);
        routes.MapGet("/metrics", MetricsAsync);
    }

    private async Task MetricsAsync(HttpContext context)
    {
        try
        {
            var (killSwitch, waiting) = await database.ReadAsync(async session => (await session.IsStoppedAsync(), await session.ApprovalsWaitingAsync()), context.RequestAborted);
            metrics.KillSwitch(killSwitch);
            foreach (var wallet in waiting)
                metrics.ApprovalsWaiting(wallet.Wallet, wallet.Count);
        }
        catch (StoreUnavailableException exception)
        {
            // The other metrics are what shows that the database is away.
            metrics.StoreFailed(exception.Message);
        }

        context.Response.ContentType = "text/plain; version=0.0.4; charset=utf-8";
        await metrics.WriteAsync(context.Response.Body, context.RequestAborted);
    }

    private async Task ReadyAsync(HttpContext context)
    {
        if (stopping.IsCancellationRequested)
        {
            await Problems.WriteAsync(context, StatusCodes.Status503ServiceUnavailable, "stopping", "the service is stopping");
            return;
        }

        await database.ReadAsync(session => session.GetAsync<long>("select 1"), context.RequestAborted);
        await context.Response.WriteAsync("ok\n");
    }
}
