using System.Numerics;
using HaCluster.Payments.Amounts;
using HaCluster.Payments.Books;
using HaCluster.Payments.Chains;
using HaCluster.Payments.Outbox;
using HaCluster.Payments.Store;

namespace HaCluster.Payments.Scanning;

/// <summary>A coin of Bitcoin: an output that a wallet can spend.</summary>
internal sealed record Coin
{
    /// <summary>Of a coin whose block was replaced.</summary>
    public const long NotInChain = -1;

    /// <summary>As <c>txid:index</c>.</summary>
    public required string Outpoint { get; init; }

    public required string Wallet { get; init; }

    public long Branch { get; init; }

    public long Position { get; init; }

    public required BigInteger Amount { get; init; }

    public long Height { get; init; }

    /// <summary>The transfer that spends it, and no other ever does.</summary>
    public string? ReservedBy { get; init; }

    /// <summary>The transaction in a block that spent it.</summary>
    public string? SpentBy { get; init; }

    public long? SpentHeight { get; init; }
}

/// <summary>Which blocks were looked through, and what was found.</summary>
internal static class ScanStore
{
    /// <summary>Names in one query.</summary>
    private const int Chunk = 500;

    private const string CoinColumns = "outpoint, wallet, branch, position, cast(amount as text) as amount, height, reserved_by, spent_by, spent_height";
    private const string DepositColumns = "id, wallet, address, asset, cast(amount as text) as amount, txid, position, block, height, arrivals, state, created_at, updated_at";

    /// <summary>The last one; null: none was.</summary>
    public static async Task<BlockReference?> ScannedAsync(this Session session, string chain)
    {
        var row = await session.FindAsync<Row>("select height, hash from blocks where chain = @chain order by height desc limit 1", new { chain });
        return row is null ? null : new BlockReference(row.Height, row.Hash);
    }

    public static Task<string?> BlockHashAsync(this Session session, string chain, long height) => session.FindAsync<string>("select hash from blocks where chain = @chain and height = @height", new { chain, height });

    /// <exception cref="DuplicateException">Another scanner was first.</exception>
    public static Task AddBlockAsync(this Session session, string chain, BlockReference block) =>
        session.ExecuteAsync("insert into blocks (chain, height, hash) values (@chain, @Number, @Hash)", new { chain, block.Number, block.Hash });

    /// <summary>Addresses of ours among some.</summary>
    public static async Task<IReadOnlyDictionary<string, OwnAddress>> OwnAddressesAsync(this Session session, string chain, IReadOnlyCollection<string> addresses)
    {
        var found = new Dictionary<string, OwnAddress>(StringComparer.Ordinal);
        foreach (var chunk in addresses.Chunk(Chunk))
        {
            foreach (var own in await session.ListAsync<OwnAddress>($"select address, wallet, branch, position from addresses where chain = @chain and address {session.In("chunk")}", new { chain, chunk }))
                found[own.Address] = own;
        }

        return found;
    }

    /// <summary>Coins of ours among some outputs.</summary>
    public static async Task<IReadOnlyList<Coin>> CoinsAsync(this Session session, IReadOnlyCollection<string> outpoints)
    {
        var found = new List<Coin>();
        foreach (var chunk in outpoints.Chunk(Chunk))
            found.AddRange(await session.ListAsync<Coin>($"select {CoinColumns} from coins where outpoint {session.In("chunk")}", new { chunk }));
        return found;
    }

    public static Task<IReadOnlyList<Coin>> ReservedCoinsAsync(this Session session, string transfer) =>
        session.ListAsync<Coin>($"select {CoinColumns} from coins where reserved_by = @transfer order by outpoint", new { transfer });

    /// <summary>Coins that nobody has spent or set aside, the largest first: received ones from blocks that count as irreversible, change from any block.</summary>
    /// <param name="finalHeight">The highest block that does.</param>
    public static async Task<IReadOnlyList<Coin>> SpendableCoinsAsync(this Session session, string wallet, long finalHeight) =>
    [
        .. (await session.ListAsync<Coin>(
            $"select {CoinColumns} from coins where wallet = @wallet and reserved_by is null and spent_by is null and height >= 0 and (height <= @finalHeight or branch = 1)", new { wallet, finalHeight }))
            .OrderByDescending(coin => coin.Amount).ThenBy(coin => coin.Outpoint, StringComparer.Ordinal),
    ];

    public static Task AddCoinAsync(this Session session, Coin coin) => session.ExecuteAsync(
        """
        insert into coins (outpoint, wallet, branch, position, amount, height) values (@Outpoint, @Wallet, @Branch, @Position, @Amount, @Height)
        on conflict (outpoint) do update set height = excluded.height
        """,
        new { coin.Outpoint, coin.Wallet, coin.Branch, coin.Position, coin.Amount, coin.Height });

    /// <summary>A deposit in a block; one that was orphaned before arrives again.</summary>
    public static async Task ArriveAsync(this Session session, Deposit arrived, DateTimeOffset now)
    {
        var before = await session.FindAsync<Deposit>($"select {DepositColumns} from deposits where id = @Id", new { arrived.Id });
        var deposit = arrived with { Arrivals = (before?.Arrivals ?? 0) + 1, State = Deposit.Confirmed };
        await session.ExecuteAsync(
            """
            insert into deposits (id, wallet, address, asset, amount, txid, position, block, height, arrivals, state, created_at, updated_at)
            values (@Id, @Wallet, @Address, @Asset, @Amount, @Txid, @Position, @Block, @Height, @Arrivals, @State, @Now, @Now)
            on conflict (id) do update set block = excluded.block, height = excluded.height, arrivals = excluded.arrivals, state = excluded.state, updated_at = excluded.updated_at
            """,
            new
            {
                deposit.Id,
                deposit.Wallet,
                deposit.Address,
                deposit.Asset,
                deposit.Amount,
                deposit.Txid,
                deposit.Position,
                deposit.Block,
                deposit.Height,
                deposit.Arrivals,
                deposit.State,
                Now = now.ToUnixTimeMilliseconds(),
            });
        await session.ExecuteAsync("update addresses set used_at = @Now where address = @Address and wallet = @Wallet and used_at is null", new { Now = now.ToUnixTimeMilliseconds(), deposit.Address, deposit.Wallet });
        await session.PostAsync([BookEntries.Arrive(deposit)], now);
        await TellAsync(session, deposit, now);
    }

    /// <summary>Settles the deposits of a chain that are in blocks up to one that counts as irreversible.</summary>
    public static async Task SettleAsync(this Session session, string chain, long finalHeight, DateTimeOffset now)
    {
        var due = await session.ListAsync<Deposit>(
            $"select {DepositColumns} from deposits where state = 'confirmed' and height <= @finalHeight and wallet in (select id from wallets where chain = @chain) order by height, id limit 1000",
            new { finalHeight, chain });
        foreach (var deposit in due)
        {
            await session.PostAsync([BookEntries.Settle(deposit)], now);
            await MoveAsync(session, deposit, Deposit.Final, now);
        }
    }

    /// <summary>Takes the highest block back, which is no longer part of the chain.</summary>
    /// <exception cref="NotCoveredException">Coins of it were settled and are spent already: it was deeper than what counts as irreversible.</exception>
    public static async Task TakeBackAsync(this Session session, string chain, BlockReference block, DateTimeOffset now)
    {
        var lost = await session.ListAsync<Deposit>(
            $"select {DepositColumns} from deposits where height = @Number and state <> 'orphaned' and wallet in (select id from wallets where chain = @chain) order by id", new { block.Number, chain });
        foreach (var deposit in lost)
        {
            await session.PostAsync([BookEntries.Orphan(deposit)], now);
            await MoveAsync(session, deposit, Deposit.Orphaned, now);
        }

        if (chain == Asset.Bitcoin)
        {
            await session.ExecuteAsync("update coins set height = @NotInChain where height = @Number", new { Coin.NotInChain, block.Number });
            await session.ExecuteAsync("update coins set spent_by = null, spent_height = null where spent_height = @Number", new { block.Number });
        }

        await session.ExecuteAsync("delete from blocks where chain = @chain and height = @Number", new { chain, block.Number });
    }

    public static Task<IReadOnlyList<Deposit>> DepositsAsync(this Session session, string? wallet, string? after, int limit) => session.ListAsync<Deposit>(
        $"select {DepositColumns} from deposits where (@wallet is null or wallet = @wallet) and (@after is null or id > @after) order by id limit @limit", new { wallet, after, limit });

    private static async Task MoveAsync(Session session, Deposit deposit, string state, DateTimeOffset now)
    {
        await session.ExecuteAsync("update deposits set state = @state, updated_at = @Now where id = @Id", new { state, Now = now.ToUnixTimeMilliseconds(), deposit.Id });
        await TellAsync(session, deposit with { State = state }, now);
    }

    private static Task TellAsync(Session session, Deposit deposit, DateTimeOffset now) => session.TellAsync(
        $"deposit.{deposit.State}",
        deposit.Id,
        new Dictionary<string, string?>
        {
            ["wallet"] = deposit.Wallet,
            ["address"] = deposit.Address,
            ["asset"] = deposit.Asset,
            ["amount"] = Amount.Write(deposit.Amount),
            ["txid"] = deposit.Txid,
            ["block"] = deposit.Block,
        },
        now);

    private sealed record Row
    {
        public long Height { get; init; }

        public required string Hash { get; init; }
    }
}

/// <summary>An address of a wallet, and which.</summary>
internal sealed record OwnAddress
{
    public required string Address { get; init; }

    public required string Wallet { get; init; }

    public long Branch { get; init; }

    public long Position { get; init; }
}
