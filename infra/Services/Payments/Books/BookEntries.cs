using System.Numerics;
using HaCluster.Payments.Scanning;
using HaCluster.Payments.Transfers;

namespace HaCluster.Payments.Books;

/// <summary>What is booked when something happens: pure functions, so that the whole of bookkeeping can be read in one place.</summary>
internal static class BookEntries
{
    /// <summary>Holds the amount and the largest fee.</summary>
    public static IEnumerable<Posting> Reserve(Transfer transfer)
    {
        // What a sweep moves comes from elsewhere, and is booked when the chain says so.
        if (transfer.Kind == Transfer.Payment)
            yield return new Posting($"transfer/{transfer.Id}/reserve/amount", transfer.Asset, Account.Available(transfer.Wallet), Account.Reserved(transfer.Wallet), transfer.Amount);
        yield return new Posting($"transfer/{transfer.Id}/reserve/fee", transfer.FeeAsset, Account.Available(transfer.Wallet), Account.Reserved(transfer.Wallet), transfer.MaxFee);
    }

    /// <summary>The end of a transfer: the amount leaves if it was paid, the fee leaves, and the rest may be spent again.</summary>
    /// <param name="isPaid">Whether the destination has the amount.</param>
    /// <param name="fee">What the chain took; zero when no transaction is in it.</param>
    public static IEnumerable<Posting> End(Transfer transfer, bool isPaid, BigInteger fee)
    {
        if (fee < 0 || fee > transfer.MaxFee)
            throw new InvalidOperationException($"transfer {transfer.Id} cost a fee of {fee}; reserved were {transfer.MaxFee}");
        var (available, reserved) = (Account.Available(transfer.Wallet), Account.Reserved(transfer.Wallet));
        if (transfer.Kind == Transfer.Payment)
        {
            yield return isPaid
                ? new Posting($"transfer/{transfer.Id}/paid", transfer.Asset, reserved, Account.World, transfer.Amount)
                : new Posting($"transfer/{transfer.Id}/release/amount", transfer.Asset, reserved, available, transfer.Amount);
        }

        if (fee > 0)
            yield return new Posting($"transfer/{transfer.Id}/fee", transfer.FeeAsset, reserved, Account.World, fee);
        if (transfer.MaxFee > fee)
            yield return new Posting($"transfer/{transfer.Id}/release/fee", transfer.FeeAsset, reserved, available, transfer.MaxFee - fee);
    }

    /// <summary>Coins in a block. A deposit may arrive several times: each time has causes of its own.</summary>
    public static Posting Arrive(Deposit deposit) => new(
        $"deposit/{deposit.Id}/arrived/{deposit.Arrivals}", deposit.Asset, Account.World, deposit.State == Deposit.Ignored ? Account.Ignored(deposit.Wallet) : Account.Incoming(deposit.Wallet), deposit.Amount);

    /// <summary>The block counts as irreversible.</summary>
    /// <param name="owed">What the wallet owes since a reorganisation: it is paid off first.</param>
    public static IEnumerable<Posting> Settle(Deposit deposit, BigInteger owed)
    {
        var repaid = BigInteger.Min(owed, deposit.Amount);
        if (repaid > 0)
            yield return new Posting($"deposit/{deposit.Id}/repaid/{deposit.Arrivals}", deposit.Asset, Account.Incoming(deposit.Wallet), Account.Shortage(deposit.Wallet), repaid);
        if (repaid < deposit.Amount)
            yield return new Posting($"deposit/{deposit.Id}/settled/{deposit.Arrivals}", deposit.Asset, Account.Incoming(deposit.Wallet), Account.Available(deposit.Wallet), deposit.Amount - repaid);
    }

    /// <summary>The block counts as irreversible, and the address has no key.</summary>
    public static Posting SettleUnswept(Deposit deposit) =>
        new($"deposit/{deposit.Id}/settled/{deposit.Arrivals}", deposit.Asset, Account.Incoming(deposit.Wallet), Account.Unswept(deposit.Wallet), deposit.Amount);

    /// <summary>A sweep has brought it to the sender, in a block that counts as irreversible.</summary>
    /// <param name="owed">What the wallet owes since a reorganisation: it is paid off first.</param>
    public static IEnumerable<Posting> Sweep(Deposit deposit, BigInteger owed)
    {
        var repaid = BigInteger.Min(owed, deposit.Amount);
        if (repaid > 0)
            yield return new Posting($"deposit/{deposit.Id}/swept/{deposit.Sweeps}/repaid", deposit.Asset, Account.Unswept(deposit.Wallet), Account.Shortage(deposit.Wallet), repaid);
        if (repaid < deposit.Amount)
            yield return new Posting($"deposit/{deposit.Id}/swept/{deposit.Sweeps}", deposit.Asset, Account.Unswept(deposit.Wallet), Account.Available(deposit.Wallet), deposit.Amount - repaid);
    }

    /// <summary>The block of its sweep was replaced: it is at its address again. What is spent or reserved since, the wallet owes.</summary>
    /// <param name="available">What the wallet has where it may be spent.</param>
    public static IEnumerable<Posting> Unsweep(Deposit deposit, BigInteger available)
    {
        var covered = BigInteger.Min(available, deposit.Amount);
        if (covered > 0)
            yield return new Posting($"deposit/{deposit.Id}/unswept/{deposit.Sweeps}", deposit.Asset, Account.Available(deposit.Wallet), Account.Unswept(deposit.Wallet), covered);
        if (covered < deposit.Amount)
            yield return new Posting($"deposit/{deposit.Id}/unswept/{deposit.Sweeps}/short", deposit.Asset, Account.Shortage(deposit.Wallet), Account.Unswept(deposit.Wallet), deposit.Amount - covered);
    }

    /// <summary>The block was replaced: the way back, since nothing in the books is taken back by deleting it. What was settled and is spent or reserved since, the wallet owes.</summary>
    /// <param name="available">What the wallet has where it may be spent.</param>
    public static IEnumerable<Posting> Orphan(Deposit deposit, BigInteger available)
    {
        var source = deposit.State switch
        {
            Deposit.Final => deposit.IsSpendable ? Account.Available(deposit.Wallet) : Account.Unswept(deposit.Wallet),
            Deposit.Ignored => Account.Ignored(deposit.Wallet),
            _ => Account.Incoming(deposit.Wallet),
        };
        var covered = deposit.IsSpendable ? BigInteger.Min(available, deposit.Amount) : deposit.Amount;
        if (covered > 0)
            yield return new Posting($"deposit/{deposit.Id}/orphaned/{deposit.Arrivals}", deposit.Asset, source, Account.World, covered);
        if (covered < deposit.Amount)
            yield return new Posting($"deposit/{deposit.Id}/short/{deposit.Arrivals}", deposit.Asset, Account.Shortage(deposit.Wallet), Account.World, deposit.Amount - covered);
    }

    /// <summary>What a wallet had on the chain before this service watched it.</summary>
    /// <param name="amount">Below zero: it has spent more of what is booked otherwise, which it owes.</param>
    public static IEnumerable<Posting> OpenAt(string wallet, string asset, BigInteger amount)
    {
        if (amount > 0)
            yield return Open(wallet, asset, amount);
        else if (amount < 0)
            yield return new Posting($"wallet/{wallet}/opening/{asset}", asset, Account.Shortage(wallet), Account.World, -amount);
    }

    /// <summary>What a wallet had on the chain before this service watched it.</summary>
    public static Posting Open(string wallet, string asset, BigInteger amount) => new($"wallet/{wallet}/opening/{asset}", asset, Account.World, Account.Available(wallet), amount);
}
