using HaCluster.Payments.Chains;

namespace HaCluster.Payments.Books;

/// <summary>A comparison that has begun: the books of one moment, and the block of which the chain is asked. A long one goes on in the next round, so that its lease is renewed in between.</summary>
/// <param name="Last">Id of the last one that had ended by then; null: none had.</param>
/// <param name="AskedFor">Id of the request that waited when the books were read; null: none did.</param>
internal sealed record Comparison(BlockReference At, IReadOnlyList<WalletBooks> Wallets, string? Last, string? AskedFor)
{
    /// <summary>The node no longer speaks of this block: another comparison has to begin.</summary>
    public bool IsOver { get; set; }
}
