using System.Numerics;
using HaCluster.Payments.Store;
using HaCluster.Payments.Wallets;

namespace HaCluster.Payments.Sweeping;

/// <summary>What a forwarder has.</summary>
internal sealed record Unswept : Forwarder
{
    public required string Address { get; init; }

    public required BigInteger Amount { get; init; }
}

/// <summary>What there is to sweep, by the store.</summary>
internal static class UnsweptStore
{
    /// <summary>What forwarders have by final deposits that nothing in the chain has swept, the largest first.</summary>
    public static async Task<IReadOnlyList<Unswept>> UnsweptAsync(this Session session, string wallet, string asset)
    {
        var deposits = await session.ListAsync<Unswept>(
            """
            select deposits.address, addresses.position, addresses.salt, cast(deposits.amount as text) as amount from deposits join addresses on addresses.chain = deposits.chain and addresses.address = deposits.address
            where deposits.wallet = @wallet and deposits.asset = @asset and deposits.at_forwarder = 1 and deposits.state = 'final' and deposits.swept_by is null
                and not exists (select 1 from sweeps where sweeps.address = deposits.address and sweeps.asset = deposits.asset
                    and (sweeps.height > deposits.height or (sweeps.height = deposits.height and sweeps.place > deposits.place)))
            """,
            new { wallet, asset });
        return
        [
            .. deposits.GroupBy(deposit => deposit.Position)
                .Select(one => one.First() with { Amount = one.Aggregate(BigInteger.Zero, (sum, deposit) => sum + deposit.Amount) })
                .OrderByDescending(one => one.Amount).ThenBy(one => one.Position),
        ];
    }
}
