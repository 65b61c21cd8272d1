using System.Numerics;
using HaCluster.Payments.Access;
using HaCluster.Payments.Amounts;
using HaCluster.Payments.Http;
using HaCluster.Payments.Idempotency;
using HaCluster.Payments.Policies;
using HaCluster.Payments.Scanning;
using HaCluster.Payments.Sending;
using HaCluster.Payments.Store;
using HaCluster.Payments.Transfers;
using HaCluster.Payments.Wallets;
using Microsoft.AspNetCore.Http.Features;

namespace HaCluster.Payments.Serving;

/// <summary>Transfers, from the request until they are approved; what follows is the sender's.</summary>
internal sealed class TransferRoutes(Database database, Networks networks, TimeProvider clock)
{
    private const string Replacement = "replacement";

    private readonly Idempotent _idempotent = new(database, new IdempotencyKeys(database, clock));

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/v1/transfers", CreateAsync).WithMetadata(new NeedsScope(Scopes.Transfer));
        routes.MapGet("/v1/transfers", ListAsync).WithMetadata(new NeedsScope(Scopes.View));
        routes.MapGet("/v1/transfers/{id}", ShowAsync).WithMetadata(new NeedsScope(Scopes.View));
        routes.MapPost("/v1/transfers/{id}/approve", ApproveAsync).WithMetadata(new NeedsScope(Scopes.Approve));
        routes.MapPost("/v1/transfers/{id}/cancel", CancelAsync).WithMetadata(new NeedsScope(Scopes.Transfer));
        routes.MapPost("/v1/transfers/{id}/bump", BumpAsync).WithMetadata(new NeedsScope(Scopes.Transfer));
    }

    private async Task CreateAsync(HttpContext context)
    {
        var request = await Json.ReadAsync<TransferRequest>(context);
        var actor = RequestGate.PrincipalOf(context).Name;
        await _idempotent.AnswerAsync(context, request, session => CreateAsync(session, request, actor));
    }

    private async Task<object> CreateAsync(Session session, TransferRequest request, string actor)
    {
        var now = clock.GetUtcNow();
        if (!Amount.TryParse(request.Amount, out var amount))
            throw RefusedException.Invalid("amount", $"write {Amount.Rule}");
        if (!Asset.TryParse(request.Asset, out var asset))
            throw RefusedException.Invalid("asset", "write bitcoin, ethereum, or ethereum/0x... with the address of a token");
        // For update: of transfers that are asked for at the same moment each sees those before it in the daily limit.
        var wallet = await session.WalletAsync(request.Wallet ?? "", forUpdate: true) ?? throw RefusedException.Invalid("wallet", "write the id of a wallet");
        if (wallet.Chain != asset.Chain)
            throw RefusedException.Invalid("asset", $"the wallet is on {wallet.Chain}");
        if (wallet is { SigningKey: null, IsCold: false })
            throw new RefusedException(StatusCodes.Status409Conflict, "watch-only", "the wallet is watch-only (no signing key)");
        if (!networks.TryParseAddress(wallet.Chain, request.Destination, out var destination, out var problem))
            throw RefusedException.Invalid("destination", problem);
        var maxFee = request.MaxFee is not { } text ? (BigInteger?)null
            : Amount.TryParse(text, out var fee) ? fee
            : throw RefusedException.Invalid("maxFee", $"write {Amount.Rule}, or leave it out for the limit of the policy");
        var transfer = await session.AskAsync(wallet, asset, destination, amount, maxFee, actor, now) switch
        {
            Intake.Accepted accepted => accepted.Transfer,
            Intake.Refused { Verdict: var refused } => throw new RefusedException(StatusCodes.Status403Forbidden, refused.Code, refused.Detail),
            _ => throw new InvalidOperationException("an intake without an answer"),
        };
        return Describe(transfer, [], []);
    }

    private async Task ListAsync(HttpContext context)
    {
        var page = Page.Of(context);
        var wallet = context.Request.Query["wallet"].ToString() is { Length: > 0 } id ? id : null;
        TransferState? state = null;
        if (context.Request.Query["state"].ToString() is { Length: > 0 } name)
        {
            state = Enum.GetValues<TransferState>().Where(one => TransferMachine.Name(one) == name).Select(one => (TransferState?)one).FirstOrDefault()
                ?? throw RefusedException.Invalid("state", $"choose one of {string.Join(", ", Enum.GetValues<TransferState>().Select(TransferMachine.Name))}");
        }

        var transfers = await database.ReadAsync(session => session.TransfersAsync(wallet, state, page.Cursor, page.Limit), context.RequestAborted);
        await page.AnswerAsync(context, "transfers", transfers, transfer => transfer.Id, transfer => Describe(transfer, null, null));
    }

    private async Task ShowAsync(HttpContext context) => await Json.AnswerAsync(context, StatusCodes.Status200OK, await database.ReadAsync(
        async session => await DescribeAsync(session, await FindAsync(session, context)), context.RequestAborted));

    private async Task ApproveAsync(HttpContext context)
    {
        var actor = RequestGate.PrincipalOf(context).Name;
        await Json.AnswerAsync(context, StatusCodes.Status200OK, await database.ChangeAsync(
            async session =>
            {
                var now = clock.GetUtcNow();
                // Of transfers that are asked for or approved at the same moment each sees those before it in the daily limit.
                await session.WalletAsync((await FindAsync(session, context)).Wallet, forUpdate: true);
                var transfer = await FindAsync(session, context, forUpdate: true);
                if (transfer.State != TransferState.Created)
                    throw new RefusedException(StatusCodes.Status409Conflict, "not-waiting", $"the transfer is {TransferMachine.Name(transfer.State)} and does not wait for an approval");
                if (transfer.CreatedBy == actor)
                    throw new RefusedException(StatusCodes.Status403Forbidden, "same-person", $"{actor} requested the transfer; someone else must approve it");
                // What has changed since it was asked for counts.
                var needed = await session.JudgeAgainAsync(transfer, now) switch
                {
                    Verdict.Allowed allowed => Math.Max(allowed.Approvals, transfer.ApprovalsNeeded),
                    Verdict.Refused refused => throw new RefusedException(StatusCodes.Status403Forbidden, refused.Code, refused.Detail),
                    _ => throw new InvalidOperationException("a verdict without an answer"),
                };
                transfer = transfer with { ApprovalsNeeded = needed };
                // Only with a new one, on whose day it counts.
                if (await session.ApproveAsync(transfer, actor, now) >= needed)
                    transfer = await session.MoveAsync(transfer, TransferEvent.Approve, actor, now) ?? throw Changed(transfer);
                return await DescribeAsync(session, transfer);
            },
            context.RequestAborted));
    }

    /// <summary>Calls off what nobody can have signed. Where bytes may be anywhere the sender is asked to take their place: the chain decides which of the two it takes.</summary>
    private async Task CancelAsync(HttpContext context)
    {
        var actor = RequestGate.PrincipalOf(context).Name;
        var (status, answer) = await database.ChangeAsync(
            async session =>
            {
                var (now, transfer) = (clock.GetUtcNow(), await FindAsync(session, context, forUpdate: true));
                if (await session.CallOffAsync(transfer, $"cancelled by {actor}", actor, now) is { } calledOff)
                    return (StatusCodes.Status200OK, await DescribeAsync(session, calledOff));
                if (!IsInFlight(transfer))
                    throw new RefusedException(StatusCodes.Status409Conflict, "not-cancellable", $"the transfer is {TransferMachine.Name(transfer.State)}: it can no longer be cancelled");
                await session.RequestAsync(transfer, ChangeRequest.Cancel, 0, actor, now);
                return (StatusCodes.Status202Accepted, await DescribeAsync(session, transfer));
            },
            context.RequestAborted);
        await Json.AnswerAsync(context, status, answer);
    }

    /// <summary>Asks the sender for a larger fee without waiting: of a transaction that takes the place of the newest one, or of a child.</summary>
    private async Task BumpAsync(HttpContext context)
    {
        // Without a body, as before there was a choice, it is a replacement.
        var request = context.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: true } ? await Json.ReadAsync<BumpRequest>(context) : new BumpRequest();
        if (request.Method is not (null or Replacement or ChangeRequest.Child))
            throw RefusedException.Invalid("method", $"write {Replacement} or {ChangeRequest.Child}");
        var actor = RequestGate.PrincipalOf(context).Name;
        await Json.AnswerAsync(context, StatusCodes.Status202Accepted, await database.ChangeAsync(
            async session =>
            {
                var transfer = await FindAsync(session, context, forUpdate: true);
                var newest = Math.Max(await session.AttemptsAsync(transfer.Id) is [.., var attempt] ? attempt.Number : 0, await session.ExportsAsync(transfer.Id) is [.., var export] ? export.Number : 0);
                if (newest == 0 || !IsInFlight(transfer))
                    throw new RefusedException(StatusCodes.Status409Conflict, "nothing-to-replace", $"the transfer is {TransferMachine.Name(transfer.State)}: it has no transaction that waits for a block");
                if (request.Method == ChangeRequest.Child)
                    await CheckChildAsync(session, transfer);
                await session.RequestAsync(transfer, request.Method == ChangeRequest.Child ? ChangeRequest.Child : ChangeRequest.Bump, newest, actor, clock.GetUtcNow());
                return await DescribeAsync(session, transfer);
            },
            context.RequestAborted));
    }

    /// <summary>What the sender would find out later is said at once where it is known. What the node has, and asks for, it alone finds out.</summary>
    private async Task CheckChildAsync(Session session, Transfer transfer)
    {
        if (transfer.Chain != Asset.Bitcoin)
            throw new RefusedException(StatusCodes.Status409Conflict, "no-change", $"on {transfer.Chain} a transaction has no change output that a child could spend: request a replacement");
        var wallet = (await session.WalletAsync(transfer.Wallet))!;
        if (wallet.IsCold)
            throw new RefusedException(StatusCodes.Status409Conflict, "cold-child", "the signer does not have the key of a cold wallet, so it cannot sign a child: request a replacement");
        var batch = await Batch.ReadAsync(session, (await session.OwnersAsync([transfer.Id])).GetValueOrDefault(transfer.Id, transfer.Id));
        if (ChildPlan.Problem(wallet, networks, batch, await session.ChangeAddressAsync(wallet.Id, batch.Owner)) is var (code, detail))
            throw new RefusedException(StatusCodes.Status409Conflict, code, detail);
    }

    /// <summary>Its bytes may be anywhere, and no block has them.</summary>
    private static bool IsInFlight(Transfer transfer) =>
        transfer.State is TransferState.Approved or TransferState.Signed or TransferState.Broadcast or TransferState.Seen or TransferState.Orphaned;

    private static RefusedException Changed(Transfer transfer) => new(StatusCodes.Status409Conflict, "changed", $"the transfer {transfer.Id} was changed at the same moment; look at it again");

    internal static async Task<Transfer> FindAsync(Session session, HttpContext context, bool forUpdate = false)
    {
        var id = (string)context.Request.RouteValues["id"]!;
        return await session.TransferAsync(id, forUpdate) ?? throw RefusedException.NotFound("transfer", id);
    }

    internal static async Task<object> DescribeAsync(Session session, Transfer transfer)
    {
        var change = transfer.Chain == Asset.Bitcoin ? await session.ChildCoinsAsync(transfer.Id) : [];
        var transactions = (await session.AttemptsAsync(transfer.Id)).Select(attempt => Describe(attempt, change)).ToArray();
        return Describe(transfer, await session.ApprovalsAsync(transfer.Id), transactions, await session.RequestsAsync(transfer.Id), await session.BatchAsync(transfer.Id));
    }

    private static object Describe(Attempt attempt, IReadOnlyList<Coin> change) => new
    {
        attempt.Number,
        attempt.Purpose,
        attempt.Parent,
        State = attempt.Parent is null ? null : change.Any(coin => coin.SpentBy == attempt.Txid) ? "confirmed" : attempt.BroadcastAt is null ? "signed" : "broadcast",
        attempt.Txid,
        attempt.MaxFee,
        CreatedAt = Json.Time(attempt.CreatedAt),
        BroadcastAt = Json.Time(attempt.BroadcastAt),
    };

    private static object Describe(Transfer transfer, IReadOnlyList<string>? approvals, object[]? transactions, ChangeRequests? requests = null, IReadOnlyList<string>? batch = null) => new
    {
        transfer.Id,
        transfer.Kind,
        transfer.Wallet,
        transfer.Asset,
        transfer.Destination,
        transfer.Amount,
        transfer.MaxFee,
        transfer.Fee,
        State = TransferMachine.Name(transfer.State),
        transfer.Confirmations,
        transfer.ApprovalsNeeded,
        Approvals = approvals,
        CancelRequestedBy = requests?.Cancellation?.RequestedBy,
        transfer.Txid,
        transfer.Block,
        Batch = batch is { Count: > 0 } ? batch : null,
        transfer.Reason,
        Transactions = transactions,
        transfer.CreatedBy,
        CreatedAt = Json.Time(transfer.CreatedAt),
        UpdatedAt = Json.Time(transfer.UpdatedAt),
    };
}
