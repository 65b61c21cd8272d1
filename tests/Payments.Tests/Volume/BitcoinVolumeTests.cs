using System.Diagnostics;
using System.Numerics;
using HaCluster.Payments.Amounts;
using HaCluster.Payments.Store;
using HaCluster.Payments.Tests.Killing;
using HaCluster.Payments.Tests.Peers;
using HaCluster.Payments.Tests.Sending;
using HaCluster.Payments.Transfers;
using Xunit.Abstractions;

namespace HaCluster.Payments.Tests.Volume;

/// <summary>The same on Bitcoin, with fewer transfers: bcoin is slow. Its memory pool replaces nothing and its restarts would lose its chain, so neither is tried here.</summary>
[Collection(BitcoinCollection.Name)]
public sealed class BitcoinVolumeTests(BitcoinRegtest chain, PostgreSql postgreSql, ITestOutputHelper output) : IClassFixture<PostgreSql>, IDisposable
{
    /// <summary>Six confirmations count as irreversible.</summary>
    private const int DeepestReorganisation = 5;

    private const int Coins = 30;

    private readonly Scratch _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [SkippableTheory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.PostgreSql)]
    public async Task Nobody_is_paid_twice_and_nothing_is_lost(StoreKind kind)
    {
        var (count, seed) = (TransferCount.Of(usual: 240) / 10, Random.Shared.Next());
        var faults = new Faults(seed);
        var connectionString = kind == StoreKind.PostgreSql ? await postgreSql.CreateAsync() : null;
        await using Database database = connectionString is null ? new SqliteDatabase(_scratch.At("payments.db")) : new PostgreSqlDatabase(connectionString);
        await database.MigrateAsync(default);
        await using var world = await BitcoinWorld.StartAsync(chain, database, _scratch.Path);
        using var signer = world.OpenSigner(Enumerable.Range(0, count + 1).Select(number => BitcoinWorld.Destination(world.Seed, number)));
        await world.FundAsync(Math.Min(Coins, count), Math.Max(2_000_000, 400_000L * count / Coins * 2));
        await chain.MineAsync(6);
        var replicas = new[] { world.NewSender(signer, faults, network: faults.Network()), world.NewSender(signer, faults, network: faults.Network()) };
        await world.NewSender(signer).WorkAsync(world.Wallet, default);
        var time = Stopwatch.StartNew();
        var payments = new Dictionary<int, BigInteger>();
        for (var round = 0; payments.Count < count || await OpenAsync(world) > 0; round++)
        {
            faults.AreOver = payments.Count == count && round > 0 && await OpenAsync(world) < 5;
            Assert.True(round < 200 + (count * 6), $"seed {seed}: transfers did not end: {string.Join('\n', world.Log.Split('\n').TakeLast(40))}");
            for (var more = 0; more < 8 && payments.Count < count; more++)
            {
                var number = payments.Count + 1;
                payments[number] = 100_000 + number;
                await world.AddAsync(number, payments[number]);
            }

            // Some of them are paid together.
            if (round % 15 == 0)
                await world.BatchAsync(round % 30 == 0 ? faults.Next(2, 8) : 1);
            await AskAsync(world, faults);
            await Task.WhenAll(replicas.Take(faults.Happens(0.5, "rounds of two replicas") ? 2 : 1).Select(sender => faults.RunAsync(() => sender.WorkAsync(world.Wallet, default))));
            if (faults.Happens(0.15, "reorganisations"))
                await chain.Chain.ReplaceAsync(faults.Next(1, DeepestReorganisation));
            await chain.MineAsync(faults.Next(1, 2));
            if (round % 60 == 5)
                await KillAsync(world, connectionString, faults);
        }

        var batched = await database.ReadAsync(session => session.GetAsync<long>("select count(*) from batches"));
        Assert.True(batched > 1, "no transfers were paid together");
        foreach (var number in payments.Keys.ToArray())
        {
            var transfer = await world.TransferAsync($"trf_{number:d4}");
            Assert.Contains(transfer.State, new[] { TransferState.Final, TransferState.Replaced });
            if (transfer.State == TransferState.Replaced)
                payments[number] = 0;
        }

        await world.AssertPaidOnceAsync(payments);
        output.WriteLine($"{count} transfers on {database.Description} in {time.Elapsed.TotalSeconds:0} s, seed {seed}: {payments.Values.Count(amount => !amount.IsZero)} paid, {batched} of all in batches; {faults.Summary}");
    }

    /// <summary>People who change their mind. The node keeps the first transaction unless it has lost it in a reorganisation: then it gets the newest.</summary>
    private static async Task AskAsync(BitcoinWorld world, Faults faults)
    {
        foreach (var transfer in await world.Database.ReadAsync(session => session.OpenTransfersAsync(world.Wallet.Id, 100)))
        {
            if (transfer.State is not (TransferState.Signed or TransferState.Broadcast or TransferState.Seen or TransferState.Orphaned))
                continue;
            if (faults.Happens(0.02, "cancellations asked for"))
                await world.AskAsync(transfer, ChangeRequest.Cancel);
            else if (faults.Happens(0.02, "larger fees asked for"))
                await world.AskAsync(transfer, ChangeRequest.Bump, (await world.AttemptsAsync(transfer.Id))[^1].Number);
            else if (faults.Happens(0.03, "children asked for"))
                await world.AskAsync(transfer, ChangeRequest.Child, (await world.AttemptsAsync(transfer.Id))[^1].Number);
        }
    }

    private static async Task<int> OpenAsync(BitcoinWorld world) => (await world.Database.ReadAsync(session => session.OpenTransfersAsync(world.Wallet.Id, 20))).Count;

    private async Task KillAsync(BitcoinWorld world, string? connectionString, Faults faults)
    {
        if (OperatingSystem.IsWindows())
            return;
        var ended = await KilledSender.StartAsync(
            [Asset.Bitcoin, $"{chain.Url}", connectionString ?? _scratch.At("payments.db"), _scratch.Path, world.Seed, FaultPoint.All[faults.Next(0, FaultPoint.All.Length - 1)], $"{faults.Next(1, 4)}"], rounds: 2);
        faults.Count(ended.ExitCode == KilledSender.Killed ? "processes killed" : "processes that ended before their death");
        Assert.True(ended.ExitCode is KilledSender.Killed or KilledSender.NotFinished or 0, ended.Text);
    }
}
