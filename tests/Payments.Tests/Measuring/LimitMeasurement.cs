using System.Diagnostics;
using System.Globalization;
using System.Numerics;
using HaCluster.Payments.Amounts;
using HaCluster.Payments.Signing;
using HaCluster.Payments.Store;
using HaCluster.Payments.Wallets;

namespace HaCluster.Payments.Tests.Measuring;

/// <summary>How long the limit of a day takes, at the signer and at the service, after few and after many transfers in 24 hours. A program and no test: it decides nothing.</summary>
internal static class LimitMeasurement
{
    public const string Command = "measure-limits";

    private const int Rounds = 200;

    private static readonly TimeSpan Day = TimeSpan.FromHours(24);

    /// <param name="arguments">Folder of SQLite databases that are not there yet; transfers.</param>
    public static async Task<int> RunAsync(string[] arguments)
    {
        if (arguments is not [var folder, var count])
            throw new ArgumentException("write a folder and a number of transfers");
        var now = DateTimeOffset.UtcNow;
        var database = new SqliteDatabase(Path.Combine(folder, "signer.db"));
        await using var journal = new SignerJournal(database);
        await using var service = new SqliteDatabase(Path.Combine(folder, "payments.db"));
        await service.MigrateAsync(default);
        await service.ChangeAsync(session => session.AddWalletAsync(new Wallet { Id = "wal_1", Chain = Asset.Bitcoin, Name = "hot", Script = ScriptKind.Bip84, GapLimit = 20 }, "measurement", now));
        var done = 0;
        foreach (var transfers in new[] { 1000, int.Parse(count, CultureInfo.InvariantCulture) })
        {
            await AgreeAsync(journal, done++, now);
            await FillAsync(database, service, done, transfers, now);
            done = transfers;
            await AgreeAsync(journal, done++, now);
            var time = Stopwatch.StartNew();
            for (var round = 0; round < Rounds; round++)
                await AgreeAsync(journal, done++, now);
            var agreed = time.Elapsed / Rounds;
            time.Restart();
            for (var round = 0; round < Rounds; round++)
                await service.ReadAsync(session => Payments.Transfers.TransferStore.SpentSinceAsync(session, "wal_1", Asset.Bitcoin, now - Day));
            Console.WriteLine($"after {transfers} transfers: an agreement of the signer {agreed.TotalMilliseconds:0.00} ms, the sum of the service {(time.Elapsed / Rounds).TotalMilliseconds:0.00} ms");
        }

        return 0;
    }

    private static Task<bool> AgreeAsync(SignerJournal journal, int number, DateTimeOffset now) => journal.AgreeAsync(
        new Agreement("hot", $"trf_{number}", [new AgreedTransfer($"trf_{number}", Asset.Bitcoin, "d", 1, true)], [$"coin {number}"]), now, Day, (_, _) => { }, () => true);

    /// <summary>Transfers of the last 24 hours, written past the checks.</summary>
    private static async Task FillAsync(Database journal, Database service, int from, int to, DateTimeOffset now)
    {
        long At(int number) => now.ToUnixTimeMilliseconds() - (long)(Day.TotalMilliseconds * (to - number) / (to + 1));
        await journal.ChangeAsync(async session =>
        {
            for (var number = from; number < to; number++)
            {
                await session.ExecuteAsync("insert into agreed (key, transfer, asset, destination, amount, at) values ('hot', @Id, 'bitcoin', 'd', '1', @At)", new { Id = $"trf_{number}", At = At(number) });
                await session.ExecuteAsync("insert into used (key, input, transfer) values ('hot', @Input, @Id)", new { Input = $"coin {number}", Id = $"trf_{number}" });
            }

            // The next agreement makes them again.
            await session.ExecuteAsync("delete from totals");
        });
        await service.ChangeAsync(async session =>
        {
            for (var number = from; number < to; number++)
            {
                await session.ExecuteAsync(
                    """
                    insert into transfers (id, wallet, chain, asset, fee_asset, destination, amount, max_fee, state, approvals_needed, created_by, created_at, updated_at)
                    values (@Id, 'wal_1', 'bitcoin', 'bitcoin', 'bitcoin', 'd', @Amount, @Amount, 'final', 0, 'measurement', @At, @At)
                    """,
                    new { Id = $"trf_{number}", Amount = BigInteger.One, At = At(number) });
            }
        });
    }
}
