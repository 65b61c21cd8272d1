using HaCluster.Payments.Sending;
using HaCluster.Payments.Store;
using HaCluster.Payments.Transfers;

namespace HaCluster.Payments.Tests.Sending;

/// <summary>A node that has lost a child and its parent, as when its memory pool was dropped or another branch has taken their place.</summary>
[Collection(BitcoinChildCollection.Name)]
public sealed class LostParentTests(BitcoinRegtest chain) : IAsyncLifetime, IDisposable
{
    private readonly Scratch _scratch = new();
    private SqliteDatabase _database = null!;
    private ChildWorld _world = null!;

    public async Task InitializeAsync()
    {
        _database = new SqliteDatabase(_scratch.At("payments.db"));
        await _database.MigrateAsync(default);
        _world = await ChildWorld.StartAsync(chain, _database, _scratch.Path);
    }

    public async Task DisposeAsync()
    {
        await _world.DisposeAsync();
        await _database.DisposeAsync();
    }

    public void Dispose() => _scratch.Dispose();

    [SkippableFact]
    public async Task Both_are_sent_again_the_parent_first()
    {
        await _world.WithChildAsync();
        var attempts = await _world.AttemptsAsync();
        _world.Network.Lost.UnionWith(attempts.Select(attempt => attempt.Txid));
        _world.Network.Sent.Clear();
        await _world.RoundAsync();
        Assert.Equal(attempts.Select(attempt => attempt.Raw), _world.Network.Sent);
        // The node has them again, and is left alone.
        await _world.RoundAsync();
        Assert.Equal(2, _world.Network.Sent.Count);
    }

    [SkippableFact]
    public async Task A_replacement_that_the_node_has_in_their_place_is_followed()
    {
        await _world.SentAsync();
        await _world.World.AskAsync(_world.Transfer, ChangeRequest.Bump, 1);
        await _world.RoundAsync(2);
        Assert.Equal([(1, null), (2, null), (3, 1)], (await _world.AttemptsAsync()).Select(attempt => ((int)attempt.Number, (int?)attempt.Parent)));
        var (parent, replacement) = ((await _world.AttemptsAsync())[0], (await _world.AttemptsAsync())[1]);
        // Its block is replaced, and the node keeps what was in it.
        await chain.MineTransactionAsync(replacement.Raw);
        await _world.RoundAsync();
        Assert.Equal(TransferState.Confirmed, await _world.World.StateAsync(_world.Transfer));
        await chain.Chain.ReplaceAsync(1);
        _world.Network.Refused.Add(parent.Raw);
        await _world.RoundAsync(3);
        Assert.Equal(TransferState.Seen, await _world.World.StateAsync(_world.Transfer));
        // One that waits too long is replaced itself.
        _world.Restart(options: new SenderOptions { BumpAfter = TimeSpan.Zero });
        await _world.RoundAsync();
        var next = (await _world.AttemptsAsync())[^1];
        Assert.Equal((4, Attempt.Payment, true), (next.Number, next.Purpose, next.MaxFee > replacement.MaxFee));
        await chain.MineTransactionAsync(next.Raw);
        await _world.FinishAsync();
        await _world.AssertPaidAsync(next.MaxFee);
    }
}
