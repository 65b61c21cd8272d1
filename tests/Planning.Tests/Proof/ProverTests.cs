using System.Collections.Concurrent;
using HaCluster.Planning.Proof;
using HaCluster.Planning.Proof.Report;
using HaCluster.Simulation.Model;
using HaCluster.Simulation.Scenarios;

namespace HaCluster.Planning.Tests.Proof;

/// <summary>What the proof tells: what it tried, how far it is, the fixes; and that it is the same every time.</summary>
public sealed class ProverTests
{
    [Fact]
    public void The_whole_cluster_holds_in_every_class()
    {
        var report = Prover.Prove(SmallCluster.Create());
        Assert.Empty(report.Violations);
        Assert.Equal(ScenarioClasses.All, report.Classes.Select(verdict => verdict.Class));
        Assert.Equal((3, 9, 36, 18), (Tried(report, ScenarioClass.ZoneLost), Tried(report, ScenarioClass.NodeLost), Tried(report, ScenarioClass.NodePairLost), Tried(report, ScenarioClass.ZoneAndNodeLost)));
        Assert.True(report.Holds && report.IsComplete);
    }

    [Fact]
    public void It_shows_how_far_it_is()
    {
        var told = new Heard();
        var report = Prover.Prove(SmallCluster.Create().Change("shop/web", web => web with { Replicas = 1 }), progress: told);
        Assert.Equal(Enumerable.Range(0, ScenarioClasses.All.Length + 1), told.Of(isFixing: false));
        Assert.Equal(Enumerable.Range(0, report.Violations.Length + 1), told.Of(isFixing: true));
    }

    [Fact]
    public void The_worst_case_is_reported_with_its_waiting_volume()
    {
        var worst = Prover.Prove(SmallCluster.Create()).Classes.Single(verdict => verdict.Class == ScenarioClass.ZoneLost).Worst;
        Assert.Matches(@"stays Pending: its volume is in 1[abc]; 2 of 3 replicas serve; objective 2: met", worst);
    }

    [Fact]
    public void A_recovery_that_takes_longer_than_its_objective_is_reported_phase_by_phase()
    {
        var model = SmallCluster.Create() with { Objectives = Objectives.Default with { Stateless = TimeSpan.FromSeconds(20) } };
        var violation = Prover.Prove(model).Violations.First(one => one.Invariant == Invariant.RecoveryTime && one.Subject.Name == "shop/web");
        Assert.Contains("objective 20 s: detected", violation.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void The_same_seed_gives_the_same_proof()
    {
        var (one, other) = (Prover.Prove(SmallCluster.Create()), Prover.Prove(SmallCluster.Create()));
        Assert.Equal(one.Classes.Select(verdict => verdict.Worst), other.Classes.Select(verdict => verdict.Worst));
    }

    [Fact]
    public void Without_time_no_fix_is_looked_for_and_with_too_little_it_is_said_what_was_not_tried()
    {
        var model = SmallCluster.Create() with { NatGateways = [new NatGateway("nat", SmallCluster.Zones[0], SmallCluster.Zones)] };
        Assert.False(Prover.Prove(model, new ProofOptions { FixTime = TimeSpan.Zero }).SoughtFixes);
        var report = Prover.Prove(model, new ProofOptions { FixTime = TimeSpan.FromTicks(1) });
        Assert.Empty(report.Fixes);
        Assert.Equal(1, Assert.Single(report.NotSearched));
    }

    [Fact]
    public void A_fix_is_listed_once_with_all_that_it_fixes()
    {
        var model = SmallCluster.Create().Change("shop/web", web => web with { Replicas = 1, MinServing = 1 });
        var report = Prover.Prove(model with { NatGateways = [new NatGateway("nat", SmallCluster.Zones[0], SmallCluster.Zones)] });
        Assert.Equal(report.Fixes.Select(fix => fix.Id).Distinct().Count(), report.Fixes.Length);
        Assert.Equal(Enumerable.Range(1, report.Fixes.Length), report.Fixes.Select(fix => fix.Number));
        Assert.All(report.Fixes, fix => Assert.NotEmpty(fix.Violations));
        Assert.Equal(report.Fixes.OrderBy(fix => fix.Kind == FixKind.Accept), report.Fixes);
    }

    private static int Tried(ProofReport report, ScenarioClass kind) => report.Classes.Single(verdict => verdict.Class == kind).Tried;

    private sealed class Heard : IProgress<ProofProgress>
    {
        private readonly ConcurrentQueue<ProofProgress> _reports = new();

        public void Report(ProofProgress value) => _reports.Enqueue(value);

        public IEnumerable<int> Of(bool isFixing) => _reports.Where(report => report.IsFixing == isFixing).Select(report => report.Done).Order();
    }
}
