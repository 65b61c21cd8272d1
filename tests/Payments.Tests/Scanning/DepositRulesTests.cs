using System.Collections.Immutable;
using System.Numerics;
using HaCluster.Payments.Amounts;
using HaCluster.Payments.Scanning;

namespace HaCluster.Payments.Tests.Scanning;

/// <summary>When a deposit is final.</summary>
public sealed class DepositRulesTests
{
    [Theory]
    [InlineData("6", 1, 6)]
    [InlineData("1:100000,3:10000000,6", 100_000, 1)]
    [InlineData("1:100000,3:10000000,6", 100_001, 3)]
    [InlineData("1:100000,3:10000000,6", 10_000_001, 6)]
    [InlineData("12:5,finalized", 6, FinalityRule.Finalized)]
    public void Larger_amounts_need_more_blocks(string rule, long amount, long needed) => Assert.Equal(needed, FinalityRule.Parse(rule, hasFinalized: true).Needed(amount));

    [Theory]
    [InlineData("", "not a number of blocks")]
    [InlineData("0", "not a number of blocks")]
    [InlineData("-1", "not a number of blocks")]
    [InlineData("1:100", "ends with an amount")]
    [InlineData("1:100,2:50,3", "ascending")]
    [InlineData("1:100,2:100,3", "ascending")]
    [InlineData("1,2", "ascending")]
    [InlineData("1:0.5,2", "not an amount")]
    [InlineData("1:2:3", "not BLOCKS")]
    [InlineData("finalized", "write 1 to 1000")]
    public void What_is_no_rule_is_refused_with_what_to_write(string rule, string problem) =>
        Assert.Contains(problem, Assert.Throws<FormatException>(() => FinalityRule.Parse(rule, hasFinalized: false)).Message, StringComparison.Ordinal);

    [Fact]
    public void Without_rules_six_blocks_or_the_finalized_one_are_waited_for_and_nothing_is_dust()
    {
        var rules = new DepositRules();
        Assert.Equal((6, FinalityRule.Finalized, FinalityRule.Finalized), (rules.Needed(Asset.Bitcoin, 1), rules.Needed(Asset.Ethereum, 1), rules.Needed("ethereum/0x1", 1)));
        Assert.False(rules.IsDust(Asset.Bitcoin, 1));
    }

    [Fact]
    public void The_smallest_amount_that_counts_is_no_dust()
    {
        var rules = new DepositRules { Smallest = ImmutableDictionary<string, BigInteger>.Empty.Add(Asset.Bitcoin, 1000) };
        Assert.Equal((true, false, false), (rules.IsDust(Asset.Bitcoin, 999), rules.IsDust(Asset.Bitcoin, 1000), rules.IsDust(Asset.Ethereum, 1)));
    }
}
