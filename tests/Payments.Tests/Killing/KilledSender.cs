using System.Globalization;
using HaCluster.Payments.Amounts;
using HaCluster.Payments.Chains;
using HaCluster.Payments.Metrics;
using HaCluster.Payments.Scanning;
using HaCluster.Payments.Sending;
using HaCluster.Payments.Store;
using HaCluster.Payments.Tests.Sending;
using HaCluster.Payments.Transfers;
using HaCluster.Payments.Wallets;
using HaCluster.Services;

namespace HaCluster.Payments.Tests.Killing;

/// <summary>Sends what is approved and makes the blocks itself: as a real process that kills itself with SIGKILL at a point of a transfer's way, or in the test, to go on after it.</summary>
internal static class KilledSender
{
    public const string Command = "killed-sender";

    /// <summary>The exit code of a process that SIGKILL ended, as a shell gives it.</summary>
    public const int Killed = 137;

    /// <summary>The exit code when transfers are open after all rounds.</summary>
    public const int NotFinished = 3;

    private const int MostRounds = 80;

    /// <summary>Of bcoin's regtest; nobody has its key.</summary>
    private const string Beneficiary = "R9NVxTj2ewfiTUzAfn7FSsq9kxNt6fjaaZ";

    /// <summary>Runs it until it ends, or dies.</summary>
    /// <param name="arguments">Chain, node, file of SQLite or connection string, folder of the signer, seed of the key (on Ethereum: how many destinations it may pay, and after an @ the time that it is), point to die at, the time that it is reached for which it dies.</param>
    public static Task<Ended> StartAsync(string[] arguments, int rounds = MostRounds) => KillTests.RunAsync([Command, .. arguments, $"{rounds}"]);

    /// <summary>Does in this process what a new one would: with nothing but what is stored.</summary>
    public static async Task GoOnAsync(string[] arguments)
    {
        await using var log = new StringWriter();
        var code = await RunAsync([.. arguments, "none", "0", $"{MostRounds}"], log);
        Assert.True(code == 0, $"transfers are open after {MostRounds} rounds: {log}");
    }

    public static Task<int> RunAsync(string[] arguments) => RunAsync(arguments, Console.Error);

    private static async Task<int> RunAsync(string[] arguments, TextWriter log)
    {
        if (arguments is not [var chain, var node, var store, var folder, var seed, var point, var time, var rounds])
            throw new ArgumentException("write what the sender takes");
        var death = new Death(point, time);
        await using Database database = store.StartsWith("Host=", StringComparison.Ordinal) ? new PostgreSqlDatabase(store) : new SqliteDatabase(store);
        using var client = new NodeClient(new Uri(node));
        // Of a test whose days pass sooner: the journal of the signer takes no clock that is behind by a day.
        TimeProvider clock = seed.Split('@') is [_, var now] ? new ManualClock(DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(now, CultureInfo.InvariantCulture))) : TimeProvider.System;
        using var signer = chain == Asset.Bitcoin
            ? BitcoinWorld.OpenSigner(folder, seed, Enumerable.Range(0, 1200).Select(number => BitcoinWorld.Destination(seed, number)))
            : EthereumWorld.OpenSigner(folder, clock, Enumerable.Range(0, int.Parse(seed.Split('@')[0], CultureInfo.InvariantCulture) + 1).Select(EthereumWorld.Destination));
        var metrics = new PaymentsMetrics(new EventLog(TextWriter.Synchronized(log), TimeProvider.System, "subject"), "1");
        var connections = new List<IDisposable>();
        IChainSender sender = chain == Asset.Bitcoin
            ? BitcoinWorld.NewSender(database, new Uri(node), signer, death, log, connections)
            : new EthereumSender(new SenderContext(database, signer, Networks.Development, metrics, death, clock, new SenderOptions(), new DepositRules()), new EthereumNode(client));
        try
        {
            for (var round = int.Parse(rounds, CultureInfo.InvariantCulture); round > 0; round--)
            {
                var wallet = (await database.ReadAsync(session => session.SendersAsync(chain)))[0];
                if ((await database.ReadAsync(session => session.OpenTransfersAsync(wallet.Id, 100))).Count == 0)
                    return 0;
                await sender.WorkAsync(wallet, CancellationToken.None);
                if (chain == Asset.Bitcoin)
                    await client.CallAsync("generatetoaddress", CancellationToken.None, 1, Beneficiary);
                else
                    await client.CallAsync("anvil_mine", CancellationToken.None, 1);
            }

            return NotFinished;
        }
        finally
        {
            connections.ForEach(connection => connection.Dispose());
        }
    }
}
