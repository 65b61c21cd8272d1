using HaCluster.Payments.Sending;
using HaCluster.Payments.Store;
using HaCluster.Payments.Tests.Store;
using HaCluster.Payments.Transfers;
using static HaCluster.Payments.Tests.Store.TestTransfers;

namespace HaCluster.Payments.Tests.Sending;

public sealed class FairSelectionTests : IDisposable
{
    private readonly Scratch _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public async Task The_oldest_that_were_begun_are_in_every_round_and_all_others_in_turn()
    {
        await using var database = new SqliteDatabase(_scratch.At("payments.db"));
        await database.MigrateAsync(default);
        var wallet = await database.AddWalletAsync(funds: 1_000_000);
        for (var number = 0; number < 40; number++)
        {
            var at = Now.AddSeconds(number);
            var transfer = Of(wallet, 1, 1, id: $"trf_{number:d2}");
            await database.ChangeAsync(async session =>
            {
                await session.CreateAsync(transfer, at);
                transfer = (await session.MoveAsync(transfer, TransferEvent.Approve, "test", at))!;
                if (number < 20)
                    await session.MoveAsync(transfer, TransferEvent.Sign, "test", at);
            });
        }

        // A process ended after it had taken a nonce.
        await database.ChangeAsync(session => session.ExecuteAsync("insert into nonces (chain, sender, nonce, transfer) values ('ethereum', 's', 20, 'trf_39')"));
        await database.ChangeAsync(async session => await session.MoveAsync((await session.TransferAsync("trf_01"))!, TransferEvent.Replace, "test", Now, moved => moved with { Fee = 1 }));
        var turns = new FairSelection(80);
        Assert.Equal("trf_39", await FirstAsync(20, turns));
        turns = new FairSelection(8);
        var rounds = new List<string[]>();
        for (var round = 0; round < 8; round++)
            rounds.Add([.. (await database.ReadAsync(session => turns.NextAsync(session, wallet.Id))).Select(transfer => transfer.Id)]);
        Assert.All(rounds, round => Assert.Equal(("trf_00", "trf_02", round.Length), (round[0], round[1], round.Distinct().Count())));
        // Of those with a transaction 19 take turns at 6 places; 20 without one at 8.
        foreach (var begin in new[] { 0, 4 })
            Assert.Equal(Enumerable.Range(0, 40).Where(number => number != 1).Select(number => $"trf_{number:d2}"), rounds.Skip(begin).Take(4).SelectMany(round => round).Distinct().Order(StringComparer.Ordinal));

        async Task<string> FirstAsync(int position, FairSelection taken) => (await database.ReadAsync(session => taken.NextAsync(session, wallet.Id)))[position - 1].Id;
    }
}
