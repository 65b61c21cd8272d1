using HaCluster.Planning.Proof;
using HaCluster.Planning.Proof.Report;
using HaCluster.Simulation.Model;
using HaCluster.Simulation.Scenarios;

namespace HaCluster.Planning.Tests.Proof;

/// <summary>Each protection that is taken from the small cluster is missed, by name, with its fix. What keeps replicas apart, and what keeps them from running.</summary>
public sealed class PlacementTests
{
    [Fact]
    public void Too_little_room_is_a_pool_that_lacks_it_and_the_smallest_number_that_fixes_it()
    {
        var violation = Told.Only(FiveLargeReplicas(), Invariant.StaticStability, "node pool general");
        Assert.Equal(ScenarioClass.ZoneLost, violation.Scenario.Class);
        Assert.Contains("lacks", violation.Text, StringComparison.Ordinal);
        Assert.Contains("stays Pending", violation.Text, StringComparison.Ordinal);
        Assert.Equal("change nodePools.general.min from 6 to 8", violation.Fix.ToString());
    }

    [Fact]
    public void One_replica_serves_nobody_while_it_is_gone()
    {
        var violation = Told.Only(SmallCluster.Create().Change("shop/web", web => web with { Replicas = 1 }), Invariant.Serving, "shop/web");
        Assert.Equal(ScenarioClass.NodeLost, violation.Scenario.Class);
        Assert.Equal("change sites.web.minReplicas from 1 to 2", violation.Fix.ToString());
    }

    [Fact]
    public void Without_a_rule_replicas_are_not_apart()
    {
        var violation = Told.Only(SmallCluster.Create().Change("shop/web", web => web with { Pods = web.Pods with { Spread = [] } }), Invariant.Serving, "shop/web");
        Assert.Equal("no rule keeps its 3 replicas apart: the loss of one node can take all of them", violation.Text);
    }

    [Fact]
    public void A_spread_rule_that_counts_old_pods_does_not_survive_a_release()
    {
        static ClusterModel With(params string[] keys) => SmallCluster.Create().Change(
            "shop/web", web => web with { Pods = web.Pods with { Spread = [SmallCluster.SpreadOf("web", isRequired: true) with { MatchLabelKeys = [.. keys] }] } });

        var violation = Prover.Prove(With(), new ProofOptions { FixTime = TimeSpan.Zero }).Violations.Single(one => one.Scenario.Class == ScenarioClass.UpdatedThenZoneLost);
        Assert.Equal((Cause.CountsOldPods, "shop/web"), (violation.Cause, violation.Subject.Name));
        Assert.Equal(
            "after an update 2 of its 3 replicas may be in 1a, whose loss leaves 1; its spread rule promises 2: the rule counts old pods that the update "
            + "terminates",
            violation.Text);
        Assert.Empty(Prover.Prove(With("pod-template-hash")).Violations);
    }

    [Fact]
    public void A_replica_that_never_ran_is_reported_once_and_stops_nothing()
    {
        var report = Prover.Prove(
            SmallCluster.Create().Change("chains/bitcoin", chain => chain with { Pods = chain.Pods with { Requests = new Resources(64_000, 0, 0) } }),
            new ProofOptions { FixTime = TimeSpan.Zero });
        Assert.Equal("it does not run", report.Classes.Single(verdict => verdict.Class == ScenarioClass.ReplicaLost).Worst.Split(": ")[1]);
        Assert.Contains(report.Violations, violation => violation.Subject.Name == "chains/bitcoin" && violation.Scenario is Scenario.SteadyState);
    }

    [Fact]
    public void Both_ends_of_a_pool_are_changed_where_both_must()
    {
        var model = FiveLargeReplicas();
        model = model with { NodeGroups = [.. model.NodeGroups.Select(group => group with { Max = group.Desired })] };
        Assert.Equal("change nodePools.general.min from 6 to 8, change nodePools.general.max from 6 to 8", Told.Only(model, Invariant.StaticStability, "node pool general").Fix.ToString());
    }

    [Fact]
    public void A_desired_size_in_the_stack_file_is_changed_along()
    {
        var report = Prover.Prove(FiveLargeReplicas(), new ProofOptions { IsSet = path => string.Join('.', path) == "nodePools.general.desired" });
        Assert.Contains(report.Fixes.SelectMany(fix => fix.Edits), edit => edit is { Key: "nodePools.general.desired", From: "6", To: "8" });
    }

    [Fact]
    public void What_does_not_run_at_rest_is_one_violation_whatever_else_happens()
    {
        var model = SmallCluster.Create().Change("shop/web", web => web with { Pods = web.Pods with { NodeSelector = Labels.Of(("pool", "none")) } });
        var violation = Assert.Single(Prover.Prove(model).Violations, one => one.Subject.Name == "shop/web");
        Assert.Equal((Cause.NotRunning, ScenarioClass.SteadyState), (violation.Cause, violation.Scenario.Class));
    }

    [Fact]
    public void Pods_that_the_API_server_refuses_do_not_run()
    {
        var violation = Told.Only(SmallCluster.Create().Change("shop/web", web => web with { Refused = "no PriorityClass with name gold was found" }), Invariant.StaticStability, "shop/web");
        Assert.Equal("0 of 3 replicas run: the API server refuses its pods: no PriorityClass with name gold was found", violation.Text);
    }

    [Fact]
    public void One_replica_is_one_violation_in_every_scenario_that_takes_it()
    {
        var violation = Assert.Single(Prover.Prove(SmallCluster.Create().Change("chains/bitcoin", chain => chain with { Replicas = 1, MinServing = 1 })).Violations);
        Assert.Equal(Cause.TooFewReplicas, violation.Cause);
        Assert.Contains(violation.AlsoIn, scenario => scenario.Class == ScenarioClass.ZoneLost);
        Assert.Contains(violation.AlsoIn, scenario => scenario.Class == ScenarioClass.NodeDrained);
    }

    [Theory]
    [InlineData(3, 1, 3, true)]
    [InlineData(3, 2, 2, true)]
    [InlineData(3, 2, 1, false)]
    [InlineData(4, 1, 3, false)]
    [InlineData(4, 2, 2, false)]
    [InlineData(4, 3, 2, true)]
    public void A_required_spread_is_as_strong_as_its_skew(int replicas, int least, int skew, bool isBroken)
    {
        var model = SmallCluster.Create().Change("shop/web", web => web with
        {
            Replicas = replicas,
            MinServing = least,
            Pods = web.Pods with { Spread = [SmallCluster.SpreadOf("web", isRequired: true) with { MaxSkew = skew, MatchLabelKeys = ["pod-template-hash"] }] },
        });
        model = model with { Budgets = [.. model.Budgets.Select(budget => budget.Name == "web" ? budget with { MaxUnavailable = new IntOrPercent(1, IsPercent: false) } : budget)] };
        Assert.Equal(isBroken, Prover.Prove(model, new ProofOptions { FixTime = TimeSpan.Zero }).Violations.Any(one => one.Subject.Name == "shop/web"));
    }

    [Fact]
    public void A_preferred_spread_is_judged_by_simulated_starts_and_said_to_be_one()
    {
        var report = Prover.Prove(SmallCluster.Create());
        Assert.Contains(report.Notes, note => note.Contains("by a preferred rule only", StringComparison.Ordinal) && note.Contains("shop/web", StringComparison.Ordinal));
        Assert.DoesNotContain(report.Assumptions, assumption => assumption.Text.Contains("rules hold at rest", StringComparison.Ordinal));
    }

    [Fact]
    public void A_spread_over_zones_whose_nodes_are_tainted_is_not_a_lack_of_room()
    {
        // One untainted node per zone; once it is lost, the tainted one keeps the zone as an empty domain.
        var model = SmallCluster.Create();
        model = model with
        {
            NodeGroups =
            [
                .. model.NodeGroups.Select(group => group.Name == "general"
                    ? group with { Min = 3, Desired = 3 }
                    : group with { Template = group.Template with { Taints = [new Taint("pool", "stateful", TaintEffect.NoSchedule)] } }),
            ],
        };
        model = model.Change("chains/bitcoin", chain => chain with { Pods = chain.Pods with { Tolerations = [new Toleration("pool", true, "", null)] } })
            .Change("shop/web", web => web with { Pods = web.Pods with { Spread = [SmallCluster.SpreadOf("web", isRequired: true)] } });
        var violation = Told.Only(model, Invariant.StaticStability, "shop/web");
        Assert.Contains("didn't match pod topology spread constraints", violation.Text, StringComparison.Ordinal);
        Assert.Contains("counts nodes whose taints the pod does not tolerate", violation.Text, StringComparison.Ordinal);
        Assert.Equal("Deployment shop/web: change spec.template.spec.topologySpreadConstraints.nodeTaintsPolicy from Ignore to Honor", violation.Fix.ToString());
        Assert.Contains("nodeTaintsPolicy: Honor", violation.Fix.Snippet, StringComparison.Ordinal);
    }

    private static ClusterModel FiveLargeReplicas()
    {
        // One such pod fills a node: five of them need five nodes whichever zone is lost. Seven are 3+2+2, eight 3+3+2.
        var model = SmallCluster.Create().Change("shop/web", web => web with
        {
            Replicas = 5,
            Pods = web.Pods with { Requests = new Resources(3900, 1, 1), Limits = default, NodeSelector = Labels.Of(("pool", "general")) },
        });
        return model with { Quotas = [.. model.Quotas.Select(quota => quota with { Hard = quota.Hard.SetItem("requests.cpu", 100) })] };
    }
}
