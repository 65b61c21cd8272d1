using System.Collections.Immutable;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using HaCluster.Sentinel.Decisions;
using HaCluster.Sentinel.Nodes;

namespace HaCluster.Sentinel.Tests.Decisions;

/// <summary>What holds of every moment, however unlikely.</summary>
[Properties(MaxTest = 2000, Arbitrary = [typeof(DecisionPropertyTests)])]
public sealed class DecisionPropertyTests
{
    private static readonly string[] Forks = ["a", "b", "c"];
    private static readonly string[] SiblingReasons =
    [
        Reasons.Ok, Reasons.FailOpen, Reasons.Starting, Reasons.Unanswered, Reasons.WrongNetwork, Reasons.Syncing, Reasons.Stale, Reasons.Lagging, Reasons.Diverged, "of-tomorrow",
    ];

    private static readonly Gen<TimeSpan> Spans = Gen.Elements(0, 1, 14, 15, 16, 59, 60, 61, 299, 300, 301, 3599, 3600, 7201, 90_000).Select(seconds => TimeSpan.FromSeconds(seconds));

    public static Arbitrary<Moment> Moment() => (
        from chain in Gen.Elements("bitcoin", "ethereum")
        from hasNode in Gen.Frequency((9, Gen.Constant(true)), (1, Gen.Constant(false)))
        from height in Gen.Choose(0, 40)
        from fork in Gen.Elements(Forks)
        from age in Spans
        from ahead in Gen.Elements(1, -1)
        from network in Gen.Frequency((9, Gen.Constant("mainnet")), (1, Gen.Constant("testnet")))
        from peers in Gen.Elements<int?>(null, 0, 8)
        from peerHeight in Gen.Elements<long?>(null, 0, 30, 500)
        from reportsSyncing in Gen.Frequency((9, Gen.Constant(false)), (1, Gen.Constant(true)))
        from silence in Gen.Frequency((4, Gen.Constant(TimeSpan.Zero)), (1, Spans))
        from consensus in Consensus()
        from consensusSilence in Gen.Frequency((4, Gen.Constant(TimeSpan.Zero)), (1, Spans))
        from siblings in Sibling().ListOf()
        from siblingSilence in Spans
        from outvoted in Spans
        from hasSiblings in Gen.Elements(true, false)
        select new Moment(Moments.Of(chain) with
        {
            Node = hasNode
                ? Moments.NodeAt(height, Moments.Noon - (ahead * age), fork) with { Network = network, Peers = peers, PeerHeight = peerHeight, ReportsSyncing = reportsSyncing }
                : null,
            NodeSilence = silence,
            Consensus = chain == "ethereum" ? consensus : null,
            ConsensusSilence = consensusSilence,
            Siblings = [.. siblings.Select((sibling, index) => sibling with { Name = $"node-{index + 1}" }).Take(5)],
            HasSiblings = hasSiblings || siblings.Count > 0,
            Outvoted = outvoted,
            SiblingSilence = siblings.Count > 0 ? TimeSpan.Zero : siblingSilence,
        })).ToArbitrary();

    [Property]
    public bool A_node_that_is_ready_answered_of_late_on_its_network_and_does_not_sync(Moment moment)
    {
        var at = moment.At;
        return !ReadyDecision.Of(at).Ok || (at.Node is { ReportsSyncing: false, Network: "mainnet" } && at.NodeSilence <= ReadyDecision.MaxSilence);
    }

    [Property]
    public bool A_node_that_is_ready_has_a_consensus_client_that_answers_follows_and_verifies(Moment moment)
    {
        var at = moment.At;
        return !ReadyDecision.Of(at).Ok || !at.HasConsensus
            || (at.Consensus is { ExecutionOffline: false, Optimistic: false } && at.ConsensusSilence <= ReadyDecision.MaxSilence);
    }

    [Property]
    public bool It_fails_open_only_for_an_old_head_or_a_consensus_client_that_is_behind_and_never_while_a_sibling_is_better(Moment moment)
    {
        var at = moment.At;
        if (ReadyDecision.Of(at).Reason != Reasons.FailOpen)
            return true;
        var isOld = at.Limits.TipAge > TimeSpan.Zero && at.Now - at.Node!.Head.Time > at.Limits.TipAge;
        var isBehind = at.Consensus is { } consensus && consensus.Distance > at.Limits.Lag;
        var isHeard = !at.HasSiblings || !at.Siblings.IsEmpty || at.SiblingSilence >= ReadyDecision.SilenceBeforeFailOpen;
        return (isOld || isBehind) && isHeard
            && (!isOld || at.Comparable.All(sibling => sibling.Head!.Value.Height - at.Node!.Head.Height <= at.Limits.Lag))
            && (!isBehind || at.Siblings.All(sibling => sibling.Distance is not { } distance || distance >= at.Consensus!.Distance));
    }

    [Property]
    public bool A_sibling_on_another_network_changes_nothing(Moment moment, bool saysSoItself)
    {
        var at = moment.At;
        if (at.Siblings.IsEmpty)
            return true;
        // Its consensus client is no better than this one: that counts on any network.
        var other = Moments.SiblingAt("node-9", 3_000_000, "z") with { Network = saysSoItself ? "mainnet" : "testnet", Reason = saysSoItself ? Reasons.WrongNetwork : Reasons.Ok };
        var with = at with { Siblings = at.Siblings.Add(other) };
        return Same(ReadyDecision.Of(at), ReadyDecision.Of(with)) && Same(LiveDecision.Of(at), LiveDecision.Of(with)) && at.Reference == with.Reference;
    }

    /// <summary>The whole set of nodes goes on along one chain while this node stands still.</summary>
    [Property]
    public bool More_lag_never_makes_it_more_ready(Moment moment, PositiveInt lag, PositiveInt more)
    {
        var at = moment.At;
        if (at.Node is null)
            return true;
        return !ReadyDecision.Of(Behind(at, lag.Get + more.Get)).Ok || ReadyDecision.Of(Behind(at, lag.Get)).Ok;

        static Snapshot Behind(Snapshot at, int lag) =>
            at with { Siblings = [Moments.SiblingAt("node-1", at.Node!.Head.Height + lag), Moments.SiblingAt("node-2", at.Node.Head.Height + lag)] };
    }

    /// <summary>Each node of the set judges itself by the others: whatever forks there are, the largest group is not taken out for being on a fork.</summary>
    [Property(MaxTest = 500)]
    public bool Forks_never_take_every_node_out(byte[] forks)
    {
        var nodes = forks.Take(6).Select(fork => Forks[fork % Forks.Length]).ToList();
        return nodes.Count == 0 || nodes.Select((fork, index) => Moments.Bitcoin with
        {
            Outvoted = TimeSpan.FromHours(1),
            Node = Moments.Bitcoin.Node! with { Head = Moments.NodeAt(900_000, Moments.Noon, fork).Head, Recent = Moments.NodeAt(900_000, Moments.Noon, fork).Recent },
            Siblings = [.. nodes.Select((other, at) => Moments.SiblingAt($"bitcoin-{at}", 900_000, other)).Where((_, at) => at != index)],
        }).Any(at => ReadyDecision.Of(at).Ok);
    }

    [Property]
    public bool A_node_that_catches_up_is_never_restarted_for_being_slow(Moment moment, PositiveInt unchanged)
    {
        var at = moment.At with { Execution = new Progress(TimeSpan.FromSeconds(unchanged.Get), 100_000, 1), NodeSilence = TimeSpan.Zero };
        var live = LiveDecision.OfExecution(at);
        return at.Node is null || live.Ok || (live.Reason == Reasons.Stalled && ReadyDecision.Lagging(at) is null);
    }

    [Property]
    public bool Every_verdict_has_a_reason_of_the_contract_and_words(Moment moment) =>
        Fits("/ready", ReadyDecision.Of(moment.At)) && Fits("/live", LiveDecision.Of(moment.At))
        && Fits("/live", LiveDecision.OfExecution(moment.At)) && (!moment.At.HasConsensus || Fits("/live", LiveDecision.OfConsensus(moment.At)));

    private static bool Fits(string path, Verdict verdict) =>
        verdict.Detail.Length > 0 && Cases.Contract.ReasonsOf(path).Contains((verdict.Reason, verdict.Ok));

    private static bool Same(Verdict one, Verdict other) => (one.Ok, one.Reason) == (other.Ok, other.Reason);

    private static Gen<ConsensusFacts?> Consensus() =>
        from distance in Gen.Elements(0, 8, 9, 100)
        from isSyncing in Gen.Elements(false, true)
        from isOptimistic in Gen.Frequency((5, Gen.Constant(false)), (1, Gen.Constant(true)))
        from isOffline in Gen.Frequency((5, Gen.Constant(false)), (1, Gen.Constant(true)))
        from isThere in Gen.Frequency((9, Gen.Constant(true)), (1, Gen.Constant(false)))
        select isThere ? new ConsensusFacts(1000, distance, isSyncing, isOptimistic, isOffline, 70) : null;

    private static Gen<SiblingFacts> Sibling() =>
        from height in Gen.Choose(0, 60)
        from fork in Gen.Elements(Forks)
        from reason in Gen.Elements(SiblingReasons)
        from network in Gen.Frequency((9, Gen.Constant("mainnet")), (1, Gen.Constant("testnet")))
        from distance in Gen.Elements<long?>(null, 0, 9, 100)
        from hasHead in Gen.Frequency((9, Gen.Constant(true)), (1, Gen.Constant(false)))
        select Moments.SiblingAt("", height, fork) is var sibling && hasHead
            ? sibling with { Reason = reason, Network = network, Distance = distance }
            : sibling with { Reason = reason, Network = network, Distance = distance, Head = null, Recent = ImmutableArray<BlockId>.Empty };
}

/// <summary>A moment that FsCheck made up. Its blocks are those of <see cref="Moments"/>: of the same fork the same hashes.</summary>
public sealed record Moment
{
    internal Moment(Snapshot at) => At = at;

    internal Snapshot At { get; }

    public override string ToString() => $"{At} siblings: {string.Join("; ", At.Siblings)}";
}
