using HaCluster.Payments.Amounts;
using HaCluster.Payments.Chains;
using HaCluster.Payments.Forwarding;
using HaCluster.Payments.Metrics;
using HaCluster.Payments.Scanning;
using HaCluster.Payments.Sending;
using HaCluster.Payments.Store;
using HaCluster.Payments.Tests.Sending;
using HaCluster.Payments.Wallets;
using HaCluster.Services;
using NBitcoin;

namespace HaCluster.Payments.Tests.Killing;

/// <summary>A real process that forwards what a wallet has too much of and sends the transfers, makes the blocks itself, and kills itself with SIGKILL at a point.</summary>
internal static class KilledForwarder
{
    public const string Command = "killed-forwarder";

    private const int MostRounds = 120;

    /// <summary>Of bcoin's regtest; nobody has its key.</summary>
    private const string Beneficiary = "R9NVxTj2ewfiTUzAfn7FSsq9kxNt6fjaaZ";

    /// <param name="arguments">Chain, node, file of SQLite or connection string, folder of the signer, seed of the key where the chain is Bitcoin, point to die at. It is done when no round is open and none can begin.</param>
    public static async Task<int> RunAsync(string[] arguments)
    {
        if (arguments is not [var chain, var node, var file, var folder, var seed, var point])
            throw new ArgumentException("write what the forwarder takes");
        var death = new Death(point, "1");
        await using Database database = file.StartsWith("Host=", StringComparison.Ordinal) ? new PostgreSqlDatabase(file) : new SqliteDatabase(file);
        using var client = new NodeClient(new Uri(node));
        using var signer = chain == Asset.Bitcoin ? BitcoinWorld.OpenSigner(folder, seed) : EthereumWorld.OpenSigner(folder, TimeProvider.System);
        var metrics = new PaymentsMetrics(new EventLog(Console.Error, TimeProvider.System, "subject"), "1");
        var connections = new List<IDisposable>();
        IChainSender sender = chain == Asset.Bitcoin
            ? BitcoinWorld.NewSender(database, new Uri(node), signer, death, Console.Error, connections)
            : new EthereumSender(new SenderContext(database, signer, Networks.Development, metrics, death, TimeProvider.System, new SenderOptions(), new DepositRules()), new EthereumNode(client));
        IForwardingChain forwarding = chain == Asset.Bitcoin
            ? new BitcoinForwarding(database, new BitcoinNode(client, Network.RegTest), Networks.Development)
            : new EthereumForwarding(new EthereumNode(client));
        var forwarder = new ForwardingWorker(database, [forwarding], null, metrics, death, TimeProvider.System);
        for (var round = 0; round < MostRounds; round++)
        {
            var wallet = (await database.ReadAsync(session => session.SendersAsync(chain)))[0];
            await sender.WorkAsync(wallet, CancellationToken.None);
            foreach (var part in await forwarder.PartsAsync(CancellationToken.None))
                await part.WorkAsync(CancellationToken.None);
            var rule = (await database.ReadAsync(session => session.ForwardingAsync(RuleKey.Of(wallet))))!;
            if (rule.IsOpen == 0)
                return 0;
            if (chain == Asset.Bitcoin)
                await client.CallAsync("generatetoaddress", CancellationToken.None, 1, Beneficiary);
            else
                await client.CallAsync("anvil_mine", CancellationToken.None, 1);
        }

        return 3;
    }
}
