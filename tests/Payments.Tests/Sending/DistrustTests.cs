using System.Net;
using System.Numerics;
using System.Text;
using HaCluster.Payments.Chains;
using HaCluster.Payments.Sending;
using HaCluster.Payments.Signing;
using HaCluster.Payments.Store;
using HaCluster.Payments.Transfers;

namespace HaCluster.Payments.Tests.Sending;

/// <summary>What the sender of Ethereum does not believe and what it does not do: each of these was a line that could be removed without any other test noticing it.</summary>
public sealed class DistrustTests : IAsyncLifetime, IDisposable
{
    private readonly Scratch _scratch = new();
    private SqliteDatabase _database = null!;
    private EthereumWorld? _world;

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
    public async Task What_a_signer_gives_that_is_not_the_order_is_neither_stored_nor_sent()
    {
        var world = await StartAsync();
        using var signer = new LyingSigner(world.OpenSigner());
        var sender = world.NewSender(signer);
        var transfer = await world.AddAsync(1, 1000);

        var refused = await Assert.ThrowsAsync<SigningRefusedException>(() => sender.WorkAsync(world.Wallet, default));

        Assert.Equal("not-the-order", refused.Code);
        Assert.Empty(await world.AttemptsAsync(transfer.Id));
        Assert.Equal((TransferState.Approved, 0, 0), ((await world.TransferAsync(transfer.Id)).State, await world.SentAsync(), await world.PendingAsync()));
        signer.IsHonest = true;
        await world.FinishAsync(sender);
        await world.AssertPaidOnceAsync(new Dictionary<int, BigInteger> { [1] = 1000 });
    }

    [SkippableFact]
    public async Task The_nonces_of_a_key_that_was_used_before_go_on_from_those_of_the_chain()
    {
        var chain = await EthereumWorld.StartChainAsync();
        for (var time = 0; time < 2; time++)
        {
            await chain.CallAsync("eth_sendTransaction", new { from = EthereumWorld.Sender, to = EthereumWorld.Destination(9), value = "0x1" });
            await chain.MineAsync();
        }

        var world = await StartAsync(chain);
        using var signer = world.OpenSigner();
        var transfer = await world.AddAsync(1, 1000);
        await world.FinishAsync(world.NewSender(signer));

        Assert.Equal(2, await world.Database.ReadAsync(session => session.NonceAsync(transfer.Id)));
        await world.AssertPaidOnceAsync(new Dictionary<int, BigInteger> { [1] = 1000, [9] = 2 });
    }

    [SkippableFact]
    public async Task A_transfer_that_may_cost_less_than_is_usually_offered_offers_all_that_it_may_cost()
    {
        var world = await StartAsync();
        using var signer = world.OpenSigner();
        using var client = new NodeClient(world.Chain.Url);
        var (baseFee, tip) = await new EthereumNode(client).FeesAsync(default);
        // Above the base fee, and below twice the base fee and the tip.
        var limit = baseFee + (baseFee / 2) + tip;
        var transfer = await world.AddAsync(1, 1000, maxFee: limit * 21_000);
        await world.FinishAsync(world.NewSender(signer));

        Assert.Equal(limit, Assert.Single(await world.AttemptsAsync(transfer.Id)).FeeRate);
        await world.AssertPaidOnceAsync(new Dictionary<int, BigInteger> { [1] = 1000 });
    }

    [SkippableFact]
    public async Task A_receipt_of_a_block_that_is_no_longer_part_of_the_chain_confirms_nothing()
    {
        var world = await StartAsync();
        using var signer = world.OpenSigner();
        using var node = new OldReceipts();
        var sender = world.NewSender(signer, handler: node);
        var transfer = await world.AddAsync(1, 1000);
        await sender.WorkAsync(world.Wallet, default);
        await world.Chain.MineAsync();
        await sender.WorkAsync(world.Wallet, default);
        Assert.Equal(TransferState.Confirmed, (await world.TransferAsync(transfer.Id)).State);

        // A node whose index of transactions is behind its chain.
        node.IsOld = true;
        await world.Chain.RollBackAsync(1);
        await world.Chain.CallAsync("anvil_dropAllTransactions");
        await world.Chain.MineAsync(4);
        await sender.WorkAsync(world.Wallet, default);
        var orphaned = await world.TransferAsync(transfer.Id);
        Assert.Equal((TransferState.Broadcast, null, 0), (orphaned.State, orphaned.Block, orphaned.Confirmations));
        node.IsOld = false;
        await world.FinishAsync(sender);
        await world.AssertPaidOnceAsync(new Dictionary<int, BigInteger> { [1] = 1000 });
    }

    [SkippableFact]
    public async Task A_payment_in_the_very_block_that_the_chain_calls_finalized_is_final()
    {
        var world = await StartAsync();
        using var signer = world.OpenSigner();
        var sender = world.NewSender(signer);
        using var client = new NodeClient(world.Chain.Url);
        var node = new EthereumNode(client);
        var transfer = await world.AddAsync(1, 1000);
        await sender.WorkAsync(world.Wallet, default);
        await world.Chain.MineAsync();
        var block = await node.HeadAsync(default);
        for (var blocks = 0; (await node.FinalizedAsync(default))!.Number < block.Number; blocks++)
        {
            Assert.True(blocks < 10, "the node calls nothing finalized");
            await sender.WorkAsync(world.Wallet, default);
            Assert.Equal(TransferState.Confirmed, (await world.TransferAsync(transfer.Id)).State);
            await world.Chain.MineAsync();
        }

        Assert.Equal(block, await node.FinalizedAsync(default));
        await sender.WorkAsync(world.Wallet, default);
        Assert.Equal(TransferState.Final, (await world.TransferAsync(transfer.Id)).State);
    }

    [SkippableFact]
    public async Task Nothing_is_sent_before_the_opening_balance_is_in_the_books()
    {
        var world = await StartAsync();
        using var signer = world.OpenSigner();
        var sender = world.NewSender(signer);
        var transfer = await world.AddAsync(1, 1000);
        await sender.WorkAsync(world.Wallet with { OpenedBlock = null }, default);
        Assert.Equal(TransferState.Approved, (await world.TransferAsync(transfer.Id)).State);
        await sender.WorkAsync(world.Wallet, default);
        Assert.Equal(TransferState.Broadcast, (await world.TransferAsync(transfer.Id)).State);
    }

    [SkippableFact]
    public async Task A_cold_key_is_not_asked_for_a_larger_fee_by_itself()
    {
        var clock = new ManualClock(DateTimeOffset.UtcNow);
        var world = await StartAsync(clock: clock, isCold: true);
        var sender = world.NewSender(null);
        var transfer = await world.AddAsync(1, 1000);
        await sender.WorkAsync(world.Wallet, default);
        var export = Assert.Single(await world.Database.ReadAsync(session => session.ExportsAsync(transfer.Id)));
        var transaction = EthereumTransactions.Build(EthereumTransactions.Read(export.Content), EthereumWorld.Sender);
        using var key = new FileEthereumKey(Convert.FromHexString(EthereumWorld.Key));
        transaction.SetSignature(await key.SignAsync(transaction.RawHash, default));
        var signed = ColdSignature.Check(world.Wallet, Payments.Wallets.Networks.Development, export, Convert.ToHexString(transaction.GetRLPEncoded()));
        await world.Database.ChangeAsync(async session =>
        {
            var now = clock.GetUtcNow();
            await session.AddAttemptAsync(new Attempt { Transfer = transfer.Id, Number = 1, Purpose = Attempt.Payment, Txid = signed.Txid, Raw = signed.Raw, FeeRate = export.FeeRate, MaxFee = export.MaxFee }, now);
            await session.MoveAsync((await session.TransferAsync(transfer.Id))!, TransferEvent.Sign, "test", now);
        });
        for (var round = 0; round < 3; round++)
        {
            clock.Advance(new SenderOptions().BumpAfter * 2);
            await sender.WorkAsync(world.Wallet, default);
        }

        Assert.Equal(TransferState.Seen, (await world.TransferAsync(transfer.Id)).State);
        Assert.Single(await world.Database.ReadAsync(session => session.ExportsAsync(transfer.Id)));
        await world.FinishAsync(sender);
        await world.AssertPaidOnceAsync(new Dictionary<int, BigInteger> { [1] = 1000 });
    }

    private async Task<EthereumWorld> StartAsync(HaCluster.Sentinel.Tests.Peers.ChainProcess? chain = null, TimeProvider? clock = null, bool isCold = false) =>
        _world = await EthereumWorld.StartAsync(chain ?? await EthereumWorld.StartChainAsync(), _database, _scratch.Path, clock, isCold: isCold);

    /// <summary>Signs another transfer than it was asked for: one unit more, which its own checks of a true signer would not have let through.</summary>
    private sealed class LyingSigner(ISigner signer) : ISigner
    {
        public Task<SignedBytes> SignAsync(BitcoinChildOrder order, CancellationToken cancellationToken) => signer.SignAsync(order, cancellationToken);

        public bool IsHonest { get; set; }

        public async Task<SignedBytes> SignAsync(EthereumOrder order, CancellationToken cancellationToken)
        {
            if (IsHonest)
                return await signer.SignAsync(order, cancellationToken);
            var transaction = EthereumTransactions.Build(order with { Amount = "1001" }, EthereumWorld.Sender);
            using var key = new FileEthereumKey(Convert.FromHexString(EthereumWorld.Key));
            transaction.SetSignature(await key.SignAsync(transaction.RawHash, cancellationToken));
            return new SignedBytes($"0x{Convert.ToHexStringLower(transaction.GetRLPEncoded())}", "0x00");
        }

        public Task<SignedBytes> SignAsync(BitcoinOrder order, CancellationToken cancellationToken) => throw new NotSupportedException("this wallet is on Ethereum");

        public Task ForswearAsync(ForswornOrder order, CancellationToken cancellationToken) => signer.ForswearAsync(order, cancellationToken);

        public void Dispose() => signer.Dispose();
    }

    /// <summary>A node that goes on giving the receipts that it once had.</summary>
    private sealed class OldReceipts() : DelegatingHandler(new SocketsHttpHandler())
    {
        private readonly Dictionary<string, string> _known = new(StringComparer.Ordinal);

        public bool IsOld { get; set; }

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var asked = await request.Content!.ReadAsStringAsync(cancellationToken);
            if (!asked.Contains("eth_getTransactionReceipt", StringComparison.Ordinal))
                return await base.SendAsync(request, cancellationToken);
            if (IsOld && _known.TryGetValue(asked, out var old))
                return new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent(old, Encoding.UTF8, "application/json") };
            using var answer = await base.SendAsync(request, cancellationToken);
            var text = await answer.Content.ReadAsStringAsync(cancellationToken);
            if (text.Contains("blockHash", StringComparison.Ordinal))
                _known[asked] = text;
            return new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent(text, Encoding.UTF8, "application/json") };
        }
    }
}
