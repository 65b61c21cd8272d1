using HaCluster.Payments.Amounts;
using HaCluster.Payments.Store;

namespace HaCluster.Payments.Scanning;

/// <summary>From which block on the books follow what a wallet has: for ether of a sender in <c>wallets.opened_block</c>, for tokens in <c>token_openings</c>.</summary>
internal static class OpeningStore
{
    public static async Task<IReadOnlyList<Unopened>> UnopenedAsync(this Session session, IReadOnlyCollection<Asset> tokens)
    {
        var unopened = (await session.ListAsync<Row>("select id as wallet, sender from wallets where chain = @Ethereum and sender is not null and opened_block is null", new { Asset.Ethereum }))
            .Select(row => new Unopened(row.Wallet, row.Sender, null)).ToList();
        foreach (var token in tokens)
        {
            var rows = await session.ListAsync<Row>(
                "select id as wallet, sender from wallets where chain = @Ethereum and not exists (select 1 from token_openings where wallet = wallets.id and asset = @Asset)",
                new { Asset.Ethereum, Asset = token.ToString() });
            unopened.AddRange(rows.Select(row => new Unopened(row.Wallet, row.Sender, token.Token)));
        }

        return unopened;
    }

    /// <returns>False: another replica was first.</returns>
    public static async Task<bool> OpenAsync(this Session session, Unopened one, long height)
    {
        var isFirst = 1 == await session.ExecuteAsync(
            one.Token is null
                ? "update wallets set opened_block = @height where id = @Wallet and opened_block is null"
                : "insert into token_openings (wallet, asset, block) values (@Wallet, @Asset, @height) on conflict do nothing",
            new { one.Wallet, one.Asset, height });
        // Another replica may have read blocks above this height before there was the wallet, and store them after this.
        if (isFirst)
            await session.ExecuteAsync("update scans set openings = openings + 1 where chain = @Ethereum", new { Asset.Ethereum });
        return isFirst;
    }

    /// <summary>Payments that the books follow already; the others come with the opening.</summary>
    public static async Task<IReadOnlyList<Payment>> OpenedAsync(this Session session, IReadOnlyList<Payment> payments)
    {
        if (payments.Count == 0)
            return payments;
        var senders = (await session.ListAsync<Row>("select id as wallet, sender from wallets where chain = @Ethereum and sender is not null and opened_block is null", new { Asset.Ethereum }))
            .Select(row => row.Sender).ToHashSet(StringComparer.Ordinal);
        var tokens = (await session.ListAsync<TokenRow>("select wallet, asset from token_openings")).Select(row => (row.Wallet, row.Asset)).ToHashSet();
        return [.. payments.Where(payment => payment.Asset == Asset.Ethereum ? !senders.Contains(payment.To.Address) : tokens.Contains((payment.To.Wallet, payment.Asset)))];
    }

    private sealed record Row
    {
        public required string Wallet { get; init; }

        public string? Sender { get; init; }
    }

    private sealed record TokenRow
    {
        public required string Wallet { get; init; }

        public required string Asset { get; init; }
    }
}
