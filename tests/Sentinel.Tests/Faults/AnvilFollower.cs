using HaCluster.Sentinel.Tests.Peers;

namespace HaCluster.Sentinel.Tests.Faults;

/// <param name="Fork">Its beneficiary: another gives other hashes.</param>
internal readonly record struct AnvilBlock(DateTimeOffset Time, byte Fork);

/// <summary>Brings an anvil to a chain, as peers and consensus do with other nodes: it gives up the blocks that do not belong to it and makes those that are missing.</summary>
internal sealed class AnvilFollower(ChainProcess node) : IDisposable
{
    private const byte OwnFork = 200;

    private readonly SemaphoreSlim _one = new(1);
    private readonly List<AnvilBlock> _blocks = [];
    private byte _fork;
    private bool _isPaused;

    public ChainProcess Node => node;

    /// <summary>From this block on it has blocks of its own at the same times; null: the chain's.</summary>
    public int? ForkAt { get; set; }

    public async Task FollowAsync(IReadOnlyList<AnvilBlock> chain)
    {
        var target = ForkAt is { } at ? chain.Select((block, index) => index < at ? block : block with { Fork = OwnFork }).ToList() : chain;
        await _one.WaitAsync();
        try
        {
            if (_isPaused)
                return;
            var common = 0;
            while (common < _blocks.Count && common < target.Count && _blocks[common] == target[common])
                common++;
            if (_blocks.Count > common)
            {
                await node.RollBackAsync(_blocks.Count - common);
                _blocks.RemoveRange(common, _blocks.Count - common);
            }

            foreach (var block in target.Skip(common))
            {
                if (block.Fork != _fork)
                    await node.ForkAsync(_fork = block.Fork);
                await node.MineAtAsync(block.Time);
                _blocks.Add(block);
            }
        }
        finally
        {
            _one.Release();
        }
    }

    /// <summary>No more blocks; done when none is on its way.</summary>
    public async Task PauseAsync()
    {
        await _one.WaitAsync();
        _isPaused = true;
        _one.Release();
    }

    public void GoOn() => _isPaused = false;

    public void Dispose()
    {
        node.Dispose();
        _one.Dispose();
    }

    /// <summary>After it was killed; anvil keeps its blocks in memory only.</summary>
    public async Task StartAgainAsync()
    {
        await node.StartAgainAsync();
        _blocks.Clear();
        _fork = 0;
        GoOn();
    }
}
