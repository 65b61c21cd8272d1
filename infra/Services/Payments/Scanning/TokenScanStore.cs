using HaCluster.Payments.Chains;
using HaCluster.Payments.Store;

namespace HaCluster.Payments.Scanning;

/// <summary>Up to which block all were looked through with a token, whichever replica did it.</summary>
internal sealed record TokenScan
{
    public required string Asset { get; init; }

    public required long Height { get; init; }
}

/// <summary>
/// Blocks are looked through once, by one replica; the settings of replicas differ while a token is being added. So each token has a height of its own: it follows the blocks that a replica which knows the token stores,
/// stands still when another one stores some, and <see cref="TokenGaps"/> closes what is between.
/// </summary>
internal static class TokenScanStore
{
    /// <summary>Of some tokens; one that no wallet has taken into its books yet has none.</summary>
    public static async Task<IReadOnlyList<TokenScan>> TokenScansAsync(this Session session, string[] tokens) =>
        tokens.Length == 0 ? [] : await session.ListAsync<TokenScan>($"select asset, height from token_scans where asset {session.In("tokens")}", new { tokens });

    /// <summary>A token is looked for from now on: its first wallet has it in the books up to a block.</summary>
    public static Task BeginTokenScanAsync(this Session session, string token, long height) =>
        session.ExecuteAsync("insert into token_scans (asset, height) values (@token, @height) on conflict do nothing", new { token, height });

    /// <summary>Blocks were looked through with some tokens. A token that was not looked for in one before them stays where it is.</summary>
    public static async Task MoveTokenScansAsync(this Session session, string[] tokens, long first, long last)
    {
        if (tokens.Length > 0)
            await session.ExecuteAsync($"update token_scans set height = @last where asset {session.In("tokens")} and height between @Before and @last", new { tokens, Before = first - 1, last });
    }

    /// <summary>A block is no longer part of the chain.</summary>
    public static Task TakeTokenScansBackAsync(this Session session, long height) =>
        session.ExecuteAsync("update token_scans set height = @Before where height >= @height", new { Before = height - 1, height });

    /// <summary>Payments of tokens in a block that are not in the opening balance of their wallet.</summary>
    public static async Task<IReadOnlyList<Payment>> AfterOpeningAsync(this Session session, IReadOnlyList<Payment> payments, BlockReference block)
    {
        var after = new List<Payment>();
        foreach (var payment in payments)
        {
            if (await session.FindAsync<long?>("select block from token_openings where wallet = @Wallet and asset = @Asset", new { payment.To.Wallet, payment.Asset }) < block.Number)
                after.Add(payment);
        }

        return after;
    }
}
