using System.Numerics;
using HaCluster.Payments.Outbox;
using HaCluster.Payments.Policies;
using HaCluster.Payments.Sending;
using HaCluster.Payments.Tests.Peers;
using HaCluster.Payments.Tests.Store;
using HaCluster.Payments.Transfers;

namespace HaCluster.Payments.Tests.Sending;

/// <summary>Child pays for parent: the change of a transaction that waits pays for both.</summary>
[Collection(BitcoinChildCollection.Name)]
public sealed class ChildTests(BitcoinRegtest chain, PostgreSql postgreSql) : OwnStore(postgreSql), IClassFixture<PostgreSql>
{
    [SkippableTheory, OnBothStores]
    public async Task A_child_spends_the_change_and_both_together_reach_the_rate(StoreKind kind)
    {
        var world = await (await StartAsync(kind)).WithChildAsync();
        var (parent, child) = await BothAsync(world);
        var (first, second) = (ChildWorld.Parse(parent), ChildWorld.Parse(child));
        Assert.Equal((Attempt.Child, 1, 2), (child.Purpose, child.Parent, child.Number));
        Assert.Equal((first.GetHash(), 1u), (Assert.Single(second.Inputs).PrevOut.Hash, second.Inputs[0].PrevOut.N));
        var target = Assert.Single(second.Outputs);
        Assert.Equal((first.Outputs[1].Value.Satoshi - target.Value.Satoshi, false), ((long)child.MaxFee, target.ScriptPubKey == first.Outputs[1].ScriptPubKey));
        // A quarter more than the parent offers by itself.
        var rate = (parent.MaxFee + child.MaxFee) * 1000 / (first.GetVirtualSize() + second.GetVirtualSize());
        Assert.InRange(rate, parent.FeeRate * 5 / 4, parent.FeeRate * 13 / 10);
        Assert.Single(await EventsAsync(world, "transfer.cpfp-requested"));
        Assert.Contains(child.Txid, Assert.Single(await EventsAsync(world, "transfer.child-signed")).Data, StringComparison.Ordinal);

        // In a block and not final, books and chain are compared as well.
        await chain.MineAsync();
        await world.RoundAsync();
        Assert.Equal(TransferState.Confirmed, await world.World.StateAsync(world.Transfer));
        await world.AssertReconciledAsync();
        await world.FinishAsync();
        await world.AssertPaidAsync(parent.MaxFee + child.MaxFee);
        // What comes back is spent by the next.
        var next = await world.World.AddAsync(2, 300_000);
        await world.FinishAsync();
        Assert.Equal(second.GetHash(), ChildWorld.Parse(Assert.Single(await world.World.AttemptsAsync(next.Id))).Inputs[0].PrevOut.Hash);
    }

    [SkippableFact]
    public async Task A_transaction_whose_replacement_the_node_does_not_take_gets_a_child()
    {
        var world = await (await StartAsync()).SentAsync();
        await world.World.AskAsync(world.Transfer, ChangeRequest.Bump, 1);
        await world.RoundAsync(2);
        var attempts = await world.AttemptsAsync();
        Assert.Equal([(1, null), (2, null), (3, 1)], attempts.Select(attempt => ((int)attempt.Number, (int?)attempt.Parent)));
        // Miners get at least what the replacement would have paid for its place.
        Assert.True(attempts[2].FeeRate >= attempts[1].FeeRate);
        await chain.InPoolAsync(ChildWorld.Parse(attempts[2]));
        // From now on nothing else is made, and the node is not asked again to take the replacement.
        await world.RoundAsync(2);
        Assert.Equal(3, (await world.AttemptsAsync()).Count);
        await world.FinishAsync();
        await world.AssertPaidAsync(attempts[0].MaxFee + attempts[2].MaxFee);
    }

    [SkippableFact]
    public async Task If_the_chain_takes_the_replacement_all_the_same_the_child_costs_nothing()
    {
        var world = await (await StartAsync()).SentAsync();
        await world.World.AskAsync(world.Transfer, ChangeRequest.Bump, 1);
        await world.RoundAsync(2);
        var replacement = (await world.AttemptsAsync())[1];
        await chain.MineTransactionAsync(replacement.Raw);
        await world.FinishAsync();
        await world.AssertPaidAsync(replacement.MaxFee);
    }

    [SkippableFact]
    public async Task A_child_that_waits_for_too_long_pays_more_though_its_parent_is_in_a_block()
    {
        var world = await (await StartAsync()).SentAsync();
        world.Network.Loses = true;
        await world.World.AskAsync(world.Transfer, ChangeRequest.Child, 1);
        await world.RoundAsync();
        var (parent, first) = await BothAsync(world);
        await chain.MineAsync();
        await world.RoundAsync();
        Assert.Equal(2, (await world.AttemptsAsync()).Count);
        world.Restart(options: new SenderOptions { BumpAfter = TimeSpan.Zero });
        await world.RoundAsync();
        var second = (await world.AttemptsAsync())[^1];
        Assert.Equal((3, parent.Number, first.Parent), (second.Number, second.Parent, second.Parent));
        Assert.True(second.MaxFee > first.MaxFee && second.FeeRate > first.FeeRate);

        world.Network.Loses = false;
        world.Restart();
        await world.RoundAsync();
        await chain.InPoolAsync(ChildWorld.Parse(second));
        await world.FinishAsync();
        await world.AssertPaidAsync(parent.MaxFee + second.MaxFee);
    }

    [SkippableFact]
    public async Task A_parent_alone_in_a_block_is_final_when_its_child_is()
    {
        var world = await (await StartAsync()).SentAsync();
        world.Network.Loses = true;
        await world.World.AskAsync(world.Transfer, ChangeRequest.Child, 1);
        await world.RoundAsync();
        var (parent, child) = await BothAsync(world);
        await chain.MineAsync(8);
        var other = await world.World.AddAsync(2, 300_000);
        await world.RoundAsync(2);
        // It is deep enough, and what it cost is not known yet; its change is nobody else's.
        Assert.Equal((TransferState.Confirmed, 8), (await world.World.StateAsync(world.Transfer), (await world.World.TransferAsync(world.Transfer.Id)).Confirmations));
        Assert.Equal(TransferState.Approved, await world.World.StateAsync(other));
        await world.AssertReconciledAsync();

        // The payment is in a block: that its destination is removed changes nothing for the child.
        await world.World.Database.ChangeAsync(session => session.RemoveDestinationAsync(world.World.Wallet.Id, world.Transfer.Destination, "test", DateTimeOffset.UtcNow));
        world.Network.Loses = false;
        await world.RoundAsync();
        await chain.InPoolAsync(ChildWorld.Parse(child));
        await chain.MineAsync();
        await world.RoundAsync();
        Assert.Equal((TransferState.Confirmed, TransferState.Broadcast), (await world.World.StateAsync(world.Transfer), await world.World.StateAsync(other)));
        await world.FinishAsync();
        Assert.Equal(parent.MaxFee + child.MaxFee, (await world.World.TransferAsync(world.Transfer.Id)).Fee);
        await world.World.AssertPaidOnceAsync(new Dictionary<int, BigInteger> { [1] = world.Transfer.Amount, [2] = 300_000 });
    }

    [SkippableTheory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_cancellation_after_a_child_outbids_both(bool isCancelled)
    {
        var world = await (await StartAsync()).WithChildAsync();
        var (parent, child) = await BothAsync(world);
        await world.World.AskAsync(world.Transfer, ChangeRequest.Cancel);
        await world.RoundAsync(2);
        var attempts = await world.AttemptsAsync();
        Assert.Equal([Attempt.Payment, Attempt.Child, Attempt.Cancellation], attempts.Select(attempt => attempt.Purpose));
        // BIP-125, rules 3 and 4.
        Assert.True(attempts[2].MaxFee >= parent.MaxFee + child.MaxFee + ChildWorld.Parse(attempts[2]).GetVirtualSize(), $"{attempts[2].MaxFee}");
        if (!isCancelled)
        {
            await world.FinishAsync();
            await world.AssertPaidAsync(parent.MaxFee + child.MaxFee);
            return;
        }

        await chain.MineTransactionAsync(attempts[2].Raw);
        await world.FinishAsync();
        var ended = await world.World.TransferAsync(world.Transfer.Id);
        Assert.Equal((TransferState.Replaced, attempts[2].MaxFee), (ended.State, ended.Fee));
        await world.World.AssertPaidOnceAsync(new Dictionary<int, BigInteger> { [1] = 0 });
        await world.AssertReconciledAsync();
    }

    [SkippableTheory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task After_a_reorganisation_parent_and_child_are_sent_again(int depth)
    {
        var world = await (await StartAsync()).WithChildAsync();
        var (parent, child) = await BothAsync(world);
        await chain.MineAsync(depth);
        await world.RoundAsync();
        Assert.Equal(TransferState.Confirmed, await world.World.StateAsync(world.Transfer));
        await chain.Chain.ReplaceAsync(depth);
        await world.RoundAsync();
        Assert.NotEqual(TransferState.Confirmed, await world.World.StateAsync(world.Transfer));
        await world.AssertReconciledAsync();
        await world.FinishAsync();
        Assert.Equal(2, (await world.AttemptsAsync()).Count);
        await world.AssertPaidAsync(parent.MaxFee + child.MaxFee);
    }

    [SkippableFact]
    public async Task A_reorganisation_that_takes_the_child_alone_out_is_waited_for()
    {
        var world = await (await StartAsync()).WithChildAsync();
        var (parent, child) = await BothAsync(world);
        await chain.MineTransactionAsync(parent.Raw);
        await chain.MineTransactionAsync(child.Raw);
        await world.RoundAsync();
        await world.AssertReconciledAsync();
        await chain.Chain.ReplaceAsync(1);
        await world.RoundAsync();
        await world.AssertReconciledAsync();
        await world.FinishAsync();
        await world.AssertPaidAsync(parent.MaxFee + child.MaxFee);
    }

    [SkippableTheory, OnBothStores]
    public async Task Transfers_that_are_paid_together_bear_the_child_together_to_the_satoshi(StoreKind kind)
    {
        var world = await (await StartAsync(kind, transfers: 3, amount: 200_000)).SentAsync();
        await world.World.AskAsync(world.Transfers[2], ChangeRequest.Child, 1);
        await world.SentAsync();
        var attempts = await Task.WhenAll(world.Transfers.Select(transfer => world.World.AttemptsAsync(transfer.Id)));
        Assert.All(attempts, one => Assert.Equal([Attempt.Payment, Attempt.Child], one.Select(attempt => attempt.Purpose)));
        var sums = attempts.Select(one => (long)(one[0].MaxFee + one[1].MaxFee)).ToArray();
        Assert.InRange(sums.Max() - sums.Min(), 0, 1);
        var child = ChildWorld.Parse(attempts[0][1]);
        var left = ChildWorld.Coin - attempts[0].Take(1).Sum(attempt => ChildWorld.Parse(attempt).Outputs.Take(3).Sum(output => output.Value.Satoshi)) - child.TotalOut.Satoshi;
        Assert.Equal(left, sums.Sum());
        await world.FinishAsync();
        await world.AssertPaidAsync(left);
    }

    [SkippableFact]
    public async Task A_child_that_waits_is_replaced_by_one_that_pays_more()
    {
        var world = await (await StartAsync()).WithChildAsync();
        await world.World.AskAsync(world.Transfer, ChangeRequest.Child, 2);
        await world.RoundAsync();
        var attempts = await world.AttemptsAsync();
        Assert.Equal([(2, 1), (3, 1)], attempts.Skip(1).Select(attempt => ((int)attempt.Number, (int)attempt.Parent!)));
        var (first, second) = (ChildWorld.Parse(attempts[1]), ChildWorld.Parse(attempts[2]));
        Assert.Equal(first.Inputs[0].PrevOut, second.Inputs[0].PrevOut);
        Assert.True(attempts[2].MaxFee >= attempts[1].MaxFee + second.GetVirtualSize());
        await chain.MineTransactionAsync(attempts[0].Raw);
        await chain.MineTransactionAsync(attempts[2].Raw);
        await world.FinishAsync();
        await world.AssertPaidAsync(attempts[0].MaxFee + attempts[2].MaxFee);
    }

    private async Task<ChildWorld> StartAsync(StoreKind kind = StoreKind.Sqlite, int transfers = 1, long amount = 400_000)
    {
        return Keep(await ChildWorld.StartAsync(chain, await OpenAsync(kind), Scratch.Path, transfers, amount: amount));
    }

    private static async Task<(Attempt Parent, Attempt Child)> BothAsync(ChildWorld world)
    {
        var attempts = await world.AttemptsAsync();
        Assert.Equal(2, attempts.Count);
        return (attempts[0], attempts[1]);
    }

    private static async Task<IReadOnlyList<StoredEvent>> EventsAsync(ChildWorld world, string type) => [.. (await world.World.Database.EventsAsync(0, 1000)).Where(one => one.Type == type)];
}
