using System.Numerics;
using HaCluster.Payments.Scanning;
using HaCluster.Payments.Transfers;

namespace HaCluster.Payments.Books;

/// <summary>What is booked when something happens: pure functions, so that the whole of bookkeeping can be read in one place.</summary>
internal static class BookEntries
{
    /// <summary>Holds the amount and the largest fee.</summary>
    public static IEnumerable<Posting> Reserve(Transfer transfer) =>
    [
        new($"transfer/{transfer.Id}/reserve/amount", transfer.Asset, Account.Available(transfer.Wallet), Account.Reserved(transfer.Wallet), transfer.Amount),
        new($"transfer/{transfer.Id}/reserve/fee", transfer.FeeAsset, Account.Available(transfer.Wallet), Account.Reserved(transfer.Wallet), transfer.MaxFee),
    ];

    /// <summary>The end of a transfer: the amount leaves if it was paid, the fee leaves, and the rest may be spent again.</summary>
    /// <param name="isPaid">Whether the destination has the amount.</param>
    /// <param name="fee">What the chain took; zero when no transaction is in it.</param>
    public static IEnumerable<Posting> End(Transfer transfer, bool isPaid, BigInteger fee)
    {
        if (fee < 0 || fee > transfer.MaxFee)
            throw new InvalidOperationException($"transfer {transfer.Id} cost a fee of {fee}; reserved were {transfer.MaxFee}");
        var (available, reserved) = (Account.Available(transfer.Wallet), Account.Reserved(transfer.Wallet));
        yield return isPaid
            ? new Posting($"transfer/{transfer.Id}/paid", transfer.Asset, reserved, Account.World, transfer.Amount)
            : new Posting($"transfer/{transfer.Id}/release/amount", transfer.Asset, reserved, available, transfer.Amount);
        if (fee > 0)
            yield return new Posting($"transfer/{transfer.Id}/fee", transfer.FeeAsset, reserved, Account.World, fee);
        if (transfer.MaxFee > fee)
            yield return new Posting($"transfer/{transfer.Id}/release/fee", transfer.FeeAsset, reserved, available, transfer.MaxFee - fee);
    }

    /// <summary>Coins in a block that may still be replaced. A deposit may arrive several times: each time has causes of its own.</summary>
    public static Posting Arrive(Deposit deposit) => new($"deposit/{deposit.Id}/arrived/{deposit.Arrivals}", deposit.Asset, Account.World, Account.Incoming(deposit.Wallet), deposit.Amount);

    /// <summary>The block counts as irreversible.</summary>
    public static Posting Settle(Deposit deposit) => new($"deposit/{deposit.Id}/settled/{deposit.Arrivals}", deposit.Asset, Account.Incoming(deposit.Wallet), Account.Available(deposit.Wallet), deposit.Amount);

    /// <summary>The block was replaced: the way back, since nothing in the books is taken back by deleting it. After it was settled the coins are missing where they may be spent.</summary>
    public static Posting Orphan(Deposit deposit) => new(
        $"deposit/{deposit.Id}/orphaned/{deposit.Arrivals}", deposit.Asset, deposit.State == Deposit.Final ? Account.Available(deposit.Wallet) : Account.Incoming(deposit.Wallet), Account.World, deposit.Amount);

    /// <summary>What a sender had on the chain before this service watched it.</summary>
    public static Posting Open(string wallet, string asset, BigInteger amount) => new($"wallet/{wallet}/opening/{asset}", asset, Account.World, Account.Available(wallet), amount);
}
