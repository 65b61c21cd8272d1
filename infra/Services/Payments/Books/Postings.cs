using System.Numerics;
using HaCluster.Payments.Store;

namespace HaCluster.Payments.Books;

/// <summary>A balance, as the triggers of the store keep it.</summary>
internal sealed record Balance
{
    public required string Account { get; init; }

    public required string Asset { get; init; }

    public required BigInteger Amount { get; init; }
}

/// <summary>A posting with its place in the books.</summary>
internal sealed record PostedEntry
{
    public long Sequence { get; init; }

    public required string Cause { get; init; }

    public long At { get; init; }

    public required string Asset { get; init; }

    public required string Source { get; init; }

    public required string Target { get; init; }

    public required BigInteger Amount { get; init; }
}

/// <summary>The books in the store.</summary>
internal static class Postings
{
    private const string Columns = "sequence, cause, at, asset, source, target, cast(amount as text) as amount";

    /// <exception cref="NotCoveredException">An account does not have so much. The transaction cannot go on.</exception>
    public static async Task PostAsync(this Session session, IEnumerable<Posting> postings, DateTimeOffset now)
    {
        var all = postings.ToList();
        if (all.Find(posting => posting.Amount <= 0) is { } wrong)
            throw new InvalidOperationException($"{wrong.Cause} moves {wrong.Amount}; write a posting of the other direction instead");
        var at = now.ToUnixTimeMilliseconds();
        var written = await session.InsertAsync(
            "postings", all.Select(posting => new { posting.Cause, At = at, posting.Asset, posting.Source, posting.Target, posting.Amount }), "on conflict (cause) do nothing");
        if (written == all.Count)
            return;
        foreach (var posting in all)
            await CompareAsync(session, posting);
    }

    public static Task<IReadOnlyList<Balance>> BalancesAsync(this Session session, string wallet) => session.ListAsync<Balance>(
        $"select account, asset, cast(amount as text) as amount from balances where account {session.In("Accounts")} order by asset, account", new { Accounts = Account.Of(wallet) });

    public static async Task<BigInteger> BalanceAsync(this Session session, string account, string asset, bool forUpdate = false) =>
        (await session.FindAsync<Balance>(
            $"select account, asset, cast(amount as text) as amount from balances where account = @account and asset = @asset{(forUpdate ? session.ForUpdate : "")}", new { account, asset }))?.Amount ?? 0;

    public static Task<IReadOnlyList<PostedEntry>> PostingsAsync(this Session session, long after, int limit) =>
        session.ListAsync<PostedEntry>($"select {Columns} from postings where sequence > @after order by sequence limit @limit", new { after, limit });

    private static async Task CompareAsync(Session session, Posting posting)
    {
        var there = await session.GetAsync<PostedEntry>($"select {Columns} from postings where cause = @Cause", new { posting.Cause });
        if ((there.Asset, there.Source, there.Target, there.Amount) != (posting.Asset, posting.Source, posting.Target, posting.Amount))
            throw new InvalidOperationException($"{posting.Cause} is booked as {there.Amount} of {there.Asset} from {there.Source} to {there.Target}, and is now to be {posting.Amount} of {posting.Asset} from {posting.Source} to {posting.Target}");
    }
}
