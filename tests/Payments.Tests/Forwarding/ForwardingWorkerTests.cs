using System.Numerics;
using HaCluster.Payments.Amounts;
using HaCluster.Payments.Books;
using HaCluster.Payments.Chains;
using HaCluster.Payments.Forwarding;
using HaCluster.Payments.Metrics;
using HaCluster.Payments.Outbox;
using HaCluster.Payments.Policies;
using HaCluster.Payments.Scanning;
using HaCluster.Payments.Store;
using HaCluster.Payments.Tests.Peers;
using HaCluster.Payments.Tests.Store;
using HaCluster.Payments.Transfers;
using HaCluster.Payments.Wallets;
using HaCluster.Services;

namespace HaCluster.Payments.Tests.Forwarding;

/// <summary>The forwarder over each store; the test moves the transfers, and says what the chain asks for.</summary>
[Collection(StoreCollection.Name)]
public sealed partial class ForwardingWorkerTests(PostgreSql postgreSql) : IAsyncLifetime, IDisposable
{
    private const string Token = $"{Asset.Ethereum}/0x00000000000000000000000000000000000a11ce";
    private const string Second = "0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC";

    private readonly Scratch _scratch = new();
    private readonly ManualClock _clock = new(TestTransfers.Now);
    private readonly StringWriter _log = new();
    private readonly FixedChain _chain = new();
    private Database _database = null!;
    private Wallet _wallet = null!;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        if (_database is not null)
            await _database.DisposeAsync();
    }

    public void Dispose()
    {
        _scratch.Dispose();
        _log.Dispose();
    }

    [SkippableTheory, OnBothStores]
    public async Task A_round_is_split_and_the_next_one_waits_for_its_end_and_for_the_interval(StoreKind kind)
    {
        await StartAsync(kind, funds: 1_000_000);
        await RoundAsync();
        var first = await TransfersAsync(1);
        // 900,000 above the reserve, less eight times the fee for each.
        Assert.Equal([(TestTransfers.Destination, 629_888), (Second, 269_952)], first.Select(transfer => (transfer.Destination, (int)transfer.Amount)));
        Assert.All(first, transfer => Assert.Equal(("forwarding", TransferState.Approved, (BigInteger)80), (transfer.CreatedBy, transfer.State, transfer.MaxFee)));
        _clock.Advance(TimeSpan.FromHours(2));
        await RoundAsync();
        Assert.Equal((1, 1), await StateAsync());

        await EndAsync(first, TransferEvent.Finalize);
        await RoundAsync();
        // What the fees did not use is below the threshold.
        Assert.Equal((1, 0), await StateAsync());
        await FundAsync(500_000);
        await RoundAsync();
        Assert.Equal((2, 1), await StateAsync());
        await EndAsync(await TransfersAsync(2), TransferEvent.Finalize);
        await FundAsync(500_000);
        _clock.Advance(TimeSpan.FromMinutes(59));
        await RoundAsync();
        Assert.Equal((2, 0), await StateAsync());
        _clock.Advance(TimeSpan.FromMinutes(1));
        await RoundAsync();
        Assert.Equal((3, 1), await StateAsync());
        Assert.Equal(["changed", "started", "finished", "started", "finished", "started"], await HappenedAsync());
        Assert.Empty(await _database.ReadAsync(session => session.AuditAsync()));
    }

    [SkippableTheory, OnBothStores]
    public async Task What_the_wallets_key_cannot_spend_stays(StoreKind kind)
    {
        await StartAsync(kind, funds: 1_000_000);
        _chain.Spendable = 299_999;
        await RoundAsync();
        Assert.Equal((0, 0), await StateAsync());
        // Another transfer has reserved some of it.
        await _database.ChangeAsync(session => session.CreateAsync(TestTransfers.Of(_wallet, 90, 10), _clock.GetUtcNow()));
        _chain.Spendable = 300_100;
        await RoundAsync();
        Assert.Equal([139_888, 59_952], (await TransfersAsync(1)).Select(transfer => (int)transfer.Amount));
    }

    [SkippableFact]
    public async Task A_round_is_as_large_as_what_the_last_24_hours_have_left()
    {
        await StartAsync(StoreKind.Sqlite, funds: 1_000_000);
        await LimitAsync("1200000");
        await RoundAsync();
        await EndAsync(await TransfersAsync(1), TransferEvent.Finalize);
        await FundAsync(500_000);
        _clock.Advance(TimeSpan.FromHours(1));
        await RoundAsync();
        Assert.Equal(1_200_000, (await _database.ReadAsync(session => session.TransfersAsync(_wallet.Id, null, null, 100))).Sum(transfer => (int)transfer.Amount));
    }

    [SkippableTheory, OnBothStores]
    public async Task Of_many_forwarders_at_once_one_begins_a_round_and_one_ends_it(StoreKind kind)
    {
        await StartAsync(kind, funds: 1_000_000);
        await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(async () =>
        {
            try
            {
                await RoundAsync();
            }
            catch (DuplicateException)
            {
                // The loop of a worker tries again in its next round.
            }
        })));
        Assert.Equal((1, 1), await StateAsync());
        Assert.Equal(2, (await _database.ReadAsync(session => session.TransfersAsync(_wallet.Id, null, null, 100))).Count);
        await EndAsync(await TransfersAsync(1), TransferEvent.Finalize);
        await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(() => RoundAsync())));
        Assert.Equal(["changed", "started", "finished"], await HappenedAsync());
    }

    [SkippableTheory, OnBothStores]
    public async Task What_is_in_the_way_is_said_once_and_nothing_is_sent(StoreKind kind)
    {
        await StartAsync(kind, funds: 1_000_000);
        _chain.Fee = 10_000;
        await RoundAsync();
        await RoundAsync();
        Assert.Contains("costs 10000 now", (await RuleAsync()).Waiting, StringComparison.Ordinal);
        _chain.Fee = 10_007;
        await RoundAsync();
        Assert.Contains("costs 10007 now", (await RuleAsync()).Waiting, StringComparison.Ordinal);
        _chain.Fee = 10;
        await _database.ChangeAsync(session => session.SetKillSwitchAsync(true, "drill", "test", _clock.GetUtcNow()));
        await RoundAsync();
        Assert.Contains("kill-switch", (await RuleAsync()).Waiting, StringComparison.Ordinal);
        await _database.ChangeAsync(session => session.SetKillSwitchAsync(false, null, "test", _clock.GetUtcNow()));
        await _database.ChangeAsync(session => session.RemoveDestinationAsync(_wallet.Id, Second, "test", _clock.GetUtcNow()));
        await RoundAsync();
        Assert.Contains("destination-not-allowed", (await RuleAsync()).Waiting, StringComparison.Ordinal);
        // Not the first part either.
        Assert.Empty(await _database.ReadAsync(session => session.TransfersAsync(_wallet.Id, null, null, 100)));
        await _database.ChangeAsync(session => session.AddDestinationAsync(_wallet.Id, Second, null, "test", _clock.GetUtcNow()));
        await RoundAsync();
        Assert.Null((await RuleAsync()).Waiting);
        Assert.Equal(["changed", "waiting", "waiting", "waiting", "started"], await HappenedAsync());
    }

    [SkippableTheory, OnBothStores]
    public async Task Three_rounds_in_a_row_that_fail_suspend_it_until_a_person_resumes_it(StoreKind kind)
    {
        await StartAsync(kind, funds: 1_000_000);
        for (var round = 1; round <= 3; round++)
        {
            await RoundAsync();
            var transfers = await TransfersAsync(round);
            // One of two is enough.
            await EndAsync([transfers[0]], TransferEvent.Refuse);
            await EndAsync([transfers[1]], TransferEvent.Finalize);
            await FundAsync(1_000_000);
            _clock.Advance(TimeSpan.FromHours(1));
        }

        await RoundAsync();
        Assert.Contains("3 rounds in a row", (await RuleAsync()).SuspendedReason, StringComparison.Ordinal);
        Assert.Contains("forwarding is suspended", _log.ToString(), StringComparison.Ordinal);
        Assert.False(await _database.ChangeAsync(session => session.SuspendAsync(RuleKey.Of(_wallet), "another reason", "test", _clock.GetUtcNow())));
        Assert.Contains("3 rounds in a row", (await RuleAsync()).SuspendedReason, StringComparison.Ordinal);
        await RoundAsync();
        Assert.Equal((3, 0), await StateAsync());
        Assert.True(await _database.ChangeAsync(session => session.ResumeAsync(RuleKey.Of(_wallet), "test", _clock.GetUtcNow())));
        await RoundAsync();
        Assert.Equal((4, 1), await StateAsync());
        Assert.Equal(0, (await RuleAsync()).Failures);
    }

    [SkippableFact]
    public async Task A_round_that_pays_all_begins_the_count_of_failures_anew()
    {
        await StartAsync(StoreKind.Sqlite, funds: 1_000_000);
        foreach (var end in new[] { TransferEvent.Refuse, TransferEvent.Refuse, TransferEvent.Finalize, TransferEvent.Refuse })
        {
            await RoundAsync();
            await EndAsync(await TransfersAsync((await RuleAsync()).Round), end);
            await FundAsync(1_000_000);
            await RoundAsync();
            _clock.Advance(TimeSpan.FromHours(1));
        }

        Assert.Equal((4, 1, null), ((int)(await RuleAsync()).Round, (int)(await RuleAsync()).Failures, (await RuleAsync()).SuspendedAt));
    }

    [SkippableTheory, OnBothStores]
    public async Task A_transfer_or_a_deposit_whose_block_is_replaced_suspends_it(StoreKind kind)
    {
        await StartAsync(kind, funds: 1_000_000);
        var sweep = new RuleKey(_wallet.Id, Asset.Ethereum, RuleKey.Sweep);
        await _database.ChangeAsync(session => session.SetForwardingAsync(sweep, new ForwardingRule { Threshold = "1000", MaxFeeShare = 100 }, "test", _clock.GetUtcNow()));
        var transfer = TestTransfers.Of(_wallet, 1000);
        await _database.ChangeAsync(session => session.CreateAsync(transfer, _clock.GetUtcNow()));
        await MoveAsync(transfer, TransferEvent.Approve, TransferEvent.Sign, TransferEvent.Confirm, TransferEvent.Orphan);
        Assert.Contains(transfer.Id, (await RuleAsync()).SuspendedReason, StringComparison.Ordinal);
        await RoundAsync();
        Assert.Equal((0, 0), await StateAsync());

        await _database.ChangeAsync(session => session.ResumeAsync(RuleKey.Of(_wallet), "test", _clock.GetUtcNow()));
        var block = new BlockReference(7, "b7");
        var payment = new Payment("dep_1", "t", 0, Asset.Ethereum, 5, new OwnAddress { Address = "a", Wallet = _wallet.Id });
        await _database.ChangeAsync(session => session.ArriveAsync(Asset.Ethereum, block, _clock.GetUtcNow(), [payment], new DepositRules(), _clock.GetUtcNow()));
        await _database.ChangeAsync(session => session.OrphanAsync(Asset.Ethereum, block.Number, _clock.GetUtcNow()));
        Assert.Contains("deposit dep_1", (await RuleAsync()).SuspendedReason, StringComparison.Ordinal);
        Assert.Equal(["changed", "suspended", "resumed", "suspended"], await HappenedAsync());
        // A sweep moves nothing out.
        Assert.Null((await _database.ReadAsync(session => session.ForwardingAsync(sweep)))!.SuspendedAt);
    }

    private async Task StartAsync(StoreKind kind, BigInteger funds)
    {
        _database = await Stores.OpenAsync(kind, _scratch, postgreSql);
        _wallet = await _database.AddWalletAsync(funds: funds);
        await _database.ChangeAsync(async session =>
        {
            foreach (var destination in new[] { TestTransfers.Destination, Second })
                await session.AddDestinationAsync(_wallet.Id, destination, null, "test", _clock.GetUtcNow());
            var rule = ForwardingPlanTests.Rule(200_000, 100_000, [(TestTransfers.Destination, 7000), (Second, 3000)], 100);
            await session.SetForwardingAsync(RuleKey.Of(_wallet), rule, "test", _clock.GetUtcNow());
        });
        await LimitAsync("100000000");
    }

    private async Task LimitAsync(string perDay)
    {
        var limits = new AssetLimits { PerTransfer = "10000000", PerDay = perDay, ApproveAbove = "10000000", MaxFee = "100000" };
        var policy = new PolicyDocument { Assets = new Dictionary<string, AssetLimits> { [Asset.Ethereum] = limits, [Token] = limits }, DelaySeconds = 0 };
        await _database.ChangeAsync(session => session.SetPolicyAsync(_wallet.Id, policy, "test", _clock.GetUtcNow()));
    }

    private async Task RoundAsync(IFaultPoints? faults = null)
    {
        var metrics = new PaymentsMetrics(new EventLog(TextWriter.Synchronized(_log), _clock, "subject"), "1");
        foreach (var part in await new ForwardingWorker(_database, [_chain], null, metrics, faults ?? NoFaults.Instance, _clock).PartsAsync(default))
            await part.WorkAsync(default);
    }

    private async Task<StoredForwarding> RuleAsync() => (await _database.ReadAsync(session => session.ForwardingAsync(RuleKey.Of(_wallet))))!;

    private async Task<(int Round, int IsOpen)> StateAsync() => await RuleAsync() is var rule ? ((int)rule.Round, (int)rule.IsOpen) : default;

    private Task<IReadOnlyList<Transfer>> TransfersAsync(long round) => _database.ReadAsync(session => session.RoundAsync(RuleKey.Of(_wallet), round));

    private async Task<string[]> HappenedAsync() =>
        [.. (await _database.EventsAsync(0, 1000)).Where(one => one.Subject == _wallet.Id && one.Type.StartsWith("forwarding.", StringComparison.Ordinal)).Select(one => one.Type["forwarding.".Length..])];

    private Task FundAsync(BigInteger amount) =>
        _database.ChangeAsync(session => session.PostAsync([new Posting($"more/{Guid.NewGuid()}", Asset.Ethereum, Account.World, Account.Available(_wallet.Id), amount)], _clock.GetUtcNow()));

    private async Task EndAsync(IReadOnlyList<Transfer> transfers, TransferEvent end)
    {
        foreach (var transfer in transfers)
            await MoveAsync(transfer, end == TransferEvent.Finalize ? [TransferEvent.Sign, TransferEvent.Confirm, end] : [end]);
    }

    private async Task MoveAsync(Transfer transfer, params TransferEvent[] happenings)
    {
        foreach (var happened in happenings)
            transfer = (await _database.ChangeAsync(session => session.MoveAsync(transfer, happened, "test", _clock.GetUtcNow(), moved => moved with { Fee = happened == TransferEvent.Finalize ? 10 : null })))!;
    }

    /// <summary>A chain of the test's.</summary>
    private sealed class FixedChain : IForwardingChain
    {
        public BigInteger Fee { get; set; } = 10;

        public string Chain => Asset.Ethereum;

        public BigInteger? Spendable { get; set; }

        public NodeRefusedException? Refusal { get; set; }

        public Func<Asset, Exception?> Trouble { get; set; } = _ => null;

        public Task<BigInteger?> SpendableAsync(Wallet wallet, Asset asset, CancellationToken cancellationToken) => Trouble(asset) is { } trouble ? throw trouble : Task.FromResult(Spendable);

        /// <summary>What happens while it is asked.</summary>
        public Func<Task>? Meanwhile { get; set; }

        public async Task<IReadOnlyList<BigInteger>?> EstimateAsync(Wallet wallet, Asset asset, IReadOnlyList<(string Destination, BigInteger Amount)> parts, CancellationToken cancellationToken)
        {
            await (Meanwhile?.Invoke() ?? Task.CompletedTask);
            return Refusal is { } refusal ? throw refusal : [.. parts.Select(_ => Fee)];
        }
    }
}
