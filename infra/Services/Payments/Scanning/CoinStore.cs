using HaCluster.Payments.Store;
using HaCluster.Payments.Wallets;

namespace HaCluster.Payments.Scanning;

/// <summary>Coins of Bitcoin in the store.</summary>
internal static class CoinStore
{
    private const string Columns = "outpoint, wallet, branch, position, cast(amount as text) as amount, height, reserved_by, spent_by, spent_height";

    /// <summary>Coins of ours among some outputs.</summary>
    public static async Task<IReadOnlyList<Coin>> CoinsAsync(this Session session, IReadOnlyCollection<string> outpoints)
    {
        var found = new List<Coin>();
        foreach (var chunk in outpoints.Chunk(ScanStore.Chunk))
            found.AddRange(await session.ListAsync<Coin>($"select {Columns} from coins where outpoint {session.In("chunk")}", new { chunk }));
        return found;
    }

    /// <summary>Of a transfer, or of the batch that it is in.</summary>
    public static Task<IReadOnlyList<Coin>> ReservedCoinsAsync(this Session session, string transfer) => session.ListAsync<Coin>(
        $"select {Columns} from coins where reserved_by = coalesce((select owner from batches where batches.transfer = @transfer), @transfer) order by outpoint", new { transfer });

    /// <param name="owner">Transfer to which they belong from now on, and no other ever has them.</param>
    public static async Task ReserveAsync(this Session session, IEnumerable<Coin> coins, string owner)
    {
        foreach (var coin in coins)
            await session.ExecuteAsync("update coins set reserved_by = @owner where outpoint = @Outpoint and reserved_by is null and child_of is null", new { owner, coin.Outpoint });
    }

    /// <summary>Change of a transfer, or of the batch that it is in, that is set aside for a child.</summary>
    public static Task<IReadOnlyList<Coin>> ChildCoinsAsync(this Session session, string transfer) => session.ListAsync<Coin>(
        $"select {Columns} from coins where child_of = coalesce((select owner from batches where batches.transfer = @transfer), @transfer) order by outpoint", new { transfer });

    /// <summary>Sets change aside for a child before it is in a block: nothing else is paid with it, until <see cref="FreeChildCoinAsync"/>.</summary>
    /// <param name="owner">Transfer of whose transaction it is the change.</param>
    /// <returns>False: it is spent, or another transfer has it.</returns>
    public static async Task<bool> ReserveForChildAsync(this Session session, Coin coin, string owner)
    {
        await session.ExecuteAsync(
            "insert into coins (outpoint, wallet, branch, position, amount, height) values (@Outpoint, @Wallet, @Branch, @Position, @Amount, @NotInChain) on conflict (outpoint) do nothing",
            new { coin.Outpoint, coin.Wallet, coin.Branch, coin.Position, coin.Amount, Coin.NotInChain });
        return await session.ExecuteAsync(
            "update coins set child_of = @owner where outpoint = @Outpoint and reserved_by is null and spent_by is null and (child_of is null or child_of = @owner)", new { owner, coin.Outpoint }) == 1;
    }

    /// <summary>Frees the coins of a transfer for which nothing was signed, and never will be.</summary>
    public static Task FreeCoinsAsync(this Session session, string owner) => session.ExecuteAsync("update coins set reserved_by = null where reserved_by = @owner", new { owner });

    /// <summary>Frees change of which the signer has promised never to sign a child.</summary>
    public static Task FreeChildCoinAsync(this Session session, Coin change) => session.ExecuteAsync("update coins set child_of = null where outpoint = @Outpoint and spent_by is null", new { change.Outpoint });

    /// <summary>Coins that nobody has spent or set aside, the largest first: received ones whose deposits are final, change from any block.</summary>
    public static async Task<IReadOnlyList<Coin>> SpendableCoinsAsync(this Session session, string wallet) =>
    [
        .. (await session.ListAsync<Coin>(
            $"""
            select {Columns} from coins where wallet = @wallet and reserved_by is null and child_of is null and spent_by is null and height >= 0
                and (branch = @Change or exists (select 1 from deposits where deposits.id = 'dep_' || replace(outpoint, ':', '_') and deposits.state = 'final'))
            """,
            new { wallet, WalletAddress.Change }))
            .OrderByDescending(coin => coin.Amount).ThenBy(coin => coin.Outpoint, StringComparer.Ordinal),
    ];

    /// <summary>All coins in the chain that no block has spent.</summary>
    public static Task<IReadOnlyList<Coin>> UnspentCoinsAsync(this Session session, string wallet) =>
        session.ListAsync<Coin>($"select {Columns} from coins where wallet = @wallet and spent_by is null and height >= 0 order by outpoint", new { wallet });

    /// <summary>What the outputs and inputs of blocks do to coins.</summary>
    public static async Task MoveCoinsAsync(this Session session, IReadOnlyList<ChainBlock> blocks)
    {
        await session.InsertAsync(
            "coins",
            blocks.SelectMany(block => block.Payments.Select(payment => new
            {
                Outpoint = $"{payment.Txid}:{payment.Position}",
                payment.To.Wallet,
                payment.To.Branch,
                payment.To.Position,
                payment.Amount,
                Height = block.Reference.Number,
            })).GroupBy(coin => coin.Outpoint, StringComparer.Ordinal).Select(coins => coins.Last()),
            "on conflict (outpoint) do update set height = excluded.height");
        var spends = blocks.SelectMany(block => block.Spends.Select(spend => (spend.What, spend.Txid, block.Reference.Number))).ToLookup(spend => spend.What, StringComparer.Ordinal);
        // Also coins that these blocks have just made.
        foreach (var coin in await session.CoinsAsync([.. spends.Select(spend => spend.Key)]))
        {
            var (_, txid, number) = spends[coin.Outpoint].First();
            await session.ExecuteAsync("update coins set spent_by = @txid, spent_height = @number where outpoint = @Outpoint", new { txid, number, coin.Outpoint });
        }
    }

    /// <summary>The way back.</summary>
    public static async Task TakeCoinsBackAsync(this Session session, long height)
    {
        await session.ExecuteAsync("update coins set height = @NotInChain where height = @height", new { Coin.NotInChain, height });
        await session.ExecuteAsync("update coins set spent_by = null, spent_height = null where spent_height = @height", new { height });
    }
}
