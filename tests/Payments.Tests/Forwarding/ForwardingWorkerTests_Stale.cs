using HaCluster.Payments.Amounts;
using HaCluster.Payments.Books;
using HaCluster.Payments.Forwarding;
using HaCluster.Payments.Store;
using HaCluster.Payments.Tests.Peers;
using HaCluster.Payments.Tests.Store;
using HaCluster.Payments.Transfers;
using HaCluster.Payments.Wallets;
using HaCluster.Services;

namespace HaCluster.Payments.Tests.Forwarding;

/// <summary>What has changed since it was read.</summary>
public sealed partial class ForwardingWorkerTests
{
    [SkippableTheory]
    [InlineData(Token)]
    [InlineData(Asset.Ethereum)]
    public async Task What_is_reserved_while_the_chain_is_asked_is_not_sent(string asset)
    {
        await StartAsync(StoreKind.Sqlite, funds: 100_000);
        await ForwardTokenAsync(1_000_000);
        // What the chain has at a final block has in it what is reserved since.
        _chain.Meanwhile = () => _database.ChangeAsync(session => session.PostAsync([new Posting("reserved", asset, Account.Available(_wallet.Id), Account.Reserved(_wallet.Id), 500)], _clock.GetUtcNow()));
        await RoundAsync();
        Assert.Empty(await _database.ReadAsync(session => session.TransfersAsync(_wallet.Id, null, null, 100)));
        _chain.Meanwhile = null;
        await RoundAsync();
        Assert.Equal(asset == Token ? 899_500 : 900_000, (await _database.ReadAsync(session => session.TransfersAsync(_wallet.Id, null, null, 100))).Sum(transfer => (int)transfer.Amount));
    }

    [SkippableFact]
    public async Task A_rule_that_was_changed_or_had_a_round_since_it_was_read_begins_none()
    {
        await StartAsync(StoreKind.Sqlite, funds: 1_000_000);
        var read = await RuleAsync();
        Assert.NotNull(await SameAsync());
        Assert.True(await WaitAsync());
        await _database.ChangeAsync(session => session.SetForwardingAsync(read.Key, read.Rule, "test", _clock.GetUtcNow()));
        Assert.Null(await SameAsync());
        // What was in the way of the rule before says nothing of this one.
        Assert.Null((await RuleAsync()).Waiting);
        Assert.False(await WaitAsync());
        Assert.Null((await RuleAsync()).Waiting);

        read = await RuleAsync();
        await RoundAsync();
        await EndAsync(await TransfersAsync(1), TransferEvent.Finalize);
        await RoundAsync();
        Assert.Equal((1, 0), await StateAsync());
        Assert.Null(await SameAsync());

        Task<bool> WaitAsync() => _database.ChangeAsync(session => session.WaitAsync(read, "something is in the way", _clock.GetUtcNow()));

        Task<StoredForwarding?> SameAsync() => _database.ChangeAsync(session => session.SameRuleAsync(read));
    }

    [SkippableFact]
    public async Task A_round_that_another_one_has_ended_meanwhile_is_not_ended_again()
    {
        await StartAsync(StoreKind.Sqlite, funds: 1_000_000);
        await RoundAsync();
        await EndAsync(await TransfersAsync(1), TransferEvent.Refuse);
        await RoundAsync(new Before(FaultPoint.ForwardEnding, () => RoundAsync()));
        Assert.Equal(["changed", "started", "failed"], await HappenedAsync());
        Assert.Equal(1, (await RuleAsync()).Failures);
    }

    /// <summary>A wallet that has some of a token, and forwards it.</summary>
    private Task ForwardTokenAsync(int funds) => _database.ChangeAsync(async session =>
    {
        await session.PostAsync([BookEntries.Open(_wallet.Id, Token, funds)], _clock.GetUtcNow());
        var rule = ForwardingPlanTests.Rule(200_000, 100_000, [(TestTransfers.Destination, 7000), (Second, 3000)], 100) with { MaxFeeShare = null, MaxFee = "50" };
        await session.SetForwardingAsync(RuleKey.Of(_wallet) with { Asset = Token }, rule, "test", _clock.GetUtcNow());
    });

    private sealed class Before(string point, Func<Task> work) : IFaultPoints
    {
        public void Reach(string reached)
        {
            if (reached == point)
                work().GetAwaiter().GetResult();
        }
    }
}
