namespace HaCluster.Sentinel.Tests.Faults;

/// <summary>What a read gave: the head, and when it was asked for and answered, by <see cref="AwakeTime"/>: nodes of a machine that is busy with others notice nothing meanwhile.</summary>
internal readonly record struct Reading(TimeSpan Asked, TimeSpan Answered, long Height, string? Hash)
{
    public bool Failed => Hash is null;
}

internal enum Judgement
{
    Fresh,

    /// <summary>More blocks behind than <c>--lag</c> allows.</summary>
    Stale,

    /// <summary>A block that a reorganisation has replaced: its node is on a fork now.</summary>
    Replaced,

    /// <summary>A block that never belonged to the chain.</summary>
    Alien,

    Failed,
}

/// <summary>Which block was the head when: what readings are held against, after the run.</summary>
internal sealed class CanonicalChain(long lag)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, TimeSpan> _replaced = [];
    private readonly List<string> _blocks = [];

    /// <summary>When the chain first had so many blocks.</summary>
    private readonly List<TimeSpan> _reached = [];

    /// <summary>Blocks, the first among them; the head is one less.</summary>
    public int Length
    {
        get
        {
            lock (_lock)
                return _blocks.Count;
        }
    }

    public int Reorganisations { get; private set; }

    public int Deepest { get; private set; }

    /// <param name="from">Height of the first of these blocks; those above it are replaced.</param>
    public void Set(int from, IReadOnlyList<string> hashes)
    {
        var now = AwakeTime.Elapsed;
        lock (_lock)
        {
            if (_blocks.Count > from)
            {
                Reorganisations++;
                Deepest = Math.Max(Deepest, _blocks.Count - from);
            }

            foreach (var block in _blocks.Skip(from))
                _replaced[block] = now;
            _blocks.RemoveRange(from, _blocks.Count - from);
            _blocks.AddRange(hashes);
            while (_reached.Count < _blocks.Count)
                _reached.Add(now);
        }
    }

    public Judgement Judge(Reading reading)
    {
        if (reading.Hash is null)
            return Judgement.Failed;
        lock (_lock)
        {
            if (_replaced.TryGetValue(reading.Hash, out var replaced))
                return reading.Asked > replaced ? Judgement.Replaced : Judgement.Fresh;
            if (reading.Height >= _blocks.Count || _blocks[(int)reading.Height] != reading.Hash)
                return Judgement.Alien;
            var passed = reading.Height + lag + 1 < _reached.Count ? _reached[(int)(reading.Height + lag + 1)] : TimeSpan.MaxValue;
            return reading.Asked > passed ? Judgement.Stale : Judgement.Fresh;
        }
    }
}
