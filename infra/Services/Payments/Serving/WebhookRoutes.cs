using System.Globalization;
using System.Text.Json;
using HaCluster.Payments.Access;
using HaCluster.Payments.Http;
using HaCluster.Payments.Outbox;
using HaCluster.Payments.Sealing;
using HaCluster.Payments.Store;
using HaCluster.Payments.Webhooks;

namespace HaCluster.Payments.Serving;

/// <summary>Webhooks, and what became of what was sent to them.</summary>
internal sealed class WebhookRoutes(Database database, WebhookTargets targets, WebhookSecrets secrets, TimeProvider clock)
{
    private const int MostTypes = 50;
    private const int UsualOverlap = 86_400;
    private const int LongestOverlap = 30 * 86_400;

    public void Map(IEndpointRouteBuilder routes)
    {
        var admin = new NeedsScope(Scopes.Admin);
        routes.MapPost("/v1/webhooks", CreateAsync).WithMetadata(admin);
        routes.MapGet("/v1/webhooks", ListAsync).WithMetadata(admin);
        routes.MapGet("/v1/webhooks/{id}", ShowAsync).WithMetadata(admin);
        routes.MapDelete("/v1/webhooks/{id}", DeleteAsync).WithMetadata(admin);
        routes.MapPost("/v1/webhooks/{id}/secret", RotateAsync).WithMetadata(admin);
        routes.MapPost("/v1/webhooks/{id}/resume", ResumeAsync).WithMetadata(admin);
        routes.MapPost("/v1/webhooks/{id}/replay", ReplayAsync).WithMetadata(admin);
        routes.MapGet("/v1/webhooks/{id}/deliveries", DeliveriesAsync).WithMetadata(admin);
    }

    private async Task CreateAsync(HttpContext context)
    {
        var request = await Json.ReadAsync<WebhookRequest>(context);
        if (!targets.TryParse(request.Url, out var url, out var problem))
            throw RefusedException.Invalid("url", problem);
        var types = request.Types ?? ["*"];
        if (types.Count is 0 or > MostTypes || !types.All(EventTypes.IsValid))
            throw RefusedException.Invalid("types", $"write 1 to {MostTypes} of {EventTypes.Rule}, or leave it out for all events");
        var now = clock.GetUtcNow();
        var (id, secret) = (Ids.New("whk", now), WebhookSignature.NewSecret());
        var webhook = new Webhook
        {
            Id = id,
            Url = url.AbsoluteUri,
            Types = JsonSerializer.Serialize(types),
            Secret = Seal(id, secret),
            State = Webhook.Active,
            CreatedBy = RequestGate.PrincipalOf(context).Name,
            CreatedAt = now.ToUnixTimeMilliseconds(),
            UpdatedAt = now.ToUnixTimeMilliseconds(),
        };
        await database.ChangeAsync(session => session.AddWebhookAsync(webhook, now), context.RequestAborted);
        await Json.AnswerAsync(context, StatusCodes.Status201Created, Describe(webhook, secret));
    }

    private async Task ListAsync(HttpContext context)
    {
        var page = Page.Of(context);
        var webhooks = await database.ReadAsync(session => session.WebhooksAsync(page.Cursor, page.Limit), context.RequestAborted);
        await page.AnswerAsync(context, "webhooks", webhooks, webhook => webhook.Id, webhook => Describe(webhook));
    }

    private async Task ShowAsync(HttpContext context) =>
        await Json.AnswerAsync(context, StatusCodes.Status200OK, Describe(await database.ReadAsync(session => FindAsync(session, context), context.RequestAborted)));

    private async Task DeleteAsync(HttpContext context)
    {
        await ChangeAsync(context, "deleted", (_, webhook) => Task.FromResult(webhook with { State = Webhook.Deleted, Secret = null, PreviousSecret = null, PreviousUntil = null }));
        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    private async Task RotateAsync(HttpContext context)
    {
        var overlap = (await Json.ReadAsync<SecretRequest>(context)).OverlapSeconds ?? UsualOverlap;
        if (overlap is < 0 or > LongestOverlap)
            throw RefusedException.Invalid("overlapSeconds", $"write 0 to {LongestOverlap}, the seconds for which deliveries are also signed with the old secret");
        var secret = WebhookSignature.NewSecret();
        var webhook = await ChangeAsync(context, "secret-changed", (_, webhook) => Task.FromResult(
            webhook with { Secret = Seal(webhook.Id, secret), PreviousSecret = webhook.Secret, PreviousUntil = clock.GetUtcNow().AddSeconds(overlap).ToUnixTimeMilliseconds() }));
        await Json.AnswerAsync(context, StatusCodes.Status200OK, Describe(webhook, secret));
    }

    private async Task ResumeAsync(HttpContext context) => await Json.AnswerAsync(context, StatusCodes.Status200OK, Describe(await ChangeAsync(context, "resumed", async (session, webhook) =>
    {
        await session.RestartWaitingAsync(webhook.Id, clock.GetUtcNow());
        return webhook with { State = Webhook.Active, Reason = null };
    })));

    private async Task ReplayAsync(HttpContext context)
    {
        var request = await Json.ReadAsync<ReplayRequest>(context);
        if (request is not ({ From: not null, Event: null } or { From: null, Event: not null }))
            throw RefusedException.Invalid("from", "write {\"from\": SEQUENCE} for all events from one on, or {\"event\": \"evt_...\"} for one");
        if (request.From is < 1)
            throw RefusedException.Invalid("from", "sequences of events begin with 1");
        var webhook = await ChangeAsync(context, "replayed", async (session, webhook) =>
        {
            var next = webhook with { Generation = webhook.Generation + 1 };
            if (request.From is { } from)
            {
                await session.ReplaceWaitingAsync(webhook.Id, from);
                return next with { Position = Math.Min(webhook.Position, from - 1) };
            }

            var one = await session.EventAsync(request.Event!) ?? throw RefusedException.NotFound("event", request.Event!);
            // One that is not queued yet is queued in its turn, after the older ones of its object.
            if (one.Position <= webhook.Position || !EventTypes.Match(webhook.ReadTypes(), one.Type))
                await session.QueueAsync(webhook.Id, next.Generation, one.Position, one.Subject, clock.GetUtcNow());
            return next;
        });
        await Json.AnswerAsync(context, StatusCodes.Status202Accepted, Describe(webhook));
    }

    private async Task DeliveriesAsync(HttpContext context)
    {
        var page = Page.Of(context);
        var state = context.Request.Query["state"].ToString() is { Length: > 0 } text ? text : null;
        if (state is not (null or Delivery.Waiting or Delivery.Delivered or Delivery.Replaced))
            throw RefusedException.Invalid("state", $"choose {Delivery.Waiting}, {Delivery.Delivered} or {Delivery.Replaced}");
        var deliveries = await database.ReadAsync(async session => await session.DeliveriesAsync((await FindAsync(session, context)).Id, state, page.Number, page.Limit), context.RequestAborted);
        await page.AnswerAsync(context, "deliveries", deliveries, delivery => delivery.Number.ToString(CultureInfo.InvariantCulture), delivery => new
        {
            delivery.Number,
            Event = delivery.EventId,
            Sequence = delivery.Position,
            Type = delivery.EventType,
            delivery.Subject,
            delivery.State,
            delivery.Attempts,
            delivery.Status,
            delivery.Problem,
            NextAt = delivery.State == Delivery.Waiting ? Json.Time(delivery.NextAt) : null,
            DeliveredAt = Json.Time(delivery.DeliveredAt),
            CreatedAt = Json.Time(delivery.CreatedAt),
        });
    }

    private Task<Webhook> ChangeAsync(HttpContext context, string happened, Func<Session, Webhook, Task<Webhook>> change) => database.ChangeAsync(
        async session =>
        {
            var changed = await change(session, await FindAsync(session, context, forUpdate: true));
            await session.ChangeWebhookAsync(changed, happened, RequestGate.PrincipalOf(context).Name, clock.GetUtcNow());
            return changed;
        },
        context.RequestAborted);

    private string Seal(string webhook, string secret)
    {
        try
        {
            return secrets.Seal(webhook, secret);
        }
        catch (SealException exception)
        {
            throw new RefusedException(StatusCodes.Status409Conflict, "no-seal-key", exception.Message);
        }
    }

    private static async Task<Webhook> FindAsync(Session session, HttpContext context, bool forUpdate = false)
    {
        var id = (string)context.Request.RouteValues["id"]!;
        return await session.WebhookAsync(id, forUpdate) ?? throw RefusedException.NotFound("webhook", id);
    }

    /// <param name="secret">Given only to who has just made it.</param>
    private static object Describe(Webhook webhook, string? secret = null) => new
    {
        webhook.Id,
        webhook.Url,
        Types = webhook.ReadTypes(),
        Secret = secret,
        OldSecretUntil = Json.Time(webhook.PreviousUntil),
        webhook.State,
        webhook.Reason,
        webhook.CreatedBy,
        CreatedAt = Json.Time(webhook.CreatedAt),
    };
}
