using System.Numerics;
using HaCluster.Payments.Amounts;
using HaCluster.Payments.Books;
using HaCluster.Payments.Chains;
using HaCluster.Payments.Store;

namespace HaCluster.Payments.Scanning;

/// <summary>What left a forwarder for the sender of its wallet, as the chain says: all that it had of the asset at that place.</summary>
/// <param name="Place">See <see cref="Deposit.Place"/>.</param>
internal sealed record Sweep(string Id, string Txid, string Asset, BigInteger Amount, OwnAddress From, long Place);

/// <summary>Sweeps in the store. The books follow the chain, not the transfers that asked for it: anybody may sweep.</summary>
internal static class SweepStore
{
    /// <summary>Deposits that are booked in one transaction.</summary>
    private const int MostBooked = 1000;

    public static async Task<bool> HasForwardersAsync(this Session session) => await session.GetAsync<long>("select count(*) from (select 1 from wallets where has_forwarders = 1 limit 1) as present") > 0;

    public static async Task AddSweepsAsync(this Session session, BlockReference block, IReadOnlyList<Sweep> sweeps)
    {
        foreach (var sweep in sweeps)
        {
            await session.ExecuteAsync(
                "insert into sweeps (id, wallet, address, asset, amount, txid, block, height, place) values (@Id, @Wallet, @Address, @Asset, @Amount, @Txid, @Hash, @Number, @Place)",
                new { sweep.Id, sweep.From.Wallet, sweep.From.Address, sweep.Asset, sweep.Amount, sweep.Txid, block.Hash, block.Number, sweep.Place });
        }
    }

    /// <summary>Books final deposits whose sweep is in a block that counts as irreversible, each by the first sweep after it.</summary>
    /// <returns>How many; there may be more.</returns>
    public static async Task<int> BookSweepsAsync(this Session session, long finalized, DateTimeOffset now)
    {
        var rows = await session.ListAsync<Booked>(
            """
            select deposits.id as deposit, sweeps.id as sweep from deposits join sweeps on sweeps.address = deposits.address and sweeps.asset = deposits.asset
                and (sweeps.height > deposits.height or (sweeps.height = deposits.height and sweeps.place > deposits.place))
            where deposits.at_forwarder = 1 and deposits.state = 'final' and deposits.swept_by is null and sweeps.height <= @finalized
            order by deposits.id, sweeps.height, sweeps.place limit @MostBooked
            """,
            new { finalized, MostBooked });
        var booked = 0;
        foreach (var (id, sweep) in rows.GroupBy(row => row.Deposit).Select(group => (group.Key, group.First().Sweep)))
        {
            var deposit = (await session.DepositAsync(id))! with { SweptBy = sweep };
            deposit = deposit with { Sweeps = deposit.Sweeps + 1 };
            var owed = -await session.BalanceAsync(Account.Shortage(deposit.Wallet), deposit.Asset, forUpdate: true);
            await session.PostAsync(BookEntries.Sweep(deposit, owed), now);
            await session.WriteAsync([deposit], now, "swept");
            booked++;
        }

        return booked;
    }

    /// <summary>What sweeps in blocks up to a height have moved of deposits.</summary>
    public static async Task<BigInteger> SweptUntilAsync(this Session session, string wallet, string asset, long height) => await session.FindAsync<string>(
        $"""
        select {session.SumOf("amount")} from deposits where wallet = @wallet and asset = @asset and at_forwarder = 1 and height is not null and exists (
            select 1 from sweeps where sweeps.address = deposits.address and sweeps.asset = deposits.asset and sweeps.height <= @height
                and (sweeps.height > deposits.height or (sweeps.height = deposits.height and sweeps.place > deposits.place)))
        """,
        new { wallet, asset, height }) is { } sum ? Amount.Read(sum) : 0;

    /// <summary>Takes the sweeps of a block back, which is no longer part of the chain.</summary>
    public static async Task TakeSweepsBackAsync(this Session session, long height, DateTimeOffset now)
    {
        foreach (var id in await session.ListAsync<string>("select deposits.id from deposits join sweeps on sweeps.id = deposits.swept_by where sweeps.height = @height order by deposits.id", new { height }))
        {
            var deposit = (await session.DepositAsync(id))!;
            await session.PostAsync(BookEntries.Unsweep(deposit, await session.BalanceAsync(Account.Available(deposit.Wallet), deposit.Asset, forUpdate: true)), now);
            await session.WriteAsync([deposit with { SweptBy = null }], now, "unswept");
        }

        await session.ExecuteAsync("delete from sweeps where height = @height", new { height });
    }

    private sealed record Booked
    {
        public required string Deposit { get; init; }

        public required string Sweep { get; init; }
    }
}
