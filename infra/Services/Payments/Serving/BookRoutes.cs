using System.Globalization;
using HaCluster.Payments.Access;
using HaCluster.Payments.Books;
using HaCluster.Payments.Http;
using HaCluster.Payments.Metrics;
using HaCluster.Payments.Outbox;
using HaCluster.Payments.Policies;
using HaCluster.Payments.Scanning;
using HaCluster.Payments.Store;

namespace HaCluster.Payments.Serving;

/// <summary>The books, the events, who asked for what, and the kill switch.</summary>
internal sealed class BookRoutes(Database database, PaymentsMetrics metrics, TimeProvider clock)
{
    private readonly Auditor _auditor = new(database, metrics, clock);

    /// <summary>1: a full audit, which reads for as long as there are postings, and keeps a connection.</summary>
    private int _fullAudits;

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/v1/deposits", DepositsAsync).WithMetadata(new NeedsScope(Scopes.View));
        routes.MapGet("/v1/postings", PostingsAsync).WithMetadata(new NeedsScope(Scopes.View));
        routes.MapGet("/v1/audit", AuditAsync).WithMetadata(new NeedsScope(Scopes.View));
        routes.MapGet("/v1/events", EventsAsync).WithMetadata(new NeedsScope(Scopes.View));
        routes.MapGet("/v1/audit-trail", AuditTrailAsync).WithMetadata(new NeedsScope(Scopes.View));
        routes.MapGet("/v1/kill-switch", KillSwitchAsync).WithMetadata(new NeedsScope(Scopes.View));
        routes.MapPut("/v1/kill-switch", SetKillSwitchAsync).WithMetadata(new NeedsScope(Scopes.Admin));
    }

    private async Task DepositsAsync(HttpContext context)
    {
        var page = Page.Of(context);
        var wallet = context.Request.Query["wallet"].ToString() is { Length: > 0 } id ? id : null;
        var state = context.Request.Query["state"].ToString() is { Length: > 0 } text ? text : null;
        if (state is not null && !Deposit.States.Contains(state))
            throw RefusedException.Invalid("state", $"choose one of {string.Join(", ", Deposit.States)}");
        var (deposits, heights) = await database.ReadAsync(
            async session =>
            {
                var found = await session.DepositsAsync(wallet, page.Cursor, page.Limit, state);
                var scanned = new Dictionary<string, long>(StringComparer.Ordinal);
                foreach (var chain in found.Select(deposit => deposit.Chain).Distinct(StringComparer.Ordinal))
                    scanned[chain] = (await session.ScannedAsync(chain))?.Number ?? 0;
                return (found, scanned);
            },
            context.RequestAborted);
        await page.AnswerAsync(context, "deposits", deposits, deposit => deposit.Id, deposit => new
        {
            deposit.Id,
            deposit.Wallet,
            deposit.Address,
            deposit.Asset,
            deposit.Amount,
            deposit.State,
            Confirmations = deposit.Height is { } height ? Math.Max(1, heights[deposit.Chain] - height + 1) : 0,
            ConfirmationsNeeded = deposit.Needed == FinalityRule.Finalized ? "finalized" : deposit.Needed.ToString(CultureInfo.InvariantCulture),
            Late = deposit.IsLate == 1,
            deposit.AtForwarder,
            deposit.SweptBy,
            deposit.ReplacedBy,
            deposit.Txid,
            Output = deposit.Position,
            deposit.Block,
            deposit.Height,
            CreatedAt = Json.Time(deposit.CreatedAt),
            UpdatedAt = Json.Time(deposit.UpdatedAt),
        });
    }

    private async Task PostingsAsync(HttpContext context)
    {
        var page = Page.Of(context);
        var postings = await database.ReadAsync(session => session.PostingsAsync(page.Number, page.Limit), context.RequestAborted);
        await page.AnswerAsync(context, "postings", postings, posting => posting.Sequence.ToString(CultureInfo.InvariantCulture), posting => new
        {
            posting.Sequence,
            posting.Cause,
            At = Json.Time(posting.At),
            posting.Asset,
            From = posting.Source,
            To = posting.Target,
            posting.Amount,
        });
    }

    private async Task AuditAsync(HttpContext context)
    {
        var isFull = context.Request.Query["full"].ToString() switch
        {
            "" or "false" => false,
            "true" => true,
            _ => throw RefusedException.Invalid("full", "write true or false"),
        };
        var report = isFull ? await AuditFullyAsync(context.RequestAborted) : await _auditor.AuditAsync(isFull: false, context.RequestAborted);
        await Json.AnswerAsync(context, StatusCodes.Status200OK, new
        {
            Balanced = report.Differences.Count == 0,
            report.Differences,
            Full = report.IsFull,
            Checkpoint = report.Checkpoint is not { } checkpoint ? null : new { checkpoint.Number, checkpoint.Sequence, checkpoint.Digest, CreatedAt = Json.Time(checkpoint.CreatedAt) },
            Read = report.Read.Where(range => range.Postings > 0),
        });
    }

    private async Task<AuditReport> AuditFullyAsync(CancellationToken cancellationToken)
    {
        if (Interlocked.CompareExchange(ref _fullAudits, 1, 0) == 1)
            throw new RefusedException(StatusCodes.Status409Conflict, "audit-running", "this replica is reading all postings for another request; ask again when it is done, or without full=true");
        try
        {
            return await _auditor.AuditAsync(isFull: true, cancellationToken);
        }
        finally
        {
            Volatile.Write(ref _fullAudits, 0);
        }
    }

    private async Task AuditTrailAsync(HttpContext context)
    {
        var page = Page.Of(context);
        var key = context.Request.Query["key"].ToString() is { Length: > 0 } name ? name : null;
        var requests = await database.ReadAsync(session => session.AskedAsync(key, page.Number, page.Limit), context.RequestAborted);
        await page.AnswerAsync(context, "requests", requests, asked => asked.Number.ToString(CultureInfo.InvariantCulture), asked => new
        {
            asked.Number,
            At = Json.Time(asked.At),
            asked.Key,
            asked.Address,
            asked.Method,
            asked.Path,
            asked.IdempotencyKey,
            asked.Status,
            asked.Problem,
        });
    }

    private async Task EventsAsync(HttpContext context)
    {
        var page = Page.Of(context);
        var events = await database.EventsAsync(page.Number, page.Limit, context.RequestAborted);
        await page.AnswerAsync(context, "events", events, one => one.Position.ToString(CultureInfo.InvariantCulture), one => one.Describe());
    }

    private async Task KillSwitchAsync(HttpContext context) =>
        await Json.AnswerAsync(context, StatusCodes.Status200OK, Describe(await database.ReadAsync(session => session.KillSwitchAsync(), context.RequestAborted)));

    private async Task SetKillSwitchAsync(HttpContext context)
    {
        var request = await Json.ReadAsync<KillSwitchRequest>(context);
        var isOn = request.On ?? throw RefusedException.Invalid("on", "write true or false");
        var stored = await database.ChangeAsync(
            async session =>
            {
                await session.SetKillSwitchAsync(isOn, request.Reason, RequestGate.PrincipalOf(context).Name, clock.GetUtcNow());
                return await session.KillSwitchAsync();
            },
            context.RequestAborted);
        await Json.AnswerAsync(context, StatusCodes.Status200OK, Describe(stored));
    }

    private static object Describe(Switch? kill) => new { On = kill?.IsOn == 1, kill?.Reason, kill?.ChangedBy, ChangedAt = Json.Time(kill?.ChangedAt) };
}
