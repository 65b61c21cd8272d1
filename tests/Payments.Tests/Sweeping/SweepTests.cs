using System.Numerics;
using HaCluster.Payments.Amounts;
using HaCluster.Payments.Policies;
using HaCluster.Payments.Scanning;
using HaCluster.Payments.Sending;
using HaCluster.Payments.Signing;
using HaCluster.Payments.Store;
using HaCluster.Payments.Sweeping;
using HaCluster.Payments.Tests.Peers;
using HaCluster.Payments.Tests.Scanning;
using HaCluster.Payments.Tests.Sending;
using HaCluster.Payments.Tests.Store;
using HaCluster.Payments.Transfers;
using HaCluster.Payments.Wallets;

namespace HaCluster.Payments.Tests.Sweeping;

/// <summary>Deposits at forwarders, from the payment to where they can be spent, on a real node. At every stage the books agree with the chain to the unit.</summary>
[Collection(StoreCollection.Name)]
public sealed class SweepTests(PostgreSql postgreSql) : IAsyncLifetime, IDisposable
{
    private readonly Scratch _scratch = new();
    private Database? _database;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        if (_database is not null)
            await _database.DisposeAsync();
    }

    public void Dispose() => _scratch.Dispose();

    [SkippableTheory, OnBothStores]
    public async Task Ether_and_tokens_are_final_then_swept_in_one_transaction_each_and_can_be_spent(StoreKind kind)
    {
        await using var world = await StartAsync(kind);
        var addresses = await AddAsync(world, 3);
        var before = await world.AvailableAsync();
        foreach (var address in addresses)
            await Deposits.PayAsync(world.World, address, SweepWorld.Ether);
        foreach (var address in addresses)
            await Deposits.PayTokenAsync(world.World, address, 50);

        await world.World.Chain.MineAsync();
        await world.Watcher.WorkAsync(default);
        await world.SetRuleAsync(world.Coin, SweepWorld.Ether);
        await world.SetRuleAsync(world.Token, 100);
        await world.RoundAsync();
        // In a block that may be replaced: too early.
        Assert.Empty(await world.TransfersAsync());
        await world.AssertAgreesAsync();
        await world.FinalizeAsync();
        Assert.Equal((3 * SweepWorld.Ether, 150, before, 0), (await world.UnsweptAsync(), await world.UnsweptAsync(Deposits.TokenAsset), await world.AvailableAsync(), await world.AvailableAsync(Deposits.TokenAsset)));
        await world.AssertAgreesAsync();

        await world.RoundAsync();
        Assert.Equal([(Transfer.Sweep, EthereumWorld.Sender), (Transfer.Sweep, EthereumWorld.Sender)], (await world.TransfersAsync()).Select(transfer => (transfer.Kind, transfer.Destination)));
        await world.Sender.WorkAsync(world.World.Wallet, default);
        await world.World.Chain.MineAsync();
        await world.Watcher.WorkAsync(default);
        // On the chain, and not in the books as available: the fee is in flight.
        Assert.Equal(3 * SweepWorld.Ether, await world.UnsweptAsync());
        await world.AssertAgreesAsync();
        await world.FinalizeAsync();
        await world.RoundAsync();

        var transfers = await world.TransfersAsync();
        Assert.All(transfers, transfer => Assert.Equal(TransferState.Final, transfer.State));
        Assert.Equal((0, 0, 150), (await world.UnsweptAsync(), await world.UnsweptAsync(Deposits.TokenAsset), await world.AvailableAsync(Deposits.TokenAsset)));
        Assert.Equal(before + (3 * SweepWorld.Ether) - transfers.Aggregate(BigInteger.Zero, (sum, transfer) => sum + transfer.Fee!.Value), await world.AvailableAsync());
        Assert.Equal(150, await TokenAsync(world, EthereumWorld.Sender));
        // What came to the sender is no deposit: there are six, and each was swept once.
        var deposits = await Deposits.AllAsync(world.World);
        Assert.Equal(6, deposits.Count);
        Assert.All(deposits, deposit => Assert.Equal((Deposit.Final, true, 1), (deposit.State, deposit.SweptBy is not null, deposit.Sweeps)));
        Assert.Equal(6, (await Deposits.EventsAsync(world.World)).Count(one => one.Type == "deposit.swept"));
        await world.AssertAgreesAsync();

        // Nothing is left, so nothing begins; then the same addresses are paid again, and have code now.
        await world.RoundAsync();
        Assert.Equal(2, (await world.TransfersAsync()).Count);
        await Deposits.PayAsync(world.World, addresses[1], 5 * SweepWorld.Ether, gas: 22_000);
        await world.FinalizeAsync();
        await world.RoundAsync();
        await world.FinalizeAsync();
        Assert.Equal((0, 3), (await world.UnsweptAsync(), (await world.TransfersAsync()).Count(transfer => transfer.State == TransferState.Final)));
        await world.AssertAgreesAsync();
    }

    [SkippableTheory, OnBothStores]
    public async Task What_somebody_else_sweeps_is_booked_too_and_not_swept_again(StoreKind kind)
    {
        await using var world = await StartAsync(kind);
        var address = Assert.Single(await AddAsync(world, 1));
        await Deposits.PayAsync(world.World, address, SweepWorld.Ether);
        await world.FinalizeAsync();
        await world.SetRuleAsync(world.Coin, 1);
        // And a payment that is in the block before the sweep, and final after it.
        await Deposits.PayAsync(world.World, address, 7);
        await world.World.Chain.MineAsync();
        Assert.True(await world.World.Chain.SendAsync(Solidity.Stranger, ForwarderContract.Address, SweepWorld.SweepData(0)));
        await world.Watcher.WorkAsync(default);
        await Deposits.AssertReconciledAsync(world.World, SweepWorld.Rules);
        await world.RoundAsync();
        Assert.Empty(await world.TransfersAsync());
        await world.FinalizeAsync();
        Assert.Equal(0, await world.UnsweptAsync());
        await world.AssertAgreesAsync();
        // Of one that came after the sweep, in the same block, nothing was swept.
        await world.World.Chain.CallAsync("eth_sendTransaction", new { from = Solidity.Stranger, to = ForwarderContract.Address, data = SweepWorld.SweepData(0), gas = "0x4c4b40", maxPriorityFeePerGas = "0x12a05f200", maxFeePerGas = "0x174876e800" });
        await Deposits.PayAsync(world.World, address, 9, gas: 22_000);
        await world.FinalizeAsync();
        Assert.Equal(9, await world.UnsweptAsync());
        await world.AssertAgreesAsync();
    }

    [SkippableTheory, OnBothStores]
    public async Task Of_many_sweepers_and_senders_at_once_one_begins_a_round_and_the_chain_has_one_transaction(StoreKind kind)
    {
        await using var world = await StartAsync(kind);
        foreach (var address in await AddAsync(world, 3))
            await Deposits.PayAsync(world.World, address, SweepWorld.Ether);
        await world.FinalizeAsync();
        await world.SetRuleAsync(world.Coin, SweepWorld.Ether);
        await AtOnceAsync(() => world.RoundAsync());
        var transfer = Assert.Single(await world.TransfersAsync());
        await AtOnceAsync(() => world.Sender.WorkAsync(world.World.Wallet, default));
        await world.FinalizeAsync();
        await AtOnceAsync(() => world.RoundAsync());
        Assert.Equal((TransferState.Final, 1), ((await world.TransfersAsync()).Single().State, (await world.World.AttemptsAsync(transfer.Id)).Count));
        Assert.Equal((1, 1), (await world.World.SentAsync(), (await Deposits.EventsAsync(world.World)).Count(one => one.Type == "sweeping.finished")));
        Assert.Equal(0, await world.UnsweptAsync());
        await world.AssertAgreesAsync();

        static Task AtOnceAsync(Func<Task> work) => Task.WhenAll(Enumerable.Range(0, 5).Select(_ => Task.Run(async () =>
        {
            try
            {
                await work();
            }
            catch (DuplicateException)
            {
                // The loop of a worker tries again in its next round.
            }
        })));
    }

    [SkippableTheory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(6)]
    public async Task A_reorganisation_takes_a_sweep_back_and_the_same_bytes_sweep_again(int depth)
    {
        await using var world = await StartAsync(StoreKind.Sqlite);
        var address = Assert.Single(await AddAsync(world, 1));
        await Deposits.PayAsync(world.World, address, SweepWorld.Ether);
        await world.FinalizeAsync();
        await world.FinalizeAsync();
        await world.SetRuleAsync(world.Coin, SweepWorld.Ether);
        await world.RoundAsync();
        await world.Sender.WorkAsync(world.World.Wallet, default);
        await world.World.Chain.MineAsync();
        await world.Watcher.WorkAsync(default);
        for (var block = 1; block < depth; block++)
        {
            await world.World.Chain.MineAsync();
            await world.Watcher.WorkAsync(default);
        }

        // From the third block on it was booked; the sender has not looked, and sends the same bytes again.
        Assert.Equal(depth >= 3 ? 0 : SweepWorld.Ether, await world.UnsweptAsync());
        await world.World.Chain.RollBackAsync(depth);
        await world.World.Chain.CallAsync("anvil_dropAllTransactions");
        await world.World.Chain.ForkAsync(7);
        await world.World.Chain.MineAsync(depth);
        await world.Watcher.WorkAsync(default);
        Assert.Equal(SweepWorld.Ether, await world.UnsweptAsync());
        await Deposits.AssertReconciledAsync(world.World, SweepWorld.Rules);
        await world.FinalizeAsync();
        await world.FinalizeAsync();
        var transfer = Assert.Single(await world.TransfersAsync());
        Assert.Equal((TransferState.Final, 1), (transfer.State, (await world.World.AttemptsAsync(transfer.Id)).Count));
        Assert.Equal(0, await world.UnsweptAsync());
        Assert.Equal(depth >= 3 ? 2 : 1, Assert.Single(await Deposits.AllAsync(world.World)).Sweeps);
        await world.AssertAgreesAsync();
    }

    [SkippableFact]
    public async Task The_nonce_of_a_sweep_that_the_signer_refuses_is_used_by_a_plain_transaction()
    {
        await using var world = await StartAsync(StoreKind.Sqlite);
        await Deposits.PayAsync(world.World, Assert.Single(await AddAsync(world, 1)), SweepWorld.Ether);
        await world.FinalizeAsync();
        await world.SetRuleAsync(world.Coin, SweepWorld.Ether);
        await world.RoundAsync();
        using (var signer = SweepWorld.OpenSigner(_scratch.Path, TimeProvider.System))
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
        Assert.Contains("has not looked through all blocks yet", (await world.RuleAsync(world.Coin)).Waiting, StringComparison.Ordinal);
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

    [SkippableFact]
    public async Task A_token_that_forwarders_had_before_it_was_watched_is_taken_into_the_books_and_swept()
    {
        await using var world = await StartAsync(StoreKind.Sqlite);
        var address = Assert.Single(await AddAsync(world, 1));
        const string late = "0x00000000000000000000000000000000000b0b00";
        await world.World.Chain.CallAsync("anvil_setCode", late, Contracts.Token);
        await world.World.Chain.CallAsync("anvil_setStorageAt", late, "0x" + address[2..].ToLowerInvariant().PadLeft(64, '0'), $"0x{500:x64}");
        await world.FinalizeAsync();
        var rules = SweepWorld.Rules with { Tokens = [.. SweepWorld.Rules.Tokens, new Asset(Asset.Ethereum, late)] };
        var watcher = world.World.NewWatcher(rules);
        await watcher.WorkAsync(default);
        await watcher.WorkAsync(default);
        Assert.Equal(500, await world.UnsweptAsync($"{Asset.Ethereum}/{late}"));
        await Deposits.AssertReconciledAsync(world.World, rules);
        Assert.True(await world.World.Chain.SendAsync(Solidity.Stranger, ForwarderContract.Address, SweepWorld.SweepData(0, late)));
        await world.World.Chain.MineAsync(3);
        await watcher.WorkAsync(default);
        Assert.Equal((0, 500), (await world.UnsweptAsync($"{Asset.Ethereum}/{late}"), await world.AvailableAsync($"{Asset.Ethereum}/{late}")));
        await Deposits.AssertReconciledAsync(world.World, rules);
    }

    [SkippableFact]
    public async Task A_cold_key_signs_the_sweep_that_is_exported_and_no_other()
    {
        await using var world = await StartAsync(StoreKind.Sqlite, isCold: true);
        foreach (var address in await AddAsync(world, 2))
            await Deposits.PayAsync(world.World, address, SweepWorld.Ether);
        await world.FinalizeAsync();
        await world.SetRuleAsync(world.Coin, SweepWorld.Ether);
        await world.RoundAsync();
        await world.Sender.WorkAsync(world.World.Wallet, default);
        var transfer = Assert.Single(await world.TransfersAsync());
        var export = Assert.Single(await _database!.ReadAsync(session => session.ExportsAsync(transfer.Id)));
        var order = EthereumTransactions.Read(export.Content);
        Assert.Equal(new[] { 0L, 1L }.Select(position => ForwarderSalt.Of(SweepWorld.Secret, position)).Order(StringComparer.Ordinal), order.Salts);
        var signed = ColdSignature.Check(world.World.Wallet, Networks.Development, export, await SignAsync(order));
        foreach (var other in new[] { order with { Salts = [order.Salts![0]] }, order with { Purpose = Attempt.Payment }, order with { Nonce = order.Nonce + 1 } })
        {
            var raw = await SignAsync(other);
            Assert.Equal("not-the-order", Assert.Throws<SigningRefusedException>(() => ColdSignature.Check(world.World.Wallet, Networks.Development, export, raw)).Code);
        }

        await _database.ChangeAsync(async session =>
        {
            await session.AddAttemptAsync(
                new Attempt { Transfer = transfer.Id, Number = export.Number, Purpose = export.Purpose, Txid = signed.Txid, Raw = signed.Raw, FeeRate = export.FeeRate, MaxFee = export.MaxFee }, DateTimeOffset.UtcNow);
            await session.MoveAsync((await session.TransferAsync(transfer.Id))!, TransferEvent.Sign, "test", DateTimeOffset.UtcNow);
        });
        await world.Sender.WorkAsync(world.World.Wallet, default);
        await world.FinalizeAsync();
        Assert.Equal((TransferState.Final, 0), ((await world.TransfersAsync())[0].State, await world.UnsweptAsync()));
        await world.AssertAgreesAsync();

        static async Task<string> SignAsync(EthereumOrder order)
        {
            using var key = new FileEthereumKey(Convert.FromHexString(EthereumWorld.Key));
            var transaction = EthereumTransactions.Build(order, EthereumWorld.Sender);
            transaction.SetSignature(await key.SignAsync(transaction.RawHash, default));
            return $"0x{Convert.ToHexStringLower(transaction.GetRLPEncoded())}";
        }
    }

    private async Task<SweepWorld> StartAsync(StoreKind kind, bool isDeployed = true, bool isCold = false)
    {
        _database = await Stores.OpenAsync(kind, _scratch, postgreSql);
        return await SweepWorld.StartAsync(_database, _scratch.Path, isDeployed, isCold);
    }

    private static async Task<IReadOnlyList<string>> AddAsync(SweepWorld world, int count)
    {
        var addresses = new List<string>();
        for (var number = 0; number < count; number++)
            addresses.Add(await Deposits.AddAddressAsync(world.World));
        return addresses;
    }

    private static async Task<BigInteger> TokenAsync(SweepWorld world, string holder) => BigInteger.Parse(
        "0" + (await world.World.Chain.CallAsync("eth_call", new { to = Deposits.Token, data = "0x70a08231" + holder[2..].ToLowerInvariant().PadLeft(64, '0') }, "latest")).GetString()![2..],
        System.Globalization.NumberStyles.AllowHexSpecifier, System.Globalization.CultureInfo.InvariantCulture);

    private sealed class NoSweeps(ISigner signer) : ISigner
    {
        public Task<SignedBytes> SignAsync(EthereumOrder order, CancellationToken cancellationToken) =>
            order.Purpose == Attempt.Sweep ? throw new SigningRefusedException("above-fee-limit", "it is too dear") : signer.SignAsync(order, cancellationToken);

        public Task<SignedBytes> SignAsync(BitcoinOrder order, CancellationToken cancellationToken) => signer.SignAsync(order, cancellationToken);

        public Task<SignedBytes> SignAsync(BitcoinChildOrder order, CancellationToken cancellationToken) => signer.SignAsync(order, cancellationToken);

        public Task ForswearAsync(ForswornOrder order, CancellationToken cancellationToken) => signer.ForswearAsync(order, cancellationToken);

        public void Dispose() => signer.Dispose();
    }
}
