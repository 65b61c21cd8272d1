using System.Numerics;
using HaCluster.Payments.Amounts;
using HaCluster.Payments.Books;
using HaCluster.Payments.Chains;
using HaCluster.Payments.Forwarding;
using HaCluster.Payments.Metrics;
using HaCluster.Payments.Policies;
using HaCluster.Payments.Store;
using HaCluster.Payments.Tests.Sending;
using HaCluster.Payments.Transfers;
using HaCluster.Payments.Wallets;
using HaCluster.Services;

namespace HaCluster.Payments.Tests.Forwarding;

/// <summary>Forwarding on a real chain: a fee spike, a round, and a reorganisation in the middle of it.</summary>
public sealed class ForwardingChainTests : IDisposable
{
    private static readonly BigInteger Ether = BigInteger.Pow(10, 18);

    private readonly Scratch _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [SkippableTheory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(10)]
    public async Task A_spike_of_fees_waits_and_a_reorganisation_suspends_what_is_then_paid_once(int depth)
    {
        await using var database = new SqliteDatabase(_scratch.At("payments.db"));
        await database.MigrateAsync(default);
        await using var world = await EthereumWorld.StartAsync(await EthereumWorld.StartChainAsync(epoch: 6), database, _scratch.Path);
        using var signer = world.OpenSigner();
        var sender = world.NewSender(signer);
        using var client = new NodeClient(world.Chain.Url);
        var forwarder = new ForwardingWorker(
            database, [new EthereumForwarding(new EthereumNode(client))], null, new PaymentsMetrics(new EventLog(TextWriter.Null, TimeProvider.System, "subject"), "1"), NoFaults.Instance, TimeProvider.System);
        var funds = await world.BalanceAsync(EthereumWorld.Sender);
        await database.ChangeAsync(async session =>
        {
            foreach (var number in new[] { 1, 2 })
                await session.AddDestinationAsync(world.Wallet.Id, EthereumWorld.Destination(number), null, "test", DateTimeOffset.UtcNow);
            var limit = Amount.Write(100 * Ether);
            var limits = new AssetLimits { PerTransfer = limit, PerDay = limit, ApproveAbove = limit, MaxFee = Amount.Write(EthereumWorld.MaxFee) };
            await session.SetPolicyAsync(world.Wallet.Id, new PolicyDocument { Assets = new Dictionary<string, AssetLimits> { [Asset.Ethereum] = limits } }, "test", DateTimeOffset.UtcNow);
            var rule = ForwardingPlanTests.Rule(Ether, funds - (2 * Ether), [(EthereumWorld.Destination(1), 7500), (EthereumWorld.Destination(2), 2500)], 100);
            await session.SetForwardingAsync(RuleKey.Of(world.Wallet), rule, "test", DateTimeOffset.UtcNow);
        });

        // 1 % of half an ether is 5e15 wei: 21000 gas at 1000 gwei cost four times as much.
        await world.Chain.CallAsync("anvil_setNextBlockBaseFeePerGas", $"0x{1_000_000_000_000:x}");
        await world.Chain.MineAsync();
        await RoundAsync();
        Assert.Contains("the rule allows", (await RuleAsync()).Waiting, StringComparison.Ordinal);
        await world.Chain.CallAsync("anvil_setNextBlockBaseFeePerGas", $"0x{1_000_000_000:x}");
        await world.Chain.MineAsync();
        await RoundAsync();
        var rule = await RuleAsync();
        Assert.Equal((1L, null), (rule.Round, rule.Waiting));

        await sender.WorkAsync(world.Wallet, default);
        await world.Chain.MineAsync(depth);
        await sender.WorkAsync(world.Wallet, default);
        Assert.All(await PartsAsync(), part => Assert.Equal(TransferState.Confirmed, part.State));
        await world.Chain.RollBackAsync(depth);
        await world.Chain.CallAsync("anvil_dropAllTransactions");
        await world.Chain.ForkAsync(7);
        await world.Chain.MineAsync(depth + 1);
        await sender.WorkAsync(world.Wallet, default);
        Assert.Contains("a reorganisation", (await RuleAsync()).SuspendedReason, StringComparison.Ordinal);

        // What is begun goes on, and ends.
        await world.FinishAsync(sender);
        await RoundAsync();
        rule = await RuleAsync();
        Assert.Equal((0L, 0L), (rule.IsOpen, rule.Failures));
        Assert.NotNull(rule.SuspendedAt);
        var parts = await PartsAsync();
        Assert.Equal(3, decimal.Round((decimal)parts[0].Amount / (decimal)parts[1].Amount, 6));
        Assert.All(parts, part => Assert.True(part.Fee * 100 <= part.Amount));
        await world.AssertPaidOnceAsync(new Dictionary<int, BigInteger> { [1] = parts[0].Amount, [2] = parts[1].Amount });

        async Task RoundAsync()
        {
            foreach (var part in await forwarder.PartsAsync(default))
                await part.WorkAsync(default);
        }

        async Task<StoredForwarding> RuleAsync() => (await database.ReadAsync(session => session.ForwardingAsync(RuleKey.Of(world.Wallet))))!;

        Task<IReadOnlyList<Transfer>> PartsAsync() => database.ReadAsync(session => session.RoundAsync(RuleKey.Of(world.Wallet), 1));
    }

    [SkippableFact]
    public async Task A_token_is_split_and_its_fees_are_paid_in_ether()
    {
        await using var database = new SqliteDatabase(_scratch.At("payments.db"));
        await database.MigrateAsync(default);
        await using var world = await EthereumWorld.StartAsync(await EthereumWorld.StartChainAsync(), database, _scratch.Path);
        await TestToken.DeployAsync(world.Chain, EthereumWorld.Sender, 1000);
        await world.Chain.MineAsync(2);
        using var signer = world.OpenSigner();
        var sender = world.NewSender(signer);
        using var client = new NodeClient(world.Chain.Url);
        var forwarder = new ForwardingWorker(
            database, [new EthereumForwarding(new EthereumNode(client))], null, new PaymentsMetrics(new EventLog(TextWriter.Null, TimeProvider.System, "subject"), "1"), NoFaults.Instance, TimeProvider.System);
        var key = new RuleKey(world.Wallet.Id, TestToken.Asset, RuleKey.Forward);
        var rule = ForwardingPlanTests.Rule(500, 100, [(EthereumWorld.Destination(1), 7500), (EthereumWorld.Destination(2), 2500)], 100) with { MaxFeeShare = null, MaxFee = "1" };
        await database.ChangeAsync(async session =>
        {
            await session.PostAsync([BookEntries.Open(world.Wallet.Id, TestToken.Asset, 1000)], world.Clock.GetUtcNow());
            foreach (var number in new[] { 1, 2 })
                await session.AddDestinationAsync(world.Wallet.Id, EthereumWorld.Destination(number), null, "test", DateTimeOffset.UtcNow);
            var limits = new AssetLimits { PerTransfer = "10000", PerDay = "10000", ApproveAbove = "10000", MaxFee = Amount.Write(EthereumWorld.MaxFee) };
            await session.SetPolicyAsync(world.Wallet.Id, new PolicyDocument { Assets = new Dictionary<string, AssetLimits> { [TestToken.Asset] = limits } }, "test", DateTimeOffset.UtcNow);
            await session.SetForwardingAsync(key, rule, "test", DateTimeOffset.UtcNow);
        });
        await RoundAsync();
        Assert.Contains("the rule allows 1 (maxFee)", (await database.ReadAsync(session => session.ForwardingAsync(key)))!.Waiting, StringComparison.Ordinal);
        await database.ChangeAsync(session => session.SetForwardingAsync(key, rule with { MaxFee = Amount.Write(EthereumWorld.MaxFee) }, "test", DateTimeOffset.UtcNow));
        await RoundAsync();
        await world.FinishAsync(sender);
        await RoundAsync();
        Assert.Equal((675, 225, 100), (
            await TestToken.BalanceAsync(world.Chain, EthereumWorld.Destination(1)), await TestToken.BalanceAsync(world.Chain, EthereumWorld.Destination(2)), await TestToken.BalanceAsync(world.Chain, EthereumWorld.Sender)));
        Assert.Equal(100, await database.ReadAsync(session => session.BalanceAsync(Account.Available(world.Wallet.Id), TestToken.Asset)));
        Assert.Equal(0, await database.ReadAsync(session => session.BalanceAsync(Account.Reserved(world.Wallet.Id), TestToken.Asset)));
        await world.AssertBooksAsync();

        // A reorganisation suspends rules of all assets.
        await database.ChangeAsync(session => session.SuspendForwardingAsync(world.Wallet.Id, "a reorganisation", "test", DateTimeOffset.UtcNow));
        Assert.NotNull((await database.ReadAsync(session => session.ForwardingAsync(key)))!.SuspendedAt);

        async Task RoundAsync()
        {
            foreach (var part in await forwarder.PartsAsync(default))
                await part.WorkAsync(default);
        }
    }
}
