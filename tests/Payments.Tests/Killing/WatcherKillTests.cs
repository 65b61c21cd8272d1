using System.Numerics;
using HaCluster.Payments.Amounts;
using HaCluster.Payments.Books;
using HaCluster.Payments.Outbox;
using HaCluster.Payments.Scanning;
using HaCluster.Payments.Store;
using HaCluster.Payments.Tests.Peers;
using HaCluster.Payments.Tests.Scanning;
using HaCluster.Payments.Tests.Sending;

namespace HaCluster.Payments.Tests.Killing;

/// <summary>
/// SIGKILL at every point of a watcher's way, which is behind and in the middle of a reorganisation: the next process ends where one that was not killed does, and nothing is booked or told twice.
/// </summary>
[Collection(BitcoinKillCollection.Name)]
public sealed class WatcherKillTests(BitcoinRegtest bitcoin, PostgreSql postgreSql) : IClassFixture<PostgreSql>, IAsyncLifetime, IDisposable
{
    /// <summary>Blocks above the deposits, so that these are in a transaction of several.</summary>
    private const int Behind = ReadAhead.Tip + 4;

    private readonly Scratch _scratch = new();
    private Database? _database;
    private string _store = "";

    private Database Database => _database ?? throw new InvalidOperationException("open the store first");

    /// <summary>Without the switch each point on one store, which is the other one on the other chain.</summary>
    internal static readonly bool IsWhole = Environment.GetEnvironmentVariable("HA_KILL_ALL") == "1";

    public static TheoryData<string, StoreKind> OnEthereum => Points(StoreKind.Sqlite);

    public static TheoryData<string, StoreKind> OnBitcoin => Points(StoreKind.PostgreSql);

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        if (_database is not null)
            await _database.DisposeAsync();
    }

    public void Dispose() => _scratch.Dispose();

    [SkippableTheory]
    [MemberData(nameof(OnEthereum))]
    public async Task On_Ethereum_the_next_watcher_ends_the_same(string point, StoreKind kind)
    {
        await OpenAsync(kind);
        await using var world = await EthereumWorld.StartAsync(await EthereumWorld.StartChainAsync(), Database, _scratch.Path, extendedKey: Deposits.ExtendedKey);
        var (lost, found, pending) = (await Deposits.AddAddressAsync(world), await Deposits.AddAddressAsync(world), await Deposits.AddAddressAsync(world));
        await Deposits.PayAsync(world, lost, 1_000);
        await world.Chain.MineAsync();
        await world.NewWatcher(KilledWatcher.Rules).WorkAsync(default);
        await world.Chain.RollBackAsync(1);
        await world.Chain.CallAsync("anvil_dropAllTransactions");
        await world.Chain.ForkAsync(9);
        await Deposits.PayAsync(world, found, 2_000);
        await world.Chain.MineAsync(Behind);
        await Deposits.PayAsync(world, pending, 3_000);
        await DieAsync(Asset.Ethereum, world.Chain.Url, point);
        await world.NewWatcher(KilledWatcher.Rules).WorkAsync(default);
        await AssertEndAsync(world.Wallet.Id, Asset.Ethereum, await Deposits.OpeningAsync(world));
        await Deposits.AssertReconciledAsync(world);
    }

    [SkippableTheory]
    [MemberData(nameof(OnBitcoin))]
    public async Task On_Bitcoin_the_next_watcher_ends_the_same(string point, StoreKind kind)
    {
        await OpenAsync(kind);
        // Payments of other tests would wait in the pool.
        await bitcoin.MineAsync();
        await using var world = await BitcoinWorld.StartAsync(bitcoin, Database, _scratch.Path);
        var (lost, found, pending) = (await world.AddAddressAsync(), await world.AddAddressAsync(), await world.AddAddressAsync());
        await bitcoin.PayAsync(1_000, lost);
        await bitcoin.MineAsync();
        await world.NewWatcher(KilledWatcher.Rules).WorkAsync(default);
        await bitcoin.Chain.ReplaceAsync(1);
        await bitcoin.PayAsync(2_000, found);
        await bitcoin.MineAsync(Behind);
        await bitcoin.PayAsync(3_000, pending);
        await DieAsync(Asset.Bitcoin, bitcoin.Url, point);
        await world.NewWatcher(KilledWatcher.Rules).WorkAsync(default);
        await AssertEndAsync(world.Wallet.Id, Asset.Bitcoin, opening: 0);
        await world.AssertReconciledAsync();
    }

    private static TheoryData<string, StoreKind> Points(StoreKind first)
    {
        var points = new TheoryData<string, StoreKind>();
        foreach (var (index, point) in WatchPoint.All.Index())
        {
            foreach (var kind in Enum.GetValues<StoreKind>().Where(kind => IsWhole || kind == first == (index % 2 == 0)))
                points.Add(point, kind);
        }

        return points;
    }

    private async Task OpenAsync(StoreKind kind)
    {
        Skip.If(OperatingSystem.IsWindows(), "Windows has no SIGKILL");
        _store = kind == StoreKind.Sqlite ? _scratch.At("payments.db") : await postgreSql.CreateAsync();
        _database = kind == StoreKind.Sqlite ? new SqliteDatabase(_store) : new PostgreSqlDatabase(_store);
        await _database.MigrateAsync(default);
    }

    private async Task DieAsync(string chain, Uri node, string point)
    {
        var killed = await KillTests.RunAsync([KilledWatcher.Command, chain, $"{node}", _store, point]);
        Assert.True(killed.ExitCode == KilledSender.Killed, $"the process was to die at {point} and ended with {killed.ExitCode}: {killed.Text}");
    }

    private async Task AssertEndAsync(string wallet, string asset, BigInteger opening)
    {
        Assert.Equal([(Deposit.Final, 2_000), (Deposit.Orphaned, 1_000), (Deposit.Seen, 3_000)], (await Database.ReadAsync(session => session.DepositsAsync(wallet, null, 100))).Select(Deposits.Of).Order());
        Assert.Equal(
            ["deposit.confirmed", "deposit.confirmed", "deposit.final", "deposit.final", "deposit.orphaned", "deposit.seen"],
            (await Database.EventsAsync(0, 1000)).Select(one => one.Type).Where(type => type.StartsWith("deposit.", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
        Assert.Equal(2_000, await Database.ReadAsync(session => session.BalanceAsync(Account.Available(wallet), asset)) - opening);
    }
}
