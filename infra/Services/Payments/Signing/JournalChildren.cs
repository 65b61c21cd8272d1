using System.Numerics;
using HaCluster.Payments.Amounts;
using HaCluster.Payments.Store;

namespace HaCluster.Payments.Signing;

/// <summary>What the journal knows of children: which change they may spend, and that nothing else spends it.</summary>
internal static class JournalChildren
{
    /// <summary>What a payment gives back that is about to be signed. Of one that is signed again it is the same.</summary>
    public static async Task AddChangeAsync(this Session session, Agreement agreement, SignedChange change)
    {
        foreach (var (transfer, share) in change.Shares)
        {
            await session.ExecuteAsync(
                "insert into change (key, input, transfer, owner, fee) values (@Key, @Input, @transfer, @Owner, @Fee) on conflict do nothing",
                new { agreement.Key, change.Input, transfer, agreement.Owner, Fee = Amount.Write(share) });
        }
    }

    /// <summary>Takes the change for children of its payment, for good. One of them is in the chain in the end: the parent has one change.</summary>
    /// <returns>What each transfer that bears the child pays for it and its parent together.</returns>
    /// <exception cref="SigningRefusedException">It is not the change of a payment that was signed for these transfers, or another transfer has it.</exception>
    public static async Task<IReadOnlyList<BigInteger>> AgreeToChildAsync(this Session session, ChildAgreement agreement)
    {
        var (key, owner, input) = (agreement.Key, agreement.Owner, agreement.Input);
        var parent = (await session.ListAsync<ParentShare>("select transfer, fee from change where key = @key and input = @input and owner = @owner", new { key, input, owner }))
            .ToDictionary(share => share.Transfer, share => Amount.Read(share.Fee), StringComparer.Ordinal);
        if (parent.Count == 0)
            throw new SigningRefusedException("not-change", $"{input} is not the change of a payment that was signed for {owner}");
        if (agreement.Shares.Keys.FirstOrDefault(transfer => !parent.ContainsKey(transfer)) is { } other)
            throw new SigningRefusedException("other-transfers", $"{other} is not paid together with {owner}");
        var child = $"child of {owner}";
        if (await session.GetAsync<long>("select count(*) from forsworn where key = @key and owner = @input", new { key, input }) > 0)
            throw new SigningRefusedException(SignerJournal.Forsworn, $"the signer has promised never to sign a child that spends {input}");
        await session.ExecuteAsync("insert into used (key, input, transfer) values (@key, @input, @child) on conflict do nothing", new { key, input, child });
        if (await session.GetAsync<string>("select transfer from used where key = @key and input = @input", new { key, input }) != child)
            throw new SigningRefusedException("input-used", $"{input} already belongs to another transfer");
        return [.. agreement.Shares.Select(share => parent[share.Key] + share.Value)];
    }

    private sealed record ParentShare
    {
        public required string Transfer { get; init; }

        public required string Fee { get; init; }
    }
}
