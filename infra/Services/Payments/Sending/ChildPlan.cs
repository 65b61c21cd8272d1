using System.Numerics;
using HaCluster.Payments.Amounts;
using HaCluster.Payments.Transfers;
using HaCluster.Payments.Wallets;
using NBitcoin;
using Coin = HaCluster.Payments.Wallets.Coin;

namespace HaCluster.Payments.Sending;

/// <summary>A child that could pay for a transaction of a batch: what it would spend, and what it may cost. Nothing is read or written here.</summary>
/// <param name="Change">What the parent gives back to the wallet.</param>
/// <param name="Bytes">Virtual bytes of the parent.</param>
internal sealed record ChildPlan(Wallet Wallet, Networks Networks, Batch Batch, Attempt Parent, Coin Change, int Bytes)
{
    /// <param name="address">That gets the change of the batch.</param>
    /// <returns>Null: nothing comes back, so there is nothing that a child could spend.</returns>
    public static ChildPlan? Of(Wallet wallet, Networks networks, Batch batch, Attempt parent, WalletAddress? address)
    {
        if (address is null)
            return null;
        var transaction = Transaction.Parse(parent.Raw, networks.Bitcoin);
        var script = BitcoinAddress.Create(address.Address, networks.Bitcoin).ScriptPubKey;
        var index = transaction.Outputs.FindIndex(output => output.ScriptPubKey == script);
        if (index < 0)
            return null;
        var change = new Coin
        {
            Outpoint = $"{parent.Txid}:{index}",
            Wallet = wallet.Id,
            Branch = WalletAddress.Change,
            Position = address.Position,
            Amount = transaction.Outputs[index].Value.Satoshi,
            Height = Coin.NotInChain,
        };
        return new ChildPlan(wallet, networks, batch, parent, change, transaction.GetVirtualSize());
    }

    /// <summary>Why no transaction of a batch can have a child, at any rate.</summary>
    /// <param name="address">That gets the change of the batch.</param>
    /// <returns>Null: one can.</returns>
    public static (string Code, string Detail)? Problem(Wallet wallet, Networks networks, Batch batch, WalletAddress? address)
    {
        var wanted = batch.Open[0].Attempts.Where(batch.IsWanted).ToArray();
        if (wanted.Length == 0)
            return ("cancel-requested", "its cancellation was requested: a child would pay for what is to be cancelled");
        var plans = wanted.Select(parent => Of(wallet, networks, batch, parent, address)).OfType<ChildPlan>().ToArray();
        if (plans.Length == 0)
            return ("no-change", "its transaction has no change output that a child could spend");
        if (plans.Any(plan => plan.AtRate(BitcoinPlan.RelayRate, isInChain: false) is not null))
            return null;
        return plans.All(plan => plan.Change.Amount < plan.Cheapest + Dust.Satoshi)
            ? ("change-too-small", $"what its transaction gives back, {plans[^1].Change.Amount} satoshi, does not pay for a child: that takes {plans[^1].Cheapest + Dust.Satoshi} or more")
            : ("above-fee-limit", $"its transaction costs {batch.FeeOf(plans[^1].Parent.Number)} of the {batch.MaxFee} that it may cost, which does not leave enough for a child ({plans[^1].Cheapest} or more)");
    }

    /// <summary>What a child costs at least that nodes pass on.</summary>
    private BigInteger Cheapest => BitcoinPlan.ChildFeeOf(BitcoinPlan.RelayRate, Wallet.Script, ScriptBytes, Bytes, Batch.FeeOf(Parent.Number), ReplacedFee);

    /// <summary>What the child pays that this one replaces; null: it is the first.</summary>
    private BigInteger? ReplacedFee => Batch.Open[0].ChildrenOf(Parent).Select(child => (BigInteger?)Batch.FeeOf(child.Number)).Max();

    private int ScriptBytes => BitcoinAddress.Create(Wallet.AddressAt(Networks, WalletAddress.Change, 0), Networks.Bitcoin).ScriptPubKey.Length;

    /// <param name="rate">Of parent and child together, in satoshi per 1000 virtual bytes.</param>
    /// <param name="isInChain">Whether the parent is in a block and needs no help: the child pays for itself.</param>
    /// <returns>Null: both may not cost so much, or the change has too little.</returns>
    public BitcoinPlan? AtRate(BigInteger rate, bool isInChain) =>
        BitcoinPlan.Child(Change, rate, Batch.MaxFee, Wallet.Script, ScriptBytes, isInChain ? 0 : Bytes, Batch.FeeOf(Parent.Number), ReplacedFee);
}
