using System.Numerics;
using HaCluster.Payments.Amounts;
using HaCluster.Payments.Books;
using HaCluster.Payments.Scanning;
using HaCluster.Payments.Tests.Store;
using HaCluster.Payments.Wallets;
using static HaCluster.Payments.Books.Account;

namespace HaCluster.Payments.Tests.Books;

/// <summary>What is booked when a wallet owes something, or does not have what is taken back.</summary>
public sealed class BookEntriesTests
{
    private const string Id = "wal_1";

    [Theory]
    [InlineData(0, 0)]
    [InlineData(30, 30)]
    [InlineData(100, 100)]
    [InlineData(200, 100)]
    public void A_debt_is_paid_off_first(int owed, int repaid)
    {
        Assert.Equal(Moves((Incoming(Id), Shortage(Id), repaid), (Incoming(Id), Available(Id), 100 - repaid)), Of(BookEntries.Settle(Deposit(), owed)));
        Assert.Equal(Moves((Unswept(Id), Shortage(Id), repaid), (Unswept(Id), Available(Id), 100 - repaid)), Of(BookEntries.Sweep(Deposit(atForwarder: true), owed)));
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(30, 30)]
    [InlineData(100, 100)]
    [InlineData(200, 100)]
    public void What_is_spent_since_is_owed(int available, int covered)
    {
        Assert.Equal(Moves((Available(Id), World, covered), (Shortage(Id), World, 100 - covered)), Of(BookEntries.Orphan(Deposit(HaCluster.Payments.Scanning.Deposit.Final), available)));
        Assert.Equal(Moves((Available(Id), Unswept(Id), covered), (Shortage(Id), Unswept(Id), 100 - covered)), Of(BookEntries.Unsweep(Deposit(atForwarder: true), available)));
        // Nobody could spend this.
        Assert.Equal(Moves((Unswept(Id), World, 100)), Of(BookEntries.Orphan(Deposit(HaCluster.Payments.Scanning.Deposit.Final, atForwarder: true), available)));
    }

    [Fact]
    public void A_fee_is_no_less_than_nothing_and_no_more_than_was_reserved()
    {
        var transfer = TestTransfers.Of(new Wallet { Id = Id, Chain = Asset.Ethereum, Name = "hot", Script = ScriptKind.None }, 50, maxFee: 10);
        Assert.Equal(Moves((Reserved(Id), World, 50), (Reserved(Id), World, 10)), Of(BookEntries.End(transfer, isPaid: true, 10)));
        Assert.Equal(Moves((Reserved(Id), Available(Id), 50), (Reserved(Id), Available(Id), 10)), Of(BookEntries.End(transfer, isPaid: false, 0)));
        foreach (var fee in new[] { -1, 11 })
            Assert.Throws<InvalidOperationException>(() => BookEntries.End(transfer, isPaid: true, fee).ToList());
    }

    private static Deposit Deposit(string state = HaCluster.Payments.Scanning.Deposit.Confirmed, bool atForwarder = false) =>
        new() { Id = "dep_1", Chain = Asset.Ethereum, Wallet = Id, Address = "a", Asset = Asset.Ethereum, Amount = 100, Txid = "t", State = state, AtForwarder = atForwarder };

    private static (string Source, string Target, BigInteger Amount)[] Of(IEnumerable<Posting> postings) => [.. postings.Select(posting => (posting.Source, posting.Target, posting.Amount))];

    /// <summary>Those that move something.</summary>
    private static (string, string, BigInteger)[] Moves(params (string Source, string Target, int Amount)[] moves) => [.. moves.Where(move => move.Amount > 0).Select(move => (move.Source, move.Target, (BigInteger)move.Amount))];
}
