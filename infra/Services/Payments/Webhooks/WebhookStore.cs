using System.Text.Json;
using HaCluster.Payments.Outbox;
using HaCluster.Payments.Store;

namespace HaCluster.Payments.Webhooks;

/// <summary>Webhooks and their deliveries in the store.</summary>
internal static class WebhookStore
{
    private const string Columns = "id, url, types, secret, previous_secret, previous_until, position, generation, state, reason, created_by, created_at, updated_at";

    private const string Deliveries = """
        select d.number, d.webhook, d.position, d.state, d.attempts, d.first_at, d.next_at, d.status, d.problem, d.delivered_at, d.created_at,
            outbox.id as event_id, outbox.at as event_at, outbox.type as event_type, outbox.subject, outbox.data
        from webhook_deliveries d join event_positions on event_positions.position = d.position join outbox on outbox.sequence = event_positions.sequence
        """;

    /// <summary>From the next event on.</summary>
    public static async Task AddWebhookAsync(this Session session, Webhook webhook, DateTimeOffset now)
    {
        await session.ExecuteAsync(
            """
            insert into webhooks (id, url, types, secret, position, state, created_by, created_at, updated_at)
            values (@Id, @Url, @Types, @Secret, (select coalesce(max(position), 0) from event_positions), @State, @CreatedBy, @Now, @Now)
            """,
            new { webhook.Id, webhook.Url, webhook.Types, webhook.Secret, webhook.State, webhook.CreatedBy, Now = now.ToUnixTimeMilliseconds() });
        await AppendEventAsync(session, "created", webhook, webhook.CreatedBy, now);
    }

    /// <returns>Null: there is none, or it is deleted.</returns>
    public static Task<Webhook?> WebhookAsync(this Session session, string id, bool forUpdate = false) =>
        session.FindAsync<Webhook>($"select {Columns} from webhooks where id = @id and state <> 'deleted'{(forUpdate ? session.ForUpdate : "")}", new { id });

    public static Task<IReadOnlyList<Webhook>> WebhooksAsync(this Session session, string? after, int limit) =>
        session.ListAsync<Webhook>($"select {Columns} from webhooks where state <> 'deleted' and (@after is null or id > @after) order by id limit @limit", new { after, limit });

    public static Task<IReadOnlyList<Webhook>> ActiveWebhooksAsync(this Session session) => session.ListAsync<Webhook>($"select {Columns} from webhooks where state = 'active' order by id");

    /// <summary>Stores what has become of a webhook, and says so.</summary>
    /// <param name="webhook">As it is in this transaction, read for update.</param>
    /// <param name="happened">Second part of the event's type.</param>
    public static async Task ChangeWebhookAsync(this Session session, Webhook webhook, string happened, string actor, DateTimeOffset now)
    {
        await session.ExecuteAsync(
            """
            update webhooks set secret = @Secret, previous_secret = @PreviousSecret, previous_until = @PreviousUntil, position = @Position, generation = @Generation, state = @State, reason = @Reason, updated_at = @Now
            where id = @Id
            """,
            new { webhook.Secret, webhook.PreviousSecret, webhook.PreviousUntil, webhook.Position, webhook.Generation, webhook.State, webhook.Reason, Now = now.ToUnixTimeMilliseconds(), webhook.Id });
        await AppendEventAsync(session, happened, webhook, actor, now);
    }

    /// <summary>Those with a secret that does not begin so.</summary>
    public static Task<IReadOnlyList<string>> SealedOtherwiseAsync(this Session session, string prefix) => session.ListAsync<string>(
        "select id from webhooks where secret not like @Pattern or previous_secret not like @Pattern order by id", new { Pattern = $"{prefix}%" });

    /// <summary>The same secrets, sealed with another key: nobody is told.</summary>
    public static Task ReplaceSecretsAsync(this Session session, Webhook webhook) =>
        session.ExecuteAsync("update webhooks set secret = @Secret, previous_secret = @PreviousSecret where id = @Id", new { webhook.Secret, webhook.PreviousSecret, webhook.Id });

    /// <summary>Queues events for a webhook, and notes how far.</summary>
    /// <param name="webhook">As it was when the events after its position were read.</param>
    /// <returns>False: another one was first, or the webhook was changed.</returns>
    public static async Task<bool> QueueAsync(this Session session, Webhook webhook, IReadOnlyList<StoredEvent> events, DateTimeOffset now)
    {
        var moved = await session.ExecuteAsync(
            "update webhooks set position = @Last where id = @Id and position = @Position and generation = @Generation and state = 'active'",
            new { Last = events[^1].Position, webhook.Id, webhook.Position, webhook.Generation });
        if (moved == 0)
            return false;
        var types = webhook.ReadTypes();
        foreach (var one in events.Where(one => EventTypes.Match(types, one.Type)))
            await session.QueueAsync(webhook.Id, webhook.Generation, one.Position, one.Subject, now);
        return true;
    }

    /// <summary>Queues one event; one that is queued already stays as it is.</summary>
    public static Task QueueAsync(this Session session, string webhook, long generation, long position, string subject, DateTimeOffset now) => session.ExecuteAsync(
        """
        insert into webhook_deliveries (webhook, generation, position, subject, state, next_at, created_at) values (@webhook, @generation, @position, @subject, 'waiting', @Now, @Now)
        on conflict (webhook, generation, position) do nothing
        """,
        new { webhook, generation, position, subject, Now = now.ToUnixTimeMilliseconds() });

    /// <summary>Takes waiting deliveries back that a replay from a position sends again.</summary>
    public static Task ReplaceWaitingAsync(this Session session, string webhook, long from) =>
        session.ExecuteAsync("update webhook_deliveries set state = 'replaced' where webhook = @webhook and state = 'waiting' and position >= @from", new { webhook, from });

    /// <summary>
    /// Those that may be sent now: of each object the oldest that is waiting, so that an object's events arrive in their order. A time that is further away than any pause is that of a clock that was wrong.
    /// </summary>
    public static Task<IReadOnlyList<Delivery>> DueAsync(this Session session, string webhook, DateTimeOffset now, int limit) => session.ListAsync<Delivery>(
        $"""
        {Deliveries}
        where d.webhook = @webhook and d.state = 'waiting' and (d.next_at <= @Now or d.next_at > @Impossible) and not exists (
            select 1 from webhook_deliveries before where before.webhook = d.webhook and before.subject = d.subject and before.state = 'waiting' and before.number < d.number)
        order by d.number limit @limit
        """,
        new { webhook, Now = now.ToUnixTimeMilliseconds(), Impossible = (now + (2 * WebhookSchedule.Longest)).ToUnixTimeMilliseconds(), limit });

    /// <summary>When the oldest event that is not delivered was queued; null: all are.</summary>
    public static Task<long?> OldestWaitingAsync(this Session session, string webhook) => session.FindAsync<long?>(
        "select created_at from webhook_deliveries where webhook = @webhook and state = 'waiting' order by number limit 1", new { webhook });

    /// <summary>Stores what came of an attempt.</summary>
    /// <param name="read">As it was before the attempt.</param>
    /// <returns>False: another one has stored an attempt in the meantime.</returns>
    public static async Task<bool> AttemptedAsync(this Session session, Delivery read, Delivery after) => await session.ExecuteAsync(
        """
        update webhook_deliveries set state = @State, attempts = @Attempts, first_at = @FirstAt, next_at = @NextAt, status = @Status, problem = @Problem, delivered_at = @DeliveredAt
        where number = @Number and state = 'waiting' and attempts = @Before
        """,
        new { after.State, after.Attempts, after.FirstAt, after.NextAt, after.Status, after.Problem, after.DeliveredAt, after.Number, Before = read.Attempts }) == 1;

    /// <summary>What is waiting is due at once, and has its full time again.</summary>
    public static Task RestartWaitingAsync(this Session session, string webhook, DateTimeOffset now) => session.ExecuteAsync(
        "update webhook_deliveries set attempts = 0, first_at = null, next_at = @Now where webhook = @webhook and state = 'waiting'", new { webhook, Now = now.ToUnixTimeMilliseconds() });

    /// <summary>Forgets deliveries that were queued before a time; what is waiting stays.</summary>
    public static Task ForgetDeliveriesAsync(this Session session, DateTimeOffset before) =>
        session.ExecuteAsync("delete from webhook_deliveries where state <> 'waiting' and created_at < @Before", new { Before = before.ToUnixTimeMilliseconds() });

    /// <summary>The newest first.</summary>
    /// <param name="before">Number of the last one of the page before; 0: from the newest on.</param>
    public static Task<IReadOnlyList<Delivery>> DeliveriesAsync(this Session session, string webhook, string? state, long before, int limit) => session.ListAsync<Delivery>(
        $"{Deliveries} where d.webhook = @webhook and (@state is null or d.state = @state) and (@before = 0 or d.number < @before) order by d.number desc limit @limit", new { webhook, state, before, limit });

    /// <summary>Only the host is told: many a URL of a webhook is a secret by itself, and more people read events than may read webhooks.</summary>
    private static Task AppendEventAsync(Session session, string happened, Webhook webhook, string actor, DateTimeOffset now) => session.AppendEventAsync(
        $"webhook.{happened}",
        webhook.Id,
        new Dictionary<string, string?> { ["host"] = new Uri(webhook.Url).Authority, ["types"] = string.Join(' ', JsonSerializer.Deserialize<string[]>(webhook.Types)!), ["reason"] = webhook.Reason, ["actor"] = actor },
        now);
}
