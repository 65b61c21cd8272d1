using System.Collections.Immutable;
using System.Numerics;
using HaCluster.Payments.Amounts;
using HaCluster.Payments.Books;
using HaCluster.Payments.Forwarding;
using HaCluster.Payments.Metrics;
using HaCluster.Payments.Policies;
using HaCluster.Payments.Scanning;
using HaCluster.Payments.Tests.Sending;
using HaCluster.Payments.Tests.Store;
using HaCluster.Payments.Transfers;
using HaCluster.Payments.Wallets;
using HaCluster.Services;

namespace HaCluster.Payments.Tests.Forwarding;

/// <summary>Forwarding on Bitcoin: each reorganisation, of one to ten blocks, suspends it; what is begun is paid once.</summary>
[Collection(BitcoinCollection.Name)]
public sealed class ForwardingReorganisationTests(BitcoinRegtest bitcoin) : OwnStore
{
    private const int Deepest = 10;
    private const long Coin = 1_000_000;

    [SkippableFact]
    public async Task Reorganisations_of_every_depth_suspend_it_and_what_is_begun_is_paid_once()
    {
        var world = Keep(await BitcoinWorld.StartAsync(bitcoin, await OpenAsync(), Scratch.Path));
        var (database, key, destination) = (world.Database, RuleKey.Of(world.Wallet), BitcoinWorld.Destination(world.Seed, 1));
        using var signer = world.OpenSigner();
        var sender = world.NewSender(signer, rules: new DepositRules { Finality = ImmutableDictionary<string, FinalityRule>.Empty.Add("bitcoin", FinalityRule.Of(Deepest + 2)) });
        var forwarder = new ForwardingWorker(
            database, [new BitcoinForwarding(database, world.NewNode(), Networks.Development)], null, new PaymentsMetrics(new EventLog(TextWriter.Null, TimeProvider.System, "subject"), "1"), NoFaults.Instance, TimeProvider.System);
        await world.FundAsync(Deepest, Coin);
        await bitcoin.MineAsync(Deepest + 2);
        await sender.WorkAsync(world.Wallet, default);
        await database.ChangeAsync(async session =>
        {
            await session.AddDestinationAsync(world.Wallet.Id, destination, null, "test", DateTimeOffset.UtcNow);
            var limits = new AssetLimits { PerTransfer = "100000000", PerDay = "100000000", ApproveAbove = "100000000", MaxFee = Amount.Write(BitcoinWorld.MaxFee) };
            await session.SetPolicyAsync(world.Wallet.Id, new PolicyDocument { Assets = new Dictionary<string, AssetLimits> { [Asset.Bitcoin] = limits } }, "test", DateTimeOffset.UtcNow);
        });

        var paid = BigInteger.Zero;
        for (var depth = 1; depth <= Deepest; depth++)
        {
            // Half a coin each time; a person has looked at what suspended it.
            var reserve = await world.BalanceAsync(Account.Available(world.Wallet.Id)) - (Coin / 2);
            await database.ChangeAsync(async session =>
            {
                await session.SetForwardingAsync(key, ForwardingPlanTests.Rule(Coin / 4, reserve, [(destination, 10_000)], 1000), "test", DateTimeOffset.UtcNow);
                await session.ResumeAsync(key, "test", DateTimeOffset.UtcNow);
                await session.ExecuteAsync("update forwarding_rules set round_at = null");
            });
            await RoundAsync();
            var part = Assert.Single(await database.ReadAsync(session => session.RoundAsync(key, depth)));
            await sender.WorkAsync(world.Wallet, default);
            await bitcoin.InPoolAsync(NBitcoin.Transaction.Parse(Assert.Single(await world.AttemptsAsync(part.Id)).Raw, NBitcoin.Network.RegTest));
            await bitcoin.MineAsync(depth);
            await sender.WorkAsync(world.Wallet, default);
            Assert.Equal(TransferState.Confirmed, await world.StateAsync(part));
            await bitcoin.Chain.ReplaceAsync(depth);
            await sender.WorkAsync(world.Wallet, default);
            Assert.Contains("a reorganisation", (await database.ReadAsync(session => session.ForwardingAsync(key)))!.SuspendedReason, StringComparison.Ordinal);
            await world.FinishAsync(sender);
            await RoundAsync();
            Assert.Single(await world.AttemptsAsync(part.Id));
            paid += part.Amount;
        }

        await world.AssertPaidOnceAsync(new Dictionary<int, BigInteger> { [1] = paid });

        async Task RoundAsync()
        {
            foreach (var part in await forwarder.PartsAsync(default))
                await part.WorkAsync(default);
        }
    }
}
