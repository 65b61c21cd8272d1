using System.Numerics;
using HaCluster.Payments.Amounts;
using HaCluster.Payments.Store;
using HaCluster.Payments.Tests.Peers;
using HaCluster.Payments.Tests.Sending;
using HaCluster.Payments.Transfers;

namespace HaCluster.Payments.Tests.Killing;

/// <summary>SIGKILL at every point of a child's way, then a sender that knows only what is left: one child, one payment, and books and chain agree to the satoshi.</summary>
[Collection(BitcoinChildCollection.Name)]
public sealed class KillChildTests(BitcoinRegtest chain, PostgreSql postgreSql) : IClassFixture<PostgreSql>, IDisposable
{
    private readonly Scratch _scratch = new();

    public static TheoryData<string, StoreKind> Points
    {
        get
        {
            var points = new TheoryData<string, StoreKind>();
            // Each on one of the stores, in turns: what they do differently is little, and the watcher's table has it.
            foreach (var (index, point) in FaultPoint.OfChild.Index())
            {
                foreach (var kind in Enum.GetValues<StoreKind>().Where(kind => WatcherKillTests.IsWhole || kind == StoreKind.Sqlite == (index % 2 == 0)))
                    points.Add(point, kind);
            }

            return points;
        }
    }

    public void Dispose() => _scratch.Dispose();

    [SkippableTheory]
    [MemberData(nameof(Points))]
    public async Task A_child_is_made_once(string point, StoreKind kind)
    {
        Skip.If(OperatingSystem.IsWindows(), "Windows has no SIGKILL");
        var store = kind == StoreKind.Sqlite ? _scratch.At("payments.db") : await postgreSql.CreateAsync();
        await using Database database = kind == StoreKind.Sqlite ? new SqliteDatabase(store) : new PostgreSqlDatabase(store);
        await database.MigrateAsync(default);
        await using var world = await ChildWorld.StartAsync(chain, database, _scratch.Path);
        await world.SentAsync();
        await world.World.AskAsync(world.Transfer, ChangeRequest.Child, 1);
        string[] arguments = [Asset.Bitcoin, $"{chain.Url}", store, _scratch.Path, world.World.Seed];

        var killed = await KilledSender.StartAsync([.. arguments, point, "1"]);
        Assert.True(killed.ExitCode == KilledSender.Killed, $"the process was to die at {point} and ended with {killed.ExitCode}: {killed.Text}");
        var before = await world.AttemptsAsync();
        await KilledSender.GoOnAsync(arguments);

        var after = await world.AttemptsAsync();
        Assert.Equal([Attempt.Payment, Attempt.Child], after.Select(attempt => attempt.Purpose));
        // What was stored before the death is what is in the chain.
        Assert.All(before, one => Assert.Contains(after, other => other.Raw == one.Raw));
        await world.AssertPaidAsync(after.Aggregate(BigInteger.Zero, (sum, attempt) => sum + attempt.MaxFee));
    }
}
