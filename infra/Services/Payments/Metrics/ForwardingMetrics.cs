using HaCluster.Payments.Wallets;
using HaCluster.Services;
using Prometheus;

namespace HaCluster.Payments.Metrics;

/// <summary>What automatic forwarding and sweeping do.</summary>
internal sealed class ForwardingMetrics(MetricSet factory, EventLog log)
{
    private static readonly string[] Rule = ["wallet", "asset", "kind"];

    private readonly Gauge _suspended = factory.CreateGauge("payments_forwarding_suspended", "1: this rule is suspended until a person resumes it.", Rule);
    private readonly Gauge _waiting = factory.CreateGauge("payments_forwarding_waiting_seconds", "For how long there has been enough to forward or sweep, and no round could begin; 0: no rule is held up.", Rule);
    private readonly Counter _forwards = factory.CreateCounter("payments_forwards_total", "Rounds by what became of them: started, paid, failed; waiting when one could not begin. The kind is forward or sweep.", [.. Rule, "outcome"]);

    /// <summary>How a rule is now.</summary>
    /// <param name="waits">For how long there has been enough, and something in the way.</param>
    public void Show(RuleKey rule, bool isSuspended, TimeSpan waits)
    {
        _suspended.WithLabels(rule.Wallet, rule.Asset, rule.Kind).Set(isSuspended ? 1 : 0);
        _waiting.WithLabels(rule.Wallet, rule.Asset, rule.Kind).Set(waits.TotalSeconds);
    }

    public void Started(RuleKey rule, long round, int transfers) => CountAndLog(rule, "started", $"round {round} has begun with {transfers} transfers");

    public void Ended(RuleKey rule, long round, bool isPaid) => CountAndLog(rule, isPaid ? "paid" : "failed", $"round {round} {(isPaid ? "has paid all of its transfers" : "did not pay all of its transfers")}");

    public void Waits(RuleKey rule, string reason) => CountAndLog(rule, "waiting", reason);

    public void NotSwept(string wallet, string reason) => log.Write("not-swept", wallet, reason);

    private void CountAndLog(RuleKey rule, string outcome, string message)
    {
        _forwards.WithLabels(rule.Wallet, rule.Asset, rule.Kind, outcome).Inc();
        log.Write($"{(rule.Kind == RuleKey.Sweep ? "sweeping" : "forwarding")}-{outcome}", rule.Wallet, $"{rule.Asset}: {message}");
    }
}
