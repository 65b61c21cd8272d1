using System.Numerics;
using HaCluster.Payments.Amounts;
using HaCluster.Payments.Books;
using HaCluster.Payments.Scanning;
using HaCluster.Payments.Tests.Chains;
using HaCluster.Payments.Tests.Peers;
using HaCluster.Payments.Tests.Store;
using HaCluster.Payments.Wallets;

namespace HaCluster.Payments.Tests.Scanning;

/// <summary>A token that is added to wallets with many addresses, while blocks come and deposits are final.</summary>
[Collection(StoreCollection.Name)]
public sealed class OpeningTests(PostgreSql postgreSql) : IDisposable
{
    private const int Addresses = 3_000;
    private const string TokenAsset = $"{Asset.Ethereum}/{FakeEthereumWorld.Token}";

    private static readonly BigInteger Sum = Addresses * (Addresses + 1) / 2;

    private readonly Scratch _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [SkippableTheory, OnBothStores]
    public async Task A_token_of_many_addresses_is_opened_in_rounds_shorter_than_the_lease_while_deposits_become_final(StoreKind kind)
    {
        using var world = await StartAsync(kind);
        var (first, second) = (world.NewWatcher("first", FakeEthereumWorld.WithToken), world.NewWatcher("second", FakeEthereumWorld.WithToken));
        world.Chain.Before = method =>
        {
            world.Clock.Advance(TimeSpan.FromSeconds(method == "eth_call" ? 1 : 0.01));
            return Task.CompletedTask;
        };
        var rounds = 0;
        for (; await OpenedAsync(world) == 0; rounds++)
        {
            Assert.True(rounds < 20, world.Log);
            world.Chain.Pay(FakeEthereumWorld.Address(1, 1 + rounds), 1 + rounds);
            world.Chain.PayToken(FakeEthereumWorld.Token, FakeEthereumWorld.Address(1, 1 + rounds), 7);
            var begun = world.Clock.GetUtcNow();
            Assert.True(await first.Loop.RoundAsync(default), world.Log);
            Assert.True(world.Clock.GetUtcNow() - begun < TimeSpan.FromSeconds(15), $"{world.Clock.GetUtcNow() - begun}");
            // Two blocks are on top of the deposits of the rounds before.
            Assert.Equal(1 + rounds, (await world.DepositsAsync()).Count);
            Assert.All((await world.DepositsAsync()).Where(deposit => deposit.Amount <= rounds), deposit => Assert.Equal(Deposit.Final, deposit.State));
            // The other replica does not get the lease.
            Assert.True(await second.Loop.RoundAsync(default), world.Log);
            world.Clock.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.InRange(rounds, 3, 10);
        Assert.InRange(world.Chain.RequestsOf("eth_call"), Addresses / 200, 25);
        await AssertOpenedOnceAsync(world);
        Assert.Equal(rounds, (await world.DepositsAsync(TokenAsset)).Count);
    }

    [SkippableTheory, OnBothStores]
    public async Task A_replica_that_takes_over_half_way_opens_it_and_the_other_one_not_again(StoreKind kind)
    {
        using var world = await StartAsync(kind);
        var (first, second) = (world.NewWatcher("first", FakeEthereumWorld.WithToken), world.NewWatcher("second", FakeEthereumWorld.WithToken));
        world.Chain.Before = method =>
        {
            world.Clock.Advance(TimeSpan.FromSeconds(method == "eth_call" ? 1 : 0));
            return Task.CompletedTask;
        };
        await first.Loop.RoundAsync(default);
        Assert.Equal(0, await OpenedAsync(world));
        // It is paused for longer than its lease.
        world.Clock.Advance(TimeSpan.FromSeconds(31));
        world.Chain.PayToken(FakeEthereumWorld.Token, FakeEthereumWorld.Address(1, 5), 70);
        for (var round = 0; round < 10; round++)
            await second.Loop.RoundAsync(default);
        await AssertOpenedOnceAsync(world);
        world.Clock.Advance(TimeSpan.FromSeconds(31));
        world.Chain.Mine(3);
        await first.Loop.RoundAsync(default);
        await AssertOpenedOnceAsync(world);
        Assert.Equal((Deposit.Final, 70), Deposits.Of(Assert.Single(await world.DepositsAsync(TokenAsset))));
    }

    [SkippableTheory, OnBothStores]
    public async Task A_block_that_another_replica_looks_through_meanwhile_costs_no_balance_that_was_read(StoreKind kind)
    {
        using var world = await StartAsync(kind);
        var (first, other) = (world.NewWatcher("first", FakeEthereumWorld.WithToken), world.NewWatcher("second", new DepositRules()));
        var requests = 0;
        world.Chain.Before = async method =>
        {
            // The last of the batches, after which the lease of the first one is over: the other one does not know the token yet.
            if (method != "eth_call" || ++requests != 18)
                return;
            world.Clock.Advance(TimeSpan.FromSeconds(31));
            world.Chain.PayToken(FakeEthereumWorld.Token, FakeEthereumWorld.Address(1, 5), 70);
            await other.Loop.RoundAsync(default);
        };
        for (var round = 0; round < 6; round++)
            await first.Loop.RoundAsync(default);
        Assert.Equal(0, await OpenedAsync(world));
        var asked = world.Chain.RequestsOf("eth_call");
        world.Clock.Advance(TimeSpan.FromSeconds(31));
        await first.Loop.RoundAsync(default);
        Assert.Equal(asked, world.Chain.RequestsOf("eth_call"));
        await AssertOpenedOnceAsync(world);
        Assert.Equal(70, Assert.Single(await world.DepositsAsync(TokenAsset)).Amount);
    }

    [SkippableTheory, OnBothStores]
    public async Task A_token_that_fails_holds_up_neither_other_assets_nor_what_becomes_final(StoreKind kind)
    {
        using var world = await StartAsync(kind);
        const string failing = "0x00000000000000000000000000000000000000ff";
        var watcher = world.NewWatcher("first", new DepositRules { Tokens = [new Asset(Asset.Ethereum, failing), new Asset(Asset.Ethereum, FakeEthereumWorld.Token)] });
        world.Chain.Failing.Add(failing);
        await world.AddWalletAsync(2, 3);
        world.Chain.Pay(FakeEthereumWorld.Address(1, 1), 5);
        world.Chain.Mine(2);
        for (var round = 0; round < 3; round++)
            Assert.True(await watcher.Loop.RoundAsync(default), world.Log);
        Assert.Equal(Deposit.Final, Assert.Single(await world.DepositsAsync()).State);
        Assert.Equal(2, await OpenedAsync(world));
        Assert.Equal(1, Said());
        Assert.NotNull((await world.Database.ReadAsync(session => session.WalletAsync(FakeEthereumWorld.Name(2))))!.OpenedBlock);
        world.Clock.Advance(TimeSpan.FromMinutes(1));
        await watcher.Loop.RoundAsync(default);
        Assert.Equal(2, Said());
        world.Chain.Failing.Clear();
        world.Clock.Advance(TimeSpan.FromMinutes(1));
        await watcher.Loop.RoundAsync(default);
        Assert.Equal(4, await OpenedAsync(world));

        int Said() => world.Log.Split($"\"watcher-failed\"").Length - 1;
    }

    private async Task<FakeEthereumWorld> StartAsync(StoreKind kind)
    {
        var world = new FakeEthereumWorld(await Stores.OpenAsync(kind, _scratch, postgreSql));
        await world.AddWalletAsync(1, Addresses);
        var before = world.NewWatcher("before", new DepositRules()).Loop;
        await before.RoundAsync(default);
        await before.GiveUpAsync();
        return world;
    }

    private static Task<long> OpenedAsync(FakeEthereumWorld world) => world.Database.ReadAsync(session => session.GetAsync<long>("select count(*) from token_openings"));

    private static async Task AssertOpenedOnceAsync(FakeEthereumWorld world)
    {
        var openings = (await world.Database.ReadAsync(session => session.PostingsAsync(0, 1000))).Where(posting => posting.Cause == $"wallet/{FakeEthereumWorld.Name(1)}/opening/{TokenAsset}");
        Assert.Equal(Sum, Assert.Single(openings).Amount);
        Assert.Equal(1, await OpenedAsync(world));
    }
}
