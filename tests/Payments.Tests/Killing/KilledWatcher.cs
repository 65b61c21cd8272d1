using System.Collections.Immutable;
using HaCluster.Payments.Amounts;
using HaCluster.Payments.Chains;
using HaCluster.Payments.Scanning;
using HaCluster.Payments.Store;
using HaCluster.Payments.Tests.Sending;

namespace HaCluster.Payments.Tests.Killing;

/// <summary>A real process that watches a chain for one round, and kills itself with SIGKILL at a point of its way.</summary>
internal static class KilledWatcher
{
    public const string Command = "killed-watcher";

    /// <summary>One block is enough, so that a round comes by every point.</summary>
    public static readonly DepositRules Rules = new() { Finality = ImmutableDictionary<string, FinalityRule>.Empty.Add(Asset.Ethereum, FinalityRule.Of(1)) };

    /// <param name="arguments">Node, database file, point to die at.</param>
    public static async Task<int> RunAsync(string[] arguments)
    {
        if (arguments is not [var node, var file, var point])
            throw new ArgumentException("write what the watcher takes");
        await using var database = new SqliteDatabase(file);
        using var client = new NodeClient(new Uri(node));
        await EthereumWorld.NewWatcher(database, new EthereumNode(client), Rules, new Death(point, "1"), TimeProvider.System, Console.Error).WorkAsync(CancellationToken.None);
        return 0;
    }
}
