using HaCluster.Sentinel.Decisions;
using HaCluster.Sentinel.Nodes;

namespace HaCluster.Sentinel.Tests.Decisions;

public sealed class LiveDecisionTests
{
    private static readonly ServedCertificate OldOne = new("AA", Moments.Noon.AddDays(-80), Moments.Noon.AddDays(10));
    private static readonly Progress StoodStill = new(TimeSpan.FromHours(1), 0, 0);

    private static readonly Dictionary<string, (string Chain, Func<Snapshot, Snapshot> Change, bool Ok, string Reason)> Table = new()
    {
        ["all is well on bitcoin"] = ("bitcoin", at => at, true, Reasons.Ok),
        ["all is well on ethereum"] = ("ethereum", at => at, true, Reasons.Ok),
        ["nobody has answered yet"] = ("bitcoin", at => at with { Node = null }, false, Reasons.Starting),
        ["silent for 300 s"] = ("bitcoin", at => at with { NodeSilence = TimeSpan.FromSeconds(300) }, true, Reasons.Ok),
        ["silent for longer"] = ("bitcoin", at => at with { NodeSilence = TimeSpan.FromSeconds(301) }, false, Reasons.Unanswered),
        ["syncing for days without a new height"] =
            ("ethereum", at => at with { Node = at.Node! with { ReportsSyncing = true }, Execution = new Progress(TimeSpan.FromDays(3), 20_000, 0) }, true, Reasons.Syncing),
        ["syncing while the consensus client is away"] =
            ("ethereum", at => at with { Node = at.Node! with { ReportsSyncing = true }, ConsensusSilence = TimeSpan.FromSeconds(20), Execution = new Progress(TimeSpan.FromDays(3), 20_000, 0) }, true, Reasons.Syncing),
        ["behind and rising"] = ("bitcoin", at => Behind(at) with { Execution = new Progress(TimeSpan.FromHours(2), 90, 1) }, true, Reasons.Syncing),
        ["behind and standing still"] = ("bitcoin", at => Behind(at) with { Execution = new Progress(TimeSpan.FromHours(1), 3, 0) }, false, Reasons.Stalled),
        ["standing still a second less"] = ("bitcoin", at => Behind(at) with { Execution = new Progress(TimeSpan.FromSeconds(3599), 3, 0) }, true, Reasons.Ok),
        ["standing still like everybody"] = ("bitcoin", at => at with { Execution = StoodStill }, true, Reasons.Waiting),
        ["others rose by no more than lag"] = ("bitcoin", at => at with { Execution = StoodStill with { ReferenceRise = 2 } }, true, Reasons.Waiting),
        ["the renewed certificate is a day old"] = ("bitcoin", at => at with { Certificate = new CertificateState(OldOne, Due(24)) }, false, Reasons.Certificate),
        ["the renewed certificate is six hours old"] = ("bitcoin", at => at with { Certificate = new CertificateState(OldOne, Due(6)) }, true, Reasons.Ok),
        ["the third pod waits for eighteen hours"] = ("bitcoin", at => at with { Certificate = new CertificateState(OldOne, Due(18)), Ordinal = 2 }, true, Reasons.Ok),
        ["and restarts then"] = ("bitcoin", at => at with { Certificate = new CertificateState(OldOne, Due(19)), Ordinal = 2 }, false, Reasons.Certificate),
        ["a chain that waits does not hide a certificate"] =
            ("bitcoin", at => at with { Execution = StoodStill, Certificate = new CertificateState(OldOne, Due(24)) }, false, Reasons.Certificate),
        ["a certificate file that cannot be read"] = ("bitcoin", at => at with { Certificate = new CertificateState(OldOne, null) }, true, Reasons.Ok),
        ["the consensus client is silent"] = ("ethereum", at => at with { ConsensusSilence = TimeSpan.FromSeconds(301) }, false, Reasons.Unanswered),
        ["the consensus client stands still"] =
            ("ethereum", at => at with { ConsensusProgress = new Progress(TimeSpan.FromMinutes(15), 75, 0), Consensus = at.Consensus! with { Distance = 75 } }, false, Reasons.Stalled),
    };

    public static TheoryData<string> Cases => [.. Table.Keys];

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_first_rule_that_applies_decides(string name)
    {
        var (chain, change, ok, reason) = Table[name];

        var verdict = LiveDecision.Of(change(Moments.Of(chain)));

        Assert.Equal((ok, reason), (verdict.Ok, verdict.Reason));
    }

    [Fact]
    public void Each_program_of_a_pod_is_judged_by_its_own_answers()
    {
        var at = Moments.Ethereum with { ConsensusSilence = TimeSpan.FromSeconds(400) };

        Assert.True(LiveDecision.OfExecution(at).Ok);
        Assert.Equal(Reasons.Unanswered, LiveDecision.OfConsensus(at).Reason);
    }

    public static TheoryData<string, bool, long, long, bool> Lags => new()
    {
        { "it comes closer", true, 20, 5, true },
        { "it stopped at the head", true, 3, 0, false },
        { "it advances, and falls further behind", true, 40, 0, false },
        { "it stopped long ago", true, 0, 5, false },
        { "it is not behind", false, 20, 5, false },
    };

    [Theory]
    [MemberData(nameof(Lags))]
    public void A_node_that_is_behind_catches_up_while_it_comes_closer(string name, bool isBehind, long rose, long lagLost, bool expected)
    {
        var at = (isBehind ? Behind(Moments.Bitcoin) : Moments.Bitcoin) with { Execution = new Progress(TimeSpan.FromSeconds(60), 3, rose, lagLost) };

        Assert.True(LiveDecision.IsCatchingUp(at) == expected, name);
    }

    private static ServedCertificate Due(int hours) => new("BB", Moments.Noon.AddHours(-hours), Moments.Noon.AddDays(90));

    private static Snapshot Behind(Snapshot at) => at with { Siblings = [Moments.SiblingAt("bitcoin-1", 900_003)] };
}
