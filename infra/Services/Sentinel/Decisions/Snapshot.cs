using System.Collections.Immutable;
using HaCluster.Sentinel.Arguments;
using HaCluster.Sentinel.Nodes;

namespace HaCluster.Sentinel.Decisions;

/// <summary>
/// Everything that a decision looks at, at one moment. Spans are measured by a clock that never jumps; only ages of blocks and certificates compare with the
/// time of day.
/// </summary>
internal sealed record Snapshot
{
    public required DateTimeOffset Now { get; init; }

    public required Chain Chain { get; init; }

    /// <summary>As the argument names it.</summary>
    public required string Network { get; init; }

    public required Limits Limits { get; init; }

    /// <summary>The last answer of the node; null before the first.</summary>
    public NodeFacts? Node { get; init; }

    /// <summary>Since that answer.</summary>
    public TimeSpan NodeSilence { get; init; }

    public bool HasConsensus { get; init; }

    public ConsensusFacts? Consensus { get; init; }

    public TimeSpan ConsensusSilence { get; init; }

    /// <summary>Those that answered within 30 s.</summary>
    public ImmutableArray<SiblingFacts> Siblings { get; init; } = [];

    public bool HasSiblings { get; init; }

    /// <summary>How long none of the siblings has answered; zero while one does.</summary>
    public TimeSpan SiblingSilence { get; init; }

    public Progress Execution { get; init; } = Progress.None;

    /// <summary>Of the consensus client's head.</summary>
    public Progress ConsensusProgress { get; init; } = Progress.None;

    public CertificateState? Certificate { get; init; }

    /// <summary>Ordinal of the pod in its StatefulSet; 0 without one.</summary>
    public int Ordinal { get; init; }

    /// <summary>
    /// The greatest height among the node and its siblings on the same network; null if none has reported one. A sibling on a fork that has no majority is not
    /// among them: it alone would take out all the others.
    /// </summary>
    public (long Height, string? Sibling)? Reference
    {
        get
        {
            var forks = Forks;
            (long, string?)? best = Node is { } node ? (node.Head.Height, null) : null;
            foreach (var sibling in Comparable)
            {
                if (sibling.Reason == Reasons.Diverged || (!forks.IsOutvoted && forks.Differing.Contains(sibling)))
                    continue;
                if (best is null || sibling.Head!.Value.Height > best.Value.Item1)
                    best = (sibling.Head!.Value.Height, sibling.Name);
            }

            return best;
        }
    }

    /// <summary>Siblings whose blocks count: those on the same network that have a head, ready or not.</summary>
    public IEnumerable<SiblingFacts> Comparable =>
        Siblings.Where(sibling => sibling.Head is not null && sibling.Reason != Reasons.WrongNetwork && sibling.Network == Network);

    public Forks Forks => Forks.Of(this);

    /// <summary>How long others have agreed on another fork.</summary>
    public TimeSpan Outvoted { get; init; }

    public long Lag => Node is { } node && Reference is { } reference ? Math.Max(0, reference.Height - node.Head.Height) : 0;
}

/// <summary>What the sentinel of another node said last.</summary>
/// <param name="Distance">Of its consensus client; null without one.</param>
internal sealed record SiblingFacts(
    string Name, string Network, string Reason, BlockId? Head, ImmutableArray<BlockId> Recent, long? Distance = null);

/// <summary>How a head moved of late.</summary>
/// <param name="Unchanged">Since it last rose above all that it was before.</param>
/// <param name="ReferenceRise">How far the reference rose in that time.</param>
/// <param name="RoseSince">How far the head rose within the last 600 s.</param>
/// <param name="LagLost">By how much it is less behind than when it was furthest behind within the last 600 s.</param>
internal sealed record Progress(TimeSpan Unchanged, long ReferenceRise, long RoseSince, long LagLost = 0)
{
    public static readonly Progress None = new(TimeSpan.Zero, 0, 0);
}

/// <param name="Served">What the node shows; null before a connection.</param>
/// <param name="Due">What it should show: the file's; null when the file cannot be read.</param>
internal sealed record CertificateState(ServedCertificate? Served, ServedCertificate? Due);

/// <summary>An answer to a probe: whether all is well, one word from the contract, and the same for people.</summary>
internal sealed record Verdict(bool Ok, string Reason, string Detail);

/// <summary>The words of SENTINEL.md: <c>Ready</c> and <c>Live</c> choose from them.</summary>
internal static class Reasons
{
    public const string Ok = "ok";
    public const string FailOpen = "fail-open";
    public const string Starting = "starting";
    public const string Unanswered = "unanswered";
    public const string WrongNetwork = "wrong-network";
    public const string Syncing = "syncing";
    public const string Stale = "stale";
    public const string Lagging = "lagging";
    public const string ConsensusOffline = "consensus-offline";
    public const string ConsensusBehind = "consensus-behind";
    public const string ExecutionOffline = "execution-offline";
    public const string Diverged = "diverged";
    public const string Waiting = "waiting";
    public const string Stalled = "stalled";
    public const string Certificate = "certificate";
}
