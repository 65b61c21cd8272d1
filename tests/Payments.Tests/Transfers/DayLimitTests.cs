using System.Numerics;
using HaCluster.Payments.Amounts;
using HaCluster.Payments.Store;
using HaCluster.Payments.Tests.Peers;
using HaCluster.Payments.Tests.Sending;
using HaCluster.Payments.Tests.Store;
using HaCluster.Payments.Transfers;
using static HaCluster.Payments.Tests.Store.TestTransfers;

namespace HaCluster.Payments.Tests.Transfers;

/// <summary>What the limit of 24 hours is compared with.</summary>
[Collection(StoreCollection.Name)]
public sealed class DayLimitTests(PostgreSql postgreSql) : IDisposable
{
    private readonly Scratch _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [SkippableTheory, OnBothStores]
    public async Task The_limit_of_a_day_counts_what_was_paid_or_may_be_and_not_what_ended_otherwise(StoreKind kind)
    {
        await using var database = await Stores.OpenAsync(kind, _scratch, postgreSql);
        var wallet = await database.AddWalletAsync(funds: 1000);
        var (paid, failed, cancelled, replaced, open) = (Of(wallet, 1), Of(wallet, 2), Of(wallet, 4), Of(wallet, 8), Of(wallet, 16));
        foreach (var transfer in new[] { paid, failed, cancelled, replaced, open })
            await database.ChangeAsync(session => session.CreateAsync(transfer, Now));
        await MoveAllAsync(database, paid, [TransferEvent.Approve, TransferEvent.Sign, TransferEvent.Confirm, TransferEvent.Finalize], fee: 1);
        await MoveAllAsync(database, failed, [TransferEvent.Approve, TransferEvent.Sign, TransferEvent.Confirm, TransferEvent.Revert], fee: 1);
        await MoveAllAsync(database, cancelled, [TransferEvent.Cancel]);
        await MoveAllAsync(database, replaced, [TransferEvent.Approve, TransferEvent.Sign, TransferEvent.Replace], fee: 1);
        Assert.Equal(17, await database.ReadAsync(session => session.SpentSinceAsync(wallet.Id, Asset.Ethereum, Now)));
        Assert.Equal(0, await database.ReadAsync(session => session.SpentSinceAsync(wallet.Id, Asset.Ethereum, Now.AddMilliseconds(1))));
        Assert.Equal(0, await database.ReadAsync(session => session.SpentSinceAsync(wallet.Id, TestToken.Asset, Now)));
    }

    private static async Task MoveAllAsync(Database database, Transfer transfer, TransferEvent[] happenings, BigInteger? fee = null)
    {
        foreach (var happened in happenings)
            transfer = (await database.ChangeAsync(session => session.MoveAsync(transfer, happened, "test", Now, moved => moved with { Fee = fee })))!;
    }
}
