using System.Numerics;
using HaCluster.Payments.Amounts;
using HaCluster.Payments.Books;
using HaCluster.Payments.Chains;
using HaCluster.Payments.Forwarding;
using HaCluster.Payments.Outbox;
using HaCluster.Payments.Store;

namespace HaCluster.Payments.Scanning;

/// <summary>Deposits in the store. Every change of state, its postings and its event are one transaction.</summary>
internal static class DepositStore
{
    /// <summary>Deposits that become final in one transaction.</summary>
    private const int MostSettled = 1000;

    private const string Columns = """
        id, chain, wallet, address, asset, cast(amount as text) as amount, txid, position, block, height, place, arrivals, needed, is_late, at_forwarder, swept_by, sweeps, replaced_by, state, created_at,
        updated_at
        """;

    public static Task<IReadOnlyList<Deposit>> DepositsAsync(this Session session, string? wallet, string? after, int limit, string? state = null) => session.ListAsync<Deposit>(
        $"select {Columns} from deposits where (@wallet is null or wallet = @wallet) and (@state is null or state = @state) and (@after is null or id > @after) order by id limit @limit",
        new { wallet, state, after, limit });

    public static Task<Deposit?> DepositAsync(this Session session, string id) => session.FindAsync<Deposit>($"select {Columns} from deposits where id = @id", new { id });

    /// <summary>In blocks, to some addresses of a wallet.</summary>
    public static async Task<IReadOnlyList<Deposit>> ReceivedAsync(this Session session, string wallet, IReadOnlyCollection<string> addresses)
    {
        var found = new List<Deposit>();
        foreach (var chunk in addresses.Chunk(ScanStore.Chunk))
            found.AddRange(await session.ListAsync<Deposit>($"select {Columns} from deposits where wallet = @wallet and address {session.In("chunk")} and state in ('confirmed', 'final')", new { wallet, chunk }));
        return found;
    }

    /// <summary>Payments in a block; one that was orphaned before arrives again.</summary>
    public static async Task ArriveAsync(this Session session, string chain, BlockReference block, DateTimeOffset time, IReadOnlyList<Payment> payments, DepositRules rules, DateTimeOffset now)
    {
        var known = await KnownAsync(session, payments);
        var arrived = new List<Deposit>();
        // A node may say the same twice; PostgreSQL does not write one row twice with one statement.
        foreach (var payment in payments.DistinctBy(payment => payment.Id, StringComparer.Ordinal))
        {
            var before = known.GetValueOrDefault(payment.Id);
            // It is in the chain already: the same coins are not booked twice.
            if (before is { Height: not null })
                continue;
            arrived.Add(Of(chain, payment, before, time, rules) with
            {
                Block = block.Hash,
                Height = block.Number,
                Place = payment.Place,
                Arrivals = (before?.Arrivals ?? 0) + 1,
                State = rules.IsDust(payment.Asset, payment.Amount) ? Deposit.Ignored : Deposit.Confirmed,
            });
        }

        await session.WriteAsync(arrived, now);
        await session.PostAsync(arrived.Select(BookEntries.Arrive), now);

        foreach (var chunk in payments.Select(payment => payment.To.Address).Distinct(StringComparer.Ordinal).Chunk(ScanStore.Chunk))
            await session.ExecuteAsync($"update addresses set used_at = @Now where chain = @chain and address {session.In("chunk")} and used_at is null", new { Now = now.ToUnixTimeMilliseconds(), chain, chunk });
    }

    /// <summary>Payments in a memory pool. What is in a block stays there; what was orphaned, replaced or dropped is seen again.</summary>
    public static async Task SeeAsync(this Session session, string chain, IReadOnlyList<PoolTransaction> transactions, DepositRules rules, DateTimeOffset now)
    {
        var known = await KnownAsync(session, [.. transactions.SelectMany(transaction => transaction.Payments)]);
        var news = transactions.Select(transaction => (transaction.Spends, Payments: transaction.Payments.Where(IsNew).ToList())).Where(transaction => transaction.Payments.Count > 0).ToList();
        await session.WriteAsync(news.SelectMany(transaction => transaction.Payments).DistinctBy(payment => payment.Id, StringComparer.Ordinal).Select(payment => Of(chain, payment, known.GetValueOrDefault(payment.Id), now, rules) with { State = Deposit.Seen }), now);
        await session.InsertAsync("seen_spends", news.SelectMany(transaction => transaction.Spends).Select(spend => new { Chain = chain, Spend = spend.What, spend.Txid }), "on conflict do nothing");

        bool IsNew(Payment payment) => known.GetValueOrDefault(payment.Id) is not ({ Height: not null } or { State: Deposit.Seen }) && !rules.IsDust(payment.Asset, payment.Amount);
    }

    /// <summary>Deposits that are only seen, and whose coins or nonce another transaction uses up.</summary>
    /// <param name="isInBlock">Whether these are the transactions of blocks whose payments have arrived: then one of them that did not has failed.</param>
    public static async Task ReplaceAsync(this Session session, string chain, IReadOnlyCollection<Spend> spends, bool isInBlock, DateTimeOffset now)
    {
        if (await session.GetAsync<long>("select count(*) from (select 1 from seen_spends where chain = @chain limit 1) as present", new { chain }) == 0)
            return;
        var replacing = spends.ToLookup(spend => spend.What, spend => spend.Txid, StringComparer.Ordinal);
        foreach (var chunk in replacing.Select(spend => spend.Key).Chunk(ScanStore.Chunk))
        {
            var gone = new Dictionary<string, string?>(StringComparer.Ordinal);
            foreach (var seen in await session.ListAsync<SeenSpend>($"select spend, txid from seen_spends where chain = @chain and spend {session.In("chunk")} order by txid, spend", new { chain, chunk }))
            {
                var other = replacing[seen.Spend].Contains(seen.Txid) ? null : replacing[seen.Spend].First();
                if (other is not null || isInBlock)
                    gone.TryAdd(seen.Txid, other);
            }

            await session.WriteAsync(
                (await SeenAsync(session, chain, gone.Keys)).Select(deposit => deposit with { State = gone[deposit.Txid] is null ? Deposit.Dropped : Deposit.Replaced, ReplacedBy = gone[deposit.Txid] }), now);
        }
    }

    /// <summary>Transactions of deposits that are only seen.</summary>
    public static Task<IReadOnlyList<string>> SeenTransactionsAsync(this Session session, string chain) =>
        session.ListAsync<string>("select distinct txid from deposits where chain = @chain and state = 'seen' order by txid limit 1000", new { chain });

    /// <summary>The node no longer has them: they may come back, or never.</summary>
    public static async Task DropAsync(this Session session, string chain, IReadOnlyCollection<string> txids, DateTimeOffset now) => await session.WriteAsync(
        (await SeenAsync(session, chain, txids)).Where(deposit => deposit.State == Deposit.Seen).Select(deposit => deposit with { State = Deposit.Dropped }), now);

    /// <summary>Makes deposits final that are deep enough.</summary>
    /// <param name="height">The last block that was looked through.</param>
    /// <param name="finalized">The last one that the chain calls finalized, and that was looked through.</param>
    /// <returns>How many; there may be more.</returns>
    public static async Task<int> SettleAsync(this Session session, string chain, long height, long finalized, DateTimeOffset now)
    {
        var due = await session.ListAsync<Deposit>(
            $"""
            select {Columns} from deposits
            where chain = @chain and state = 'confirmed' and height <= case needed when @OnceFinalized then @finalized else @height - needed + 1 end order by height, id limit @MostSettled
            """,
            new { chain, height, finalized, MostSettled, OnceFinalized = FinalityRule.Finalized });
        var owed = new Dictionary<(string, string), BigInteger>();
        var postings = new List<Posting>();
        foreach (var deposit in due)
        {
            var account = (deposit.Wallet, deposit.Asset);
            if (!owed.TryGetValue(account, out var debt))
                debt = -await session.BalanceAsync(Account.Shortage(deposit.Wallet), deposit.Asset, forUpdate: true);
            // What nobody can spend yet pays nothing off.
            postings.AddRange(deposit.AtForwarder ? [BookEntries.SettleUnswept(deposit)] : BookEntries.Settle(deposit, debt));
            owed[account] = deposit.AtForwarder ? debt : BigInteger.Max(0, debt - deposit.Amount);
        }

        await session.PostAsync(postings, now);
        await session.WriteAsync(due.Select(deposit => deposit with { State = Deposit.Final }), now);

        foreach (var chunk in due.Select(deposit => deposit.Txid).Distinct(StringComparer.Ordinal).Chunk(ScanStore.Chunk))
        {
            await session.ExecuteAsync(
                $"delete from seen_spends where chain = @chain and spend in (select spend from seen_spends where chain = @chain and txid {session.In("chunk")})", new { chain, chunk });
        }

        return due.Count;
    }

    /// <summary>Takes the deposits of a block back, which is no longer part of the chain.</summary>
    /// <returns>Them, as they were.</returns>
    public static async Task<IReadOnlyList<Deposit>> OrphanAsync(this Session session, string chain, long height, DateTimeOffset now)
    {
        var lost = await session.ListAsync<Deposit>($"select {Columns} from deposits where chain = @chain and height = @height order by id", new { chain, height });
        foreach (var deposit in lost)
        {
            var available = deposit.IsSpendable ? await session.BalanceAsync(Account.Available(deposit.Wallet), deposit.Asset, forUpdate: true) : 0;
            await session.PostAsync(BookEntries.Orphan(deposit, available), now);
            await session.WriteAsync([deposit with { State = Deposit.Orphaned, Block = null, Height = null, SweptBy = null }], now);
            await session.SuspendForwardingAsync(deposit.Wallet, $"the block of deposit {deposit.Id} was replaced: a reorganisation", "watcher", now);
        }

        return lost;
    }

    private static async Task<IReadOnlyList<Deposit>> SeenAsync(Session session, string chain, IEnumerable<string> txids)
    {
        var seen = new List<Deposit>();
        foreach (var chunk in txids.Chunk(ScanStore.Chunk))
            seen.AddRange(await session.ListAsync<Deposit>($"select {Columns} from deposits where chain = @chain and txid {session.In("chunk")} and state in ('seen', 'dropped') order by id", new { chain, chunk }));
        return seen;
    }

    private static Deposit Of(string chain, Payment payment, Deposit? before, DateTimeOffset time, DepositRules rules) => new()
    {
        Id = payment.Id,
        Chain = chain,
        Wallet = payment.To.Wallet,
        Address = payment.To.Address,
        Asset = payment.Asset,
        Amount = payment.Amount,
        Txid = payment.Txid,
        Position = payment.Position,
        Arrivals = before?.Arrivals ?? 0,
        AtForwarder = payment.To.IsForwarder,
        Sweeps = before?.Sweeps ?? 0,
        Needed = rules.Needed(payment.Asset, payment.Amount),
        // It came when it was first noticed.
        IsLate = before?.IsLate ?? (payment.To.ExpiresAt < time.ToUnixTimeMilliseconds() ? 1 : 0),
        State = Deposit.Seen,
    };

    private static async Task<IReadOnlyDictionary<string, Deposit>> KnownAsync(Session session, IReadOnlyList<Payment> payments)
    {
        var known = new Dictionary<string, Deposit>(StringComparer.Ordinal);
        foreach (var chunk in payments.Select(payment => payment.Id).Chunk(ScanStore.Chunk))
        {
            foreach (var deposit in await session.ListAsync<Deposit>($"select {Columns} from deposits where id {session.In("chunk")}", new { chunk }))
                known[deposit.Id] = deposit;
        }

        return known;
    }

    /// <param name="happened">For its event; null: it came into its state.</param>
    internal static async Task WriteAsync(this Session session, IEnumerable<Deposit> deposits, DateTimeOffset now, string? happened = null)
    {
        var (all, time) = (deposits.ToList(), now.ToUnixTimeMilliseconds());
        await session.InsertAsync(
            "deposits",
            all.Select(deposit => new
            {
                deposit.Id,
                deposit.Chain,
                deposit.Wallet,
                deposit.Address,
                deposit.Asset,
                deposit.Amount,
                deposit.Txid,
                deposit.Position,
                deposit.Block,
                deposit.Height,
                deposit.Place,
                deposit.Arrivals,
                deposit.Needed,
                deposit.IsLate,
                AtForwarder = deposit.AtForwarder ? 1L : 0L,
                deposit.SweptBy,
                deposit.Sweeps,
                deposit.ReplacedBy,
                deposit.State,
                CreatedAt = time,
                UpdatedAt = time,
            }),
            """
            on conflict (id) do update set wallet = excluded.wallet, address = excluded.address, asset = excluded.asset, amount = excluded.amount, block = excluded.block, height = excluded.height,
                place = excluded.place, at_forwarder = excluded.at_forwarder, swept_by = excluded.swept_by, sweeps = excluded.sweeps, arrivals = excluded.arrivals, needed = excluded.needed,
                replaced_by = excluded.replaced_by, state = excluded.state, updated_at = excluded.updated_at
            """);
        await session.AppendEventsAsync(all.Select(deposit => NewEvent.Of(
            $"deposit.{happened ?? deposit.State}",
            deposit.Id,
            new Dictionary<string, string?>
            {
                ["wallet"] = deposit.Wallet,
                ["address"] = deposit.Address,
                ["asset"] = deposit.Asset,
                ["amount"] = Amount.Write(deposit.Amount),
                ["txid"] = deposit.Txid,
                ["block"] = deposit.Block,
                ["late"] = deposit.IsLate == 1 ? "true" : "false",
                ["replacedBy"] = deposit.ReplacedBy,
                ["sweptBy"] = deposit.SweptBy,
            },
            now)));
    }

    private sealed record SeenSpend
    {
        public required string Spend { get; init; }

        public required string Txid { get; init; }
    }
}
