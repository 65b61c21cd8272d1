using HaCluster.Payments.Chains;
using HaCluster.Payments.Store;

namespace HaCluster.Payments.Scanning;

/// <summary>Which blocks were looked through, and the addresses that are looked for.</summary>
internal static class ScanStore
{
    /// <summary>Names in one query.</summary>
    public const int Chunk = 500;

    /// <summary>The last one; null: none was.</summary>
    public static Task<BlockReference?> ScannedAsync(this Session session, string chain) =>
        session.FindAsync<BlockReference>("select height as number, hash from blocks where chain = @chain order by height desc limit 1", new { chain });

    /// <summary>The same, and nobody else adds or takes back a block of the chain until this transaction ends.</summary>
    public static async Task<BlockReference?> LockScannedAsync(this Session session, string chain)
    {
        await session.FindAsync<string>($"select chain from scans where chain = @chain{session.ForUpdate}", new { chain });
        return await session.ScannedAsync(chain);
    }

    /// <summary>The first block that was ever looked through; null: none was.</summary>
    public static Task<long?> FirstHeightAsync(this Session session, string chain) => session.FindAsync<long?>("select first_height from scans where chain = @chain", new { chain });

    /// <summary>Begins to look at a chain. Nothing happens when another replica has.</summary>
    public static Task BeginScanAsync(this Session session, string chain, long height) =>
        session.ExecuteAsync("insert into scans (chain, first_height) values (@chain, @height) on conflict (chain) do nothing", new { chain, height });

    /// <summary>Openings (<see cref="OpeningStore"/>) that there were: between two equal numbers there was none.</summary>
    public static Task<long> OpeningsAsync(this Session session, string chain) => session.GetAsync<long>("select coalesce(max(openings), 0) from scans where chain = @chain", new { chain });

    public static Task<string?> BlockHashAsync(this Session session, string chain, long height) => session.FindAsync<string>("select hash from blocks where chain = @chain and height = @height", new { chain, height });

    /// <summary>From a height on, the lowest first.</summary>
    public static Task<IReadOnlyList<BlockReference>> BlocksAsync(this Session session, string chain, long from, long limit = long.MaxValue) =>
        session.ListAsync<BlockReference>("select height as number, hash from blocks where chain = @chain and height >= @from order by height limit @limit", new { chain, from, limit });

    /// <exception cref="DuplicateException">Another watcher was first.</exception>
    public static Task AddBlocksAsync(this Session session, string chain, IEnumerable<BlockReference> blocks) =>
        session.InsertAsync("blocks", blocks.Select(block => new { Chain = chain, Height = block.Number, block.Hash }));

    public static Task RemoveBlockAsync(this Session session, string chain, BlockReference block) =>
        session.ExecuteAsync("delete from blocks where chain = @chain and height = @Number and hash = @Hash", new { chain, block.Number, block.Hash });

    /// <summary>Addresses of ours among some: those that were given out, change, and senders.</summary>
    public static async Task<IReadOnlyDictionary<string, OwnAddress>> OwnAddressesAsync(this Session session, string chain, IReadOnlyCollection<string> addresses)
    {
        var found = new Dictionary<string, OwnAddress>(StringComparer.Ordinal);
        foreach (var chunk in addresses.Chunk(Chunk))
        {
            foreach (var own in await session.ListAsync<OwnAddress>(
                $"""
                select addresses.address, addresses.wallet, addresses.branch, addresses.position, addresses.expires_at, wallets.has_forwarders as is_forwarder
                from addresses join wallets on wallets.id = addresses.wallet where addresses.chain = @chain and addresses.address {session.In("chunk")}
                union all select sender as address, id as wallet, 0 as branch, @NoPosition as position, null as expires_at, 0 as is_forwarder from wallets where chain = @chain and sender {session.In("chunk")}
                """,
                new { chain, chunk, OwnAddress.NoPosition }))
            {
                // A sender that is an address of the wallet's key, too, is one address.
                found.TryAdd(own.Address, own);
            }
        }

        return found;
    }

    /// <summary>Every address of a wallet that may have something: those that were given out, change, and its sender.</summary>
    public static Task<IReadOnlyList<string>> AllAddressesAsync(this Session session, string wallet) => session.ListAsync<string>(
        "select address from addresses where wallet = @wallet union select sender from wallets where id = @wallet and sender is not null", new { wallet });

    /// <summary>The same, of all wallets of a chain.</summary>
    public static async Task<IReadOnlyList<(string Address, string Wallet)>> AllAddressesOfAsync(this Session session, string chain) =>
    [
        .. (await session.ListAsync<OwnAddress>(
            "select address, wallet from addresses where chain = @chain union select sender as address, id as wallet from wallets where chain = @chain and sender is not null", new { chain }))
            .Select(own => (own.Address, own.Wallet)),
    ];
}
