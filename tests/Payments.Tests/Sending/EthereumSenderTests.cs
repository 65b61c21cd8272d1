using System.Collections.Immutable;
using System.Numerics;
using HaCluster.Payments.Chains;
using HaCluster.Payments.Policies;
using HaCluster.Payments.Scanning;
using HaCluster.Payments.Sending;
using HaCluster.Payments.Store;
using HaCluster.Payments.Tests.Peers;
using HaCluster.Payments.Transfers;
using HaCluster.Sentinel.Tests.Peers;
using HaCluster.Services;

namespace HaCluster.Payments.Tests.Sending;

/// <summary>The sender on a real node.</summary>
[Collection(StoreCollection.Name)]
public sealed class EthereumSenderTests(PostgreSql postgreSql) : IDisposable
{
    private readonly Scratch _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [SkippableFact]
    public async Task Transfers_are_signed_stored_sent_and_followed_to_their_end()
    {
        await using var world = await StartAsync();
        using var signer = world.OpenSigner();
        var sender = world.NewSender(signer);
        var (first, second) = (await world.AddAsync(1, 1000), await world.AddAsync(2, BigInteger.Pow(10, 18)));

        await sender.WorkAsync(world.Wallet, default);
        Assert.Equal(TransferState.Broadcast, (await world.TransferAsync(first.Id)).State);
        var attempt = Assert.Single(await world.AttemptsAsync(first.Id));
        Assert.NotNull(attempt.BroadcastAt);
        await sender.WorkAsync(world.Wallet, default);
        Assert.Equal(TransferState.Seen, (await world.TransferAsync(first.Id)).State);
        await world.Chain.MineAsync();
        await sender.WorkAsync(world.Wallet, default);
        Assert.Equal((TransferState.Confirmed, 1, attempt.Txid), await StateAsync(world, first.Id));
        await world.Chain.MineAsync();
        await sender.WorkAsync(world.Wallet, default);
        Assert.Equal((TransferState.Confirmed, 2, attempt.Txid), await StateAsync(world, first.Id));
        await world.FinishAsync(sender);
        Assert.Equal(TransferState.Final, (await world.TransferAsync(second.Id)).State);
        Assert.Equal(2, await world.SentAsync());
        await world.AssertPaidOnceAsync(new Dictionary<int, BigInteger> { [1] = 1000, [2] = BigInteger.Pow(10, 18) });
    }

    [SkippableTheory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task A_node_that_took_the_transaction_and_did_not_answer_gets_the_same_bytes_again(int times)
    {
        await using var world = await StartAsync();
        using var signer = world.OpenSigner();
        using var lossy = new LostAnswers("eth_sendRawTransaction", times);
        var sender = world.NewSender(signer, handler: lossy);
        var transfer = await world.AddAsync(1, 1000);
        for (var time = 0; time < times; time++)
        {
            // The node is asked whether it knows the transaction, and forgets it, as one that restarts does: the bytes go out again.
            await Assert.ThrowsAsync<NodeUnreachableException>(() => sender.WorkAsync(world.Wallet, default));
            Assert.Equal(TransferState.Signed, (await world.TransferAsync(transfer.Id)).State);
            await world.Chain.CallAsync("anvil_dropAllTransactions");
        }

        await world.FinishAsync(sender);
        Assert.Single(await world.AttemptsAsync(transfer.Id));
        Assert.Single(lossy.Sent.Distinct());
        Assert.Equal(times + 1, lossy.Sent.Count);
        Assert.Equal(1, await world.SentAsync());
        await world.AssertPaidOnceAsync(new Dictionary<int, BigInteger> { [1] = 1000 });
    }

    [SkippableTheory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.PostgreSql)]
    public async Task Two_senders_that_race_without_a_lease_pay_once(StoreKind kind)
    {
        await using var world = await StartAsync(kind);
        using var signer = world.OpenSigner();
        var payments = new Dictionary<int, BigInteger>();
        for (var number = 1; number <= 12; number++)
        {
            payments[number] = 1000 + number;
            await world.AddAsync(number, payments[number]);
        }

        // Each in rounds of its own, like two replicas that both believe to hold the lease.
        var senders = new[] { world.NewSender(signer), world.NewSender(signer), world.NewSender(signer) };
        for (var round = 0; (await world.Database.ReadAsync(session => session.OpenTransfersAsync(world.Wallet.Id, 100))).Count > 0; round++)
        {
            Assert.True(round < 60, world.Log);
            await Task.WhenAll(senders.Select(async sender =>
            {
                try
                {
                    await sender.WorkAsync(world.Wallet, default);
                }
                catch (DuplicateException)
                {
                    // The other one was first: what the loop does is to try again.
                }
            }));
            await world.Chain.MineAsync();
        }

        Assert.Equal(12, await world.SentAsync());
        await world.AssertPaidOnceAsync(payments);
    }

    [SkippableFact]
    public async Task After_a_reorganisation_the_same_transaction_is_sent_again_and_paid_once()
    {
        await using var world = await StartAsync();
        using var signer = world.OpenSigner();
        var sender = world.NewSender(signer);
        var transfer = await world.AddAsync(1, 1000);
        await sender.WorkAsync(world.Wallet, default);
        await world.Chain.MineAsync();
        await sender.WorkAsync(world.Wallet, default);
        Assert.Equal(TransferState.Confirmed, (await world.TransferAsync(transfer.Id)).State);

        await world.Chain.RollBackAsync(1);
        await world.Chain.CallAsync("anvil_dropAllTransactions");
        await world.Chain.MineAsync(2);
        Assert.Equal(0, await world.BalanceAsync(EthereumWorld.Destination(1)));
        await sender.WorkAsync(world.Wallet, default);
        Assert.Equal([TransferState.Approved, TransferState.Signed, TransferState.Broadcast, TransferState.Confirmed, TransferState.Orphaned, TransferState.Broadcast], (await StoryAsync(world, transfer.Id))[1..]);
        await world.FinishAsync(sender);
        Assert.Single(await world.AttemptsAsync(transfer.Id));
        await world.AssertPaidOnceAsync(new Dictionary<int, BigInteger> { [1] = 1000 });
    }

    [SkippableFact]
    public async Task A_transfer_is_final_by_the_rule_of_deposits_of_its_amount()
    {
        // The chain itself calls a block finalized after twice as many.
        await using var world = await EthereumWorld.StartAsync(
            await ChainProcess.AnvilAsync(hardfork: "prague", more: ["--slots-in-an-epoch", "32"]), await Stores.OpenAsync(StoreKind.Sqlite, _scratch, postgreSql), _scratch.Path);
        using var signer = world.OpenSigner();
        var rules = new DepositRules { Finality = ImmutableDictionary<string, FinalityRule>.Empty.Add("ethereum", FinalityRule.Parse("1:1000,3:2000,finalized", hasFinalized: true)) };
        var sender = world.NewSender(signer, finality: rules);
        var (small, middle, large) = (await world.AddAsync(1, 1000), await world.AddAsync(2, 2000), await world.AddAsync(3, 2001));
        await sender.WorkAsync(world.Wallet, default);
        await world.Chain.MineAsync();
        await sender.WorkAsync(world.Wallet, default);
        Assert.Equal((TransferState.Final, TransferState.Confirmed, TransferState.Confirmed), (await OfAsync(small), await OfAsync(middle), await OfAsync(large)));
        await world.Chain.MineAsync(2);
        await sender.WorkAsync(world.Wallet, default);
        Assert.Equal((TransferState.Final, TransferState.Confirmed), (await OfAsync(middle), await OfAsync(large)));
        await world.Chain.MineAsync(64);
        await world.FinishAsync(sender);
        await world.AssertPaidOnceAsync(new Dictionary<int, BigInteger> { [1] = 1000, [2] = 2000, [3] = 2001 });

        async Task<TransferState> OfAsync(Transfer transfer) => (await world.TransferAsync(transfer.Id)).State;
    }

    [SkippableFact]
    public async Task What_the_signer_refuses_pays_nobody_and_holds_nothing_up()
    {
        await using var world = await StartAsync();
        using var signer = world.OpenSigner([EthereumWorld.Destination(2)]);
        var sender = world.NewSender(signer);
        var refused = await world.AddAsync(1, 1000);
        await world.AddAsync(2, 2000);
        await world.FinishAsync(sender);
        var ended = await world.TransferAsync(refused.Id);
        Assert.Equal((TransferState.Replaced, true), (ended.State, ended.Reason!.Contains("destination-not-allowed", StringComparison.Ordinal)));
        Assert.Equal(Attempt.Cancellation, Assert.Single(await world.AttemptsAsync(refused.Id)).Purpose);
        await world.AssertPaidOnceAsync(new Dictionary<int, BigInteger> { [1] = 0, [2] = 2000 });
    }

    [SkippableFact]
    public async Task While_the_kill_switch_is_on_nothing_is_signed()
    {
        await using var world = await StartAsync();
        using var signer = world.OpenSigner();
        var sender = world.NewSender(signer);
        await world.Database.ChangeAsync(session => session.SetKillSwitchAsync(true, "drill", "test", world.Clock.GetUtcNow()));
        var transfer = await world.AddAsync(1, 1000);
        await sender.WorkAsync(world.Wallet, default);
        Assert.Equal(TransferState.Approved, (await world.TransferAsync(transfer.Id)).State);
        Assert.Empty(await world.AttemptsAsync(transfer.Id));
        await world.Database.ChangeAsync(session => session.SetKillSwitchAsync(false, null, "test", world.Clock.GetUtcNow()));
        await world.FinishAsync(sender);
        await world.AssertPaidOnceAsync(new Dictionary<int, BigInteger> { [1] = 1000 });
    }

    [SkippableFact]
    public async Task A_key_that_somebody_else_uses_leaves_the_funds_reserved_and_raises_an_alarm()
    {
        await using var world = await StartAsync();
        using var signer = world.OpenSigner();
        using var lossy = new LostAnswers("eth_sendRawTransaction", 1, beforeTheNode: true);
        var transfer = await world.AddAsync(1, 1000);
        await Assert.ThrowsAsync<NodeUnreachableException>(() => world.NewSender(signer, handler: lossy).WorkAsync(world.Wallet, default));
        // With the nonce of the transfer, to another destination.
        await world.Chain.CallAsync("eth_sendTransaction", new { from = EthereumWorld.Sender, to = EthereumWorld.Destination(9), value = "0x1", nonce = "0x0" });
        await world.Chain.MineAsync(4);
        await world.NewSender(signer).WorkAsync(world.Wallet, default);
        Assert.Equal(TransferState.Signed, (await world.TransferAsync(transfer.Id)).State);
        Assert.Contains("is used by a transaction that is not ours", world.Log, StringComparison.Ordinal);
        Assert.Equal(0, await world.BalanceAsync(EthereumWorld.Destination(1)));
    }

    [SkippableFact]
    public async Task A_node_of_another_chain_is_not_used()
    {
        await using var world = await StartAsync();
        using var other = await ChainProcess.AnvilAsync(chainId: 5);
        using var client = new NodeClient(other.Url);
        using var signer = world.OpenSigner();
        var context = new SenderContext(world.Database, signer, Payments.Wallets.Networks.Development, new(new(TextWriter.Null, TimeProvider.System, "subject"), "1"), NoFaults.Instance, TimeProvider.System, new(), new());
        var refused = await Assert.ThrowsAsync<NodeUnreachableException>(() => new EthereumSender(context, new EthereumNode(client)).WorkAsync(world.Wallet, default));
        Assert.Contains("of chain 5; this service is for 31337", refused.Message, StringComparison.Ordinal);
    }

    private static async Task<(TransferState, long, string?)> StateAsync(EthereumWorld world, string id) => await world.TransferAsync(id) is var transfer ? (transfer.State, transfer.Confirmations, transfer.Txid) : default;

    private static async Task<TransferState[]> StoryAsync(EthereumWorld world, string id) =>
    [
        .. (await Payments.Outbox.Events.EventsAsync(world.Database, 0, 1000)).Where(one => one.Subject == id)
            .Select(one => Enum.Parse<TransferState>(one.Type["transfer.".Length..], ignoreCase: true)),
    ];

    private async Task<EthereumWorld> StartAsync(StoreKind kind = StoreKind.Sqlite, TimeProvider? clock = null) =>
        await EthereumWorld.StartAsync(await EthereumWorld.StartChainAsync(), await Stores.OpenAsync(kind, _scratch, postgreSql), _scratch.Path, clock);

    /// <summary>A network that loses answers to a call, or the call itself.</summary>
    private sealed class LostAnswers(string method, int times, bool beforeTheNode = false) : DelegatingHandler(new SocketsHttpHandler())
    {
        private int _left = times;

        public List<string> Sent { get; } = [];

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var body = await request.Content!.ReadAsStringAsync(cancellationToken);
            if (!body.Contains(method, StringComparison.Ordinal))
                return await base.SendAsync(request, cancellationToken);
            Sent.Add(body);
            if (beforeTheNode && _left-- > 0)
                throw new HttpRequestException("the connection was reset");
            var answer = await base.SendAsync(request, cancellationToken);
            return _left-- > 0 ? throw new HttpRequestException("the connection was reset") : answer;
        }
    }
}
