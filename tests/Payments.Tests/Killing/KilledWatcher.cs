using System.Collections.Immutable;
using HaCluster.Payments.Amounts;
using HaCluster.Payments.Chains;
using HaCluster.Payments.Scanning;
using HaCluster.Payments.Store;
using HaCluster.Payments.Tests.Sending;
using NBitcoin;

namespace HaCluster.Payments.Tests.Killing;

/// <summary>A real process that watches a chain for one round, and kills itself with SIGKILL at a point of its way.</summary>
internal static class KilledWatcher
{
    public const string Command = "killed-watcher";

    /// <summary>One block is enough, so that a round comes by every point.</summary>
    public static readonly DepositRules Rules = new() { Finality = ImmutableDictionary<string, FinalityRule>.Empty.Add(Asset.Ethereum, FinalityRule.Of(1)).Add(Asset.Bitcoin, FinalityRule.Of(1)) };

    /// <param name="arguments">Chain, node, file of SQLite or connection string, point to die at.</param>
    public static async Task<int> RunAsync(string[] arguments)
    {
        if (arguments is not [var chain, var node, var store, var point])
            throw new ArgumentException("write what the watcher takes");
        await using Database database = store.StartsWith("Host=", StringComparison.Ordinal) ? new PostgreSqlDatabase(store) : new SqliteDatabase(store);
        using var client = new NodeClient(new Uri(node));
        var death = new Death(point, "1");
        var watcher = chain == Asset.Bitcoin
            ? BitcoinWorld.NewWatcher(database, new BitcoinNode(client, Network.RegTest), Rules, death, Console.Error)
            : EthereumWorld.NewWatcher(database, new EthereumNode(client), Rules, death, TimeProvider.System, Console.Error);
        await watcher.WorkAsync(CancellationToken.None);
        return 0;
    }
}
