using HaCluster.Sentinel.Arguments;
using static System.FormattableString;

namespace HaCluster.Sentinel.Decisions;

/// <summary>Whether the node may be used: the first rule of SENTINEL.md, "Ready", that applies.</summary>
internal static class ReadyDecision
{
    public static readonly TimeSpan MaxSilence = TimeSpan.FromSeconds(15);

    /// <summary>A node whose siblings are all silent may be the one that is cut off: it serves an old head only after this time.</summary>
    public static readonly TimeSpan SilenceBeforeFailOpen = TimeSpan.FromSeconds(60);

    /// <summary>Blocks below what peers announce at which a Bitcoin node is taken to be catching up: a day.</summary>
    public const long MaxBelowPeers = 144;

    /// <summary>
    /// Longer than a reorganisation takes to be seen by all: until then a sibling's last answer may be of before it, and this node's of after it.
    /// </summary>
    public static readonly TimeSpan TimeBeforeDiverged = TimeSpan.FromSeconds(10);

    public static Verdict Of(Snapshot at)
    {
        if ((Answering(at) ?? Network(at)) is { } unusable)
            return unusable;
        // A node that is ready only because no other is better must still pass every other check.
        var consensus = Consensus(at);
        if (consensus is { Ok: false })
            return consensus;
        if ((Syncing(at) ?? Lagging(at) ?? Diverged(at)) is { } broken)
            return broken;
        return Stale(at) ?? consensus ?? new Verdict(true, Reasons.Ok, Invariant($"block {at.Node!.Head.Height:N0}"));
    }

    private static Verdict? Answering(Snapshot at) => at.Node is null
        ? No(Reasons.Starting, "the node has not answered yet")
        : at.NodeSilence > MaxSilence
            ? No(Reasons.Unanswered, Invariant($"the node has not answered for {at.NodeSilence.TotalSeconds:0} s"))
            : null;

    private static Verdict? Network(Snapshot at) => Networks.AreEqual(at.Chain, at.Network, at.Node!.Network)
        ? null
        : No(Reasons.WrongNetwork, $"the node is on network {at.Node.Network}, not on {at.Network}");

    private static Verdict? Consensus(Snapshot at)
    {
        if (!at.HasConsensus)
            return null;
        if (at.Consensus is not { } consensus || at.ConsensusSilence > MaxSilence)
        {
            return No(Reasons.ConsensusOffline, at.Consensus is null
                ? "the consensus client has not answered yet"
                : Invariant($"the consensus client has not answered for {at.ConsensusSilence.TotalSeconds:0} s"));
        }

        if (consensus.ExecutionOffline)
            return No(Reasons.ExecutionOffline, "the consensus client cannot reach the execution client");
        if (consensus.Optimistic)
            return No(Reasons.ConsensusBehind, "the consensus client follows blocks that the execution client has not verified");
        if (consensus.Distance <= at.Limits.Lag)
            return null;
        var behind = Invariant($"the consensus client is {consensus.Distance:N0} slots behind");
        // The whole network may have stopped; taking every node out would not help then.
        return MayOpen(at) && at.Siblings.All(sibling => sibling.Distance is not { } distance || distance >= consensus.Distance)
            ? Open($"{behind}, and no sibling is better")
            : No(Reasons.ConsensusBehind, behind);
    }

    public static Verdict? Syncing(Snapshot at)
    {
        var node = at.Node!;
        if (node.ReportsSyncing)
        {
            return No(Reasons.Syncing, node.VerificationProgress is { } share
                ? Invariant($"the node reports that it is syncing: {Math.Floor(share * 1000) / 10:0.0} % verified")
                : "the node reports that it is syncing");
        }

        if (at.Chain != Chain.Bitcoin || IsPrivate(at))
            return null;
        if (node.Peers is 0 or null && node.PeerHeight is null)
            return No(Reasons.Syncing, "the node has no peer yet");
        return node.PeerHeight - node.Head.Height > MaxBelowPeers
            ? No(Reasons.Syncing, Invariant($"block {node.Head.Height:N0} is {node.PeerHeight - node.Head.Height:N0} below what its peers announce"))
            : null;
    }

    /// <summary>A chain whose blocks are made on demand: a node alone is a whole network there.</summary>
    private static bool IsPrivate(Snapshot at) => at.Network is "regtest" or "simnet" && !at.HasSiblings;

    public static Verdict? Lagging(Snapshot at) => at.Lag > at.Limits.Lag
        ? No(Reasons.Lagging, Invariant($"block {at.Node!.Head.Height:N0} is {at.Lag:N0} behind {at.Reference!.Value.Height:N0} of {at.Reference.Value.Sibling}"))
        : null;

    private static Verdict? Diverged(Snapshot at) => at.Forks is { IsOutvoted: true, Differing: var siblings } && at.Outvoted >= TimeBeforeDiverged
        ? No(Reasons.Diverged, $"{string.Join(", ", siblings.Select(sibling => sibling.Name))} have another block {Forks.Settled} below the head")
        : null;

    private static Verdict? Stale(Snapshot at)
    {
        var age = at.Now - at.Node!.Head.Time;
        if (at.Limits.TipAge == TimeSpan.Zero || age <= at.Limits.TipAge)
            return null;
        var old = Invariant($"block {at.Node.Head.Height:N0} is {Age(age)} old");
        // The chain itself has paused, or every clock is wrong. Siblings on another fork are no reference to lag behind, yet they may be the fresher ones.
        return MayOpen(at) && at.Comparable.All(sibling => sibling.Head!.Value.Height - at.Node.Head.Height <= at.Limits.Lag) ? Open($"{old}, and no sibling has a newer one") : No(Reasons.Stale, old);
    }

    private static bool MayOpen(Snapshot at) => !at.HasSiblings || !at.Siblings.IsEmpty || at.SiblingSilence >= SilenceBeforeFailOpen;

    private static Verdict No(string reason, string detail) => new(false, reason, detail);

    private static Verdict Open(string detail) => new(true, Reasons.FailOpen, detail);

    private static string Age(TimeSpan age) => age.TotalMinutes < 2 ? Invariant($"{age.TotalSeconds:0} s")
        : age.TotalHours < 2 ? Invariant($"{age.TotalMinutes:0} min")
        : Invariant($"{age.TotalHours:0.#} h");
}
