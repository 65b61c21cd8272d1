using HaCluster.Payments.Books;
using HaCluster.Payments.Chains;
using HaCluster.Payments.Metrics;
using HaCluster.Payments.Scanning;
using HaCluster.Payments.Sending;
using HaCluster.Payments.Tests.Peers;
using HaCluster.Payments.Tests.Store;
using HaCluster.Payments.Transfers;
using HaCluster.Payments.Wallets;
using HaCluster.Services;
using NBitcoin;

namespace HaCluster.Payments.Tests.Sending;

/// <summary>Tests of which each has a wallet of Bitcoin with coins, for transfers that one transaction pays.</summary>
public abstract class OwnBatch(BitcoinRegtest chain, PostgreSql postgreSql) : OwnStore(postgreSql), IClassFixture<PostgreSql>
{
    private protected BitcoinRegtest Node { get; } = chain;

    private protected async Task<BitcoinWorld> StartAsync(StoreKind kind, int coins = 2)
    {
        var world = Keep(await BitcoinWorld.StartAsync(Node, await OpenAsync(kind), Scratch.Path));
        await world.FundAsync(coins, 1_000_000);
        await Node.MineAsync(5);
        using var signer = world.OpenSigner();
        await world.NewSender(signer).WorkAsync(world.Wallet, default);
        return world;
    }

    /// <summary>A batch whose transaction waits in the memory pool.</summary>
    private protected async Task<(BitcoinWorld World, IDisposable Signer, IChainSender Sender, IReadOnlyList<Transfer> Transfers)> SentAsync(DepositRules? rules = null)
    {
        var world = await StartAsync(StoreKind.Sqlite);
        await world.BatchAsync(most: 3);
        var signer = world.OpenSigner();
        var sender = world.NewSender(signer, rules: rules);
        var transfers = new List<Transfer>();
        for (var number = 1; number <= 3; number++)
            transfers.Add(await world.AddAsync(number, 299_999 + number));
        await sender.WorkAsync(world.Wallet, default);
        await Waiting.UntilAsync("the node has it", async () => (await Node.Chain.CallAsync("getrawmempool")).GetArrayLength() > 0, () => world.Log);
        return (world, signer, sender, transfers);
    }

    private protected static async Task<IReadOnlyList<Attempt>> AttemptsAsync(BitcoinWorld world, params Transfer[] transfers)
    {
        var attempts = new List<Attempt>();
        foreach (var transfer in transfers)
            attempts.AddRange(await world.AttemptsAsync(transfer.Id));
        return attempts;
    }

    /// <summary>Of books and Node.</summary>
    private protected async Task<IReadOnlyList<ReconciliationResult>> DifferencesAsync(BitcoinWorld world)
    {
        using var client = new NodeClient(Node.Url);
        var metrics = new PaymentsMetrics(new EventLog(TextWriter.Null, TimeProvider.System, "subject"), "1");
        var reconciler = new Reconciler([new BitcoinBalances(world.Database, new BitcoinNode(client, Network.RegTest), Networks.Development)], world.Database, metrics, TimeProvider.System);
        var asked = await world.Database.ChangeAsync(session => session.RequestReconciliationAsync("bitcoin", "test", DateTimeOffset.UtcNow));
        foreach (var part in await reconciler.PartsAsync(default))
            await part.WorkAsync(default);
        var results = await world.Database.ReadAsync(session => session.ResultsAsync(asked.Id));
        Assert.NotEmpty(results);
        return [.. results.Where(result => !result.Difference.IsZero)];
    }
}
