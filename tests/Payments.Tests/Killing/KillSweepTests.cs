using HaCluster.Payments.Scanning;
using HaCluster.Payments.Store;
using HaCluster.Payments.Tests.Peers;
using HaCluster.Payments.Tests.Scanning;
using HaCluster.Payments.Tests.Store;
using HaCluster.Payments.Tests.Sweeping;
using HaCluster.Payments.Transfers;
using Xunit.Abstractions;

namespace HaCluster.Payments.Tests.Killing;

/// <summary>
/// SIGKILL at every point of a sweep, one after the other over the same chain and store: each process first goes on with what the one before has left. In the end everything was swept once, by one transaction for each round, and
/// books and chain agree to the unit.
/// </summary>
[Collection(StoreCollection.Name)]
public sealed class KillSweepTests(PostgreSql postgreSql, ITestOutputHelper output) : IDisposable
{
    private readonly Scratch _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [SkippableTheory, OnBothStores]
    public async Task Whatever_dies_everything_is_swept_once(StoreKind kind)
    {
        Skip.If(OperatingSystem.IsWindows(), "Windows has no SIGKILL");
        var store = kind == StoreKind.PostgreSql ? await postgreSql.CreateAsync() : _scratch.At("payments.db");
        await using Database database = kind == StoreKind.PostgreSql ? new PostgreSqlDatabase(store) : new SqliteDatabase(store);
        await database.MigrateAsync(default);
        await using var world = await SweepWorld.StartAsync(database, _scratch.Path);
        var address = await Deposits.AddAddressAsync(world.World);
        await world.SetRuleAsync(world.Coin, 1);
        await Deposits.PayAsync(world.World, address, SweepWorld.Ether);
        await world.World.Chain.MineAsync();
        string[] points = [WatchPoint.BlockRead, WatchPoint.BlockStored, WatchPoint.Settled, .. FaultPoint.OfForward, WatchPoint.SweepsBooked];
        var payments = 1;
        foreach (var point in points)
        {
            var killed = await PayAndRunAsync(point);
            // The process before may have died beyond the point, and this one found nothing else to sweep: a round of its own comes by.
            if (killed.ExitCode == 0)
                killed = await PayAndRunAsync(point);
            var rule = await world.RuleAsync(world.Coin);
            output.WriteLine($"{point}: round {rule.Round}, {(rule.IsOpen == 1 ? "open" : "not open")}");
            Assert.True(killed.ExitCode == KilledSender.Killed, $"the process was to die at {point} and ended with {killed.ExitCode}: {killed.Text}");
        }

        await world.World.Database.ChangeAsync(session => session.ExecuteAsync("update forwarding_rules set round_at = null"));
        var ended = await RunAsync([$"{world.World.Chain.Url}", store, _scratch.Path, "none"]);
        Assert.True(ended.ExitCode == 0, ended.Text);
        var transfers = await world.TransfersAsync();
        Assert.All(transfers, transfer => Assert.Equal((Transfer.Sweep, TransferState.Final), (transfer.Kind, transfer.State)));
        Assert.Equal((await world.RuleAsync(world.Coin)).Round, transfers.Count);
        var deposits = await Deposits.AllAsync(world.World);
        Assert.Equal(payments, deposits.Count);
        Assert.All(deposits, deposit => Assert.Equal((Deposit.Final, 1L, true), (deposit.State, deposit.Sweeps, deposit.SweptBy is not null)));
        await world.AssertAgreesAsync();

        async Task<Ended> PayAndRunAsync(string point)
        {
            payments++;
            await Deposits.PayAsync(world.World, address, SweepWorld.Ether, gas: 22_000);
            await world.World.Chain.MineAsync();
            await world.World.Database.ChangeAsync(session => session.ExecuteAsync("update forwarding_rules set round_at = null"));
            return await RunAsync([$"{world.World.Chain.Url}", store, _scratch.Path, point]);
        }
    }

    private static Task<Ended> RunAsync(string[] arguments) => KillTests.RunAsync([KilledSweeper.Command, .. arguments]);
}
