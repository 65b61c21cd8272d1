using System.Globalization;
using System.Numerics;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using HaCluster.Payments.Amounts;
using HaCluster.Payments.Forwarding;
using HaCluster.Payments.Policies;
using HaCluster.Payments.Wallets;

namespace HaCluster.Payments.Tests.Forwarding;

/// <summary>What a round sends, and the rules that people write.</summary>
public sealed class ForwardingPlanTests
{
    private const string First = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8";
    private static readonly Asset Ether = new(Asset.Ethereum);

    private const string Second = "0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC";

    [Property(MaxTest = 500)]
    public void A_round_keeps_the_reserve_and_every_limit(
        PositiveInt available, NonNegativeInt reserve, PositiveInt threshold, PositiveInt share, PositiveInt feeShare, PositiveInt firstFee, PositiveInt secondFee, PositiveInt perTransfer, PositiveInt perDay, NonNegativeInt spent)
    {
        var firstShare = 1 + (share.Get % (ForwardingRule.Whole - 1));
        var rule = Rule(threshold.Get, reserve.Get, [(First, firstShare), (Second, ForwardingRule.Whole - firstShare)], 1 + (feeShare.Get % 5000));
        var limits = Limits(perTransfer.Get * 100L, perDay.Get * 1000L, 1_000_000);
        BigInteger funds = available.Get * 10_000L;
        BigInteger[] fees = [firstFee.Get, secondFee.Get];
        switch (ForwardingPlan.Of(rule, Ether, funds, funds, fees, limits, spent.Get))
        {
            case ForwardingPlan.Pays { Parts: var parts }:
                Assert.Equal([First, Second], parts.Select(part => part.Destination));
                var amount = Sum(parts.Select(part => part.Amount));
                Assert.True(amount + Sum(parts.Select(part => part.MaxFee)) <= funds - rule.ReservedAmount);
                Assert.True(amount + spent.Get <= limits.MostPerDay);
                AssertShares(rule, parts, amount, limits);
                foreach (var (part, fee) in parts.Zip(fees))
                {
                    Assert.True(part.Amount > 0 && part.Amount <= limits.MostPerTransfer);
                    Assert.True(part.MaxFee >= fee && part.MaxFee <= limits.MostFee && part.MaxFee * ForwardingRule.Whole <= part.Amount * rule.MaxFeeShare!.Value);
                }

                break;
            case ForwardingPlan.Idle:
                Assert.True(funds - rule.ReservedAmount < rule.LeastAmount);
                break;
            case ForwardingPlan.Waits { Reason: var reason }:
                Assert.NotEmpty(reason);
                break;
        }
    }

    /// <summary>A round that its limits make smaller begins, whatever its shares leave over.</summary>
    [Property(MaxTest = 500)]
    public void Of_many_destinations_none_gets_more_than_its_limit(PositiveInt number, PositiveInt[] weights, PositiveInt perTransfer, PositiveInt available)
    {
        var shares = Shares(3 + (number.Get % 18), weights);
        var rule = Rule(1, 0, [.. shares.Select((share, index) => ($"destination {index}", share))], 5000);
        var limits = Limits(1_000_000L + perTransfer.Get, long.MaxValue, 1);
        BigInteger funds = 100_000_000_000L + available.Get;
        var parts = Assert.IsType<ForwardingPlan.Pays>(ForwardingPlan.Of(rule, Ether, funds, funds, [.. shares.Select(_ => BigInteger.One)], limits, 0)).Parts;
        Assert.All(parts, part => Assert.InRange(part.Amount, 1, limits.MostPerTransfer));
        AssertShares(rule, parts, Sum(parts.Select(part => part.Amount)), limits);
        // The largest is as large as it may be, but for what rounding takes.
        Assert.True(parts.Max(part => part.Amount) >= limits.MostPerTransfer - 1 || Sum(parts.Select(part => part.Amount)) > funds - (rule.Destinations.Count * 2));
    }

    [Theory]
    [InlineData(3334, 3333, 3333)]
    [InlineData(6000, 2500, 1500)]
    public void What_rounding_leaves_does_not_put_the_first_one_above_its_limit(int first, int second, int third)
    {
        const long limit = 1_000_000_000_000_000_000;
        var rule = Rule(1000, 0, [(First, first), (Second, second), ("third", third)], 100);
        var plan = Assert.IsType<ForwardingPlan.Pays>(ForwardingPlan.Of(rule, Ether, 9 * (BigInteger)limit, 9 * (BigInteger)limit, [1, 1, 1], Limits(limit, long.MaxValue, 1000), 0));
        Assert.Equal(limit, plan.Parts[0].Amount);
    }

    [Fact]
    public void What_is_above_the_reserve_is_split_by_the_shares_with_room_for_fees()
    {
        var rule = Rule(1000, 500, [(First, 7000), (Second, 3000)], 100);
        var plan = Assert.IsType<ForwardingPlan.Pays>(ForwardingPlan.Of(rule, Ether, 100_516, 100_516, [1, 1], Limits(1_000_000, 1_000_000, 1000), 0));
        Assert.Equal([new ForwardingPart(First, 70_000, 8), new ForwardingPart(Second, 30_000, 8)], plan.Parts);
    }

    [Theory]
    [InlineData(100_000, 701, "costs 701 now; the rule allows 69")]
    [InlineData(100_000, 20_001, "costs 20001 now")]
    public void A_fee_above_the_share_waits(int available, int fee, string reason)
    {
        var rule = Rule(1000, 0, [(First, 7000), (Second, 3000)], 100);
        var waits = Assert.IsType<ForwardingPlan.Waits>(ForwardingPlan.Of(rule, Ether, available, available, [fee, 1], Limits(1_000_000, 1_000_000, 1_000), 0));
        Assert.Contains(reason, waits.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_fee_and_an_amount_may_be_as_much_and_as_little_as_is_allowed()
    {
        var rule = Rule(1000, 0, [(First, 7000), (Second, 3000)], 100);
        // 692 is a hundredth; what rounding leaves is the first one's.
        var pays = Assert.IsType<ForwardingPlan.Pays>(ForwardingPlan.Of(rule, Ether, 100_000, 100_000, [692, 1], Limits(1_000_000, 1_000_000, 1_000), 0));
        Assert.Equal([new ForwardingPart(First, 69_295, 692), new ForwardingPart(Second, 29_697, 8)], pays.Parts);
        // No node of Bitcoin passes on less than 546 satoshi.
        var halves = Rule(1, 0, [(First, 5000), (Second, 5000)], 100);
        Assert.IsType<ForwardingPlan.Pays>(ForwardingPlan.Of(halves, new Asset(Asset.Bitcoin), 1108, 1108, [1, 1], Limits(1_000_000, 1_000_000, 1_000), 0));
        Assert.Contains("would get 545", Assert.IsType<ForwardingPlan.Waits>(ForwardingPlan.Of(halves, new Asset(Asset.Bitcoin), 1107, 1107, [1, 1], Limits(1_000_000, 1_000_000, 1_000), 0)).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Limits_of_the_policy_make_a_round_smaller_or_let_it_wait()
    {
        var rule = Rule(1000, 0, [(First, 5000), (Second, 5000)], 100);
        Assert.IsType<ForwardingPlan.Idle>(ForwardingPlan.Of(rule, Ether, 999, 999, [1, 1], null, 0));
        Assert.Contains("has no limits", Assert.IsType<ForwardingPlan.Waits>(ForwardingPlan.Of(rule, Ether, 1000, 1000, [1, 1], null, 0)).Reason, StringComparison.Ordinal);
        var small = Assert.IsType<ForwardingPlan.Pays>(ForwardingPlan.Of(rule, Ether, 1_000_000, 1_000_000, [1, 1], Limits(3000, 1_000_000, 100), 0));
        Assert.All(small.Parts, part => Assert.Equal(3000, part.Amount));
        var rest = Assert.IsType<ForwardingPlan.Pays>(ForwardingPlan.Of(rule, Ether, 1_000_000, 1_000_000, [1, 1], Limits(1_000_000, 5000, 100), 1000));
        Assert.All(rest.Parts, part => Assert.Equal(2000, part.Amount));
        // What is left is the threshold, or less.
        var last = Assert.IsType<ForwardingPlan.Pays>(ForwardingPlan.Of(rule, Ether, 1_000_000, 1_000_000, [1, 1], Limits(1_000_000, 5000, 100), 4000));
        Assert.All(last.Parts, part => Assert.Equal(500, part.Amount));
        Assert.Contains("in 24 hours", Assert.IsType<ForwardingPlan.Waits>(ForwardingPlan.Of(rule, Ether, 1_000_000, 1_000_000, [1, 1], Limits(1_000_000, 5000, 100), 4001)).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_token_is_forwarded_whole_and_its_fees_come_from_the_chains_coin()
    {
        var token = new Asset(Asset.Ethereum, "0x00000000000000000000000000000000000a11ce");
        var rule = Rule(1000, 500, [(First, 7000), (Second, 3000)], 100) with { MaxFeeShare = null, MaxFee = "50" };
        var limits = Limits(1_000_000, 1_000_000, 1000);
        var pays = Assert.IsType<ForwardingPlan.Pays>(ForwardingPlan.Of(rule, token, 10_500, 100, [6, 7], limits, 0));
        // Eight times what the chain asks for now, or what the rule allows.
        Assert.Equal([new ForwardingPart(First, 7000, 48), new ForwardingPart(Second, 3000, 50)], pays.Parts);
        Assert.IsType<ForwardingPlan.Pays>(ForwardingPlan.Of(rule, token, 10_500, 98, [6, 7], limits, 0));
        Assert.Contains("the wallet has 97", Assert.IsType<ForwardingPlan.Waits>(ForwardingPlan.Of(rule, token, 10_500, 97, [6, 7], limits, 0)).Reason, StringComparison.Ordinal);
        Assert.Contains("the rule allows 50 (maxFee)", Assert.IsType<ForwardingPlan.Waits>(ForwardingPlan.Of(rule, token, 10_500, 1000, [6, 51], limits, 0)).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_sweep_waits_until_it_is_worth_its_fee()
    {
        var rule = new ForwardingRule { Threshold = "1000", MaxFeeShare = 100 };
        var limits = Limits(1, 1, 1000);
        Assert.IsType<ForwardingPlan.Idle>(ForwardingPlan.OfSweep(rule, Ether, First, 999, 1, 1000, limits));
        Assert.Contains("costs 11 now; the rule allows 10", Assert.IsType<ForwardingPlan.Waits>(ForwardingPlan.OfSweep(rule, Ether, First, 1000, 11, 1000, limits)).Reason, StringComparison.Ordinal);
        Assert.Contains("the wallet has 9", Assert.IsType<ForwardingPlan.Waits>(ForwardingPlan.OfSweep(rule, Ether, First, 1000, 10, 9, limits)).Reason, StringComparison.Ordinal);
        Assert.Contains("has no limits", Assert.IsType<ForwardingPlan.Waits>(ForwardingPlan.OfSweep(rule, Ether, First, 1000, 10, 9, null)).Reason, StringComparison.Ordinal);
        Assert.Contains("the policy 9", Assert.IsType<ForwardingPlan.Waits>(ForwardingPlan.OfSweep(rule, Ether, First, 1000, 10, 1000, Limits(1, 1, 9))).Reason, StringComparison.Ordinal);
        // What leaves is the fee alone: limits of amounts do not matter.
        Assert.Equal([new ForwardingPart(First, 100_000, 16)], Assert.IsType<ForwardingPlan.Pays>(ForwardingPlan.OfSweep(rule, Ether, First, 100_000, 2, 1000, limits)).Parts);
    }

    [Theory]
    [InlineData(RuleKey.Forward, """{"destinations":[{"address":"FIRST","share":10000}],"threshold":"1"}""", "maxFee: write the largest fee of a transfer in ethereum")]
    [InlineData(RuleKey.Forward, """{"destinations":[{"address":"FIRST","share":10000}],"threshold":"1","maxFee":"5","maxFeeShare":100}""", "maxFeeShare cannot be used for ethereum/")]
    [InlineData(RuleKey.Forward, """{"destinations":[{"address":"FIRST","share":10000}],"threshold":"1","maxFee":"5","smallest":"1"}""", "smallest: it is for sweeps")]
    [InlineData(RuleKey.Sweep, """{"destinations":[{"address":"FIRST","share":10000}],"threshold":"1","maxFee":"5"}""", "a sweep sends everything to the wallet's sender")]
    [InlineData(RuleKey.Sweep, """{"threshold":"1","maxFee":"5","smallest":"0"}""", "smallest: write")]
    [InlineData(RuleKey.Sweep, """{"threshold":"1","maxFee":"x"}""", "maxFee: write")]
    [InlineData(RuleKey.Sweep, """{"thresold":"1"}""", "write {\"threshold\"")]
    public void A_rule_for_a_token_or_a_sweep_with_a_mistake_is_refused_with_what_to_write(string kind, string json, string message)
    {
        var token = new Asset(Asset.Ethereum, "0x00000000000000000000000000000000000a11ce");
        var refused = Assert.Throws<FormatException>(() => ForwardingRule.Parse(json.Replace("FIRST", First, StringComparison.Ordinal), token, kind, Networks.Development));
        Assert.Contains(message, refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"threshold":"1"}""", "destinations: write 1 to 20")]
    [InlineData("""{"destinations":[{"address":"FIRST","share":9999}],"threshold":"1"}""", "the shares of destinations sum to 9999")]
    [InlineData("""{"destinations":[{"address":"FIRST","share":5000},{"address":"FIRST","share":5000}],"threshold":"1"}""", "an address is listed twice")]
    [InlineData("""{"destinations":[{"address":"0x1","share":10000}],"threshold":"1"}""", "destinations[0].address: it is not an Ethereum address")]
    [InlineData("""{"destinations":[{"address":"FIRST","share":10000}]}""", "threshold: write")]
    [InlineData("""{"destinations":[{"address":"FIRST","share":10000}],"threshold":"0"}""", "threshold: write")]
    [InlineData("""{"destinations":[{"address":"FIRST","share":10000}],"threshold":"1","reserve":"-1"}""", "reserve: write")]
    [InlineData("""{"destinations":[{"address":"FIRST","share":10000}],"threshold":"1","intervalSeconds":0}""", "intervalSeconds is 0")]
    [InlineData("""{"destinations":[{"address":"FIRST","share":10000}],"threshold":"1","maxFee":"5"}""", "maxFee: it is for tokens")]
    [InlineData("""{"destinations":[{"address":"FIRST","share":10000}],"threshold":"1","maxFeeShare":5001}""", "maxFeeShare is 5001")]
    [InlineData("""{"destinations":[{"address":"FIRST","share":10000}],"threshold":"1","maxFeeshare":50}""", "write {\"destinations\"")]
    [InlineData("""{"destinations":[null],"threshold":"1"}""", "destinations: write")]
    [InlineData("""{"destinations":[{"address":"FIRST","share":10000}],"threshold":"1","reserve":null}""", "reserve: write")]
    public void A_rule_with_a_mistake_is_refused_with_what_to_write(string json, string message)
    {
        var refused = Assert.Throws<FormatException>(() => ForwardingRule.Parse(json.Replace("FIRST", First, StringComparison.Ordinal), Ether, RuleKey.Forward, Networks.Development));
        Assert.Contains(message, refused.Message, StringComparison.Ordinal);
    }

    /// <summary>Each but the first has its share of an amount, rounded down; the first has what is left of it, within its limit.</summary>
    private static void AssertShares(ForwardingRule rule, IReadOnlyList<ForwardingPart> parts, BigInteger sent, AssetLimits limits)
    {
        var amounts = parts[0].Amount < limits.MostPerTransfer ? [sent] : Enumerable.Range(0, parts.Count).Select(left => sent + left).ToArray();
        Assert.Contains(amounts, amount => parts.Zip(rule.Destinations).Skip(1).All(pair => pair.First.Amount == amount * pair.Second.Share / ForwardingRule.Whole));
    }

    private static int[] Shares(int count, PositiveInt[] weights)
    {
        var parts = Enumerable.Range(0, count).Select(index => 1 + (weights.Length == 0 ? index : weights[index % weights.Length].Get % 1000)).ToArray();
        var shares = parts.Select(part => 1 + (int)((long)part * (ForwardingRule.Whole - count) / parts.Sum())).ToArray();
        shares[^1] += ForwardingRule.Whole - shares.Sum();
        return shares;
    }

    internal static ForwardingRule Rule(BigInteger threshold, BigInteger reserve, (string Address, int Share)[] destinations, int maxFeeShare, int interval = 3600) => new()
    {
        Destinations = [.. destinations.Select(destination => new ForwardingDestination(destination.Address, destination.Share))],
        Threshold = Amount.Write(threshold),
        Reserve = Amount.Write(reserve),
        IntervalSeconds = interval,
        MaxFeeShare = maxFeeShare,
    };

    private static AssetLimits Limits(long perTransfer, long perDay, long maxFee) => new() { PerTransfer = Text(perTransfer), PerDay = Text(perDay), ApproveAbove = Text(perTransfer), MaxFee = Text(maxFee) };

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static BigInteger Sum(IEnumerable<BigInteger> amounts) => amounts.Aggregate(BigInteger.Zero, (sum, amount) => sum + amount);
}
