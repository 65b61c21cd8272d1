using System.Numerics;
using HaCluster.Payments.Amounts;
using HaCluster.Payments.Policies;

namespace HaCluster.Payments.Forwarding;

/// <summary>A transfer of a round.</summary>
internal sealed record ForwardingPart(string Destination, BigInteger Amount, BigInteger MaxFee);

/// <summary>What a round would send: arithmetic, without any reading or writing.</summary>
internal abstract record ForwardingPlan
{
    /// <summary>Largest fee of a part over what the chain asks for now: room for replacements that pay more. What is not used is sent on in a later round.</summary>
    private const int FeeRoom = 8;

    internal sealed record Pays(IReadOnlyList<ForwardingPart> Parts) : ForwardingPlan;

    /// <summary>There is less than the threshold.</summary>
    internal sealed record Idle : ForwardingPlan;

    /// <summary>There is enough, but something else is in the way.</summary>
    internal sealed record Waits(string Reason) : ForwardingPlan;

    /// <summary>What the parts would be if nothing cost anything: what fees are estimated for.</summary>
    public static IReadOnlyList<(string Destination, BigInteger Amount)> Draft(ForwardingRule rule, BigInteger available) => [.. Split(rule, BigInteger.Max(available - rule.ReservedAmount, 0))];

    /// <param name="available">Final funds that nothing is reserved of.</param>
    /// <param name="forFees">The same of the coin that fees are paid in.</param>
    /// <param name="fees">What the chain asks for now, for each destination.</param>
    /// <param name="limits">Null: the policy has none, and allows nothing.</param>
    /// <param name="spentToday">In the last 24 hours.</param>
    public static ForwardingPlan Of(ForwardingRule rule, Asset asset, BigInteger available, BigInteger forFees, IReadOnlyList<BigInteger> fees, AssetLimits? limits, BigInteger spentToday)
    {
        var free = available - rule.ReservedAmount;
        if (free < rule.LeastAmount)
            return new Idle();
        if (limits is null)
            return new Waits($"the policy of the wallet has no limits for {asset}, so it allows nothing");
        var maxFees = fees.Select(fee => BigInteger.Min(limits.MostFee, fee * FeeRoom)).ToArray();
        // Fees of a token are paid in another coin.
        var amount = asset.Token is null ? free - maxFees.Aggregate(BigInteger.Zero, (sum, fee) => sum + fee) : free;
        foreach (var destination in rule.Destinations)
            amount = BigInteger.Min(amount, limits.MostPerTransfer * ForwardingRule.Whole / destination.Share);
        var leftToday = limits.MostPerDay - spentToday;
        if (leftToday < BigInteger.Min(amount, rule.LeastAmount))
            return new Waits($"the policy allows {limits.PerDay} in 24 hours, and {spentToday} are spent");
        amount = BigInteger.Min(amount, leftToday);
        var parts = new List<ForwardingPart>();
        foreach (var ((destination, share), index) in Split(rule, BigInteger.Max(amount, 0)).Select((part, index) => (part, index)))
        {
            // What rounding leaves may be more than the first one's limit has room for: that much stays in the wallet.
            var part = BigInteger.Min(share, limits.MostPerTransfer);
            if (part < (asset.Chain == Asset.Bitcoin ? Dust.Satoshi : 1))
                return new Waits($"{destination} would get {part}, which is too little to send; raise the threshold or its share");
            var most = rule.MostFee(part);
            if (fees[index] > BigInteger.Min(most, maxFees[index]))
                return new Waits($"sending {part} to {destination} costs {fees[index]} now; the rule allows {most} ({rule.FeeRule}), the policy {limits.MaxFee}");
            parts.Add(new ForwardingPart(destination, part, BigInteger.Max(BigInteger.Min(maxFees[index], most), 1)));
        }

        return Pay(asset, parts, forFees);
    }

    /// <summary>What sweeping would do.</summary>
    /// <param name="unswept">What the chosen addresses have.</param>
    /// <param name="fee">What the chain asks for now, for all of them.</param>
    /// <param name="forFees">Final funds of the sender in the coin that fees are paid in, that nothing is reserved of.</param>
    /// <param name="limits">Null: the policy has none, and allows nothing.</param>
    public static ForwardingPlan OfSweep(ForwardingRule rule, Asset asset, string sender, BigInteger unswept, BigInteger fee, BigInteger forFees, AssetLimits? limits)
    {
        if (unswept < rule.LeastAmount)
            return new Idle();
        if (limits is null)
            return new Waits($"the policy of the wallet has no limits for {asset}, so it allows nothing");
        var most = BigInteger.Min(limits.MostFee, rule.MostFee(unswept));
        return fee > most
            ? new Waits($"sweeping {unswept} costs {fee} now; the rule allows {rule.MostFee(unswept)} ({rule.FeeRule}), the policy {limits.MaxFee}")
            : Pay(asset, [new ForwardingPart(sender, unswept, BigInteger.Min(most, fee * FeeRoom))], forFees);
    }

    private static ForwardingPlan Pay(Asset asset, IReadOnlyList<ForwardingPart> parts, BigInteger forFees)
    {
        var fees = parts.Aggregate(BigInteger.Zero, (sum, part) => sum + part.MaxFee);
        return fees > forFees ? new Waits($"the fees may be {fees} of {asset.Fee}, and the wallet has {forFees} that it can spend") : new Pays(parts);
    }

    /// <summary>What rounding leaves is the first one's.</summary>
    private static IEnumerable<(string Destination, BigInteger Amount)> Split(ForwardingRule rule, BigInteger amount)
    {
        var shares = rule.Destinations.Select(destination => amount * destination.Share / ForwardingRule.Whole).ToArray();
        shares[0] += amount - shares.Aggregate(BigInteger.Zero, (sum, share) => sum + share);
        return rule.Destinations.Zip(shares, (destination, share) => (destination.Address!, share));
    }
}
