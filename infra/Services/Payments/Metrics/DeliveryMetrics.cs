using HaCluster.Services;
using Prometheus;

namespace HaCluster.Payments.Metrics;

/// <summary>How far others are behind the events.</summary>
internal sealed class DeliveryMetrics(MetricSet factory, WorkGauges ofWork, EventLog log)
{
    private readonly Gauge _webhookOldest = ofWork.Of("webhook", factory.CreateGauge("payments_webhook_oldest_undelivered_seconds", "Age of the oldest event that an active webhook has not taken; 0 when it has all.", ["hook"]));
    private readonly Counter _webhookFailures = factory.CreateCounter("payments_webhook_failures_total", "Attempts of a delivery that the receiver did not take.", ["hook"]);
    private readonly Gauge _outboxOldest = ofWork.Of("outbox", factory.CreateGauge("payments_outbox_oldest_undelivered_seconds", "Age of the oldest event that the finance log has not acknowledged; 0 when it has all. Missing without a finance log.", new GaugeConfiguration { SuppressInitialValue = true }));
    private readonly Gauge _followers = factory.CreateGauge("payments_event_stream_clients", "Clients that follow the events of this replica; it takes 100.");

    public void Webhook(string webhook, TimeSpan oldest) => _webhookOldest.WithLabels(webhook).Set(oldest.TotalSeconds);

    public void WebhookFailed(string webhook, string one, string problem)
    {
        _webhookFailures.WithLabels(webhook).Inc();
        log.Write("webhook-failed", webhook, $"{one}: {problem}");
    }

    /// <summary>What is said of other webhooks, which are disabled or deleted, is over.</summary>
    public void KeepWebhooks(IEnumerable<string> webhooks)
    {
        var kept = webhooks.ToHashSet(StringComparer.Ordinal);
        foreach (var labels in _webhookOldest.GetAllLabelValues().Where(labels => !kept.Contains(labels[0])).ToArray())
            _webhookOldest.RemoveLabelled(labels);
    }

    public void Followers(int count) => _followers.Set(count);

    public void Outbox(TimeSpan oldest) => _outboxOldest.Set(oldest.TotalSeconds);
}
