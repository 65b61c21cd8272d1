using System.Numerics;
using HaCluster.Payments.Transfers;

namespace HaCluster.Payments.Sending;

/// <summary>What the next transaction of a batch has to outbid.</summary>
/// <param name="Number">Of the newest transaction, children included.</param>
/// <param name="Fee">What leaves the memory pool with the transaction that is replaced pays: a child is evicted together with its parent (BIP-125, rule 3).</param>
/// <param name="Exported">Its purpose, where it waits for a cold key; null: it is signed.</param>
internal sealed record Newest(long Number, BigInteger FeeRate, BigInteger Fee, string? Exported)
{
    public static Newest Of(Export export) => new(export.Number, export.FeeRate, export.MaxFee, export.Purpose);

    public static Newest Of(Batch batch)
    {
        var lead = batch.Bearers[0];
        return new Newest(lead.All.Max(attempt => attempt.Number), lead.Attempts[^1].FeeRate, lead.Attempts.Max(attempt => batch.FeeOf(attempt.Number) + ChildFee(attempt)), null);

        BigInteger ChildFee(Attempt parent) => lead.ChildrenOf(parent).Select(child => batch.FeeOf(child.Number)).DefaultIfEmpty().Max();
    }

    public string PurposeOf(BatchMember member) => Exported ?? member.Attempts[^1].Purpose;
}
