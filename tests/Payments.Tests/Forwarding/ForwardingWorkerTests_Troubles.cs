using HaCluster.Payments.Amounts;
using HaCluster.Payments.Books;
using HaCluster.Payments.Chains;
using HaCluster.Payments.Forwarding;
using HaCluster.Payments.Outbox;
using HaCluster.Payments.Policies;
using HaCluster.Payments.Tests.Peers;
using HaCluster.Payments.Tests.Store;
using HaCluster.Payments.Wallets;

namespace HaCluster.Payments.Tests.Forwarding;

/// <summary>What is in the way of a round, and what is not.</summary>
public sealed partial class ForwardingWorkerTests
{
    [SkippableTheory, OnBothStores]
    public async Task A_round_as_large_as_its_limit_begins_however_its_shares_are_rounded(StoreKind kind)
    {
        const string third = "0x90F79bf6EB2c4f870365E785982E1f101E93b906";
        await StartAsync(kind, funds: 30_000_000);
        await _database.ChangeAsync(async session =>
        {
            await session.AddDestinationAsync(_wallet.Id, third, null, "test", _clock.GetUtcNow());
            var rule = ForwardingPlanTests.Rule(200_000, 100_000, [(TestTransfers.Destination, 6000), (Second, 2500), (third, 1500)], 100);
            await session.SetForwardingAsync(RuleKey.Of(_wallet), rule, "test", _clock.GetUtcNow());
        });
        await RoundAsync();
        Assert.Null((await RuleAsync()).Waiting);
        Assert.Equal([10_000_000, 4_166_666, 2_499_999], (await TransfersAsync(1)).Select(transfer => (int)transfer.Amount));
    }

    [SkippableTheory, OnBothStores]
    public async Task A_rule_that_fails_does_not_hold_up_the_others_of_its_wallet(StoreKind kind)
    {
        var (bad, good) = (new Asset(Asset.Ethereum, "0x00000000000000000000000000000000000a11ce"), new Asset(Asset.Ethereum, "0x00000000000000000000000000000000000b0b00"));
        await StartAsync(kind, funds: 1_000_000);
        await _database.ChangeAsync(async session =>
        {
            foreach (var token in new[] { bad, good })
            {
                var rule = ForwardingPlanTests.Rule(1000, 0, [(TestTransfers.Destination, 10_000)], 100) with { MaxFeeShare = null, MaxFee = "50" };
                await session.SetForwardingAsync(new RuleKey(_wallet.Id, token.ToString(), RuleKey.Forward), rule, "test", _clock.GetUtcNow());
                await session.PostAsync([BookEntries.Open(_wallet.Id, token.ToString(), 5000)], _clock.GetUtcNow());
            }
        });
        _chain.Trouble = asset => asset == bad ? new NodeUnreachableException("it gave no number") : null;
        await Assert.ThrowsAsync<NodeUnreachableException>(() => RoundAsync());
        var waits = await _database.ReadAsync(session => session.ForwardingAsync(new RuleKey(_wallet.Id, good.ToString(), RuleKey.Forward)));
        Assert.Contains("has no limits for", waits!.Waiting, StringComparison.Ordinal);
    }

    [SkippableTheory, OnBothStores]
    public async Task Of_what_a_node_says_without_end_the_beginning_is_told(StoreKind kind)
    {
        await StartAsync(kind, funds: 1_000_000);
        _chain.Refusal = new NodeRefusedException("eth_estimateGas", -32000, "it reverts " + new string('x', 3_000_000));
        await RoundAsync();
        await RoundAsync();
        Assert.StartsWith("the node says that it would fail: it reverts xxx", (await RuleAsync()).Waiting, StringComparison.Ordinal);
        Assert.InRange((await RuleAsync()).Waiting!.Length, 500, 600);
        Assert.InRange(Assert.Single(await _database.EventsAsync(0, 1000), one => one.Type == "forwarding.waiting").Data.Length, 500, 700);
    }
}
