using System.Numerics;
using HaCluster.Payments.Amounts;
using HaCluster.Payments.Books;
using HaCluster.Payments.Chains;
using HaCluster.Payments.Metrics;
using HaCluster.Payments.Outbox;
using HaCluster.Payments.Scanning;
using HaCluster.Payments.Store;
using HaCluster.Payments.Tests.Store;
using HaCluster.Payments.Wallets;
using HaCluster.Services;

namespace HaCluster.Payments.Tests.Books;

/// <summary>When books and chain are compared, and what happens in the middle of it.</summary>
public sealed class ReconcilerTests : OwnStore
{
    private readonly ManualClock _clock = new(TestTransfers.Now);
    private readonly FixedBalances _chain = new();
    private Database _database = null!;

    public override async Task InitializeAsync()
    {
        _database = await OpenAsync();
        await _database.AddWalletAsync(funds: 1000);
        await ScanAsync(7);
    }

    [Fact]
    public async Task It_is_due_when_nothing_was_compared_yet_after_a_day_and_when_somebody_asks()
    {
        await RoundAsync();
        Assert.Equal((1, 0), await FinishedAsync());
        _clock.Advance(TimeSpan.FromDays(1) - TimeSpan.FromMilliseconds(1));
        await RoundAsync();
        Assert.Equal((1, 0), await FinishedAsync());
        _clock.Advance(TimeSpan.FromMilliseconds(1));
        await RoundAsync();
        Assert.Equal((2, 0), await FinishedAsync());
        var asked = await _database.ChangeAsync(session => session.RequestReconciliationAsync(Asset.Ethereum, "a person", _clock.GetUtcNow()));
        // Another one who asks before it is done asks for the same.
        Assert.Equal(asked.Id, (await _database.ChangeAsync(session => session.RequestReconciliationAsync(Asset.Ethereum, "another", _clock.GetUtcNow()))).Id);
        await RoundAsync();
        Assert.Equal((3, 0), await FinishedAsync());
        await RoundAsync();
        Assert.Equal((3, 0), await FinishedAsync());
    }

    [Fact]
    public async Task One_unit_of_difference_is_told()
    {
        _chain.Amount = 1001;
        await RoundAsync();
        Assert.Equal((1, 1), await FinishedAsync());
        Assert.Equal(1, Assert.Single(await _database.ReadAsync(async session => await session.ResultsAsync((await session.LastReconciliationAsync(Asset.Ethereum))!.Id))).Difference);
    }

    [Fact]
    public async Task What_the_node_says_of_another_block_is_compared_with_nothing()
    {
        _chain.Amount = 1001;
        _chain.IsAt = false;
        await RoundAsync();
        (_chain.IsAt, _chain.IsStillAt) = (true, false);
        await RoundAsync();
        Assert.Equal((0, 0), await FinishedAsync());
        // What comes while the node is asked is nothing to this block.
        _chain.IsStillAt = true;
        _chain.Meanwhile = () => ScanAsync(8);
        await RoundAsync();
        Assert.Equal((1, 1), await FinishedAsync());
    }

    [Fact]
    public async Task What_another_replica_has_finished_meanwhile_is_not_finished_again()
    {
        await _database.ChangeAsync(session => session.RequestReconciliationAsync(Asset.Ethereum, "a person", _clock.GetUtcNow()));
        var asked = (await _database.ReadAsync(session => session.WaitingReconciliationAsync(Asset.Ethereum)))!;
        Assert.True(await FinishAsync());
        Assert.False(await FinishAsync());
        Assert.Equal((1, 0), await FinishedAsync());

        Task<bool> FinishAsync() => _database.ChangeAsync(session => session.FinishAsync(asked, new BlockReference(7, "b7"), ReconciliationMethod.Balances, [], _clock.GetUtcNow()));
    }

    private async Task RoundAsync()
    {
        var reconciler = new Reconciler([_chain], _database, new PaymentsMetrics(new EventLog(TextWriter.Null, _clock, "subject"), "1"), _clock);
        foreach (var part in await reconciler.PartsAsync(default))
            await part.WorkAsync(default);
    }

    private Task ScanAsync(long height) => _database.ChangeAsync(session => session.AddBlocksAsync(Asset.Ethereum, [new BlockReference(height, $"b{height}")]));

    /// <summary>How many comparisons were finished, and how many differences told.</summary>
    private async Task<(int Finished, int Differences)> FinishedAsync()
    {
        var events = await _database.EventsAsync(0, 100);
        return (events.Count(one => one.Type == "reconciliation.finished"), events.Count(one => one.Type == "reconciliation.differs"));
    }

    /// <summary>A node that says of one wallet what the test has it say.</summary>
    private sealed class FixedBalances : IChainBalances
    {
        public string Chain => Asset.Ethereum;

        public BigInteger Amount { get; set; } = 1000;

        public bool IsAt { get; set; } = true;

        public bool IsStillAt { get; set; } = true;

        /// <summary>What happens while it is asked.</summary>
        public Func<Task> Meanwhile { get; set; } = () => Task.CompletedTask;

        public Task<bool> IsAtAsync(BlockReference scanned, CancellationToken cancellationToken) => Task.FromResult(IsAt);

        public Task<Func<Wallet, IReadOnlyList<string>>> AssetsAsync(Session session) => Task.FromResult<Func<Wallet, IReadOnlyList<string>>>(_ => [Chain]);

        public async Task<ChainBalances?> ReadAsync(Comparison comparison, CancellationToken cancellationToken)
        {
            await Meanwhile();
            return new ChainBalances(ReconciliationMethod.Balances, comparison.Wallets.ToDictionary(books => (books.Wallet.Id, Chain), _ => Amount), IsOfOneBlock: false, []);
        }

        public Task<bool> IsStillAtAsync(BlockReference at, CancellationToken cancellationToken) => Task.FromResult(IsStillAt);

        public Task<IReadOnlyList<(string Asset, BigInteger Amount)>> LeftAsync(OpenTransfer open, BlockReference at, CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<(string, BigInteger)>>([]);
    }
}
