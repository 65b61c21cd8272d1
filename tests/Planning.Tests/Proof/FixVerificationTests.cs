using System.Collections.Immutable;
using HaCluster.Planning.Proof;
using HaCluster.Planning.Proof.Fixes;
using HaCluster.Planning.Proof.Report;
using HaCluster.Simulation.Model;
using HaCluster.Simulation.Scenarios;

namespace HaCluster.Planning.Tests.Proof;

/// <summary>Fixes that are settings count only once the program took them and what it then declares was proved.</summary>
public sealed class FixVerificationTests
{
    private static readonly ImmutableArray<NatGateway> Single = [new("nat", SmallCluster.Zones[0], SmallCluster.Zones)];

    [Fact]
    public async Task Fixes_that_go_together_are_tried_in_one_run()
    {
        var program = new FakeProgram(_ => new StackTrialResult(SmallCluster.Create(), []));
        var report = await Verified(Broken(), program);
        Assert.All(report.Fixes.Where(fix => fix.Kind != FixKind.Manifest), fix => Assert.True(fix.IsVerified));
        Assert.Equal(report.Fixes.Select(fix => fix.Kind).Distinct().Count(kind => kind != FixKind.Manifest), program.Runs);
    }

    [Fact]
    public async Task What_the_program_refuses_is_not_a_fix_and_does_not_spoil_the_others()
    {
        var program = new FakeProgram(edits => edits.Any(edit => edit.Key == "nat")
            ? new StackTrialResult(null, ["ha-cluster:nat is refused today"])
            : new StackTrialResult(SmallCluster.Create() with { NatGateways = Single }, []));
        var report = await Verified(Broken(), program);
        var nat = report.Fixes.Single(fix => fix.Edits.Any(edit => edit.Key == "nat"));
        Assert.Equal((false, "the program refuses it: ha-cluster:nat is refused today"), (nat.IsVerified, nat.Refusal));
        Assert.Empty(report.FixesOf(report.Violations.IndexOf(report.Violations.Single(violation => violation.Subject == Subject.Nat)) + 1));
        Assert.True(report.Fixes.Single(fix => fix.Edits.Any(edit => edit.Key == "databases.postgresql.readers")).IsVerified);
    }

    [Fact]
    public async Task What_the_program_makes_of_a_setting_is_what_counts()
    {
        var program = new FakeProgram(_ => new StackTrialResult(Broken(), []));
        var report = await Verified(Broken(), program);
        Assert.All(report.Fixes.Where(fix => fix.Kind == FixKind.Setting), fix => Assert.Contains(" then breaks ", fix.Refusal, StringComparison.Ordinal));
    }

    /// <summary>A workload that did not run could not show that it has too few replicas; one that ran could.</summary>
    [Theory]
    [InlineData(Cause.NotRunning, true)]
    [InlineData(Cause.NoBudget, false)]
    public async Task What_a_violation_hid_does_not_spoil_its_fix(Cause cause, bool isFixed)
    {
        var model = SmallCluster.Create();
        var single = model.Change("shop/web", web => web with { Replicas = 1 });
        var fix = new Fix(FixKind.Setting, [new FixEdit(["nodePools", "general", "min"], "2", "3")]) { Number = 1, Violations = [1] };
        var report = Prover.Prove(model) with
        {
            Violations = [new Violation(Invariant.StaticStability, cause, new Scenario.SteadyState(), Subject.Of(model.Workloads.Single(one => one.Id == "shop/web")), "it does not run")],
            Fixes = [fix],
        };
        var problem = await FixVerification.ProblemAsync(report, [fix], new ProofOptions(), new FakeProgram(_ => new StackTrialResult(single, [])), CancellationToken.None);
        Assert.Equal(isFixed, problem is null);
    }

    [Fact]
    public async Task Without_time_nothing_is_called_verified()
    {
        using var over = new CancellationTokenSource();
        await over.CancelAsync();
        var report = await FixVerification.RunAsync(
            Prover.Prove(Broken()), new ProofOptions(), new FakeProgram(_ => new StackTrialResult(SmallCluster.Create(), [])), over.Token, CancellationToken.None);
        Assert.All(report.Fixes.Where(fix => fix.Kind == FixKind.Setting), fix => Assert.Equal((false, null), (fix.IsVerified, fix.Refusal)));
    }

    private static ClusterModel Broken()
    {
        var model = SmallCluster.Create();
        return model with { NatGateways = Single, Databases = [model.Databases[0] with { Instances = [model.Databases[0].Instances[0]] }] };
    }

    private static Task<ProofReport> Verified(ClusterModel model, IStackTrial program) =>
        FixVerification.RunAsync(Prover.Prove(model), new ProofOptions(), program, CancellationToken.None, CancellationToken.None);

    private sealed class FakeProgram(Func<ImmutableArray<FixEdit>, StackTrialResult> answer) : IStackTrial
    {
        private int _runs;

        public int Runs => _runs;

        public Task<StackTrialResult> RunAsync(ImmutableArray<FixEdit> edits, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _runs);
            return Task.FromResult(answer(edits));
        }
    }
}
