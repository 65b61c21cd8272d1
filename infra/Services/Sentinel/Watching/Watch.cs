using System.Collections.Immutable;
using System.Globalization;
using HaCluster.Sentinel.Arguments;
using HaCluster.Sentinel.Decisions;
using HaCluster.Sentinel.Nodes;

namespace HaCluster.Sentinel.Watching;

/// <summary>The latest state of the node and its siblings. Watchers write it, probes read it; locks are held only while it is copied.</summary>
internal sealed class Watch
{
    public static readonly TimeSpan SiblingMemory = TimeSpan.FromSeconds(30);

    private readonly Lock _lock = new();
    private readonly SentinelOptions _options;
    private readonly TimeProvider _clock;
    private readonly ProgressTracker _execution;
    private readonly ProgressTracker _consensusProgress;
    private readonly Dictionary<string, (SiblingFacts Facts, long At)> _siblings = [];
    private readonly long _started;
    private readonly int _ordinal;
    private (NodeFacts Facts, long At)? _node;
    private (ConsensusFacts Facts, long At)? _consensus;
    private CertificateState? _certificate;
    private long _heardSibling;
    private long? _outvotedSince;

    public Watch(SentinelOptions options, TimeProvider clock)
    {
        (_options, _clock) = (options, clock);
        (_execution, _consensusProgress) = (new ProgressTracker(clock), new ProgressTracker(clock));
        _started = _heardSibling = clock.GetTimestamp();
        _ordinal = options.Pod.LastIndexOf('-') is >= 0 and var dash
            && int.TryParse(options.Pod.AsSpan(dash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var ordinal) ? ordinal : 0;
    }

    /// <summary>Time of the node's last answer; null before the first.</summary>
    public DateTimeOffset? Observed { get; private set; }

    /// <summary>The node answered the last call.</summary>
    public bool IsUp { get; private set; }

    /// <summary>The consensus client answered the last call.</summary>
    public bool IsConsensusUp { get; private set; }

    /// <summary>Reorganisations since the start, and the depth of the last.</summary>
    public (long Count, int Depth) Reorganisations { get; private set; }

    public void Answered(NodeFacts facts, CertificateState? certificate)
    {
        lock (_lock)
        {
            _node = (facts, _clock.GetTimestamp());
            (Observed, IsUp, _certificate) = (_clock.GetUtcNow(), true, certificate);
            if (facts.ReorgDepth is { } depth)
                Reorganisations = (Reorganisations.Count + 1, depth);
            var at = NoteForks();
            _execution.Note(facts.Head.Height, at.Reference!.Value.Height);
        }
    }

    public void Failed()
    {
        lock (_lock)
            IsUp = false;
    }

    public void ConsensusAnswered(ConsensusFacts facts)
    {
        lock (_lock)
        {
            (_consensus, IsConsensusUp) = ((facts, _clock.GetTimestamp()), true);
            _consensusProgress.Note(facts.HeadSlot, facts.HeadSlot + facts.Distance);
        }
    }

    public void ConsensusFailed()
    {
        lock (_lock)
            IsConsensusUp = false;
    }

    public void SiblingAnswered(SiblingFacts facts)
    {
        lock (_lock)
        {
            _siblings[facts.Name] = (facts, _clock.GetTimestamp());
            _heardSibling = _clock.GetTimestamp();
            NoteForks();
        }
    }

    public Snapshot Take()
    {
        lock (_lock)
        {
            var heard = _siblings.Values.Where(one => _clock.GetElapsedTime(one.At) <= SiblingMemory).Select(one => one.Facts)
                .OrderBy(facts => facts.Name, StringComparer.Ordinal).ToImmutableArray();
            return new Snapshot
            {
                Now = _clock.GetUtcNow(),
                Chain = _options.Chain,
                Network = _options.Network,
                Limits = _options.Limits,
                Node = _node?.Facts,
                NodeSilence = _clock.GetElapsedTime(_node?.At ?? _started),
                HasConsensus = _options.Consensus is not null,
                Consensus = _consensus?.Facts,
                ConsensusSilence = _clock.GetElapsedTime(_consensus?.At ?? _started),
                Siblings = heard,
                HasSiblings = !_options.Siblings.IsEmpty,
                SiblingSilence = heard.IsEmpty ? _clock.GetElapsedTime(_heardSibling) : TimeSpan.Zero,
                Execution = _execution.Now(),
                ConsensusProgress = _consensusProgress.Now(),
                Certificate = _certificate,
                Ordinal = _ordinal,
                Outvoted = _outvotedSince is { } since ? _clock.GetElapsedTime(since) : TimeSpan.Zero,
            };
        }
    }

    private Snapshot NoteForks()
    {
        var at = Take();
        var isOutvoted = _outvotedSince is null ? at.Forks.IsOutvoted : at.Forks.IsOutnumbered;
        _outvotedSince = isOutvoted ? _outvotedSince ?? _clock.GetTimestamp() : null;
        return at;
    }
}
