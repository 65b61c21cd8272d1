using HaCluster.Services;
using Prometheus;

namespace HaCluster.Payments.Metrics;

/// <summary>What automatic forwarding does.</summary>
internal sealed class ForwardingMetrics(MetricFactory factory, EventLog log)
{
    private readonly Gauge _suspended = factory.CreateGauge("payments_forwarding_suspended", "1: forwarding of this wallet is suspended until a person resumes it.", ["wallet"]);
    private readonly Counter _forwards = factory.CreateCounter("payments_forwards_total", "Rounds of forwarding by what became of them: started, paid, failed; waiting when one could not begin.", ["wallet", "outcome"]);

    public void Suspended(string wallet, bool isSuspended) => _suspended.WithLabels(wallet).Set(isSuspended ? 1 : 0);

    public void Started(string wallet, long round, int transfers) => Tell(wallet, "started", $"round {round} has begun with {transfers} transfers");

    public void Ended(string wallet, long round, bool isPaid) => Tell(wallet, isPaid ? "paid" : "failed", $"round {round} {(isPaid ? "has paid all of its transfers" : "did not pay all of its transfers")}");

    public void Waits(string wallet, string reason) => Tell(wallet, "waiting", reason);

    private void Tell(string wallet, string outcome, string message)
    {
        _forwards.WithLabels(wallet, outcome).Inc();
        log.Write($"forwarding-{outcome}", wallet, message);
    }
}
