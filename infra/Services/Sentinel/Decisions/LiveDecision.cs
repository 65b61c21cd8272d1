using static System.FormattableString;

namespace HaCluster.Sentinel.Decisions;

/// <summary>Whether a program of the pod should be restarted: the first rule of SENTINEL.md, "Live", that applies.</summary>
internal static class LiveDecision
{
    public static readonly TimeSpan MaxSilence = TimeSpan.FromSeconds(300);

    /// <summary>One node after the other restarts for a renewed certificate.</summary>
    public static readonly TimeSpan Stagger = TimeSpan.FromHours(6);

    /// <summary>Of the node, where it is one program; of all, where it is two.</summary>
    public static Verdict Of(Snapshot at)
    {
        var execution = OfExecution(at);
        return at.HasConsensus && execution.Ok && OfConsensus(at) is { Ok: false } consensus ? consensus : execution;
    }

    public static Verdict OfExecution(Snapshot at) =>
        Answering(at.Node is not null, at.NodeSilence, "the node") ?? Advancing(at) ?? Stalled(at, at.Execution, "block", at.Node!.Head.Height) ?? Certificate(at)
        ?? Waiting(at, at.Execution, "block", at.Node.Head.Height) ?? new Verdict(true, Reasons.Ok, Invariant($"block {at.Node.Head.Height:N0}"));

    public static Verdict OfConsensus(Snapshot at) =>
        Answering(at.Consensus is not null, at.ConsensusSilence, "the consensus client")
        ?? (at.Consensus!.Syncing && at.ConsensusProgress.RoseSince > 0 ? Yes(Reasons.Syncing, Invariant($"slot {at.Consensus.HeadSlot:N0}, {at.Consensus.Distance:N0} behind")) : null)
        ?? Stalled(at, at.ConsensusProgress, "slot", at.Consensus.HeadSlot)
        ?? Waiting(at, at.ConsensusProgress, "slot", at.Consensus.HeadSlot)
        ?? Yes(Reasons.Ok, Invariant($"slot {at.Consensus.HeadSlot:N0}"));

    private static Verdict? Answering(bool hasAnswered, TimeSpan silence, string who) => !hasAnswered
        ? No(Reasons.Starting, $"{who} has not answered since this sentinel started")
        : silence > MaxSilence
            ? No(Reasons.Unanswered, Invariant($"{who} has not answered for {silence.TotalSeconds:0} s"))
            : null;

    /// <summary>Whether the node gets closer to the others; alerts leave such nodes out. One that fell behind and gets no closer is not syncing.</summary>
    public static bool IsCatchingUp(Snapshot at) => at.Node is not null
        && (ReadyDecision.Syncing(at) is not null || (ReadyDecision.Lagging(at) is not null && at.Execution is { RoseSince: > 0, LagLost: > 0 }));

    /// <summary>However slow it is, and even if the others are faster: a restart costs it more than time.</summary>
    private static Verdict? Advancing(Snapshot at) => at.Node is not { } node ? null
        : ReadyDecision.Syncing(at) is { } syncing ? Yes(Reasons.Syncing, syncing.Detail)
        : ReadyDecision.Lagging(at) is not null && at.Execution.RoseSince > 0
            ? Yes(Reasons.Syncing, Invariant($"block {node.Head.Height:N0}, catching up with {at.Reference!.Value.Height:N0}"))
            : null;

    private static Verdict? Stalled(Snapshot at, Progress progress, string unit, long height) =>
        progress.Unchanged >= at.Limits.Stall && progress.ReferenceRise > at.Limits.Lag
            ? No(Reasons.Stalled, Invariant($"{unit} {height:N0} for {progress.Unchanged.TotalSeconds:0} s, while others advanced by {progress.ReferenceRise:N0}"))
            : null;

    private static Verdict? Waiting(Snapshot at, Progress progress, string unit, long height) => progress.Unchanged >= at.Limits.Stall
        ? Yes(Reasons.Waiting, Invariant($"{unit} {height:N0} for {progress.Unchanged.TotalSeconds:0} s, like all others"))
        : null;

    private static Verdict? Certificate(Snapshot at)
    {
        if (at.Certificate is not { Served: { } served, Due: { } due } || served.Thumbprint == due.Thumbprint)
            return null;
        return at.Now - due.NotBefore > Stagger * (at.Ordinal + 1)
            ? No(Reasons.Certificate, Invariant($"the node serves a certificate that expires {served.NotAfter:yyyy-MM-dd HH:mm}Z; the renewed one is read at its next start"))
            : null;
    }

    private static Verdict Yes(string reason, string detail) => new(true, reason, detail);

    private static Verdict No(string reason, string detail) => new(false, reason, detail);
}
