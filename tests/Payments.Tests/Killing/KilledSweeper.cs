using HaCluster.Payments.Amounts;
using HaCluster.Payments.Books;
using HaCluster.Payments.Chains;
using HaCluster.Payments.Forwarding;
using HaCluster.Payments.Metrics;
using HaCluster.Payments.Sending;
using HaCluster.Payments.Store;
using HaCluster.Payments.Tests.Sending;
using HaCluster.Payments.Tests.Sweeping;
using HaCluster.Payments.Wallets;
using HaCluster.Services;

namespace HaCluster.Payments.Tests.Killing;

/// <summary>A real process that watches a chain, sweeps forwarders and sends the sweeps, makes the blocks itself, and kills itself with SIGKILL at a point.</summary>
internal static class KilledSweeper
{
    public const string Command = "killed-sweeper";

    private const int MostRounds = 60;

    /// <param name="arguments">Node, file of SQLite or connection string, folder of the signer, point to die at. It is done when no round is open and nothing is left to sweep.</param>
    public static async Task<int> RunAsync(string[] arguments)
    {
        if (arguments is not [var node, var store, var folder, var point])
            throw new ArgumentException("write what the sweeper takes");
        var death = new Death(point, "1");
        await using Database database = store.StartsWith("Host=", StringComparison.Ordinal) ? new PostgreSqlDatabase(store) : new SqliteDatabase(store);
        using var client = new NodeClient(new Uri(node));
        using var signer = SweepWorld.OpenSigner(folder, TimeProvider.System);
        var metrics = new PaymentsMetrics(new EventLog(Console.Error, TimeProvider.System, "subject"), "1");
        var chain = new EthereumNode(client);
        var sender = new EthereumSender(new SenderContext(database, signer, Networks.Development, metrics, death, TimeProvider.System, new SenderOptions(), SweepWorld.Rules), chain);
        var watcher = EthereumWorld.NewWatcher(database, chain, SweepWorld.Rules, death, TimeProvider.System, Console.Error);
        for (var round = 0; round < MostRounds; round++)
        {
            var wallet = (await database.ReadAsync(session => session.SendersAsync(Asset.Ethereum)))[0];
            await watcher.WorkAsync(CancellationToken.None);
            await sender.WorkAsync(wallet, CancellationToken.None);
            await SweepWorld.RoundAsync(database, chain, death, Console.Error);
            var (rules, balances) = await database.ReadAsync(async session => (await session.ForwardingsAsync(), await session.BalancesAsync(wallet.Id)));
            if (rules.All(rule => rule.IsOpen == 0) && balances.All(balance => balance.Amount.IsZero || balance.Account == Account.Available(wallet.Id)))
                return 0;
            await client.CallAsync("anvil_mine", CancellationToken.None, 1);
        }

        return KilledSender.NotFinished;
    }
}
