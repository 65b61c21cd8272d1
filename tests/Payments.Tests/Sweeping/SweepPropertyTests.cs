using System.Numerics;
using FsCheck.Xunit;
using HaCluster.Payments.Amounts;
using HaCluster.Payments.Books;
using HaCluster.Payments.Chains;
using HaCluster.Payments.Metrics;
using HaCluster.Payments.Scanning;
using HaCluster.Payments.Store;
using HaCluster.Payments.Sweeping;
using HaCluster.Payments.Wallets;
using HaCluster.Services;

namespace HaCluster.Payments.Tests.Sweeping;

/// <summary>Any interleaving of payments to forwarders, sweeps of anybody, spending, reorganisations of any depth, kills and rounds of the watcher: after every round the books are what the chain has, and in the end also where it has it.</summary>
public sealed class SweepPropertyTests : IDisposable
{
    private const string Wallet = "wal_1";

    private readonly Scratch _scratch = new();
    private int _runs;

    public void Dispose() => _scratch.Dispose();

    [Property(MaxTest = 60, EndSize = 80)]
    public void Whatever_happens_the_books_are_what_the_chain_says(byte[] happenings) => RunAsync(happenings).GetAwaiter().GetResult();

    [Theory]
    // Paid, swept and paid again in one block; a final sweep that is spent and then replaced; a sweep that is replaced by one before the payment.
    [InlineData(new byte[] { 0, 1, 8, 5, 2, 2, 2, 5 })]
    [InlineData(new byte[] { 0, 2, 1, 2, 2, 2, 2, 5, 6, 4 + (9 * 5), 5, 2, 5 })]
    [InlineData(new byte[] { 0, 1, 2, 2, 2, 5, 6, 3 + (9 * 4), 5, 0, 2, 2, 2, 2, 5 })]
    public Task Cases_worth_keeping(byte[] happenings) => RunAsync(happenings);

    private async Task RunAsync(byte[] happenings)
    {
        await using var database = new SqliteDatabase(_scratch.At($"{Interlocked.Increment(ref _runs)}.db"));
        await database.MigrateAsync(default);
        await database.ChangeAsync(session => session.AddWalletAsync(
            new Wallet { Id = Wallet, Chain = Asset.Ethereum, Name = "w", Script = ScriptKind.None, Sender = "sender", SigningKey = "hot", HasForwarders = true }, "test", DateTimeOffset.UtcNow));
        // What its sender had before is in the books.
        await database.ChangeAsync(session => session.ExecuteAsync("update wallets set opened_block = 0"));
        for (var position = 0; position < 3; position++)
        {
            await database.ChangeAsync(session => session.ExecuteAsync(
                "insert into addresses (id, wallet, branch, position, chain, address, created_at) values (@Id, @Wallet, 0, @position, @Ethereum, @Address, 0)",
                new { Id = $"adr_{position}", Wallet, position, Asset.Ethereum, Address = $"forwarder-{position}" }));
        }

        var run = new Run(database);
        await run.RoundAsync(NoFaults.Instance);
        foreach (var happening in happenings)
            await run.HappenAsync(happening % 9, happening / 9);
        await run.EndAsync();
    }

    private sealed class Run(Database database)
    {
        private readonly ForwarderChain _chain = new();
        private BigInteger _spent;

        public async Task HappenAsync(int what, int number)
        {
            switch (what)
            {
                case 0 or 8:
                    _chain.Pending.Add(_chain.NewCall(address: number % 3, amount: 1 + number));
                    break;
                case 1:
                    _chain.Pending.Add(_chain.NewCall(address: number % 3, amount: 0));
                    break;
                case 2:
                    _chain.Mine();
                    break;
                case 3 or 4:
                    _chain.Replace(depth: 1 + (number % 7), isReversed: what == 4);
                    break;
                case 5:
                    await RoundAsync(NoFaults.Instance);
                    break;
                case 6:
                    await SpendAsync();
                    break;
                case 7:
                    await DieAsync(number % 8);
                    break;
                default:
                    break;
            }
        }

        /// <summary>A round of the watcher, after which the books are what the chain has at the block that was looked through.</summary>
        public async Task RoundAsync(IFaultPoints faults)
        {
            await new ChainWatcher(_chain, null, new WatcherContext(database, new PaymentsMetrics(new EventLog(TextWriter.Null, TimeProvider.System, "subject"), "1"), faults, TimeProvider.System, new DepositRules()))
                .WorkAsync(default);
            var (audit, balances) = await database.ReadAsync(async session => (await session.AuditAsync(), await session.BalancesAsync(Wallet)));
            Assert.Empty(audit);
            var (forwarders, sender) = _chain.Balances();
            Assert.Equal(forwarders + sender - _spent, balances.Aggregate(BigInteger.Zero, (sum, balance) => sum + balance.Amount));
        }

        public async Task EndAsync()
        {
            for (var block = 0; block < 4; block++)
                _chain.Mine();
            await RoundAsync(NoFaults.Instance);
            await RoundAsync(NoFaults.Instance);
            var (forwarders, sender) = _chain.Balances();
            Assert.Equal(forwarders, await BalanceAsync(Account.Unswept(Wallet)));
            Assert.Equal(sender - _spent, await BalanceAsync(Account.Available(Wallet)) + await BalanceAsync(Account.Shortage(Wallet)));
            Assert.Equal(0, await BalanceAsync(Account.Incoming(Wallet)));
            // What could be swept is what forwarders have.
            Assert.Equal(forwarders, (await database.ReadAsync(session => session.UnsweptAsync(Wallet, Asset.Ethereum))).Aggregate(BigInteger.Zero, (sum, one) => sum + one.Amount));
        }

        private async Task DieAsync(int point)
        {
            try
            {
                await RoundAsync(new DyingAt(point));
            }
            catch (DeathException)
            {
                // What is committed stays.
            }
        }

        private async Task SpendAsync()
        {
            var half = await BalanceAsync(Account.Available(Wallet)) / 2;
            if (half.IsZero)
                return;
            _spent += half;
            await database.ChangeAsync(session => session.PostAsync([new Posting($"test/{_spent}", Asset.Ethereum, Account.Available(Wallet), Account.World, half)], DateTimeOffset.UtcNow));
        }

        private Task<BigInteger> BalanceAsync(string account) => database.ReadAsync(session => session.BalanceAsync(account, Asset.Ethereum));
    }

    /// <summary>A call of a block: a payment to a forwarder, or its sweep where the amount is 0.</summary>
    private sealed record Call(string Txid, int Address, int Amount);

    /// <summary>A chain of a test's own, with three forwarders. The block that it calls finalized is the third from the top, and is replaced all the same.</summary>
    private sealed class ForwarderChain : IChainReader
    {
        private readonly List<(BlockReference Reference, string Parent, Call[] Calls)> _blocks = [];
        private int _made;

        public ForwarderChain() => Mine();

        public List<Call> Pending { get; } = [];

        public string Chain => Asset.Ethereum;

        public Call NewCall(int address, int amount) => new($"tx{_made++}", address, amount);

        public void Mine()
        {
            _blocks.Add((new BlockReference(_blocks.Count, $"block-{_made++}"), _blocks.Count == 0 ? "none" : _blocks[^1].Reference.Hash, [.. Pending]));
            Pending.Clear();
        }

        /// <summary>Other blocks in the place of the newest, and one more; what was in them comes in one of these, or never.</summary>
        public void Replace(int depth, bool isReversed)
        {
            depth = Math.Min(depth, _blocks.Count - 1);
            var lost = _blocks[^depth..].SelectMany(block => block.Calls).ToArray();
            _blocks.RemoveRange(_blocks.Count - depth, depth);
            var back = lost.Where((_, index) => index % 3 != 2);
            var news = Pending.ToArray();
            Pending.Clear();
            Pending.AddRange(isReversed ? back.Reverse() : back);
            for (var block = 0; block <= depth; block++)
                Mine();
            Pending.AddRange(news);
        }

        /// <summary>What all forwarders have, and what sweeps have brought to the sender.</summary>
        public (BigInteger Forwarders, BigInteger Sender) Balances()
        {
            var (balances, sender) = (new BigInteger[3], BigInteger.Zero);
            foreach (var call in _blocks.SelectMany(block => block.Calls))
            {
                if (call.Amount > 0)
                    balances[call.Address] += call.Amount;
                else
                    (sender, balances[call.Address]) = (sender + balances[call.Address], 0);
            }

            return (balances.Aggregate(BigInteger.Zero, (sum, balance) => sum + balance), sender);
        }

        public Task<BlockReference> HeadAsync(CancellationToken cancellationToken) => Task.FromResult(_blocks[^1].Reference);

        public Task<long?> FirstAsync(CancellationToken cancellationToken) => Task.FromResult<long?>(0);

        public Task<string?> HashAsync(long height, CancellationToken cancellationToken) => Task.FromResult(height < _blocks.Count ? _blocks[(int)height].Reference.Hash : null);

        public Task<long> FinalizedAsync(CancellationToken cancellationToken) => Task.FromResult(_blocks.Count - 3L);

        public Task<IReadOnlyList<ChainBlock>> ReadAsync(long from, int most, CancellationToken cancellationToken) =>
            Task.FromResult<IReadOnlyList<ChainBlock>>([.. _blocks.Skip((int)from).Take(most).Select(block => Read(block.Reference))]);

        private ChainBlock Read(BlockReference block)
        {
            var balances = new BigInteger[3];
            var (payments, sweeps) = (new List<Payment>(), new List<Sweep>());
            foreach (var (reference, _, calls) in _blocks.Take((int)block.Number + 1))
            {
                foreach (var (place, call) in calls.Index())
                {
                    var to = new OwnAddress { Address = $"forwarder-{call.Address}", Wallet = Wallet, Position = call.Address, IsForwarder = true };
                    var isHere = reference == block;
                    if (call.Amount > 0 && isHere)
                        payments.Add(new Payment($"dep_{call.Txid}_0", call.Txid, 0, Asset.Ethereum, call.Amount, to, place));
                    else if (call.Amount == 0 && isHere && !balances[call.Address].IsZero)
                        sweeps.Add(new Sweep($"swp_{call.Txid}_0", call.Txid, Asset.Ethereum, balances[call.Address], to, place));
                    balances[call.Address] = call.Amount == 0 ? 0 : balances[call.Address] + call.Amount;
                }
            }

            var read = _blocks[(int)block.Number];
            return new ChainBlock(read.Reference, read.Parent, DateTimeOffset.UnixEpoch, payments, []) { Sweeps = sweeps };
        }

        public Task<Pool> PoolAsync(CancellationToken cancellationToken) => Task.FromResult(new Pool(new HashSet<string>(), []));

        public void Remember(Pool pool)
        {
            // Nothing is pending.
        }

        public Task<bool> KnowsAsync(string txid, CancellationToken cancellationToken) => Task.FromResult(true);
    }

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
