using System.Numerics;
using HaCluster.Payments.Amounts;
using HaCluster.Payments.Books;
using HaCluster.Payments.Forwarding;
using HaCluster.Payments.Outbox;
using HaCluster.Payments.Store;

namespace HaCluster.Payments.Transfers;

/// <summary>Transfers in the store. Every change of state goes through <see cref="MoveAsync"/>: the table of transitions, the books and the event are one transaction.</summary>
internal static class TransferStore
{
    private const string Columns = """
        id, kind, wallet, chain, asset, fee_asset, destination, cast(amount as text) as amount, cast(max_fee as text) as max_fee, cast(fee as text) as fee, state, confirmations, approvals_needed,
        txid, block, reason, created_by, created_at, updated_at, version
        """;

    private const string AttemptColumns = "transfer, number, purpose, txid, raw, cast(fee_rate as text) as fee_rate, cast(max_fee as text) as max_fee, created_at, broadcast_at, parent";

    /// <summary>Stores a new transfer and reserves its funds.</summary>
    /// <exception cref="NotCoveredException">The wallet does not have so much.</exception>
    public static async Task CreateAsync(this Session session, Transfer transfer, DateTimeOffset now)
    {
        var told = Told(transfer, transfer.CreatedBy, now);
        await session.ExecuteAsync(
            $"""
            insert into transfers (id, kind, wallet, chain, asset, fee_asset, destination, amount, max_fee, state, approvals_needed, created_by, created_at, updated_at)
            values (@Id, @Kind, @Wallet, @Chain, @Asset, @FeeAsset, @Destination, @Amount, @MaxFee, @State, @ApprovalsNeeded, @CreatedBy, @Now, @Now);
            {Events.Insert}
            """,
            new
            {
                transfer.Id,
                transfer.Kind,
                transfer.Wallet,
                transfer.Chain,
                transfer.Asset,
                transfer.FeeAsset,
                transfer.Destination,
                transfer.Amount,
                transfer.MaxFee,
                State = TransferMachine.Name(transfer.State),
                transfer.ApprovalsNeeded,
                transfer.CreatedBy,
                Now = now.ToUnixTimeMilliseconds(),
                EventId = told.Id,
                EventAt = told.At,
                EventType = told.Type,
                EventSubject = told.Subject,
                EventData = told.Data,
            });
        await session.PostAsync(BookEntries.Reserve(transfer), now);
    }

    public static Task<Transfer?> TransferAsync(this Session session, string id, bool forUpdate = false) =>
        session.FindAsync<Transfer>($"select {Columns} from transfers where id = @id{(forUpdate ? session.ForUpdate : "")}", new { id });

    /// <summary>Those that are approved and have not ended, the oldest first: what waits for approvals holds nothing up, however much of it there is.</summary>
    public static Task<IReadOnlyList<Transfer>> OpenTransfersAsync(this Session session, string wallet, int limit) => session.ListAsync<Transfer>(
        $"select {Columns} from transfers where wallet = @wallet and state not in ('created', 'final', 'failed', 'replaced', 'cancelled') order by created_at, id limit @limit", new { wallet, limit });

    /// <summary>Those that have a transaction or a nonce, in the order in which a chain takes them: of their nonces, or their age.</summary>
    public static Task<IReadOnlyList<Transfer>> BegunTransfersAsync(this Session session, string wallet, int limit) => session.ListAsync<Transfer>(
        $"""
        select {Columns} from transfers where wallet = @wallet and state not in ('created', 'final', 'failed', 'replaced', 'cancelled')
            and (state <> 'approved' or exists (select 1 from nonces where nonces.transfer = transfers.id))
            order by (select nonce from nonces where nonces.transfer = transfers.id), created_at, id limit @limit
        """,
        new { wallet, limit });

    /// <summary>A page of them in the order in which they were asked for: those with a transaction, or those that are approved and have none.</summary>
    public static Task<IReadOnlyList<Transfer>> TransfersAfterAsync(this Session session, string wallet, bool isInFlight, TransferPlace after, int limit) => session.ListAsync<Transfer>(
        $"""
        select {Columns} from transfers where wallet = @wallet and {(isInFlight ? "state in ('signed', 'broadcast', 'seen', 'confirmed', 'orphaned')" : "state = 'approved'")}
            and (created_at, id) > (@CreatedAt, @Id) order by created_at, id limit @limit
        """,
        new { wallet, after.CreatedAt, after.Id, limit });

    public static Task<OpenTransfers> CountOpenAsync(this Session session, string wallet) => session.GetAsync<OpenTransfers>(
        "select count(*) as count, min(case when state <> 'created' then created_at end) as oldest from transfers where wallet = @wallet and state not in ('final', 'failed', 'replaced', 'cancelled')", new { wallet });

    /// <param name="before">Id of the last one of the page before; null: from the newest on.</param>
    public static Task<IReadOnlyList<Transfer>> TransfersAsync(this Session session, string? wallet, TransferState? state, string? before, int limit) => session.ListAsync<Transfer>(
        $"""
        select {Columns} from transfers
        where (@wallet is null or wallet = @wallet) and (@State is null or state = @State) and (@before is null or id < @before) order by id desc limit @limit
        """,
        new { wallet, State = state is { } one ? TransferMachine.Name(one) : null, before, limit });

    /// <summary>
    /// Sum of the amounts that were asked for since a time, or approved by people since then, and may have been paid or may still be. The store keeps the sums of each second, minute and hour, so that some 150 of these and the transfers of one
    /// second are read, however many transfers there were.
    /// </summary>
    public static async Task<BigInteger> SpentSinceAsync(this Session session, string wallet, string asset, DateTimeOffset since)
    {
        const long second = 1000, minute = 60 * second, hour = 60 * minute;
        var from = since.ToUnixTimeMilliseconds();
        var (seconds, minutes, hours) = (Next(from, second), Next(from, minute), Next(from, hour));
        return await session.FindAsync<string>(
            $"""
            select {session.SumOf("amount")} from (
                select amount from transfers where wallet = @wallet and asset = @asset and kind = 'payment' and created_at >= @from and created_at < @seconds and state not in ('failed', 'cancelled', 'replaced')
                union all select amount from asked where wallet = @wallet and asset = @asset and width = @second and start >= @seconds and start < @minutes
                union all select amount from asked where wallet = @wallet and asset = @asset and width = @minute and start >= @minutes and start < @hours
                union all select amount from asked where wallet = @wallet and asset = @asset and width = @hour and start >= @hours
                union all select amount from transfers where wallet = @wallet and asset = @asset and kind = 'payment' and created_at < @from and state not in ('created', 'failed', 'cancelled', 'replaced')
                    and id in (select transfer from approvals where approved_at >= @from)) as parts
            """,
            new { wallet, asset, second, minute, hour, from, seconds, minutes, hours }) is { } sum ? Amount.Read(sum) : 0;

        static long Next(long time, long width) => (time + width - 1) / width * width;
    }

    /// <summary>Moves a transfer on. Nothing happens when another one has changed it since it was read, or when the event cannot happen in its state.</summary>
    /// <param name="change">What else becomes of it.</param>
    /// <returns>The transfer as it is now; null: it was not moved.</returns>
    public static async Task<Transfer?> MoveAsync(this Session session, Transfer transfer, TransferEvent happened, string actor, DateTimeOffset now, Func<Transfer, Transfer>? change = null)
    {
        if (TransferMachine.Next(transfer.State, happened) is not { } next)
            return null;
        var moved = transfer with { State = next, Version = transfer.Version + 1, UpdatedAt = now.ToUnixTimeMilliseconds() };
        moved = change?.Invoke(moved) ?? moved;
        var written = await session.ExecuteAsync(
            """
            update transfers set state = @State, confirmations = @Confirmations, txid = @Txid, block = @Block, reason = @Reason, fee = @Fee, updated_at = @UpdatedAt, version = @Version
            where id = @Id and version = @Read
            """,
            new
            {
                State = TransferMachine.Name(moved.State),
                moved.Confirmations,
                moved.Txid,
                moved.Block,
                moved.Reason,
                moved.Fee,
                moved.UpdatedAt,
                moved.Version,
                moved.Id,
                Read = transfer.Version,
            });
        if (written == 0)
            return null;
        if (TransferMachine.Ends.Contains(next))
            await session.PostAsync(BookEntries.End(moved, isPaid: next == TransferState.Final, moved.Fee ?? 0), now);
        await session.AppendEventsAsync([Told(moved, actor, now)]);
        if (next == TransferState.Orphaned)
            await session.SuspendForwardingAsync(moved.Wallet, $"the block of transfer {moved.Id} was replaced: a reorganisation", actor, now);
        return moved;
    }

    /// <summary>Ends a transfer that nobody can have signed.</summary>
    /// <param name="transfer">Read for update.</param>
    /// <returns>Null: something on the chain is set aside for it, or it can no longer be called off.</returns>
    public static async Task<Transfer?> CallOffAsync(this Session session, Transfer transfer, string reason, string actor, DateTimeOffset now) =>
        // A nonce that is taken has to be used: a gap would hold up all transfers after it.
        TransferMachine.Next(transfer.State, TransferEvent.Cancel) is null || await session.IsBeingSignedAsync(transfer.Id) ? null
            : await session.MoveAsync(transfer, TransferEvent.Cancel, actor, now, moved => moved with { Reason = reason });

    /// <summary>
    /// Calls off some of the transfers to a destination. What may have been signed is to be replaced by its cancellation, also where a node has it: it would otherwise wait, and on Ethereum all later ones with it. Those
    /// that wait for approvals are judged again when they get them.
    /// </summary>
    /// <param name="wallet">Its row is locked.</param>
    /// <param name="after">Id of the last one of the transaction before; empty: from the first on.</param>
    /// <returns>Id of the last one; null: there are no more.</returns>
    public static async Task<string?> CallOffAllAsync(this Session session, string wallet, string destination, string after, string actor, DateTimeOffset now)
    {
        const int page = 100;
        var transfers = await session.ListAsync<Transfer>(
            $"""
            select {Columns} from transfers where wallet = @wallet and destination = @destination and kind = 'payment' and id > @after and state in ('approved', 'signed', 'broadcast', 'seen', 'orphaned')
            order by id limit @page{session.ForUpdate}
            """,
            new { wallet, destination, after, page });
        foreach (var transfer in transfers)
        {
            if (await session.CallOffAsync(transfer, $"{destination} is no longer an allowed destination of the wallet", actor, now) is null)
                await session.RequestAsync(transfer, ChangeRequest.Cancel, 0, actor, now);
        }

        return transfers.Count < page ? null : transfers[^1].Id;
    }

    /// <summary>Whoever has read the transfer before does not move it on, but reads it again.</summary>
    /// <returns>False: it was changed since it was read.</returns>
    public static async Task<bool> TouchAsync(this Session session, Transfer transfer) =>
        await session.ExecuteAsync("update transfers set version = version + 1 where id = @Id and version = @Version", new { transfer.Id, transfer.Version }) == 1;

    /// <summary>Those of a transfer; in a batch they are what the batch's transactions are for it, with its share of the fee.</summary>
    public static Task<IReadOnlyList<Attempt>> AttemptsAsync(this Session session, string transfer) => session.ListAsync<Attempt>(
        $"""
        select {AttemptColumns} from attempts where transfer = @transfer and not exists (select 1 from batches where batches.transfer = @transfer)
        union all select shares.transfer, shares.number, shares.purpose, txid, raw, cast(fee_rate as text) as fee_rate, cast(fee as text) as max_fee, created_at, broadcast_at, parent
        from shares join attempts on attempts.transfer = shares.owner and attempts.number = shares.number where shares.transfer = @transfer
        order by number
        """,
        new { transfer });

    /// <summary>Stores signed bytes. From now on the transfer is made with these, or with a replacement that excludes them.</summary>
    /// <exception cref="DuplicateException">There is an attempt of this number already: another replica was first, and its bytes are to be sent.</exception>
    public static Task AddAttemptAsync(this Session session, Attempt attempt, DateTimeOffset now) => session.ExecuteAsync(
        "insert into attempts (transfer, number, parent, purpose, txid, raw, fee_rate, max_fee, created_at) values (@Transfer, @Number, @Parent, @Purpose, @Txid, @Raw, @FeeRate, @MaxFee, @Now)",
        new { attempt.Transfer, attempt.Number, attempt.Parent, attempt.Purpose, attempt.Txid, attempt.Raw, attempt.FeeRate, attempt.MaxFee, Now = now.ToUnixTimeMilliseconds() });

    public static Task MarkBroadcastAsync(this Session session, string txid, DateTimeOffset now) =>
        session.ExecuteAsync("update attempts set broadcast_at = @Now where txid = @txid and broadcast_at is null", new { txid, Now = now.ToUnixTimeMilliseconds() });

    /// <summary>Its nonce on Ethereum; null: it has none yet.</summary>
    public static Task<long?> NonceAsync(this Session session, string transfer) => session.FindAsync<long?>("select nonce from nonces where transfer = @transfer", new { transfer });

    /// <summary>Whether something on the chain is set aside for it: from then on a signature may exist.</summary>
    public static async Task<bool> IsBeingSignedAsync(this Session session, string transfer) => await session.GetAsync<long>(
        "select (select count(*) from nonces where transfer = @transfer) + (select count(*) from batches where transfer = @transfer) + (select count(*) from coins where reserved_by = @transfer)", new { transfer }) > 0;

    /// <summary>Transfers that wait for approvals, of every wallet: also where none does.</summary>
    public static Task<IReadOnlyList<WaitingTransfers>> ApprovalsWaitingAsync(this Session session) => session.ListAsync<WaitingTransfers>(
        "select wallets.id as wallet, count(transfers.id) as count from wallets left join transfers on transfers.wallet = wallets.id and transfers.state = 'created' group by wallets.id");

    /// <summary>Notes that somebody approves a transfer; once, however often it is said.</summary>
    /// <returns>How many do; null: it was said before.</returns>
    public static async Task<int?> ApproveAsync(this Session session, Transfer transfer, string actor, DateTimeOffset now)
    {
        var added = await session.ExecuteAsync(
            "insert into approvals (transfer, approved_by, approved_at) values (@Id, @actor, @Now) on conflict do nothing", new { transfer.Id, actor, Now = now.ToUnixTimeMilliseconds() });
        if (added == 0)
            return null;
        var approvals = (await session.ApprovalsAsync(transfer.Id)).Count;
        await session.AppendEventAsync(
            "transfer.approval-given", transfer.Id, new Dictionary<string, string?> { ["wallet"] = transfer.Wallet, ["approvals"] = $"{approvals}", ["actor"] = actor }, now);
        return approvals;
    }

    /// <summary>Who approved it.</summary>
    public static Task<IReadOnlyList<string>> ApprovalsAsync(this Session session, string transfer) =>
        session.ListAsync<string>("select approved_by from approvals where transfer = @transfer order by approved_at, approved_by", new { transfer });

    private static NewEvent Told(Transfer transfer, string actor, DateTimeOffset now) => NewEvent.Of(
        $"transfer.{TransferMachine.Name(transfer.State)}",
        transfer.Id,
        new Dictionary<string, string?>
        {
            ["wallet"] = transfer.Wallet,
            ["kind"] = transfer.Kind,
            ["asset"] = transfer.Asset,
            ["destination"] = transfer.Destination,
            ["amount"] = Amount.Write(transfer.Amount),
            ["confirmations"] = $"{transfer.Confirmations}",
            ["txid"] = transfer.Txid,
            ["fee"] = transfer.Fee is { } fee ? Amount.Write(fee) : null,
            ["reason"] = transfer.Reason,
            ["actor"] = actor,
        },
        now);
}

/// <summary>Transfers of a wallet that have not ended.</summary>
internal sealed record OpenTransfers
{
    public long Count { get; init; }

    /// <summary>When the oldest that is approved was asked for; null: none is.</summary>
    public long? Oldest { get; init; }
}

/// <summary>Where a transfer is among those of its wallet.</summary>
internal readonly record struct TransferPlace(long CreatedAt, string Id)
{
    /// <summary>Before all of them.</summary>
    public static readonly TransferPlace First = new(0, "");
}

/// <summary>How many transfers of a wallet wait for approvals.</summary>
internal sealed record WaitingTransfers
{
    public required string Wallet { get; init; }

    public long Count { get; init; }
}
