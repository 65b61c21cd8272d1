using HaCluster.Ledger.Metrics;
using HaCluster.Ledger.Writing;

namespace HaCluster.Ledger.Serving;

/// <summary>What Kubernetes and Prometheus ask for.</summary>
internal sealed class Probes(StreamLogs logs, LedgerMetrics metrics)
{
    /// <summary>Set when the service ends: load balancers send requests elsewhere.</summary>
    public bool IsDraining { get; set; }

    public static Task LiveAsync(Exchange exchange) => exchange.Response.WriteAsync("ok\n");

    public Task ReadyAsync(Exchange exchange) => IsDraining ? Problems.UnavailableAsync(exchange.Context, "the service is stopping")
        : logs.Trouble is { } trouble ? Problems.UnavailableAsync(exchange.Context, trouble)
        : exchange.Response.WriteAsync("ok\n");

    public Task MetricsAsync(Exchange exchange)
    {
        exchange.Response.ContentType = "text/plain; version=0.0.4; charset=utf-8";
        return metrics.WriteAsync(exchange.Response.Body, exchange.Context.RequestAborted);
    }
}
