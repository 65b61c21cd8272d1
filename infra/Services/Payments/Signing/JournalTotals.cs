using System.Numerics;
using HaCluster.Payments.Amounts;
using HaCluster.Payments.Store;

namespace HaCluster.Payments.Signing;

/// <summary>The sum of all amounts of an asset up to an agreement.</summary>
internal sealed record Total
{
    public long Position { get; init; }

    public long At { get; init; }

    public string Sum { get; init; } = "0";

    public BigInteger Amount => Amounts.Amount.Read(Sum);
}

/// <summary>Running sums of the journal: what a window of time has is the difference of two of them, however many agreements are in it.</summary>
internal static class JournalTotals
{
    /// <summary>The last one of an asset; a journal that an earlier version wrote gets its totals first.</summary>
    public static async Task<Total> LastTotalAsync(this Session session, string key, string asset)
    {
        if (await session.FindAsync<Total>("select position, at, total as sum from totals where key = @key and asset = @asset order by position desc limit 1", new { key, asset }) is { } last)
            return last;
        last = new Total();
        foreach (var one in await session.ListAsync<Total>(
            """
            select 0 as position, at, amount as sum from agreed where key = @key and asset = @asset
                and not exists (select 1 from unpaid where unpaid.key = agreed.key and unpaid.transfer = agreed.transfer) order by at, transfer
            """,
            new { key, asset }))
            last = await session.AddTotalAsync(key, asset, last, one.Amount, one.At);
        return last;
    }

    /// <summary>The sum of what was agreed to up to a time.</summary>
    public static async Task<BigInteger> TotalUntilAsync(this Session session, string key, string asset, long time) => Amount.Read(
        await session.FindAsync<string>("select total from totals where key = @key and asset = @asset and at <= @time order by at desc, position desc limit 1", new { key, asset, time }) ?? "0");

    public static async Task<Total> AddTotalAsync(this Session session, string key, string asset, Total last, BigInteger amount, long at)
    {
        var next = new Total { Position = last.Position + 1, At = at, Sum = Amount.Write(last.Amount + amount) };
        await session.ExecuteAsync("insert into totals (key, asset, position, at, total) values (@key, @asset, @Position, @At, @Sum)", new { key, asset, next.Position, next.At, next.Sum });
        return next;
    }
}
