using System.Numerics;
using HaCluster.Payments.Amounts;
using HaCluster.Payments.Signing;
using HaCluster.Payments.Store;
using HaCluster.Payments.Transfers;

namespace HaCluster.Payments.Sending;

/// <summary>Transfers of Bitcoin that are paid by one transaction: one, where the wallet does not batch.</summary>
/// <param name="Owner">Id of the one to which coins and transactions belong.</param>
/// <param name="Members">All of them, in the order of their outputs.</param>
internal sealed record Batch(string Owner, IReadOnlyList<BatchMember> Members)
{
    /// <summary>Those that have not ended.</summary>
    public IReadOnlyList<BatchMember> Open => [.. Members.Where(member => !TransferMachine.Ends.Contains(member.Transfer.State))];

    /// <summary>Those that bear the fee: all but what failed before anything was signed.</summary>
    public IReadOnlyList<BatchMember> Bearers => [.. Members.Where(member => member.Transfer.State != TransferState.Failed)];

    /// <summary>Those that the next transaction pays.</summary>
    public IReadOnlyList<Transfer> Paid => [.. Bearers.Where(member => member.Purpose == Attempt.Payment).Select(member => member.Transfer)];

    public bool IsSigned => Members.Any(member => member.Attempts.Count > 0);

    /// <summary>The most that a transaction of them may cost.</summary>
    public BigInteger MaxFee => MaxFeeOf([.. Bearers.Select(member => member.Transfer)]);

    /// <summary>Each bears the same, and none more than it may cost.</summary>
    public static BigInteger MaxFeeOf(IReadOnlyCollection<Transfer> transfers) => transfers.Count * transfers.Min(transfer => transfer.MaxFee);

    public static async Task<Batch> ReadAsync(Session session, string owner)
    {
        var members = new List<BatchMember>();
        foreach (var id in await session.BatchAsync(owner) is { Count: > 0 } batch ? batch : [owner])
            members.Add(new BatchMember((await session.TransferAsync(id))!, await session.RequestsAsync(id), await session.AttemptsAsync(id)));
        return new Batch(owner, members);
    }

    /// <summary>What each transfer bears of a fee: the same, and what is left over one satoshi each of the first.</summary>
    public IReadOnlyDictionary<string, BigInteger> SharesOf(BigInteger fee)
    {
        var bearers = Bearers;
        var share = BigInteger.DivRem(fee, bearers.Count, out var left);
        return bearers.Select((member, position) => (member.Transfer.Id, Share: share + (position < left ? 1 : 0))).ToDictionary(one => one.Id, one => one.Share, StringComparer.Ordinal);
    }

    /// <summary>What the signer is asked to sign.</summary>
    public BitcoinOrder Order(string key, BigInteger fee, string psbt)
    {
        var shares = SharesOf(fee);
        return new BitcoinOrder(
            key,
            Owner,
            [
                .. Members.Select(member => new OrderedPayment(
                    member.Transfer.Id, member.Transfer.State == TransferState.Failed ? Attempt.Cancellation : member.Purpose, member.Transfer.Destination, Amount.Write(member.Transfer.Amount),
                    shares.GetValueOrDefault(member.Transfer.Id) is { IsZero: false } share ? Amount.Write(share) : null)),
            ],
            psbt);
    }
}

/// <summary>A transfer of a batch with all that was asked of it and made for it.</summary>
internal sealed record BatchMember(Transfer Transfer, ChangeRequests Requests, IReadOnlyList<Attempt> Attempts)
{
    /// <summary>What the next transaction is for it: <see cref="Attempt.Cancellation"/> leaves it out.</summary>
    public string Purpose => Requests.PurposeAfter(Attempt.Payment);
}
