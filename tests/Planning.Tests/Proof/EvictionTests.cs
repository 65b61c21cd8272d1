using HaCluster.Planning.Proof;
using HaCluster.Planning.Proof.Report;
using HaCluster.Simulation.Model;
using HaCluster.Simulation.Scenarios;

namespace HaCluster.Planning.Tests.Proof;

/// <summary>Each protection that is taken from the small cluster is missed, by name, with its fix. Drains and updates under disruption budgets.</summary>
public sealed class EvictionTests
{
    [Fact]
    public void A_budget_that_covers_a_job_as_well_lets_nothing_go()
    {
        var model = SmallCluster.Create();
        var web = model.Workloads.Single(workload => workload.Id == "shop/web");
        var job = web with { Kind = WorkloadKind.Job, Name = "report", Replicas = 1, MaxSurge = 0, MinServing = 0, ReplicasSetting = null };
        var violation = Told.Only(model with { Workloads = model.Workloads.Add(job) }, Invariant.Eviction, "PodDisruptionBudget shop/web");
        Assert.StartsWith("it covers shop/report besides shop/web, for which Kubernetes cannot tell the expected number of pods", violation.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_budget_drains_may_take_all()
    {
        var model = SmallCluster.Create();
        var violation = Told.Only(model with { Budgets = model.Budgets.RemoveAll(budget => budget.Name == "web") }, Invariant.Eviction, "shop/web");
        Assert.Equal("PodDisruptionBudget shop/web: set spec.maxUnavailable to 1", violation.Fix.ToString());
    }

    [Fact]
    public void A_budget_that_lets_nothing_go_blocks_every_drain()
    {
        var model = SmallCluster.Create();
        var strict = model.Budgets.Select(budget => budget.Name == "web" ? budget with { MaxUnavailable = null, MinAvailable = new IntOrPercent(100, IsPercent: true) } : budget);
        var violation = Told.Only(model with { Budgets = [.. strict] }, Invariant.Eviction, "PodDisruptionBudget shop/web");
        Assert.Equal("PodDisruptionBudget shop/web: change spec from minAvailable 100% to maxUnavailable 1", violation.Fix.ToString());
    }

    [Fact]
    public void Two_budgets_over_one_pod_block_every_eviction()
    {
        var model = SmallCluster.Create();
        var violation = Told.Only(model with { Budgets = model.Budgets.Add(model.Budgets[0] with { Name = "again" }) }, Invariant.Eviction, "shop/web");
        Assert.Contains("under 2 budgets (web, again)", violation.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1", null, false)]
    [InlineData("2", null, true)]
    [InlineData("67%", null, true)]
    [InlineData("33%", null, false)]
    [InlineData(null, "1", true)]
    [InlineData(null, "34%", false)]
    [InlineData(null, "10%", true)]
    public void A_budget_is_as_strong_as_what_it_lets_go_at_once(string? mostUnavailable, string? leastAvailable, bool isBroken)
    {
        // Three replicas of which two must serve, under a budget by expression.
        var model = SmallCluster.Create();
        var selector = new LabelSelector([new LabelRequirement("app", LabelOperator.NotIn, ["other"])]);
        var budget = new DisruptionBudget("chains", "bitcoin", selector, Parsed(leastAvailable), Parsed(mostUnavailable));
        var report = Prover.Prove(model with { Budgets = [model.Budgets[0], budget] }, new ProofOptions { FixTime = TimeSpan.Zero });
        Assert.Equal(isBroken, report.Violations.Any(one => one is { Cause: Cause.WideBudget, Subject.Name: "chains/bitcoin" }));

        static IntOrPercent? Parsed(string? text) => text is null ? null : IntOrPercent.Parse(text);
    }

    [Fact]
    public void Pods_that_end_later_than_EKS_waits_are_named_with_the_field()
    {
        var violation = Told.Only(SmallCluster.Create().Change("shop/web", web => web with { Pods = web.Pods with { GracePeriod = TimeSpan.FromHours(1) } }), Invariant.Eviction, "shop/web");
        Assert.Contains("PodEvictionFailure", violation.Text, StringComparison.Ordinal);
        Assert.Contains(violation.Violation.AlsoIn.Insert(0, violation.Scenario), scenario => scenario.Class == ScenarioClass.GroupUpdated);
        Assert.Equal("Deployment shop/web: change spec.template.spec.terminationGracePeriodSeconds from 3600 to 600", violation.Fix.ToString());
    }
}
