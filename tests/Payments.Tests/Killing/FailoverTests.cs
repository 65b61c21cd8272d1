using System.Numerics;
using HaCluster.Payments.Chains;
using HaCluster.Payments.Store;
using HaCluster.Payments.Tests.Peers;
using HaCluster.Payments.Tests.Sending;

namespace HaCluster.Payments.Tests.Killing;

/// <summary>The database fails over while transfers are sent. Without Patroni: the test promotes the standby, and moves the address of the writer.</summary>
public sealed class FailoverTests : IDisposable
{
    private const int Transfers = 30;

    private readonly Scratch _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [SkippableFact]
    public async Task The_loss_of_the_primary_in_the_middle_pays_everybody_once()
    {
        await using var pair = await PostgreSqlPair.StartAsync();
        await using var database = new PostgreSqlDatabase(pair.ConnectionString);
        await database.MigrateAsync(default);
        await using var world = await EthereumWorld.StartAsync(await EthereumWorld.StartChainAsync(), database, _scratch.Path);
        using var signer = world.OpenSigner();
        var sender = world.NewSender(signer);
        var payments = new Dictionary<int, BigInteger>();
        for (var number = 1; number <= Transfers; number++)
        {
            payments[number] = 1000 + number;
            await world.AddAsync(number, payments[number]);
        }

        // Some are signed, some are on their way to the node.
        var round = sender.WorkAsync(world.Wallet, default);
        await Waiting.UntilAsync("some are sent", async () => round.IsCompleted || await world.PendingAsync() >= Transfers / 3, () => world.Log);
        var failover = pair.FailOverAsync();
        var failures = await RunAsync(round);
        for (var tries = 0; !failover.IsCompleted || await OpenAsync(world) is not 0; tries++)
        {
            Assert.True(tries < 1000, world.Log);
            failures += await RunAsync(sender.WorkAsync(world.Wallet, default));
            await world.Chain.MineAsync();
        }

        await failover;
        Assert.True(failures > 0, "nothing failed: the primary was not used when it ended");
        Assert.Equal(Transfers, await world.SentAsync());
        await world.AssertPaidOnceAsync(payments);
    }

    /// <returns>Transfers that have not ended; null: the database does not answer.</returns>
    private static async Task<int?> OpenAsync(EthereumWorld world)
    {
        try
        {
            return (await world.Database.ReadAsync(session => Payments.Transfers.TransferStore.OpenTransfersAsync(session, world.Wallet.Id, Transfers))).Count;
        }
        catch (StoreUnavailableException)
        {
            return null;
        }
    }

    /// <returns>1 when the database was away.</returns>
    private static async Task<int> RunAsync(Task round)
    {
        try
        {
            await round;
            return 0;
        }
        catch (Exception exception) when (exception is StoreUnavailableException or DuplicateException or NodeUnreachableException)
        {
            return 1;
        }
    }
}
