using HaCluster.Payments.Amounts;
using HaCluster.Payments.Chains;
using HaCluster.Payments.Scanning;

namespace HaCluster.Payments.Tests.Scanning;

/// <summary>A chain of a test's own, in memory: blocks, branches and a pool without any work, for more of them than a node makes in the time.</summary>
internal sealed class FakeChain : IChainReader
{
    private readonly List<ChainBlock> _blocks = [];
    private readonly List<PoolTransaction> _pool = [];
    private long _made;

    public FakeChain() => Mine([]);

    public string Chain => Asset.Bitcoin;

    public IReadOnlyList<ChainBlock> Blocks => _blocks;

    public IReadOnlyList<PoolTransaction> Pending => _pool;

    /// <summary>Blocks that the node says it does not have yet.</summary>
    public int Missing { get; set; }

    /// <summary>Blocks that the node says it has, and does not.</summary>
    public int Invented { get; set; }

    public int AtOnce { get; set; } = 5;

    /// <summary>Height of a block that does not follow the one before it; 0: there is none.</summary>
    public int Unlinked { get; set; }

    private IEnumerable<ChainBlock> Shown => _blocks.Take(Math.Max(1, _blocks.Count - Missing));

    public IEnumerable<Payment> PaymentsInChain => _blocks.SelectMany(block => block.Payments);

    public void Mine(IReadOnlyList<PoolTransaction> transactions)
    {
        var number = _blocks.Count;
        _blocks.Add(new ChainBlock(
            new BlockReference(number, $"block-{++_made}"),
            number == 0 ? "none" : _blocks[^1].Reference.Hash,
            DateTimeOffset.UnixEpoch,
            [.. transactions.SelectMany(transaction => transaction.Payments)],
            [.. transactions.SelectMany(transaction => transaction.Spends)]));
        _pool.RemoveAll(pending => pending.Spends.Any(spend => _blocks[^1].Spends.Any(used => used.What == spend.What)));
    }

    /// <summary>Takes the newest blocks away.</summary>
    public IReadOnlyList<ChainBlock> Cut(int depth)
    {
        var cut = _blocks[^depth..];
        _blocks.RemoveRange(_blocks.Count - depth, depth);
        return cut;
    }

    public void Add(PoolTransaction transaction)
    {
        _pool.RemoveAll(pending => pending.Spends.Any(spend => transaction.Spends.Any(used => used.What == spend.What)));
        if (!_blocks.SelectMany(block => block.Spends).Any(spend => transaction.Spends.Any(used => used.What == spend.What)))
            _pool.Add(transaction);
    }

    public Task<BlockReference> HeadAsync(CancellationToken cancellationToken) =>
        Task.FromResult(Invented == 0 ? Shown.Last().Reference : new BlockReference(Shown.Last().Reference.Number + Invented, "invented"));

    public Task<long?> FirstAsync(CancellationToken cancellationToken) => Task.FromResult<long?>(Shown.Last().Reference.Number);

    public Task<string?> HashAsync(long height, CancellationToken cancellationToken) => Task.FromResult(Shown.ElementAtOrDefault((int)height)?.Reference.Hash);

    public Task<long> FinalizedAsync(CancellationToken cancellationToken) => Task.FromResult(-1L);

    /// <summary>Fewer than it is asked for: as many as a node gives at once.</summary>
    public Task<IReadOnlyList<ChainBlock>> ReadAsync(long from, int most, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<ChainBlock>>([.. Shown.Skip((int)from).Take(Math.Min(most, AtOnce)).Select(block => Unlinked > 0 && block.Reference.Number == Unlinked ? block with { Parent = "of another chain" } : block)]);

    public Task<Pool> PoolAsync(CancellationToken cancellationToken) => Task.FromResult(new Pool(_pool.Select(transaction => transaction.Txid).ToHashSet(StringComparer.Ordinal), [.. _pool]));

    public void Remember(Pool pool)
    {
        // It shows everything each time, as to a watcher that has just started.
    }

    public Task<bool> KnowsAsync(string txid, CancellationToken cancellationToken) => Task.FromResult(_pool.Any(transaction => transaction.Txid == txid) || _blocks.SelectMany(block => block.Spends).Any(spend => spend.Txid == txid));
}
