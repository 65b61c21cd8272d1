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

    /// <summary>The most that a transaction of them may cost: what is booked of it for those that have ended, and the rest from the others.</summary>
    public BigInteger MaxFee => Booked + (Open.Count == 0 ? 0 : MaxFeeOf([.. Open.Select(member => member.Transfer)]));

    /// <summary>Its newest transaction that is a child; null: it has none.</summary>
    public Attempt? NewestChild => Open[0].All.LastOrDefault(attempt => attempt.Parent is not null);

    private BigInteger Booked => Bearers.Aggregate(BigInteger.Zero, (sum, member) => sum + (BookedOf(member) ?? 0));

    /// <summary>Each pays the same, and none more than it may cost.</summary>
    public static BigInteger MaxFeeOf(IReadOnlyCollection<Transfer> transfers) => transfers.Count * transfers.Min(transfer => transfer.MaxFee);

    public static async Task<Batch> ReadAsync(Session session, string owner)
    {
        var members = new List<BatchMember>();
        foreach (var id in await session.BatchAsync(owner) is { Count: > 0 } batch ? batch : [owner])
            members.Add(new BatchMember((await session.TransferAsync(id))!, await session.RequestsAsync(id), await session.AttemptsAsync(id)));
        return new Batch(owner, members);
    }

    /// <summary>What each transfer pays of a fee: the same, and what is left over one satoshi each of the first. One that has ended pays what is booked.</summary>
    public IReadOnlyDictionary<string, BigInteger> SharesOf(BigInteger fee)
    {
        var shares = Bearers.Where(member => BookedOf(member) is not null).ToDictionary(member => member.Transfer.Id, member => BookedOf(member)!.Value, StringComparer.Ordinal);
        var others = Bearers.Where(member => BookedOf(member) is null).ToArray();
        var share = BigInteger.DivRem(fee - Booked, others.Length, out var left);
        foreach (var (position, member) in others.Index())
            shares.Add(member.Transfer.Id, share + (position < left ? 1 : 0));
        return shares;
    }

    /// <summary>What a transaction costs, of which each transfer pays its share.</summary>
    public BigInteger FeeOf(long number) => Bearers.SelectMany(member => member.All).Where(attempt => attempt.Number == number).Aggregate(BigInteger.Zero, (sum, attempt) => sum + attempt.MaxFee);

    /// <summary>What each transfer pays of the fee of a child: with that of the parent it is a share of both, so that none pays more than of one transaction with that fee.</summary>
    public IReadOnlyDictionary<string, BigInteger> ChildSharesOf(Attempt parent, BigInteger fee) => SharesOf(FeeOf(parent.Number) + fee)
        .ToDictionary(share => share.Key, share => share.Value - Bearers.Single(member => member.Transfer.Id == share.Key).All.Single(attempt => attempt.Number == parent.Number).MaxFee, StringComparer.Ordinal);

    /// <summary>Those that a transaction pays.</summary>
    public IReadOnlyList<Transfer> PaidBy(long number) => [.. Bearers.Where(member => Pays(member, number)).Select(member => member.Transfer)];

    /// <summary>Whether a transaction pays somebody, and nobody whose cancellation was asked for.</summary>
    public bool IsWanted(Attempt attempt)
    {
        var paid = Bearers.Where(member => Pays(member, attempt.Number)).ToArray();
        return paid.Length > 0 && paid.All(member => member.Requests.Cancellation is null);
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

    /// <returns>Null: its fee is not known yet.</returns>
    private static BigInteger? BookedOf(BatchMember member) => TransferMachine.Ends.Contains(member.Transfer.State) ? member.Transfer.Fee ?? 0 : null;

    private static bool Pays(BatchMember member, long number) => member.All.Any(attempt => attempt.Number == number && attempt.Purpose == Attempt.Payment);
}

/// <summary>A transfer of a batch with all that was asked of it and made for it.</summary>
/// <param name="All">Its transactions, the oldest first.</param>
internal sealed record BatchMember(Transfer Transfer, ChangeRequests Requests, IReadOnlyList<Attempt> All)
{
    /// <summary>Those that spend its coins: the chain takes one of them.</summary>
    public IReadOnlyList<Attempt> Attempts { get; } = [.. All.Where(attempt => attempt.Parent is null)];

    /// <summary>What the next transaction is for it: <see cref="Attempt.Cancellation"/> leaves it out. What is booked stays as it is: a reorganisation of the others does not take it out of the transaction.</summary>
    public string Purpose => Transfer.State switch
    {
        TransferState.Final => Attempt.Payment,
        TransferState.Replaced => Attempt.Cancellation,
        _ => Requests.PurposeAfter(Attempt.Payment),
    };

    /// <summary>Those that pay for one of its transactions: the chain takes one of them at most, and only with that transaction.</summary>
    public IEnumerable<Attempt> ChildrenOf(Attempt parent) => All.Where(attempt => attempt.Parent == parent.Number);
}
