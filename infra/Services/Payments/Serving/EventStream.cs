using System.Globalization;
using HaCluster.Payments.Access;
using HaCluster.Payments.Http;
using HaCluster.Payments.Metrics;
using HaCluster.Payments.Outbox;
using HaCluster.Payments.Store;

namespace HaCluster.Payments.Serving;

/// <summary>Server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html): all events, as they are committed, for as long as the client wants.</summary>
internal sealed class EventStream(Database database, PaymentsMetrics metrics, TimeProvider clock, CancellationToken stopping)
{
    private const int MostClients = 100;
    private const int PageSize = 200;

    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(500);

    /// <summary>Proxies close what is silent for a minute; and a client that went away is noticed by writing.</summary>
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);

    /// <summary>For a page of events: who takes longer, or does not read at all, is cut off, so that nothing waits here for it and its place is free. Kestrel's own limit (240 bytes per second) would wait for half an hour.</summary>
    private static readonly TimeSpan Slowest = TimeSpan.FromSeconds(15);

    private int _clients;

    public void Map(IEndpointRouteBuilder routes) => routes.MapGet("/v1/events/stream", StreamAsync).WithMetadata(new NeedsScope(Scopes.View));

    private async Task StreamAsync(HttpContext context)
    {
        var after = await StartAsync(context);
        try
        {
            if (Interlocked.Increment(ref _clients) > MostClients)
                throw new RefusedException(StatusCodes.Status503ServiceUnavailable, "too-many-clients", $"{MostClients} clients follow the events of this replica; try again later, or read GET /v1/events");
            metrics.Delivery.Followers(_clients);
            using var end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
            context.Response.ContentType = "text/event-stream";
            context.Response.Headers.CacheControl = "no-store";
            // nginx would keep events back until its buffer is full.
            context.Response.Headers["X-Accel-Buffering"] = "no";
            await WriteAsync(context, ": events\n\n");
            await FollowAsync(context, after, end.Token);
        }
        catch (OperationCanceledException)
        {
            // The client went away, or the service stops: the client comes back with the last id that it saw.
        }
        finally
        {
            metrics.Delivery.Followers(Interlocked.Decrement(ref _clients));
        }
    }

    private async Task FollowAsync(HttpContext context, long after, CancellationToken cancellationToken)
    {
        var authorization = context.Request.Headers.Authorization.ToString();
        for (var (written, allowed) = (clock.GetTimestamp(), clock.GetTimestamp()); ;)
        {
            IReadOnlyList<StoredEvent> events;
            try
            {
                // A key that was revoked ends what it began, however much there is to tell.
                if (clock.GetElapsedTime(allowed) >= Heartbeat)
                {
                    if (await database.ReadAsync(session => session.AuthenticateAsync(authorization), cancellationToken) is not { } principal || !principal.Scopes.HasFlag(Scopes.View))
                        return;
                    allowed = clock.GetTimestamp();
                }

                events = await database.EventsAsync(after, PageSize, cancellationToken);
            }
            catch (StoreUnavailableException)
            {
                // The answer has begun, and has no status any more.
                return;
            }

            if (events.Count > 0)
            {
                await WriteAsync(context, string.Concat(events.Select(one => string.Create(CultureInfo.InvariantCulture, $"id: {one.Position}\nevent: {one.Type}\ndata: {Json.Write(one.Describe())}\n\n"))));
                (after, written) = (events[^1].Position, clock.GetTimestamp());
                continue;
            }

            if (clock.GetElapsedTime(written) >= Heartbeat)
            {
                await WriteAsync(context, ":\n\n");
                written = clock.GetTimestamp();
            }

            await Task.Delay(Poll, cancellationToken);
        }
    }

    /// <summary>After the event that the client saw last; without one, after all that there are.</summary>
    private async Task<long> StartAsync(HttpContext context)
    {
        var last = context.Request.Headers["Last-Event-ID"].ToString() is { Length: > 0 } header ? header : context.Request.Query["after"].ToString();
        if (last.Length == 0)
            return await database.ReadAsync(session => session.LastPositionAsync(), context.RequestAborted);
        return long.TryParse(last, NumberStyles.None, CultureInfo.InvariantCulture, out var after) ? after : throw RefusedException.Invalid("Last-Event-ID", "write the sequence of the last event that was seen");
    }

    private static async Task WriteAsync(HttpContext context, string text)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        limit.CancelAfter(Slowest);
        try
        {
            await context.Response.WriteAsync(text, limit.Token);
            await context.Response.Body.FlushAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            context.Abort();
            throw;
        }
    }
}
