using System.Numerics;
using HaCluster.Operations.Payments;

namespace HaCluster.Operations.Tests.Payments;

/// <summary>What an operator asks the payments service, over the wire of a cluster.</summary>
public sealed class PaymentsClientTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task Wallets_and_transfers_are_what_the_service_has_and_one_is_approved_by_another_person()
    {
        await using var world = await PaymentsWorld.StartAsync();
        using var session = world.Cluster.Session();
        var waiting = await world.AskAsync("order-1", 60);
        var small = await world.AskAsync("order-2", 20);

        using (var client = await PaymentsClient.OpenAsync(session.Kubernetes, null, None))
        {
            var wallet = Assert.Single(await client.ReadWalletsAsync(None));
            Assert.Equal(("hot", "ethereum", ForwardingState.On), (wallet.Name, wallet.Chain, wallet.Forwarding));
            Assert.Equal(new WalletBalance("ethereum", 1000 - 90, 90), Assert.Single(wallet.Balances));
            Assert.Equal([small, waiting], (await client.ReadTransfersAsync(null, null, 10, None)).Select(transfer => transfer.Id));
            var transfer = Assert.Single(await client.ReadTransfersAsync(world.Wallet, "created", 10, None));
            Assert.Equal((waiting, new BigInteger(60), "created", 1L, "shop"), (transfer.Id, transfer.Amount, transfer.State, transfer.ApprovalsNeeded, transfer.CreatedBy));
            Assert.Single(await client.ReadTransfersAsync(null, null, 1, None));
            // The administrator's key has not the scope for it.
            Assert.Equal(FailureKind.PermissionDenied, (await Assert.ThrowsAsync<HaClusterException>(() => client.ApproveAsync(waiting, None))).Kind);
        }

        using (var shop = await PaymentsClient.OpenAsync(session.Kubernetes, world.Keys["shop"], None))
            Assert.Equal(FailureKind.PermissionDenied, (await Assert.ThrowsAsync<HaClusterException>(() => shop.ApproveAsync(waiting, None))).Kind);
        using var boss = await PaymentsClient.OpenAsync(session.Kubernetes, world.Keys["boss"], None);
        var approved = await boss.ApproveAsync(waiting, None);
        Assert.Equal(("approved", "boss"), (approved.State, Assert.Single(approved.Approvals!)));
        var again = await Assert.ThrowsAsync<HaClusterException>(() => boss.ApproveAsync(waiting, None));
        Assert.Equal((FailureKind.Conflict, "the transfer is approved and does not wait for an approval"), (again.Kind, again.Problem));
    }

    [Fact]
    public async Task Forwarding_is_suspended_with_a_reason_and_resumed()
    {
        await using var world = await PaymentsWorld.StartAsync();
        using var session = world.Cluster.Session();
        using var client = await PaymentsClient.OpenAsync(session.Kubernetes, null, None);
        var suspended = await client.SuspendForwardingAsync(world.Wallet, "drill", None);
        Assert.Equal((ForwardingState.Suspended, "drill"), (suspended.Forwarding, suspended.SuspendedReason));
        Assert.Equal(suspended.SuspendedReason, Assert.Single(await client.ReadWalletsAsync(None)).SuspendedReason);
        var resumed = await client.ResumeForwardingAsync(world.Wallet, None);
        Assert.Equal((ForwardingState.On, null), (resumed.Forwarding, resumed.SuspendedReason));
    }

    [Fact]
    public async Task What_is_wrong_is_said_with_what_to_do_and_no_key_is_repeated()
    {
        await using var world = await PaymentsWorld.StartAsync();
        using var session = world.Cluster.Session();
        const string Wrong = "hap_111111111111111111111111111111111111111111111111";
        using var stranger = await PaymentsClient.OpenAsync(session.Kubernetes, Wrong, None);
        var refused = await Assert.ThrowsAsync<HaClusterException>(() => stranger.ReadWalletsAsync(None));
        Assert.Equal(FailureKind.CredentialsExpired, refused.Kind);
        Assert.DoesNotContain(Wrong, refused.ToString(), StringComparison.Ordinal);
        using var client = await PaymentsClient.OpenAsync(session.Kubernetes, null, None);
        Assert.Equal(FailureKind.NotFound, (await Assert.ThrowsAsync<HaClusterException>(() => client.ReadTransferAsync("trf_none", None))).Kind);
        Assert.Equal(FailureKind.NotFound, (await Assert.ThrowsAsync<HaClusterException>(() => client.ResumeForwardingAsync("wal_none", None))).Kind);
    }
}
