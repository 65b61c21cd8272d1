using HaCluster.Payments.Metrics;
using HaCluster.Payments.Outbox;
using HaCluster.Payments.Sealing;
using HaCluster.Payments.Store;
using HaCluster.Payments.Working;

namespace HaCluster.Payments.Webhooks;

/// <summary>Sends events to webhooks: at least once, each object's in their order, each webhook by one replica.</summary>
internal sealed class WebhookWorker(Database database, WebhookClient client, WebhookSecrets secrets, PaymentsMetrics metrics, TimeProvider clock) : IWorker
{
    private const string Actor = "webhooks";

    /// <summary>Events that are queued in one transaction.</summary>
    private const int Page = 500;

    /// <summary>Sent at a time to one webhook.</summary>
    private const int Concurrently = 8;

    /// <summary>Of a round, in which its lease is not extended; a batch that has begun takes as long as a receiver may.</summary>
    private static readonly TimeSpan LongestRound = TimeSpan.FromSeconds(15);

    /// <summary>Of the queueing in it: a long replay does not hold up what is queued already.</summary>
    private static readonly TimeSpan LongestQueueing = TimeSpan.FromSeconds(5);

    /// <summary>
    /// From the beginning of a round, when its lease was taken (<see cref="Sending.SenderOptions.Lease"/>), nothing is sent after this: while this process was paused another replica may have sent newer events.
    /// </summary>
    private static readonly TimeSpan LastSend = TimeSpan.FromSeconds(25);

    private static readonly TimeSpan Remembered = TimeSpan.FromDays(60);

    private DateTimeOffset _forgetAt;

    /// <summary>Key with which all secrets were sealed the last time.</summary>
    private string? _sealedWith;

    public string Name => "webhook";

    public TimeSpan Every => TimeSpan.FromSeconds(1);

    /// <summary>Receivers that do not answer take ten seconds each.</summary>
    public int Concurrent => 16;

    public async Task<IReadOnlyList<WorkPart>> PartsAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        // Each hour, too: a replica that has not read the newest key yet seals with the one before.
        if (secrets.Prefix is { } prefix && (prefix != _sealedWith || now >= _forgetAt))
        {
            await SealAgainAsync(prefix, cancellationToken);
            _sealedWith = prefix;
        }

        if (now >= _forgetAt)
        {
            await database.ChangeAsync(session => session.ForgetDeliveriesAsync(now - Remembered), cancellationToken);
            _forgetAt = now.AddHours(1);
        }

        var webhooks = await database.ReadAsync(session => session.ActiveWebhooksAsync(), cancellationToken);
        metrics.Delivery.KeepWebhooks(webhooks.Select(webhook => webhook.Id));
        return [.. webhooks.Select(webhook => new WorkPart(webhook.Id, token => WorkAsync(webhook.Id, token)))];
    }

    private async Task SealAgainAsync(string prefix, CancellationToken cancellationToken)
    {
        foreach (var webhook in await database.ReadAsync(session => session.SealedOtherwiseAsync(prefix), cancellationToken))
        {
            try
            {
                await database.ChangeAsync(session => secrets.SealAgainAsync(session, webhook, clock.GetUtcNow()), cancellationToken);
            }
            catch (SealException exception)
            {
                metrics.Alarm(webhook, exception.Message);
            }
        }
    }

    private async Task WorkAsync(string id, CancellationToken cancellationToken)
    {
        var began = new Moment(clock);
        if (await database.ReadAsync(session => session.WebhookAsync(id), cancellationToken) is not { State: Webhook.Active } webhook)
            return;
        var events = await database.EventsAsync(webhook.Position, Page, cancellationToken);
        // First: what ends this round does not hide how late the webhook is.
        await ShowAsync(webhook, events, cancellationToken);
        await QueueAsync(webhook, events, began, cancellationToken);
        var opened = secrets.OpenAt(webhook, clock.GetUtcNow());
        // One at first: a receiver that is away gets one request in a round, however many events wait for it.
        for (var size = 1; began.Age < LongestRound; size = Concurrently)
        {
            var due = await database.ReadAsync(session => session.DueAsync(webhook.Id, clock.GetUtcNow(), size), cancellationToken);
            var taken = await Task.WhenAll(due.Select(delivery => SendAsync(webhook, opened, delivery, began, cancellationToken)));
            if (taken.Length == 0 || taken.Contains(false))
                break;
        }

        await ShowAsync(webhook, [], cancellationToken);
    }

    /// <param name="events">That are to be queued.</param>
    private async Task ShowAsync(Webhook webhook, IReadOnlyList<StoredEvent> events, CancellationToken cancellationToken)
    {
        var types = webhook.ReadTypes();
        // What a replay or a resumed webhook is to get is late from then on.
        var oldest = await database.ReadAsync(session => session.OldestWaitingAsync(webhook.Id), cancellationToken)
            ?? (events.FirstOrDefault(one => EventTypes.Match(types, one.Type)) is { } next ? Math.Max(next.At, webhook.UpdatedAt) : null);
        metrics.Delivery.Webhook(webhook.Id, oldest is { } at ? clock.GetUtcNow() - DateTimeOffset.FromUnixTimeMilliseconds(at) : TimeSpan.Zero);
    }

    private async Task QueueAsync(Webhook webhook, IReadOnlyList<StoredEvent> events, Moment began, CancellationToken cancellationToken)
    {
        while (events.Count > 0)
        {
            if (!await database.ChangeAsync(session => session.QueueAsync(webhook, events, clock.GetUtcNow()), cancellationToken) || began.Age > LongestQueueing)
                return;
            webhook = webhook with { Position = events[^1].Position };
            events = await database.EventsAsync(webhook.Position, Page, cancellationToken);
        }
    }

    /// <returns>Whether the receiver took it.</returns>
    private async Task<bool> SendAsync(Webhook webhook, IReadOnlyList<string> opened, Delivery delivery, Moment began, CancellationToken cancellationToken)
    {
        if (await client.SendAsync(webhook, opened, delivery, clock.GetUtcNow(), () => began.Age < LastSend, cancellationToken) is not { } receipt)
            return false;
        var now = clock.GetUtcNow();
        var attempted = delivery with
        {
            Attempts = delivery.Attempts + 1,
            FirstAt = delivery.FirstAt ?? now.ToUnixTimeMilliseconds(),
            Status = receipt.Status,
            Problem = receipt.Problem,
        };
        if (receipt.Problem is null)
        {
            await database.ChangeAsync(session => session.AttemptedAsync(delivery, attempted with { State = Delivery.Delivered, DeliveredAt = now.ToUnixTimeMilliseconds() }), cancellationToken);
            return true;
        }

        metrics.Delivery.WebhookFailed(webhook.Id, delivery.EventId, receipt.Problem);
        var pause = WebhookSchedule.Pause(attempted.Attempts, receipt.RetryAfter, Random.Shared.NextDouble());
        attempted = attempted with { NextAt = (now + pause).ToUnixTimeMilliseconds() };
        var isOver = receipt.IsGone || now - DateTimeOffset.FromUnixTimeMilliseconds(attempted.FirstAt!.Value) >= WebhookSchedule.GiveUpAfter;
        var reason = receipt.IsGone ? "the receiver answered 410: it wants no more events"
            : $"event {delivery.EventId} was not taken for {WebhookSchedule.GiveUpAfter.TotalDays} days, the last time because {receipt.Problem}";
        var isDisabled = await database.ChangeAsync(
            async session =>
            {
                if (!await session.AttemptedAsync(delivery, attempted) || !isOver || await session.WebhookAsync(webhook.Id, forUpdate: true) is not { State: Webhook.Active } current)
                    return false;
                await session.ChangeWebhookAsync(current with { State = Webhook.Disabled, Reason = reason }, "disabled", Actor, now);
                return true;
            },
            cancellationToken);
        if (isDisabled)
            metrics.Alarm(webhook.Id, $"the webhook is disabled: {reason}");
        return false;
    }

    /// <summary>By the clock that nobody sets and by the one that goes on while a machine is suspended: what is longer.</summary>
    private readonly struct Moment(TimeProvider clock)
    {
        private readonly long _timestamp = clock.GetTimestamp();
        private readonly DateTimeOffset _time = clock.GetUtcNow();

        public TimeSpan Age => TimeSpan.FromTicks(Math.Max(clock.GetElapsedTime(_timestamp).Ticks, (clock.GetUtcNow() - _time).Ticks));
    }
}
