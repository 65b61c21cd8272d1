using HaCluster.Payments.Amounts;
using HaCluster.Payments.Books;
using HaCluster.Payments.Metrics;
using HaCluster.Payments.Scanning;
using HaCluster.Payments.Tests.Chains;
using HaCluster.Payments.Tests.Peers;
using HaCluster.Payments.Tests.Store;
using HaCluster.Payments.Working;

namespace HaCluster.Payments.Tests.Books;

/// <summary>Comparisons that take longer than blocks and leases: a fake node counts what it is asked.</summary>
[Collection(StoreCollection.Name)]
public sealed class LongComparisonTests(PostgreSql postgreSql) : IDisposable
{
    private const int Addresses = 2_500;
    private const int SmallWallets = 40;

    private readonly Scratch _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [SkippableTheory, OnBothStores]
    public async Task Many_addresses_are_compared_in_batches_and_rounds_shorter_than_the_lease_while_blocks_come(StoreKind kind)
    {
        using var world = await StartAsync(kind);
        var (first, second, watcher) = (world.NewReconciler("first", FakeEthereumWorld.WithToken), world.NewReconciler("second", FakeEthereumWorld.WithToken), world.NewWatcher("watcher", FakeEthereumWorld.WithToken));
        world.Chain.Requests.Clear();
        var asked = 0;
        world.Chain.Before = async method =>
        {
            if (!IsBalance(method))
                return;
            world.Clock.Advance(TimeSpan.FromSeconds(1));
            if (++asked % 4 != 0)
                return;
            world.Chain.Pay(FakeEthereumWorld.Address(1, 1), 3);
            await watcher.Loop.RoundAsync(default);
        };
        var rounds = 0;
        for (; await LastAsync(world) is null; rounds++)
        {
            Assert.True(rounds < 20, world.Log);
            var begun = world.Clock.GetUtcNow();
            Assert.True(await first.Loop.RoundAsync(default), world.Log);
            Assert.True(world.Clock.GetUtcNow() - begun < TimeSpan.FromSeconds(20), $"{world.Clock.GetUtcNow() - begun}");
            await second.Loop.RoundAsync(default);
            world.Clock.Advance(TimeSpan.FromSeconds(5));
        }

        Assert.InRange(rounds, 3, 8);
        // Of ether and of the token, each address once, and wallets with few of them together.
        Assert.InRange(world.Chain.RequestsOf("eth_call"), Addresses / 200, 20);
        Assert.InRange(world.Chain.RequestsOf("eth_getBalance"), Addresses / 200, 20);
        var results = await world.Database.ReadAsync(async session => await session.ResultsAsync((await session.LastReconciliationAsync(Asset.Ethereum))!.Id));
        Assert.Equal(2 * (1 + SmallWallets), results.Count);
        Assert.All(results, result => Assert.Equal((result.Wallet, 0), (result.Wallet, result.Difference)));
        Assert.Contains(results, result => result.OnChain == Addresses * (Addresses + 1) / 2);
    }

    [SkippableTheory, OnBothStores]
    public async Task What_another_replica_has_ended_is_not_gone_on_with_a_day_later(StoreKind kind)
    {
        using var world = await StartAsync(kind);
        var (first, second, watcher) = (world.NewReconciler("first", FakeEthereumWorld.WithToken), world.NewReconciler("second", FakeEthereumWorld.WithToken), world.NewWatcher("watcher", FakeEthereumWorld.WithToken));
        CountSeconds(world);
        await first.Loop.RoundAsync(default);
        Assert.Null(await LastAsync(world));
        world.Clock.Advance(TimeSpan.FromSeconds(31));
        await UntilComparedAsync(world, second.Loop);
        var ended = (await LastAsync(world))!;
        world.Chain.Mine(5);
        await watcher.Loop.RoundAsync(default);
        world.Clock.Advance(TimeSpan.FromDays(1));
        while ((await LastAsync(world))!.Id == ended.Id)
            await first.Loop.RoundAsync(default);
        Assert.Equal(ended.Height + 5, (await LastAsync(world))!.Height);
        Assert.Equal(2, (await world.Database.ReadAsync(session => session.ReconciliationsAsync(null, 10))).Count);
    }

    [SkippableFact]
    public async Task Another_block_in_the_place_of_the_compared_one_begins_anew()
    {
        using var world = await StartAsync(StoreKind.Sqlite);
        var (reconciler, watcher) = (world.NewReconciler("first", FakeEthereumWorld.WithToken), world.NewWatcher("watcher", FakeEthereumWorld.WithToken));
        CountSeconds(world);
        await reconciler.Loop.RoundAsync(default);
        world.Chain.Replace(1);
        world.Chain.Mine();
        await watcher.Loop.RoundAsync(default);
        await UntilComparedAsync(world, reconciler.Loop);
        Assert.Contains("the comparison begins anew", world.Log, StringComparison.Ordinal);
        Assert.Equal(world.Chain.Head, (await LastAsync(world))!.Height);
    }

    [SkippableFact]
    public async Task A_node_that_no_longer_has_the_block_is_asked_of_a_newer_one()
    {
        using var world = await StartAsync(StoreKind.Sqlite);
        var (reconciler, watcher) = (world.NewReconciler("first", FakeEthereumWorld.WithToken), world.NewWatcher("watcher", FakeEthereumWorld.WithToken));
        CountSeconds(world);
        await reconciler.Loop.RoundAsync(default);
        world.Chain.HasForgotten = true;
        for (var round = 0; round < 4 && await reconciler.Loop.RoundAsync(default); round++)
            Assert.Null(await LastAsync(world));
        Assert.Contains("\"reconciler-failed\"", world.Log, StringComparison.Ordinal);
        world.Chain.HasForgotten = false;
        // What failed rests for some seconds.
        world.Clock.Advance(TimeSpan.FromMinutes(1));
        world.Chain.Mine(3);
        await watcher.Loop.RoundAsync(default);
        await UntilComparedAsync(world, reconciler.Loop);
        Assert.Equal(world.Chain.Head, (await LastAsync(world))!.Height);
    }

    [SkippableFact]
    public async Task A_token_that_refuses_is_named_and_all_other_assets_are_compared()
    {
        using var world = await StartAsync(StoreKind.Sqlite);
        var reconciler = world.NewReconciler("first", FakeEthereumWorld.WithToken);
        CountSeconds(world);
        world.Chain.Failing.Add(FakeEthereumWorld.Token);
        await UntilComparedAsync(world, reconciler.Loop);
        var results = await world.Database.ReadAsync(async session => await session.ResultsAsync((await session.LastReconciliationAsync(Asset.Ethereum))!.Id));
        Assert.NotEmpty(results);
        Assert.All(results, result => Assert.Equal(Asset.Ethereum, result.Asset));
        Assert.Contains($"ethereum/{FakeEthereumWorld.Token} was not compared", world.Log, StringComparison.OrdinalIgnoreCase);
    }

    [SkippableFact]
    public async Task Who_asks_while_one_goes_on_gets_one_of_newer_books()
    {
        using var world = await StartAsync(StoreKind.Sqlite);
        var reconciler = world.NewReconciler("first", FakeEthereumWorld.WithToken);
        CountSeconds(world);
        await reconciler.Loop.RoundAsync(default);
        var asked = await world.Database.ChangeAsync(session => session.RequestReconciliationAsync(Asset.Ethereum, "test", world.Clock.GetUtcNow()));
        await UntilComparedAsync(world, reconciler.Loop);
        Assert.NotEqual(asked.Id, (await LastAsync(world))!.Id);
        Assert.Equal(asked.Id, (await world.Database.ReadAsync(session => session.WaitingReconciliationAsync(Asset.Ethereum)))!.Id);
        for (var round = 0; (await LastAsync(world))!.Id != asked.Id; round++)
        {
            Assert.True(round < 20, world.Log);
            await reconciler.Loop.RoundAsync(default);
        }
    }

    [SkippableTheory, OnBothStores]
    public async Task A_wallet_that_was_never_compared_shows_since_when(StoreKind kind)
    {
        using var world = new FakeEthereumWorld(await Stores.OpenAsync(kind, _scratch, postgreSql));
        var (reconciler, watcher) = (world.NewReconciler("first", new DepositRules()), world.NewWatcher("watcher", new DepositRules()));
        await reconciler.Loop.RoundAsync(default);
        Assert.DoesNotContain("payments_not_compared_since_timestamp_seconds{", await ShownAsync(reconciler.Metrics), StringComparison.Ordinal);
        // Nothing was looked through yet: no comparison can begin.
        var made = world.Clock.GetUtcNow();
        await world.AddWalletAsync(1, 2);
        world.Clock.Advance(TimeSpan.FromHours(1));
        await reconciler.Loop.RoundAsync(default);
        await AssertSinceAsync(made);
        await watcher.Loop.RoundAsync(default);
        var compared = world.Clock.GetUtcNow();
        await reconciler.Loop.RoundAsync(default);
        world.Clock.Advance(TimeSpan.FromHours(1));
        await reconciler.Loop.RoundAsync(default);
        await AssertSinceAsync(compared);
        // One that was made since does not have to be compared before the next day, and does not make what is shown newer.
        await world.AddWalletAsync(2, 2);
        await reconciler.Loop.RoundAsync(default);
        await AssertSinceAsync(compared);

        async Task AssertSinceAsync(DateTimeOffset time) => Assert.Contains(
            $"payments_not_compared_since_timestamp_seconds{{chain=\"ethereum\"}} {time.ToUnixTimeSeconds()}\n", await ShownAsync(reconciler.Metrics), StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task A_wallet_behind_ten_thousand_others_is_compared()
    {
        using var world = new FakeEthereumWorld(await Stores.OpenAsync(StoreKind.Sqlite, _scratch, postgreSql));
        await world.Database.ChangeAsync(session => session.ExecuteAsync(
            """
            with recursive numbers (number) as (select 1 union all select number + 1 from numbers where number < 10000)
            insert into wallets (id, chain, name, script, gap_limit, created_at) select 'wal_' || substr('00000' || number, -5), 'bitcoin', 'other ' || number, 'bip84', 20, 0 from numbers
            """));
        await world.AddWalletAsync(999_999, 2);
        await world.NewWatcher("watcher", new DepositRules()).Loop.RoundAsync(default);
        await UntilComparedAsync(world, world.NewReconciler("first", new DepositRules()).Loop);
        var last = (await LastAsync(world))!;
        Assert.Equal(FakeEthereumWorld.Name(999_999), Assert.Single(await world.Database.ReadAsync(session => session.ResultsAsync(last.Id))).Wallet);
    }

    private static bool IsBalance(string method) => method is "eth_call" or "eth_getBalance";

    private static void CountSeconds(FakeEthereumWorld world) => world.Chain.Before = method =>
    {
        world.Clock.Advance(TimeSpan.FromSeconds(IsBalance(method) ? 1 : 0));
        return Task.CompletedTask;
    };

    private static async Task UntilComparedAsync(FakeEthereumWorld world, WorkerLoop reconciler)
    {
        for (var round = 0; await LastAsync(world) is null; round++)
        {
            Assert.True(round < 20, world.Log);
            await reconciler.RoundAsync(default);
        }
    }

    private static Task<Reconciliation?> LastAsync(FakeEthereumWorld world) => world.Database.ReadAsync(session => session.LastReconciliationAsync(Asset.Ethereum));

    private static async Task<string> ShownAsync(PaymentsMetrics metrics)
    {
        using var text = new MemoryStream();
        await metrics.WriteAsync(text, default);
        return System.Text.Encoding.UTF8.GetString(text.ToArray());
    }

    /// <summary>One wallet with many addresses and several with few, whose token is in the books.</summary>
    private async Task<FakeEthereumWorld> StartAsync(StoreKind kind)
    {
        var world = new FakeEthereumWorld(await Stores.OpenAsync(kind, _scratch, postgreSql));
        await world.AddWalletAsync(1, Addresses);
        for (var wallet = 2; wallet < 2 + SmallWallets; wallet++)
            await world.AddWalletAsync(wallet, 3);
        var watcher = world.NewWatcher("watcher", FakeEthereumWorld.WithToken).Loop;
        Assert.True(await watcher.RoundAsync(default), world.Log);
        Assert.Equal(1 + SmallWallets, await world.Database.ReadAsync(session => session.GetAsync<long>("select count(*) from token_openings")));
        return world;
    }
}
