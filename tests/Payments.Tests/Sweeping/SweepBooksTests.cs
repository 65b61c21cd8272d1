using System.Collections.Immutable;
using HaCluster.Payments.Amounts;
using HaCluster.Payments.Books;
using HaCluster.Payments.Chains;
using HaCluster.Payments.Metrics;
using HaCluster.Payments.Scanning;
using HaCluster.Payments.Tests.Peers;
using HaCluster.Payments.Tests.Scanning;
using HaCluster.Payments.Tests.Store;
using HaCluster.Payments.Transfers;
using HaCluster.Payments.Wallets;
using HaCluster.Services;

namespace HaCluster.Payments.Tests.Sweeping;

/// <summary>What sweeps move when books and chain are not equally far: before an opening, in its block, and before the watcher has looked.</summary>
[Collection(StoreCollection.Name)]
public sealed class SweepBooksTests(PostgreSql postgreSql) : IDisposable
{
    private const string Late = "0x00000000000000000000000000000000000b0b00";
    private const string LateAsset = $"{Asset.Ethereum}/{Late}";

    /// <summary>The fourth account of every anvil.</summary>
    private const string Other = "0x90F79bf6EB2c4f870365E785982E1f101E93b906";

    private readonly Scratch _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [SkippableTheory, OnBothStores]
    public async Task What_a_sweep_has_just_emptied_is_not_swept_again_before_the_watcher_has_seen_it(StoreKind kind)
    {
        await using var database = await Stores.OpenAsync(kind, _scratch, postgreSql);
        await using var world = await SweepWorld.StartAsync(database, _scratch.Path);
        // Deposits and transfers are final after one block, long before it is finalized.
        var rules = SweepWorld.Rules with { Finality = ImmutableDictionary<string, FinalityRule>.Empty.Add(Asset.Ethereum, FinalityRule.Of(1)).Add(Deposits.TokenAsset, FinalityRule.Of(1)) };
        var watcher = world.World.NewWatcher(rules);
        using var signer = SweepWorld.OpenSigner(_scratch.Path, TimeProvider.System);
        var sender = world.World.NewSender(signer, finality: rules);
        var address = await Deposits.AddAddressAsync(world.World);
        await Deposits.PayAsync(world.World, address, SweepWorld.Ether);
        await Deposits.PayTokenAsync(world.World, address, 50);
        await world.World.Chain.MineAsync();
        await watcher.WorkAsync(default);
        await world.SetRuleAsync(world.Coin, SweepWorld.Ether);
        await world.SetRuleAsync(world.Token, 50);
        await world.RoundAsync();
        await sender.WorkAsync(world.World.Wallet, default);
        await world.World.Chain.MineAsync();
        await sender.WorkAsync(world.World.Wallet, default);
        await sender.WorkAsync(world.World.Wallet, default);
        Assert.All(await world.TransfersAsync(), transfer => Assert.Equal(TransferState.Final, transfer.State));
        // These rounds have ended, and the watcher has not looked through the block in which the addresses were emptied.
        await world.RoundAsync();
        await world.RoundAsync();
        Assert.Equal(2, (await world.TransfersAsync()).Count);
        Assert.Contains("are empty on the chain", (await world.RuleAsync(world.Coin)).Waiting, StringComparison.Ordinal);
        Assert.Contains("are empty on the chain", (await world.RuleAsync(world.Token)).Waiting, StringComparison.Ordinal);
        await world.World.Chain.MineAsync(3);
        await watcher.WorkAsync(default);
        await world.RoundAsync();
        Assert.Equal((2, 0, 0), ((await world.TransfersAsync()).Count, await world.UnsweptAsync(), await world.UnsweptAsync(Deposits.TokenAsset)));
        await Deposits.AssertReconciledAsync(world.World, rules);
    }

    [SkippableTheory, OnBothStores]
    public async Task What_was_swept_before_its_sender_was_taken_into_the_books_is_counted_once(StoreKind kind)
    {
        await using var database = await Stores.OpenAsync(kind, _scratch, postgreSql);
        await using var world = await SweepWorld.StartAsync(database, _scratch.Path);
        await database.ChangeAsync(session => session.AddWalletAsync(
            new Wallet { Id = "wal_2", Chain = Asset.Ethereum, Name = "other", Script = ScriptKind.None, SigningKey = "other", Sender = Other, HasForwarders = true }, "test", DateTimeOffset.UtcNow));
        await Deposits.PayAsync(world.World, await Deposits.AddAddressAsync(world.World, "wal_2"), SweepWorld.Ether);
        await world.World.Chain.MineAsync();
        Assert.True(await world.World.Chain.SendAsync(Solidity.Outsider, ForwarderContract.Address, ForwarderContract.SweepData(Other, [ForwarderSalt.At(0)], null)));
        await world.World.Chain.MineAsync(3);
        // Blocks are looked through; the balance of the sender is not known yet.
        using var client = new NodeClient(world.World.Chain.Url);
        var metrics = new PaymentsMetrics(new EventLog(TextWriter.Null, TimeProvider.System, "subject"), "1");
        var reader = new EthereumReader(database, new EthereumNode(client), Networks.Development, SweepWorld.Rules);
        await new ChainWatcher(reader, null, new WatcherContext(database, metrics, NoFaults.Instance, TimeProvider.System, SweepWorld.Rules)).WorkAsync(default);
        Assert.Equal(SweepWorld.Ether, await Deposits.BalanceAsync(world.World, Account.Available("wal_2")));
        await world.Watcher.WorkAsync(default);
        Assert.Equal(await world.World.BalanceAsync(Other), await Deposits.BalanceAsync(world.World, Account.Available("wal_2")));
        await Deposits.AssertReconciledAsync(world.World, SweepWorld.Rules);
    }

    [SkippableTheory, OnBothStores]
    public async Task What_a_forwarder_has_of_a_token_when_it_is_taken_into_the_books_came_after_the_sweeps_of_that_block(StoreKind kind)
    {
        await using var database = await Stores.OpenAsync(kind, _scratch, postgreSql);
        await using var world = await SweepWorld.StartAsync(database, _scratch.Path);
        var address = await Deposits.AddAddressAsync(world.World);
        await world.World.Chain.CallAsync("anvil_setCode", Late, Contracts.Token);
        await SetAsync(address, 300);
        await SetAsync(Deposits.Payer, 1_000);
        // In one block, in this order: what it had is swept, and it is paid again.
        await world.World.Chain.CallAsync(
            "eth_sendTransaction",
            new { from = Solidity.Outsider, to = ForwarderContract.Address, data = SweepWorld.SweepData(0, Late), gas = "0x4c4b40", maxPriorityFeePerGas = "0x12a05f200", maxFeePerGas = "0x174876e800" });
        await world.World.Chain.CallAsync("eth_sendTransaction", new { from = Deposits.Payer, to = Late, gas = "0x30d40", data = $"0xa9059cbb{address[2..].ToLowerInvariant().PadLeft(64, '0')}{500:x64}" });
        // It is the one that is finalized then, at which the token is taken into the books.
        await world.World.Chain.MineAsync(3);
        await world.Watcher.WorkAsync(default);
        var rules = SweepWorld.Rules with { Tokens = [.. SweepWorld.Rules.Tokens, new Asset(Asset.Ethereum, Late)] };
        var watcher = world.World.NewWatcher(rules);
        await watcher.WorkAsync(default);
        await watcher.WorkAsync(default);
        Assert.Equal((500, 300), (await world.UnsweptAsync(LateAsset), await world.AvailableAsync(LateAsset)));
        await Deposits.AssertReconciledAsync(world.World, rules);
        Assert.True(await world.World.Chain.SendAsync(Solidity.Outsider, ForwarderContract.Address, SweepWorld.SweepData(0, Late)));
        await world.World.Chain.MineAsync(3);
        await watcher.WorkAsync(default);
        Assert.Equal((0, 800), (await world.UnsweptAsync(LateAsset), await world.AvailableAsync(LateAsset)));
        await Deposits.AssertReconciledAsync(world.World, rules);

        Task SetAsync(string holder, int amount) => world.World.Chain.CallAsync("anvil_setStorageAt", Late, "0x" + holder[2..].ToLowerInvariant().PadLeft(64, '0'), $"0x{amount:x64}");
    }
}
