using System.Numerics;
using HaCluster.Payments.Policies;
using HaCluster.Payments.Store;
using HaCluster.Payments.Tests.Store;
using HaCluster.Payments.Transfers;
using HaCluster.Services;

namespace HaCluster.Payments.Tests.Sending;

/// <summary>What was accepted is stopped at every step that is still to come: by the kill switch, and for a destination that was removed.</summary>
public sealed class LastCheckTests : OwnStore
{
    private readonly ManualClock _clock = new(DateTimeOffset.UtcNow);
    private EthereumWorld _world = null!;

    public override async Task InitializeAsync() => _world = Keep(await EthereumWorld.StartAsync(await EthereumWorld.StartChainAsync(), await OpenAsync(), Scratch.Path, _clock));

    [SkippableFact]
    public async Task While_the_kill_switch_is_on_signed_bytes_are_not_sent_and_what_waits_pays_no_more()
    {
        using var signer = _world.OpenSigner();
        var (waiting, signed) = (await _world.AddAsync(1, 1000), await _world.AddAsync(2, 2000));
        await SignAsync(signer, sent: waiting, unsent: signed);
        await SwitchAsync(true);
        _clock.Advance(TimeSpan.FromHours(1));
        await _world.AskAsync(waiting, ChangeRequest.Bump, 1);
        var sender = _world.NewSender(signer);
        for (var round = 0; round < 3; round++)
            await sender.WorkAsync(_world.Wallet, default);
        Assert.Single(await _world.AttemptsAsync(waiting.Id));
        Assert.Null(Assert.Single(await _world.AttemptsAsync(signed.Id)).BroadcastAt);
        Assert.Contains("the kill switch is on", _world.Log, StringComparison.Ordinal);

        // What it does not stop is a cancellation, which pays nobody.
        await _world.AskAsync(signed, ChangeRequest.Cancel);
        await sender.WorkAsync(_world.Wallet, default);
        Assert.Equal([Attempt.Payment, Attempt.Cancellation], (await _world.AttemptsAsync(signed.Id)).Select(attempt => attempt.Purpose));

        await SwitchAsync(false);
        await sender.WorkAsync(_world.Wallet, default);
        Assert.Equal(2, (await _world.AttemptsAsync(waiting.Id)).Count);
        await _world.FinishAsync(sender);
        await _world.AssertPaidOnceAsync(new Dictionary<int, BigInteger> { [1] = 1000, [2] = 0 });
    }

    [SkippableFact]
    public async Task Once_a_destination_is_removed_nothing_more_is_signed_or_sent_for_it_and_others_go_on()
    {
        using var signer = _world.OpenSigner();
        var (waiting, signed, other) = (await _world.AddAsync(1, 1000), await _world.AddAsync(2, 2000), await _world.AddAsync(3, 3000));
        await SignAsync(signer, sent: waiting, unsent: signed);
        var unsigned = await _world.AddAsync("trf_unsigned", waiting.Destination, 5000);
        foreach (var destination in new[] { waiting.Destination, signed.Destination })
        {
            await _world.Database.ChangeAsync(async session =>
            {
                Assert.True(await session.RemoveDestinationAsync(_world.Wallet.Id, destination, "admin", _clock.GetUtcNow()));
                Assert.Null(await session.CallOffAllAsync(_world.Wallet.Id, destination, "", "admin", _clock.GetUtcNow()));
            });
        }

        Assert.Equal(TransferState.Cancelled, (await _world.TransferAsync(unsigned.Id)).State);
        _clock.Advance(TimeSpan.FromHours(1));
        var sender = _world.NewSender(signer);
        for (var round = 0; round < 3; round++)
            await sender.WorkAsync(_world.Wallet, default);
        // A node has the first one, and either of its two can be in a block; the node is never given the second one's payment.
        Assert.All(new[] { waiting, signed }, transfer => Assert.Equal([Attempt.Payment, Attempt.Cancellation], Purposes(transfer)));
        Assert.Null((await _world.AttemptsAsync(signed.Id))[0].BroadcastAt);
        await _world.FinishAsync(sender);
        await _world.AssertPaidOnceAsync(new Dictionary<int, BigInteger> { [1] = 0, [2] = 0, [3] = 3000 });
        Assert.Equal(TransferState.Final, (await _world.TransferAsync(other.Id)).State);
    }

    private IEnumerable<string> Purposes(Transfer transfer) => _world.AttemptsAsync(transfer.Id).GetAwaiter().GetResult().Select(attempt => attempt.Purpose);

    /// <summary>The node has one of them, and the bytes of the other one are stored only.</summary>
    private async Task SignAsync(Payments.Signing.ISigner signer, Transfer sent, Transfer unsent)
    {
        var faults = new EndAt(FaultPoint.BeforeBroadcast, 2);
        await Assert.ThrowsAsync<OperationCanceledException>(() => _world.NewSender(signer, faults).WorkAsync(_world.Wallet, default));
        Assert.NotNull(Assert.Single(await _world.AttemptsAsync(sent.Id)).BroadcastAt);
        Assert.Null(Assert.Single(await _world.AttemptsAsync(unsent.Id)).BroadcastAt);
    }

    private Task SwitchAsync(bool isOn) => _world.Database.ChangeAsync(session => session.SetKillSwitchAsync(isOn, "drill", "test", _clock.GetUtcNow()));

    /// <summary>The process ends when it comes to a point for the given time.</summary>
    private sealed class EndAt(string point, int time) : IFaultPoints
    {
        private int _times;

        public void Reach(string reached)
        {
            if (reached == point && ++_times == time)
                throw new OperationCanceledException("the process ended");
        }
    }
}
