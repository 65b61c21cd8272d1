namespace HaCluster.Payments.Scanning;

/// <summary>
/// The next blocks of a chain for a watcher: far below the head several for one transaction, and those after them are read while it is written; near the head, where blocks are replaced, one by one.
/// </summary>
/// <param name="head">Height of the node's newest block, as it says.</param>
internal sealed class ReadAhead(IChainReader reader, long head, CancellationToken cancellationToken) : IAsyncDisposable
{
    /// <summary>The newest blocks of the chain.</summary>
    public const int Tip = 6;

    /// <summary>In one transaction, and in a read. A node's answers, of which two are held, have a limit in bytes besides.</summary>
    private const int MostBlocks = 500;

    /// <summary>In one transaction of several blocks: SQLite has one writer, and others wait for it.</summary>
    private const int MostPayments = 200;

    private readonly CancellationTokenSource _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
    private readonly Queue<ChainBlock> _read = [];
    private (long From, Task<IReadOnlyList<ChainBlock>> Blocks)? _reading;

    /// <returns>Blocks from this height on, each of which follows the one before it; none: the chain is not so high.</returns>
    public async Task<IReadOnlyList<ChainBlock>> NextAsync(long height)
    {
        if (!_read.TryPeek(out var first) || first.Reference.Number != height)
        {
            _read.Clear();
            foreach (var block in await ReadAsync(height))
                _read.Enqueue(block);
        }

        var next = new List<ChainBlock>();
        for (var payments = 0; next.Count < MostAt(height) && _read.TryPeek(out var block) && (next.Count == 0 || (block.Parent == next[^1].Reference.Hash && payments + block.Payments.Count <= MostPayments));)
        {
            payments += block.Payments.Count;
            next.Add(_read.Dequeue());
        }

        return next;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        if (_reading is { } reading)
            await ((Task)reading.Blocks).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private async Task<IReadOnlyList<ChainBlock>> ReadAsync(long height)
    {
        var reading = _reading is { } ahead && ahead.From == height ? ahead.Blocks : null;
        if (_reading is { } other && reading is null)
            await ((Task)other.Blocks).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _reading = null;
        var blocks = await (reading ?? reader.ReadAsync(height, MostAt(height), _stop.Token));
        if (blocks.Count > 0 && height + blocks.Count is var after && MostAt(after) > 1)
            _reading = (after, Task.Run(() => reader.ReadAsync(after, MostAt(after), _stop.Token), _stop.Token));
        return blocks;
    }

    private int MostAt(long height) => (int)Math.Clamp(head - Tip - height + 1, 1, MostBlocks);
}
