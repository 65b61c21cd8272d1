using HaCluster.Sentinel.Decisions;
using HaCluster.Sentinel.Nodes;

namespace HaCluster.Sentinel.Tests.Decisions;

public sealed class ReadyDecisionTests
{
    private static readonly Dictionary<string, (string Chain, Func<Snapshot, Snapshot> Change, bool Ok, string Reason)> Table = new()
    {
        ["all is well on bitcoin"] = ("bitcoin", at => at, true, Reasons.Ok),
        ["all is well on ethereum"] = ("ethereum", at => at, true, Reasons.Ok),
        ["nobody has answered yet"] = ("bitcoin", at => at with { Node = null }, false, Reasons.Starting),
        ["the node was heard 15 s ago"] = ("bitcoin", at => at with { NodeSilence = TimeSpan.FromSeconds(15) }, true, Reasons.Ok),
        ["the node is silent for longer"] = ("bitcoin", at => at with { NodeSilence = TimeSpan.FromSeconds(15.1) }, false, Reasons.Unanswered),
        ["another network"] = ("bitcoin", at => at with { Node = at.Node! with { Network = "testnet" } }, false, Reasons.WrongNetwork),
        ["a chain id for a name"] = ("ethereum", at => at with { Network = "1", Siblings = [], HasSiblings = false }, true, Reasons.Ok),

        ["the consensus client never answered"] = ("ethereum", at => at with { Consensus = null }, false, Reasons.ConsensusOffline),
        ["the consensus client is silent"] = ("ethereum", at => at with { ConsensusSilence = TimeSpan.FromSeconds(16) }, false, Reasons.ConsensusOffline),
        ["it does not reach the execution client"] = ("ethereum", at => With(at, c => c with { ExecutionOffline = true }), false, Reasons.ExecutionOffline),
        ["it follows unverified blocks"] = ("ethereum", at => With(at, c => c with { Optimistic = true }), false, Reasons.ConsensusBehind),
        ["it is 8 slots behind"] = ("ethereum", at => With(at, c => c with { Distance = 8 }), true, Reasons.Ok),
        ["it is 9 slots behind, siblings are not"] = ("ethereum", at => With(at, c => c with { Distance = 9 }), false, Reasons.ConsensusBehind),
        ["everybody is behind"] = ("ethereum", at => AllBehind(At(at, 9), 9), true, Reasons.FailOpen),
        ["everybody is behind and this node lags, too"] =
            ("ethereum", at => AllBehind(At(at, 9), 9) with { Node = Moments.NodeAt(22_999_980, Moments.Noon) }, false, Reasons.Lagging),
        ["everybody is behind and optimistic"] = ("ethereum", at => AllBehind(With(at, c => c with { Distance = 9, Optimistic = true }), 9), false, Reasons.ConsensusBehind),

        ["it says that it is syncing"] = ("ethereum", at => at with { Node = at.Node! with { ReportsSyncing = true } }, false, Reasons.Syncing),
        ["no peer was met"] = ("bitcoin", at => at with { Node = at.Node! with { Peers = 0, PeerHeight = null } }, false, Reasons.Syncing),
        ["144 below its peers"] = ("bitcoin", at => at with { Node = at.Node! with { PeerHeight = 900_144 } }, true, Reasons.Ok),
        ["145 below its peers"] = ("bitcoin", at => at with { Node = at.Node! with { PeerHeight = 900_145 } }, false, Reasons.Syncing),

        ["2 behind a sibling"] = ("bitcoin", at => at with { Siblings = [Moments.SiblingAt("bitcoin-1", 900_002)] }, true, Reasons.Ok),
        ["3 behind a sibling"] = ("bitcoin", at => at with { Siblings = [Moments.SiblingAt("bitcoin-1", 900_003)] }, false, Reasons.Lagging),
        ["behind a sibling that is not ready itself"] =
            ("bitcoin", at => at with { Siblings = [Moments.SiblingAt("bitcoin-1", 900_010) with { Reason = Reasons.Syncing }] }, false, Reasons.Lagging),
        ["ahead of a sibling of another chain"] =
            ("bitcoin", at => at with { Siblings = [Moments.SiblingAt("bitcoin-1", 3_000_000) with { Reason = Reasons.WrongNetwork }] }, true, Reasons.Ok),
        ["a sibling that was set up for another network"] =
            ("bitcoin", at => at with { Siblings = [Moments.SiblingAt("bitcoin-1", 3_000_000) with { Network = "testnet" }] }, true, Reasons.Ok),

        ["two siblings have another chain"] =
            ("bitcoin", at => Outvoted(at, 10), false, Reasons.Diverged),
        ["two siblings have not told of a reorganisation yet"] = ("bitcoin", at => Outvoted(at, 9), true, Reasons.Ok),
        ["one sibling has another chain, one agrees"] =
            ("bitcoin", at => at with { Siblings = [Moments.SiblingAt("bitcoin-1", 900_000, "b"), Moments.SiblingAt("bitcoin-2", 900_000)] }, true, Reasons.Ok),
        ["the only sibling has another chain: a tie"] =
            ("bitcoin", at => at with { Siblings = [Moments.SiblingAt("bitcoin-1", 900_000, "b")] }, true, Reasons.Ok),
        ["three nodes have three chains"] =
            ("bitcoin", at => at with { Siblings = [Moments.SiblingAt("bitcoin-1", 900_000, "b"), Moments.SiblingAt("bitcoin-2", 900_000, "c")] }, true, Reasons.Ok),
        ["one sibling is far ahead on a fork of its own"] =
            ("ethereum", at => at with { Siblings = [Moments.SiblingAt("ethereum-1", 23_000_012, "b"), Moments.SiblingAt("ethereum-2", 23_000_000)] }, true, Reasons.Ok),
        ["one sibling is as far ahead on this node's fork"] =
            ("ethereum", at => at with { Siblings = [Moments.SiblingAt("ethereum-1", 23_000_012), Moments.SiblingAt("ethereum-2", 23_000_000)] }, false, Reasons.Lagging),
        ["behind a sibling that knows that it diverged"] =
            ("ethereum", at => at with { Siblings = [Moments.SiblingAt("ethereum-1", 23_000_100, "b") with { Reason = Reasons.Diverged }] }, true, Reasons.Ok),

        ["a fresh head at the limit"] = ("bitcoin", at => Old(at, TimeSpan.FromHours(2)), true, Reasons.Ok),
        ["an old head that all have"] = ("bitcoin", at => Old(at, TimeSpan.FromHours(2.1)), true, Reasons.FailOpen),
        ["an old head of a node that is alone in the world"] =
            ("bitcoin", at => Old(at, TimeSpan.FromHours(3)) with { HasSiblings = false, Siblings = [] }, true, Reasons.FailOpen),
        ["an old head, siblings silent for 59 s"] =
            ("bitcoin", at => Old(at, TimeSpan.FromHours(3)) with { Siblings = [], SiblingSilence = TimeSpan.FromSeconds(59) }, false, Reasons.Stale),
        ["an old head, siblings silent for a minute"] =
            ("bitcoin", at => Old(at, TimeSpan.FromHours(3)) with { Siblings = [], SiblingSilence = TimeSpan.FromSeconds(60) }, true, Reasons.FailOpen),
        ["an old head, and a sibling on another fork has a newer one"] =
            ("bitcoin", at => Old(at, TimeSpan.FromHours(3)) with { Siblings = [Moments.SiblingAt("bitcoin-1", 900_003, "b")] }, false, Reasons.Stale),
        ["age says nothing"] = ("bitcoin", at => Old(at, TimeSpan.FromDays(30)) with { Limits = at.Limits with { TipAge = TimeSpan.Zero } }, true, Reasons.Ok),
        ["a head of tomorrow: somebody's clock is wrong"] = ("bitcoin", at => Old(at, TimeSpan.FromHours(-24)), true, Reasons.Ok),
    };

    public static TheoryData<string> Cases => [.. Table.Keys];

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_first_rule_that_applies_decides(string name)
    {
        var (chain, change, ok, reason) = Table[name];

        var verdict = ReadyDecision.Of(change(Moments.Of(chain)));

        Assert.Equal((ok, reason), (verdict.Ok, verdict.Reason));
        Assert.NotEmpty(verdict.Detail);
    }

    [Fact]
    public void A_tie_of_two_against_two_takes_nobody_out()
    {
        var at = Moments.Bitcoin with
        {
            Siblings = [Moments.SiblingAt("bitcoin-1", 900_000), Moments.SiblingAt("bitcoin-2", 900_000, "b"), Moments.SiblingAt("bitcoin-3", 900_000, "b")],
        };

        Assert.Equal(Reasons.Ok, ReadyDecision.Of(at).Reason);
        Assert.Equal(2, at.Forks.Differing.Length);
        Assert.Equal(Reasons.Diverged, ReadyDecision.Of(at with { Outvoted = TimeSpan.FromMinutes(1), Siblings = [.. at.Siblings, Moments.SiblingAt("bitcoin-4", 900_000, "b")] }).Reason);
    }

    private static Snapshot Outvoted(Snapshot at, int seconds) => at with
    {
        Siblings = [Moments.SiblingAt("bitcoin-1", 900_000, "b"), Moments.SiblingAt("bitcoin-2", 900_001, "b")],
        Outvoted = TimeSpan.FromSeconds(seconds),
    };

    private static Snapshot With(Snapshot at, Func<ConsensusFacts, ConsensusFacts> change) => at with { Consensus = change(at.Consensus!) };

    private static Snapshot At(Snapshot at, long distance) => With(at, consensus => consensus with { Distance = distance });

    private static Snapshot AllBehind(Snapshot at, long distance) => at with { Siblings = [.. at.Siblings.Select(sibling => sibling with { Distance = distance })] };

    private static Snapshot Old(Snapshot at, TimeSpan age) => at with { Node = at.Node! with { Head = at.Node.Head with { Time = at.Now - age } } };
}
