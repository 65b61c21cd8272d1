using System.Numerics;
using HaCluster.Payments.Policies;
using HaCluster.Payments.Scanning;
using HaCluster.Payments.Store;
using HaCluster.Payments.Transfers;
using HaCluster.Payments.Wallets;
using HaCluster.Services;

namespace HaCluster.Payments.Tests.Sending;

/// <summary>Where no child is made, and where one that was begun is ended.</summary>
[Collection(BitcoinChildCollection.Name)]
public sealed class ChildRefusalTests(BitcoinRegtest chain) : IAsyncLifetime, IDisposable
{
    private readonly Scratch _scratch = new();
    private SqliteDatabase _database = null!;
    private ChildWorld? _world;

    public async Task InitializeAsync()
    {
        _database = new SqliteDatabase(_scratch.At("payments.db"));
        await _database.MigrateAsync(default);
    }

    public async Task DisposeAsync()
    {
        if (_world is not null)
            await _world.DisposeAsync();
        await _database.DisposeAsync();
    }

    public void Dispose() => _scratch.Dispose();

    [SkippableFact]
    public async Task While_the_kill_switch_is_on_no_child_is_made()
    {
        var world = await (await StartAsync()).SentAsync();
        await world.World.AskAsync(world.Transfer, ChangeRequest.Child, 1);
        await SwitchAsync(true);
        await world.RoundAsync();
        Assert.Single(await world.AttemptsAsync());
        Assert.Empty(await ChildCoinsAsync(world));
        await SwitchAsync(false);
        await world.RoundAsync();
        Assert.Equal(2, (await world.AttemptsAsync()).Count);

        Task SwitchAsync(bool isOn) => _database.ChangeAsync(session => session.SetKillSwitchAsync(isOn, "a test", "test", DateTimeOffset.UtcNow));
    }

    [SkippableFact]
    public async Task The_signer_has_a_kill_switch_of_its_own()
    {
        var world = await (await StartAsync()).SentAsync();
        await world.World.AskAsync(world.Transfer, ChangeRequest.Child, 1);
        var stop = _scratch.At(HaCluster.Payments.Signing.LocalSigner.StopFile);
        await File.WriteAllTextAsync(stop, "");
        await world.RoundAsync();
        Assert.Single(await world.AttemptsAsync());
        Assert.Contains("the signer refuses a child: kill-switch", world.World.Log, StringComparison.Ordinal);
        File.Delete(stop);
        await world.FinishAsync();
        await world.AssertPaidAsync((await world.AttemptsAsync()).Aggregate(BigInteger.Zero, (sum, attempt) => sum + attempt.MaxFee));
    }

    [SkippableFact]
    public async Task A_payment_to_a_place_that_is_no_longer_allowed_gets_no_child()
    {
        var world = await (await StartAsync()).SentAsync();
        await world.World.AskAsync(world.Transfer, ChangeRequest.Child, 1);
        await _database.ChangeAsync(session => session.RemoveDestinationAsync(world.World.Wallet.Id, world.Transfer.Destination, "test", DateTimeOffset.UtcNow));
        await world.RoundAsync();
        await AssertNoneAsync(world, "is no longer an allowed destination");
    }

    [SkippableFact]
    public async Task Nothing_is_made_for_a_payment_whose_cancellation_was_asked_for()
    {
        var world = await (await StartAsync()).SentAsync();
        await world.World.AskAsync(world.Transfer, ChangeRequest.Child, 1);
        await world.World.AskAsync(world.Transfer, ChangeRequest.Cancel);
        await world.RoundAsync(3);
        Assert.Equal([Attempt.Payment, Attempt.Cancellation], (await world.AttemptsAsync()).Select(attempt => attempt.Purpose));
        Assert.Empty(await ChildCoinsAsync(world));
    }

    [SkippableTheory]
    // Both have 252 virtual bytes, which cost 1575 at 6250 per 1000.
    [InlineData(400_000, 1574, false)]
    [InlineData(400_000, 1575, true)]
    // All but a change that pays for a child and is no dust.
    [InlineData(997_000, 2000, true)]
    [InlineData(998_000, 2000, false)]
    public async Task A_child_stays_within_the_largest_fee_and_the_change(long amount, long maxFee, bool isMade)
    {
        var world = await (await StartAsync(amount, maxFee)).SentAsync();
        await world.World.AskAsync(world.Transfer, ChangeRequest.Child, 1);
        await world.RoundAsync();
        Assert.Equal(isMade ? 2 : 1, (await world.AttemptsAsync()).Count);
        if (!isMade)
            await AssertNoneAsync(world, "exceed the largest fee of both transactions");
        await world.FinishAsync();
        await world.AssertPaidAsync((await world.AttemptsAsync()).Aggregate(BigInteger.Zero, (sum, attempt) => sum + attempt.MaxFee));
    }

    [SkippableFact]
    public async Task A_transaction_without_change_gets_no_child()
    {
        var world = await (await StartAsync(ChildWorld.Coin - 1000, maxFee: 1000)).SentAsync();
        Assert.Single(ChildWorld.Parse(Assert.Single(await world.AttemptsAsync())).Outputs);
        await world.World.AskAsync(world.Transfer, ChangeRequest.Child, 1);
        await world.RoundAsync();
        await AssertNoneAsync(world, "has no change output");
    }

    [SkippableFact]
    public async Task A_transaction_that_the_node_does_not_have_gets_no_child()
    {
        var world = await StartAsync();
        world.Network.Loses = true;
        await world.RoundAsync();
        await world.World.AskAsync(world.Transfer, ChangeRequest.Child, 1);
        await world.RoundAsync(2);
        await AssertNoneAsync(world, "would need package relay");
        world.Network.Loses = false;
        await world.RoundAsync();
        await chain.InPoolAsync(ChildWorld.Parse((await world.AttemptsAsync())[0]));
        await world.SentAsync();
        Assert.Equal(2, (await world.AttemptsAsync()).Count);
    }

    [SkippableFact]
    public async Task Change_is_free_again_where_the_signer_has_signed_no_child_and_the_parent_is_in_a_block()
    {
        var world = await (await StartAsync()).SentAsync();
        await world.World.AskAsync(world.Transfer, ChangeRequest.Child, 1);
        // It refuses for good: set aside for a child that is never made, the change would be lost.
        await File.WriteAllTextAsync(_scratch.At(HaCluster.Payments.Signing.LocalSigner.StopFile), "");
        await world.RoundAsync(3);
        Assert.Single(world.World.Log.Split('\n'), line => line.Contains("the signer refuses a child: kill-switch", StringComparison.Ordinal));
        await AssertFreeAsync(world);
    }

    [SkippableFact]
    public async Task Change_is_free_again_after_a_process_that_ended_before_the_signer_was_asked()
    {
        var world = await BegunAsync(FaultPoint.ChildReserved);
        await AssertFreeAsync(world);
    }

    private async Task AssertFreeAsync(ChildWorld world)
    {
        Assert.Single(await ChildCoinsAsync(world));
        await chain.MineAsync(7);
        await world.FinishAsync();
        await world.AssertPaidAsync(Assert.Single(await world.AttemptsAsync()).MaxFee);
        Assert.Empty(await ChildCoinsAsync(world));
        Assert.Single(await _database.ReadAsync(session => session.SpendableCoinsAsync(world.World.Wallet.Id)));
    }

    private async Task<ChildWorld> BegunAsync(string point)
    {
        var world = await (await StartAsync()).SentAsync();
        await world.World.AskAsync(world.Transfer, ChangeRequest.Child, 1);
        world.Restart(new EndAt(point));
        await Assert.ThrowsAsync<IOException>(() => world.RoundAsync());
        // Its signature may be anywhere: the coin is nobody else's.
        Assert.Single(await ChildCoinsAsync(world));
        world.Restart();
        return world;
    }

    [SkippableFact]
    public async Task A_child_that_was_signed_is_ended_though_its_parent_is_in_a_block()
    {
        var world = await BegunAsync(FaultPoint.ChildSigned);
        await chain.MineAsync(7);
        await world.FinishAsync();
        var attempts = await world.AttemptsAsync();
        Assert.Equal(2, attempts.Count);
        // It pays for itself alone.
        Assert.InRange(attempts[1].MaxFee, ChildWorld.Parse(attempts[1]).GetVirtualSize(), attempts[0].MaxFee);
        await world.AssertPaidAsync(attempts[0].MaxFee + attempts[1].MaxFee);
    }

    [SkippableFact]
    public async Task A_replica_that_has_lost_its_lease_books_no_parent_without_its_child()
    {
        var world = await (await StartAsync()).SentAsync();
        var before = await world.World.TransferAsync(world.Transfer.Id);
        await world.World.AskAsync(world.Transfer, ChangeRequest.Child, 1);
        await world.SentAsync();
        Assert.Null(await _database.ChangeAsync(session => session.MoveAsync(before, TransferEvent.Confirm, "sender", DateTimeOffset.UtcNow)));
        Assert.Equal(before.State, await world.World.StateAsync(world.Transfer));
    }

    private async Task<ChildWorld> StartAsync(long amount = 400_000, BigInteger? maxFee = null) => _world = await ChildWorld.StartAsync(chain, _database, _scratch.Path, amount: amount - 1, maxFee: maxFee);

    private async Task AssertNoneAsync(ChildWorld world, string reason)
    {
        Assert.Single(await world.AttemptsAsync());
        Assert.Empty(await ChildCoinsAsync(world));
        Assert.Contains(reason, world.World.Log, StringComparison.Ordinal);
    }

    private Task<IReadOnlyList<Coin>> ChildCoinsAsync(ChildWorld world) => _database.ReadAsync(session => session.ChildCoinsAsync(world.Transfer.Id));

    /// <summary>The end of a process, as far as its store and its signer see it.</summary>
    private sealed class EndAt(string point) : IFaultPoints
    {
        public void Reach(string reached)
        {
            if (reached == point)
                throw new IOException("the process ends here");
        }
    }
}
