using System.Collections.Immutable;
using System.Numerics;
using FsCheck.Xunit;
using HaCluster.Payments.Amounts;
using HaCluster.Payments.Books;
using HaCluster.Payments.Metrics;
using HaCluster.Payments.Scanning;
using HaCluster.Payments.Store;
using HaCluster.Payments.Wallets;
using HaCluster.Services;

namespace HaCluster.Payments.Tests.Scanning;

/// <summary>Any interleaving of blocks, reorganisations, replaced payments, restarts, kills and a node that goes back ends in the state that the last chain implies, and the books sum to zero.</summary>
public sealed class WatcherPropertyTests : IDisposable
{
    private const string Wallet = "wal_1";
    private const int Smallest = 10;

    private readonly Scratch _scratch = new();
    private int _runs;

    public void Dispose() => _scratch.Dispose();

    [Property(MaxTest = 40, EndSize = 60)]
    public void Whatever_happens_the_books_are_what_the_chain_says(byte[] happenings) => RunAsync(happenings).GetAwaiter().GetResult();

    [Theory]
    // A reorganisation below the first block that was looked through; below what is final and spent; a payment that comes back in another block.
    [InlineData(new byte[] { 9, 11, 9, 11, 9, 3 + 11, 9 })]
    [InlineData(new byte[] { 11, 9, 0, 0, 0, 0, 0, 0, 0, 9, 10, 9, 102, 9, 11, 9 })]
    [InlineData(new byte[] { 4, 9, 1, 9, 3, 9, 5, 9, 1, 9 })]
    [InlineData(new byte[] { 0, 9, 11, 9, 7, 18, 29, 40, 51, 62, 8, 9 })]
    public Task Cases_worth_keeping(byte[] happenings) => RunAsync(happenings);

    private async Task RunAsync(byte[] happenings)
    {
        var file = _scratch.At($"{Interlocked.Increment(ref _runs)}.db");
        await using var database = new SqliteDatabase(file);
        await database.MigrateAsync(default);
        await database.ChangeAsync(session => session.AddWalletAsync(new Wallet { Id = Wallet, Chain = Asset.Bitcoin, Name = "w", Script = ScriptKind.Bip84 }, "test", DateTimeOffset.UtcNow));
        var run = new Run(database);
        foreach (var happening in happenings)
            await run.HappenAsync(happening % 12, happening / 12);
        await run.EndAsync();
    }

    private sealed class Run(Database database)
    {
        private readonly FakeChain _chain = new();
        private readonly List<PoolTransaction> _made = [];
        private BigInteger _spent;
        private ChainWatcher? _watcher;

        public async Task HappenAsync(int what, int number)
        {
            switch (what)
            {
                case 0 or 11:
                    _chain.Mine([.. Enumerable.Range(0, (number % 3) + (what == 11 ? 1 : 0)).Select(_ => Payment())]);
                    break;
                case 1:
                    _chain.Mine([.. _chain.Pending]);
                    break;
                case 2 or 3:
                    Replace(Math.Min(1 + number, _chain.Blocks.Count), isFound: what == 2);
                    break;
                case 4:
                    _chain.Add(Payment());
                    break;
                case 5 when _made.Count > 0:
                    // Whoever pays pays the same coin again, with another transaction.
                    _chain.Add(Payment(_made[number % _made.Count].Spends[0].What));
                    break;
                case 6:
                    // It starts again, after some blocks.
                    _watcher = null;
                    _chain.AtOnce = 1 + number;
                    for (var block = 0; block < number; block++)
                        _chain.Mine(block % 3 == 0 ? [Payment()] : []);
                    break;
                case 7:
                    await DieAsync(number);
                    break;
                case 8:
                    // A node that is behind, or claims blocks that it does not have.
                    (_chain.Missing, _chain.Invented) = number % 2 == 0 ? (1 + number, 0) : (0, number);
                    await RoundAsync();
                    (_chain.Missing, _chain.Invented) = (0, 0);
                    break;
                case 9:
                    await RoundAsync();
                    break;
                case 10:
                    await SpendAsync();
                    break;
                default:
                    break;
            }
        }

        public async Task EndAsync()
        {
            for (var blocks = 0; blocks < 7; blocks++)
                _chain.Mine([]);
            await RoundAsync();
            await RoundAsync();
            var (scanned, audit) = await database.ReadAsync(async session => (await session.ScannedAsync(Asset.Bitcoin), await session.AuditAsync()));
            Assert.Equal(_chain.Blocks[^1].Reference, scanned);
            Assert.Empty(audit);

            // The service began with the newest block that there was.
            var first = await database.ReadAsync(session => session.FirstHeightAsync(Asset.Bitcoin));
            var expected = _chain.Blocks.Where(block => block.Reference.Number >= first).SelectMany(block => block.Payments).ToDictionary(payment => payment.Id);
            var deposits = await database.ReadAsync(session => session.DepositsAsync(Wallet, null, 100_000));
            foreach (var deposit in deposits)
            {
                var isPending = deposit.Amount >= Smallest && _chain.Pending.Any(transaction => transaction.Txid == deposit.Txid);
                Assert.Equal(
                    (deposit.Id, expected.ContainsKey(deposit.Id) ? deposit.Amount < Smallest ? Deposit.Ignored : Deposit.Final : isPending ? Deposit.Seen : deposit.State),
                    (deposit.Id, deposit.State));
                Assert.Equal(expected.ContainsKey(deposit.Id), deposit.Height is not null);
                if (!isPending)
                    Assert.NotEqual(Deposit.Seen, deposit.State);
            }

            Assert.Empty(expected.Keys.Except(deposits.Select(deposit => deposit.Id)));
            var counted = expected.Values.Where(payment => payment.Amount >= Smallest).Aggregate(BigInteger.Zero, (sum, payment) => sum + payment.Amount);
            Assert.Equal(counted - _spent, await BalanceAsync(Account.Available(Wallet)) + await BalanceAsync(Account.Shortage(Wallet)));
            Assert.Equal(0, await BalanceAsync(Account.Incoming(Wallet)));
            Assert.Equal(expected.Values.Where(payment => payment.Amount < Smallest).Aggregate(BigInteger.Zero, (sum, payment) => sum + payment.Amount), await BalanceAsync(Account.Ignored(Wallet)));
            var coins = await database.ReadAsync(session => session.UnspentCoinsAsync(Wallet));
            Assert.Equal(expected.Values.Select(payment => $"{payment.Txid}:{payment.Position}").Order(StringComparer.Ordinal), coins.Select(coin => coin.Outpoint));
        }

        private PoolTransaction Payment(string? coin = null)
        {
            var txid = $"tx{_made.Count:d4}";
            var to = new OwnAddress { Address = "address", Wallet = Wallet };
            var transaction = new PoolTransaction(txid, [new Payment($"dep_{txid}_0", txid, 0, Asset.Bitcoin, 5 + (_made.Count % 3 * 10), to)], [new Spend(coin ?? $"coin-{txid}", txid)]);
            _made.Add(transaction);
            return transaction;
        }

        private void Replace(int depth, bool isFound)
        {
            var lost = _chain.Cut(depth);
            for (var block = 0; block <= depth; block++)
                _chain.Mine([]);
            // Half of what was in them comes into a block again, or waits for one; the rest is gone.
            var back = lost.SelectMany(block => block.Payments).Where((_, index) => index % 2 == 0).Select(payment => _made.First(transaction => transaction.Txid == payment.Txid)).ToArray();
            foreach (var transaction in back)
                _chain.Add(transaction);
            if (isFound)
                _chain.Mine([.. _chain.Pending]);
        }

        private async Task DieAsync(int point)
        {
            var points = new DyingAt(point);
            try
            {
                await NewWatcher(points).WorkAsync(default);
            }
            catch (DeathException)
            {
                _watcher = null;
            }
        }

        private async Task RoundAsync()
        {
            _watcher ??= NewWatcher(NoFaults.Instance);
            await _watcher.WorkAsync(default);
            Assert.Empty(await database.ReadAsync(session => session.AuditAsync()));
        }

        private async Task SpendAsync()
        {
            var half = await BalanceAsync(Account.Available(Wallet)) / 2;
            if (half.IsZero)
                return;
            _spent += half;
            await database.ChangeAsync(session => session.PostAsync([new Posting($"test/{_spent}", Asset.Bitcoin, Account.Available(Wallet), Account.World, half)], DateTimeOffset.UtcNow));
        }

        private Task<BigInteger> BalanceAsync(string account) => database.ReadAsync(session => session.BalanceAsync(account, Asset.Bitcoin));

        private ChainWatcher NewWatcher(IFaultPoints faults)
        {
            var rules = new DepositRules { Smallest = ImmutableDictionary<string, BigInteger>.Empty.Add(Asset.Bitcoin, Smallest) };
            return new ChainWatcher(_chain, null, new WatcherContext(database, new PaymentsMetrics(new EventLog(TextWriter.Null, TimeProvider.System, "subject"), "1"), faults, TimeProvider.System, rules));
        }
    }

    /// <summary>Ends the work at a point, as a kill would: what is committed stays.</summary>
    private sealed class DyingAt(int point) : IFaultPoints
    {
        private int _reached;

        public void Reach(string reached)
        {
            if (_reached++ == point)
                throw new DeathException();
        }
    }

    private sealed class DeathException : Exception;
}
