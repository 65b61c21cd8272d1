using HaCluster.Payments.Books;
using HaCluster.Payments.Scanning;
using HaCluster.Payments.Store;
using HaCluster.Payments.Tests.Scanning;
using HaCluster.Payments.Tests.Sending;

namespace HaCluster.Payments.Tests.Killing;

/// <summary>SIGKILL at every point of a watcher's way, in the middle of a reorganisation: the next process ends where one that was not killed does, and nothing is booked or told twice.</summary>
public sealed class WatcherKillTests : IAsyncLifetime, IDisposable
{
    private const int Killed = 137;

    private readonly Scratch _scratch = new();
    private SqliteDatabase _database = null!;

    public static TheoryData<string> Points => new(WatchPoint.All);

    public async Task InitializeAsync()
    {
        _database = new SqliteDatabase(_scratch.At("payments.db"));
        await _database.MigrateAsync(default);
    }

    public async Task DisposeAsync() => await _database.DisposeAsync();

    public void Dispose() => _scratch.Dispose();

    [SkippableTheory]
    [MemberData(nameof(Points))]
    public async Task A_watcher_that_dies_is_followed_by_one_that_ends_the_same(string point)
    {
        Skip.If(OperatingSystem.IsWindows(), "Windows has no SIGKILL");
        await using var world = await EthereumWorld.StartAsync(await EthereumWorld.StartChainAsync(), _database, _scratch.Path, extendedKey: Deposits.ExtendedKey);
        var (lost, found, pending) = (await Deposits.AddAddressAsync(world), await Deposits.AddAddressAsync(world), await Deposits.AddAddressAsync(world));
        await Deposits.PayAsync(world, lost, 1_000);
        await world.Chain.MineAsync();
        await world.NewWatcher(KilledWatcher.Rules).WorkAsync(default);
        await world.Chain.RollBackAsync(1);
        await world.Chain.CallAsync("anvil_dropAllTransactions");
        await world.Chain.ForkAsync(9);
        await Deposits.PayAsync(world, found, 2_000);
        await world.Chain.MineAsync(2);
        await Deposits.PayAsync(world, pending, 3_000);

        var killed = await KillTests.RunAsync([KilledWatcher.Command, $"{world.Chain.Url}", _scratch.At("payments.db"), point]);
        Assert.True(killed.ExitCode == Killed, $"the process was to die at {point} and ended with {killed.ExitCode}: {killed.Text}");
        await world.NewWatcher(KilledWatcher.Rules).WorkAsync(default);

        Assert.Equal([(Deposit.Final, 2_000), (Deposit.Orphaned, 1_000), (Deposit.Seen, 3_000)], (await Deposits.AllAsync(world)).Select(Deposits.Of).Order());
        Assert.Equal(
            ["deposit.confirmed", "deposit.confirmed", "deposit.final", "deposit.final", "deposit.orphaned", "deposit.seen"],
            (await Deposits.EventsAsync(world)).Select(one => one.Type).Where(type => type.StartsWith("deposit.", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
        Assert.Equal(2_000, await Deposits.BalanceAsync(world, Account.Available(world.Wallet.Id)) - await Deposits.OpeningAsync(world));
        await Deposits.AssertReconciledAsync(world);
    }
}
