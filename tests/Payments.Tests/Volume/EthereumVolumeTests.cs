using System.Diagnostics;
using System.Numerics;
using HaCluster.Payments.Amounts;
using HaCluster.Payments.Chains;
using HaCluster.Payments.Sending;
using HaCluster.Payments.Store;
using HaCluster.Payments.Tests.Killing;
using HaCluster.Payments.Tests.Peers;
using HaCluster.Payments.Tests.Sending;
using HaCluster.Payments.Transfers;
using HaCluster.Sentinel.Tests.Peers;
using Npgsql;
using Xunit.Abstractions;

namespace HaCluster.Payments.Tests.Volume;

/// <summary>
/// Many transfers while everything fails: lost calls and answers, dropped transactions, restarts of the node, reorganisations, rising fees, two replicas that race, processes that are killed and connections
/// of the database that are cut. Nobody is paid twice, nothing is lost, and books and chain agree to the unit.
/// </summary>
[Collection(StoreCollection.Name)]
public sealed class EthereumVolumeTests(PostgreSql postgreSql, ITestOutputHelper output) : IDisposable
{
    /// <summary>A block is final when twice as many are on top of it; reorganisations stay above that.</summary>
    private const int Epoch = 6;

    private const int DeepestReorganisation = 10;
    private const int PerRound = 40;

    private readonly Scratch _scratch = new();

    /// <summary>Blocks since the last restart, which forgets the states that a reorganisation goes back to.</summary>
    private int _blocks;

    public void Dispose() => _scratch.Dispose();

    [SkippableTheory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.PostgreSql)]
    public async Task Nobody_is_paid_twice_and_nothing_is_lost(StoreKind kind)
    {
        var (count, seed) = (TransferCount.Of(usual: 120), Random.Shared.Next());
        var faults = new Faults(seed);
        var clock = new ManualClock(DateTimeOffset.UtcNow);
        var connectionString = kind == StoreKind.PostgreSql ? await postgreSql.CreateAsync() : null;
        await using Database database = connectionString is null ? new SqliteDatabase(_scratch.At("payments.db")) : new PostgreSqlDatabase(connectionString);
        await database.MigrateAsync(default);
        var chain = await ChainProcess.AnvilAsync(hardfork: "prague", more: ["--slots-in-an-epoch", $"{Epoch}", "--state", _scratch.At("chain.json"), "--transaction-block-keeper", "100000"]);
        await using var world = await EthereumWorld.StartAsync(chain, database, _scratch.Path, clock);
        using var signer = EthereumWorld.OpenSigner(_scratch.Path, clock, Enumerable.Range(0, count + 1).Select(EthereumWorld.Destination));
        var replicas = new[] { world.NewSender(signer, faults, faults.Network()), world.NewSender(signer, faults, faults.Network()) };
        var time = Stopwatch.StartNew();
        var payments = new Dictionary<int, BigInteger>();
        for (var round = 0; payments.Count < count || await OpenAsync(world) > 0; round++)
        {
            faults.AreOver = payments.Count == count && round > 0 && await OpenAsync(world) < 20;
            Assert.True(round < 200 + (count * 4), $"seed {seed}: transfers did not end: {string.Join('\n', world.Log.Split('\n').TakeLast(40))}");
            for (var more = 0; more < PerRound && payments.Count < count; more++)
            {
                var number = payments.Count + 1;
                payments[number] = 1_000_000 + number;
                await world.AddAsync(number, payments[number]);
            }

            // The second does not hold the lease, and works all the same.
            await Task.WhenAll(replicas.Take(faults.Happens(0.4, "rounds of two replicas") ? 2 : 1).Select(sender => faults.RunAsync(() => sender.WorkAsync(world.Wallet, default))).Append(CutAsync(connectionString, faults)));
            await UsableAsync(database);
            await AskAsync(world, faults);
            await ChangeAsync(world, faults, clock);
            if (round % 150 == 20)
                await KillAsync(world, connectionString, faults, count);
        }

        await AssertAsync(world, payments);
        var transfers = await database.ReadAsync(session => session.TransfersAsync(null, null, null, count));
        output.WriteLine($"{count} transfers on {database.Description} in {time.Elapsed.TotalSeconds:0} s, seed {seed}: {string.Join(", ", transfers.GroupBy(transfer => transfer.State).Select(group => $"{group.Count()} {group.Key}"))}; {faults.Summary}");
    }

    private static async Task<int> OpenAsync(EthereumWorld world) => (await world.Database.ReadAsync(session => session.OpenTransfersAsync(world.Wallet.Id, 20))).Count;

    /// <summary>People who change their mind.</summary>
    private static async Task AskAsync(EthereumWorld world, Faults faults)
    {
        foreach (var transfer in await world.Database.ReadAsync(session => session.OpenTransfersAsync(world.Wallet.Id, 100)))
        {
            if (transfer.State is TransferState.Signed or TransferState.Broadcast or TransferState.Seen or TransferState.Orphaned)
            {
                if (faults.Happens(0.01, "cancellations asked for"))
                    await world.AskAsync(transfer, ChangeRequest.Cancel);
                else if (faults.Happens(0.01, "larger fees asked for"))
                    await world.AskAsync(transfer, ChangeRequest.Bump, (await world.AttemptsAsync(transfer.Id))[^1].Number);
            }
        }
    }

    /// <summary>What the chain and its node do between two rounds.</summary>
    private async Task ChangeAsync(EthereumWorld world, Faults faults, ManualClock clock)
    {
        if (faults.Happens(0.06, "reorganisations") && _blocks > DeepestReorganisation + 1)
        {
            var depth = faults.Next(1, DeepestReorganisation);
            await world.Chain.RollBackAsync(depth);
            await world.Chain.CallAsync("anvil_dropAllTransactions");
            await world.Chain.ForkAsync((byte)faults.Next(1, 255));
            await MineAsync(world, depth + 1);
        }

        if (faults.Happens(0.06, "times that the node dropped its transactions"))
            await world.Chain.CallAsync("anvil_dropAllTransactions");
        if (faults.Happens(0.04, "rising fees"))
            await world.Chain.CallAsync("anvil_setNextBlockBaseFeePerGas", EthereumNode.Hex(BigInteger.Pow(10, 9) * faults.Next(10, 2000)));
        if (faults.Happens(0.02, "restarts of the node"))
        {
            await world.Chain.StopAsync();
            await world.Chain.StartAgainAsync();
            _blocks = 0;
        }

        clock.Advance(faults.Happens(0.2, "late rounds") ? new SenderOptions().BumpAfter : TimeSpan.FromSeconds(2));
        await MineAsync(world, faults.Next(0, 6));
    }

    private async Task MineAsync(EthereumWorld world, int blocks)
    {
        _blocks += blocks;
        if (blocks > 0)
            await world.Chain.MineAsync(blocks);
    }

    /// <summary>A replica as a process of its own, which dies by SIGKILL at a point.</summary>
    private async Task KillAsync(EthereumWorld world, string? connectionString, Faults faults, int destinations)
    {
        if (OperatingSystem.IsWindows())
            return;
        var ended = await KilledSender.StartAsync(
            [Asset.Ethereum, $"{world.Chain.Url}", connectionString ?? _scratch.At("payments.db"), _scratch.Path, $"{destinations}@{world.Clock.GetUtcNow().ToUnixTimeMilliseconds()}", FaultPoint.All[faults.Next(0, FaultPoint.All.Length - 1)], $"{faults.Next(1, 10)}"], rounds: 2);
        faults.Count(ended.ExitCode == KilledSender.Killed ? "processes killed" : "processes that ended before their death");
        Assert.True(ended.ExitCode is KilledSender.Killed or KilledSender.NotFinished or 0, ended.Text);
        _blocks += 2;
    }

    /// <summary>Cuts all connections to the database in the middle of a round: whether the last commit happened is not known to who made it.</summary>
    private static async Task CutAsync(string? connectionString, Faults faults)
    {
        if (connectionString is null || !faults.Happens(0.15, "times that connections of PostgreSQL were cut"))
            return;
        await Task.Delay(faults.Next(1, 40));
        await using var connection = new NpgsqlConnection($"{connectionString};Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand("select pg_terminate_backend(pid, 10000) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()", connection);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>A connection that was cut is noticed by whoever uses it next, before anything is done: here by reads, until so many in a row find none.</summary>
    private static async Task UsableAsync(Database database)
    {
        for (var (good, all) = (0, 0); good < 20; all++)
        {
            try
            {
                await database.ReadAsync(session => session.FindAsync<long>("select 1", new { }));
                good++;
            }
            catch (StoreUnavailableException) when (all < 1000)
            {
                good = 0;
            }
        }
    }

    private static async Task AssertAsync(EthereumWorld world, Dictionary<int, BigInteger> payments)
    {
        foreach (var (number, amount) in payments)
        {
            var transfer = await world.TransferAsync($"trf_{number:d4}");
            Assert.Contains(transfer.State, new[] { TransferState.Final, TransferState.Replaced });
            Assert.Equal((number, transfer.State == TransferState.Final ? amount : 0), (number, await world.BalanceAsync(EthereumWorld.Destination(number))));
        }

        // One transaction of each transfer is in the chain, whichever it is.
        Assert.Equal(payments.Count, await world.SentAsync());
        await world.AssertBooksAsync();
    }
}
