using System.Numerics;
using HaCluster.Payments.Policies;
using HaCluster.Payments.Signing;
using HaCluster.Payments.Tests.Peers;
using HaCluster.Payments.Tests.Scanning;
using HaCluster.Payments.Tests.Sending;
using HaCluster.Payments.Transfers;
using HaCluster.Payments.Wallets;

namespace HaCluster.Payments.Tests.Sweeping;

/// <summary>Sweeps that are refused, fail or have to wait.</summary>
[Collection(StoreCollection.Name)]
public sealed class SweepObstacleTests(PostgreSql postgreSql) : OwnSweeps(postgreSql)
{
    [SkippableFact]
    public async Task The_nonce_of_a_sweep_that_the_signer_refuses_is_used_by_a_plain_transaction()
    {
        await using var world = await StartAsync(StoreKind.Sqlite);
        await Deposits.PayAsync(world.World, Assert.Single(await AddAsync(world, 1)), SweepWorld.Ether);
        await world.FinalizeAsync();
        await world.SetRuleAsync(world.Coin, SweepWorld.Ether);
        await world.RoundAsync();
        using (var signer = SweepWorld.OpenSigner(Scratch.Path, TimeProvider.System))
            await world.World.NewSender(new NoSweeps(signer)).WorkAsync(world.World.Wallet, default);
        var transfer = Assert.Single(await world.TransfersAsync());
        var attempt = Assert.Single(await world.World.AttemptsAsync(transfer.Id));
        // More than a cancellation may take was estimated for the sweep.
        Assert.Equal((Attempt.Cancellation, (BigInteger)21_000), (attempt.Purpose, attempt.MaxFee / attempt.FeeRate));
        await world.FinalizeAsync();
        Assert.Equal((TransferState.Replaced, SweepWorld.Ether), (Assert.Single(await world.TransfersAsync()).State, await world.UnsweptAsync()));
        await world.AssertAgreesAsync();
    }

    [SkippableFact]
    public async Task A_sweep_that_would_fail_by_now_ends_and_the_next_round_looks_again()
    {
        await using var world = await StartAsync(StoreKind.Sqlite);
        await Deposits.PayAsync(world.World, Assert.Single(await AddAsync(world, 1)), SweepWorld.Ether);
        await world.FinalizeAsync();
        await world.SetRuleAsync(world.Coin, SweepWorld.Ether);
        await world.RoundAsync();
        var code = (await world.World.Chain.CallAsync("eth_getCode", ForwarderContract.Address, "latest")).GetString()!;
        // Whoever calls it fails.
        await world.World.Chain.CallAsync("anvil_setCode", ForwarderContract.Address, "0xfe");
        await world.Sender.WorkAsync(world.World.Wallet, default);
        Assert.Equal(TransferState.Failed, Assert.Single(await world.TransfersAsync()).State);
        await world.World.Chain.CallAsync("anvil_setCode", ForwarderContract.Address, code);
        await world.RoundAsync();
        await world.RoundAsync();
        await world.FinalizeAsync();
        await world.FinalizeAsync();
        Assert.Equal(["failed", "final"], (await world.TransfersAsync()).Select(transfer => TransferMachine.Name(transfer.State)).Order(StringComparer.Ordinal));
        Assert.Equal(0, await world.UnsweptAsync());
        await world.AssertAgreesAsync();
    }

    [SkippableFact]
    public async Task What_stands_in_the_way_is_said_and_a_cancelled_sweep_leaves_everything_where_it_is()
    {
        await using var world = await StartAsync(StoreKind.Sqlite, isDeployed: false);
        var addresses = await AddAsync(world, 2);
        await Deposits.PayAsync(world.World, addresses[0], 1000);
        await Deposits.PayAsync(world.World, addresses[1], SweepWorld.Ether);
        await world.FinalizeAsync();
        await world.SetRuleAsync(world.Coin, 1001, smallest: 1001);
        await world.RoundAsync();
        Assert.Contains("is not on this chain yet", (await world.RuleAsync(world.Coin)).Waiting, StringComparison.Ordinal);
        await world.World.Chain.CallAsync("anvil_setCode", ForwarderContract.Address, Contracts.Refuser);
        await world.RoundAsync();
        Assert.Contains("do not sweep, and give out no addresses", (await world.RuleAsync(world.Coin)).Waiting, StringComparison.Ordinal);
        await world.World.Chain.CallAsync("anvil_setCode", ForwarderContract.Address, "0x");
        await world.World.Chain.DeployForwardersAsync();
        await world.World.Chain.MineAsync(4);
        await world.RoundAsync();
        Assert.Contains("all blocks yet", (await world.RuleAsync(world.Coin)).Waiting, StringComparison.Ordinal);
        await world.FinalizeAsync();
        await world.AllowAsync(1);
        await world.RoundAsync();
        Assert.Contains("the policy 1", (await world.RuleAsync(world.Coin)).Waiting, StringComparison.Ordinal);
        Assert.NotNull((await world.RuleAsync(world.Coin)).WaitingSince);
        await world.AllowAsync(EthereumWorld.MaxFee);
        await world.World.Database.ChangeAsync(session => session.SetKillSwitchAsync(true, "drill", "test", DateTimeOffset.UtcNow));
        await world.RoundAsync();
        Assert.Contains("kill switch", (await world.RuleAsync(world.Coin)).Waiting, StringComparison.Ordinal);
        await world.World.Database.ChangeAsync(session => session.SetKillSwitchAsync(false, null, "test", DateTimeOffset.UtcNow));
        await world.RoundAsync();
        var transfer = Assert.Single(await world.TransfersAsync());
        // The one that is not worth it stays out.
        Assert.Equal([1L], (await world.World.Database.ReadAsync(session => session.SweepForwardersAsync(transfer.Id))).Select(forwarder => forwarder.Position));
        await world.Sender.WorkAsync(world.World.Wallet, default);
        await world.World.AskAsync(transfer, ChangeRequest.Cancel);
        await world.Sender.WorkAsync(world.World.Wallet, default);
        await world.FinalizeAsync();
        Assert.Equal((TransferState.Replaced, SweepWorld.Ether + 1000), ((await world.TransfersAsync())[0].State, await world.UnsweptAsync()));
        await world.AssertAgreesAsync();
        // The next round does it.
        await world.RoundAsync();
        await world.RoundAsync();
        await world.FinalizeAsync();
        Assert.Equal(1000, await world.UnsweptAsync());
        await world.AssertAgreesAsync();
    }

    [SkippableFact]
    public async Task One_that_fails_does_not_hold_up_the_others()
    {
        await using var world = await StartAsync(StoreKind.Sqlite);
        var addresses = await AddAsync(world, 3);
        foreach (var address in addresses)
            await Deposits.PayAsync(world.World, address, SweepWorld.Ether);
        await world.FinalizeAsync();
        // As if its code were other than it can be.
        await world.World.Chain.CallAsync("anvil_setCode", addresses[1], Contracts.Refuser);
        await world.SetRuleAsync(world.Coin, SweepWorld.Ether);
        await world.RoundAsync();
        await world.FinalizeAsync();
        Assert.Equal(SweepWorld.Ether, await world.UnsweptAsync());
        Assert.Contains(addresses[1], world.World.Log, StringComparison.Ordinal);
        await world.AssertAgreesAsync();
    }

    [SkippableFact]
    public async Task As_many_that_fail_as_a_sweep_takes_do_not_hold_up_the_others()
    {
        await using var world = await StartAsync(StoreKind.Sqlite);
        var addresses = await AddAsync(world, ForwarderContract.MostForwarders + 2);
        // Those that have most fail.
        var failing = addresses.Take(ForwarderContract.MostForwarders).ToArray();
        foreach (var address in addresses)
            await Deposits.PayAsync(world.World, address, failing.Contains(address) ? 2 * SweepWorld.Ether : SweepWorld.Ether);
        await world.FinalizeAsync();
        foreach (var address in failing)
            await world.World.Chain.CallAsync("anvil_setCode", address, Contracts.Refuser);
        await world.SetRuleAsync(world.Coin, 2 * SweepWorld.Ether);
        await world.RoundAsync();
        await world.FinalizeAsync();
        Assert.Equal(2 * ForwarderContract.MostForwarders * SweepWorld.Ether, await world.UnsweptAsync());
        await world.AssertAgreesAsync();
    }

    private sealed class NoSweeps(ISigner signer) : ISigner
    {
        public Task<SignedBytes> SignAsync(EthereumOrder order, CancellationToken cancellationToken) =>
            order.Purpose == Attempt.Sweep ? throw new SigningRefusedException("above-fee-limit", "it is too expensive") : signer.SignAsync(order, cancellationToken);

        public Task<SignedBytes> SignAsync(BitcoinOrder order, CancellationToken cancellationToken) => signer.SignAsync(order, cancellationToken);

        public Task<SignedBytes> SignAsync(BitcoinChildOrder order, CancellationToken cancellationToken) => signer.SignAsync(order, cancellationToken);

        public Task ForswearAsync(ForswornOrder order, CancellationToken cancellationToken) => signer.ForswearAsync(order, cancellationToken);

        public void Dispose() => signer.Dispose();
    }
}
