using System.Numerics;
using FsCheck;
using FsCheck.Xunit;
using HaCluster.Payments.Amounts;
using HaCluster.Payments.Sending;
using HaCluster.Payments.Transfers;
using HaCluster.Payments.Wallets;

namespace HaCluster.Payments.Tests.Sending;

/// <summary>What a child costs, and who pays for it.</summary>
public sealed class ChildPlanTests
{
    /// <summary>Of a child with an input and an output of p2wpkh, as the plans count them.</summary>
    private const int Bytes = 111;

    [Property(MaxTest = 500)]
    public void Both_reach_the_rate_within_what_they_may_cost(PositiveInt change, PositiveInt rate, PositiveInt maxFee, PositiveInt parentFee, bool isReplacement)
    {
        var (coin, bytes, replaced) = (new Coin { Outpoint = "a:1", Wallet = "w", Amount = change.Get * 1000 }, 142, isReplacement ? (BigInteger?)(change.Get * 10) : null);
        var perThousand = (BigInteger)rate.Get * 100;
        var most = (BigInteger)maxFee.Get * 100;
        var plan = BitcoinPlan.Child(coin, perThousand, most, ScriptKind.Bip84, 22, bytes, parentFee.Get, replaced);
        var least = BigInteger.Max(BigInteger.Max((Bytes * BigInteger.Max(perThousand, 1000)) + 999, replaced is { } before ? (before * 1000) + (Bytes * 1000) + 999 : 0) / 1000, (((bytes + Bytes) * perThousand) + 999) / 1000 - parentFee.Get);
        if (plan is null)
        {
            Assert.True(least + parentFee.Get > most || coin.Amount - least < Dust.Satoshi);
            return;
        }

        Assert.Equal(coin.Amount, plan.Fee + plan.Change);
        Assert.Equal(least, plan.Fee);
        Assert.True((plan.Fee + parentFee.Get) * 1000 >= perThousand * (bytes + Bytes));
        Assert.True(plan.Fee * 1000 >= perThousand * Bytes && plan.Fee >= Bytes);
        Assert.True(plan.Fee + parentFee.Get <= most && plan.Change >= Dust.Satoshi);
    }

    [Property(MaxTest = 500)]
    public void None_bears_more_of_both_than_it_may_and_all_shares_sum_to_the_fee(PositiveInt parentFee, PositiveInt childFee, byte[] maxFees)
    {
        var transfers = maxFees.Take(20).Append((byte)7).Select((extra, number) => NewTransfer(number, 1 + extra)).ToArray();
        var batch = new Batch(transfers[0].Id, [.. transfers.Select(transfer => new BatchMember(transfer, new ChangeRequests([]), []))]);
        // As much of both as is allowed.
        var parent = BigInteger.Min(parentFee.Get, batch.MaxFee);
        var child = BigInteger.Min(childFee.Get, batch.MaxFee - parent);
        var shares = batch.SharesOf(parent);
        batch = new Batch(batch.Owner, [.. batch.Members.Select(member => new BatchMember(member.Transfer, member.Requests, [Parent(member.Transfer, shares[member.Transfer.Id])]))]);
        var borne = batch.ChildSharesOf(batch.Members[0].Attempts[0], child);
        Assert.Equal(child, borne.Values.Aggregate(BigInteger.Zero, (sum, share) => sum + share));
        Assert.All(transfers, transfer => Assert.InRange(borne[transfer.Id], 0, transfer.MaxFee - shares[transfer.Id]));
    }

    private static Attempt Parent(Transfer transfer, BigInteger share) =>
        new() { Transfer = transfer.Id, Number = 1, Purpose = Attempt.Payment, Txid = "a", Raw = "", FeeRate = 1000, MaxFee = share };

    private static Transfer NewTransfer(int number, BigInteger maxFee) => new()
    {
        Id = $"trf_{number}",
        Wallet = "wal_1",
        Chain = "bitcoin",
        Asset = "bitcoin",
        FeeAsset = "bitcoin",
        Destination = "d",
        Amount = 1000,
        MaxFee = maxFee,
        State = TransferState.Broadcast,
        CreatedBy = "test",
    };
}
