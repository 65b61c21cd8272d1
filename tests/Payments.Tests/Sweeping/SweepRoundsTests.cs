using System.Numerics;
using HaCluster.Payments.Amounts;
using HaCluster.Payments.Books;
using HaCluster.Payments.Chains;
using HaCluster.Payments.Forwarding;
using HaCluster.Payments.Metrics;
using HaCluster.Payments.Policies;
using HaCluster.Payments.Scanning;
using HaCluster.Payments.Store;
using HaCluster.Payments.Sweeping;
using HaCluster.Payments.Tests.Store;
using HaCluster.Payments.Transfers;
using HaCluster.Payments.Wallets;
using HaCluster.Services;

namespace HaCluster.Payments.Tests.Sweeping;

/// <summary>What a round of sweeping chooses; the test says what the chain has and asks for.</summary>
public sealed class SweepRoundsTests : OwnStore
{
    private readonly FixedChain _chain = new();
    private Database _database = null!;
    private Wallet _wallet = null!;

    public override async Task InitializeAsync()
    {
        _database = await OpenAsync();
        _wallet = new Wallet { Id = "wal_1", Chain = Asset.Ethereum, Name = "shop", Script = ScriptKind.None, SigningKey = "hot", Sender = TestTransfers.Destination, HasForwarders = true, GapLimit = 100 };
        var limits = new AssetLimits { PerTransfer = "1", PerDay = "1", ApproveAbove = "1", MaxFee = "1000" };
        await _database.ChangeAsync(async session =>
        {
            await session.AddWalletAsync(_wallet, "test", TestTransfers.Now);
            await session.PostAsync([BookEntries.Open(_wallet.Id, Asset.Ethereum, 1000)], TestTransfers.Now);
            await session.SetPolicyAsync(_wallet.Id, new PolicyDocument { Assets = new Dictionary<string, AssetLimits> { [Asset.Ethereum] = limits }, DelaySeconds = 0 }, "test", TestTransfers.Now);
        });
    }

    [Fact]
    public async Task An_address_with_the_smallest_amount_is_swept_and_one_with_less_waits()
    {
        await PayAsync(99, 100, 101);
        Assert.IsType<ForwardingPlan.Pays>(await BeginAsync(201, smallest: 100));
        Assert.Equal([1L, 2], await SweptAsync());
    }

    [Fact]
    public async Task One_that_fails_leaves_room_for_as_many_as_a_sweep_takes()
    {
        await PayAsync([200, .. Enumerable.Repeat(100, ForwarderContract.MostForwarders + 3)]);
        _chain.Failing = 0;
        Assert.IsType<ForwardingPlan.Pays>(await BeginAsync(1000));
        Assert.Equal(Enumerable.Range(1, ForwarderContract.MostForwarders).Select(position => (long)position), await SweptAsync());
    }

    [Fact]
    public async Task What_is_left_without_those_that_are_empty_or_fail_has_to_be_worth_it()
    {
        await PayAsync(200, 100);
        _chain.Failing = 0;
        Assert.Contains("sweeping the addresses with the largest balances would fail", Assert.IsType<ForwardingPlan.Waits>(await BeginAsync(101)).Reason, StringComparison.Ordinal);
        _chain.Failing = null;
        _chain.Empty = 0;
        Assert.Contains("are empty on the chain", Assert.IsType<ForwardingPlan.Waits>(await BeginAsync(101)).Reason, StringComparison.Ordinal);
        Assert.IsType<ForwardingPlan.Pays>(await BeginAsync(100));
        Assert.Equal([1L], await SweptAsync());
    }

    [Fact]
    public async Task What_is_swept_in_a_later_block_is_swept_once_and_booked_when_that_block_is_final()
    {
        await PayAsync(200);
        var address = Assert.Single(await _database.ReadAsync(session => session.UnsweptAsync(_wallet.Id, Asset.Ethereum))).Address;
        await SweepAsync("before", height: 7, place: -1);
        Assert.IsType<ForwardingPlan.Pays>(await BeginAsync(200));
        await SweepAsync("after", height: 8, place: 0);
        Assert.Empty(await _database.ReadAsync(session => session.UnsweptAsync(_wallet.Id, Asset.Ethereum)));
        await SweepAsync("later", height: 9, place: 0);
        Assert.Equal((0, 200), (await SweptUntilAsync(7), await SweptUntilAsync(8)));
        Assert.Equal(0, await BookAsync(7));
        Assert.Equal(1, await BookAsync(9));
        Assert.Equal("after", (await _database.ReadAsync(session => session.DepositAsync("dep_0")))!.SweptBy);

        Task SweepAsync(string id, long height, long place) => _database.ChangeAsync(session => session.AddSweepsAsync(
            new BlockReference(height, $"b{height}"), [new Sweep(id, $"t{id}", Asset.Ethereum, 200, new OwnAddress { Address = address, Wallet = _wallet.Id }, place)]));

        Task<BigInteger> SweptUntilAsync(long height) => _database.ReadAsync(session => session.SweptUntilAsync(_wallet.Id, Asset.Ethereum, height));

        Task<int> BookAsync(long finalized) => _database.ChangeAsync(session => session.BookSweepsAsync(finalized, TestTransfers.Now));
    }

    [Fact]
    public async Task A_sweep_that_needs_more_gas_than_the_signer_signs_is_refused()
    {
        using var client = new NodeClient(new Uri("http://127.0.0.1:1"), new GasNode());
        var refused = await Assert.ThrowsAsync<NodeRefusedException>(() => new EthereumSweeping(new EthereumNode(client)).EstimateAsync(_wallet, new Asset(Asset.Ethereum), [ForwarderSalt.At(0)], default));
        Assert.Contains("it may need 8000001 gas", refused.Reason, StringComparison.Ordinal);
    }

    /// <summary>A final deposit at an address of its own for each amount.</summary>
    private Task PayAsync(params int[] amounts) => _database.ChangeAsync(async session =>
    {
        var payments = new List<Payment>();
        foreach (var (number, amount) in amounts.Index())
        {
            var address = (await session.AddAddressAsync((await session.WalletAsync(_wallet.Id, forUpdate: true))!, Networks.Development, WalletAddress.Receiving, null, null, null, "test", TestTransfers.Now)).Address;
            payments.Add(new Payment($"dep_{number}", $"t{number}", 0, Asset.Ethereum, amount, new OwnAddress { Address = address, Wallet = _wallet.Id, Position = number, IsForwarder = true }));
        }

        await session.AddBlocksAsync(Asset.Ethereum, [new BlockReference(7, "b7")]);
        await session.ArriveAsync(Asset.Ethereum, new BlockReference(7, "b7"), TestTransfers.Now, payments, new DepositRules(), TestTransfers.Now);
        Assert.Equal(amounts.Length, await session.SettleAsync(Asset.Ethereum, 100, 100, TestTransfers.Now));
    });

    private async Task<ForwardingPlan?> BeginAsync(int threshold, int smallest = 1)
    {
        var (key, clock) = (new RuleKey(_wallet.Id, Asset.Ethereum, RuleKey.Sweep), new ManualClock(TestTransfers.Now));
        var rule = new ForwardingRule { Threshold = $"{threshold}", Smallest = $"{smallest}", MaxFeeShare = 5000 };
        await _database.ChangeAsync(session => session.SetForwardingAsync(key, rule, "test", TestTransfers.Now));
        var stored = (await _database.ReadAsync(session => session.ForwardingAsync(key)))!;
        return await new SweepRounds(_database, _chain, new PaymentsMetrics(new EventLog(TextWriter.Null, clock, "subject"), "1"), NoFaults.Instance, clock).BeginAsync(stored, _wallet, default);
    }

    /// <summary>Positions of the addresses in the one sweep.</summary>
    private async Task<IEnumerable<long>> SweptAsync()
    {
        var transfer = Assert.Single(await _database.ReadAsync(session => session.TransfersAsync(_wallet.Id, null, null, 10)));
        return (await _database.ReadAsync(session => session.SweepForwardersAsync(transfer.Id))).Select(forwarder => forwarder.Position);
    }

    private sealed class FixedChain : ISweepingChain
    {
        /// <summary>Position of an address with which a sweep fails.</summary>
        public long? Failing { get; set; }

        /// <summary>Of one that has nothing on the chain, among those that are asked for.</summary>
        public int? Empty { get; set; }

        public Task<string?> ObstacleAsync(BlockReference? scanned, CancellationToken cancellationToken) => Task.FromResult<string?>(null);

        public Task<IReadOnlySet<string>> EmptyAsync(Asset asset, IReadOnlyList<string> addresses, CancellationToken cancellationToken) =>
            Task.FromResult<IReadOnlySet<string>>(Empty is { } empty ? new HashSet<string> { addresses[empty] } : []);

        public Task<BigInteger> EstimateAsync(Wallet wallet, Asset asset, IReadOnlyList<string> salts, CancellationToken cancellationToken) =>
            Failing is { } failing && salts.Contains(ForwarderSalt.At(failing)) ? throw new NodeRefusedException("eth_estimateGas", 3, "it fails") : Task.FromResult<BigInteger>(1);
    }

    /// <summary>A node that asks for so much gas that a quarter more is one too many.</summary>
    private sealed class GasNode : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(new HttpResponseMessage { Content = new StringContent($$"""{"jsonrpc": "2.0", "id": 1, "result": "0x{{6_400_001:x}}"}""") });
    }
}
