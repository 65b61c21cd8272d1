using System.Collections.Concurrent;
using System.Collections.Immutable;
using HaCluster.Planning.Proof;
using HaCluster.Planning.Proof.Report;
using HaCluster.Simulation.Model;
using HaCluster.Simulation.Scenarios;

namespace HaCluster.Planning.Tests.Proof;

/// <summary>Each protection that is taken from the small cluster is missed, by name, and the proof knows how to fix it.</summary>
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
    public void It_tells_how_far_it_is()
    {
        var told = new Heard();
        var report = Prover.Prove(SmallCluster.Create().Change("shop/web", web => web with { Replicas = 1 }), progress: told);
        Assert.Equal(Enumerable.Range(0, ScenarioClasses.All.Length + 1), told.Of(isFixing: false));
        Assert.Equal(Enumerable.Range(0, report.Violations.Length + 1), told.Of(isFixing: true));
    }

    [Fact]
    public void The_hardest_loss_is_told_with_its_waiting_volume()
    {
        var worst = Prover.Prove(SmallCluster.Create()).Classes.Single(verdict => verdict.Class == ScenarioClass.ZoneLost).Worst;
        Assert.Matches(@"stays Pending: its volume is in 1[abc]; 2 of 3 replicas serve; objective 2: met", worst);
    }

    [Fact]
    public void Too_little_room_is_a_pool_that_lacks_it_and_the_smallest_number_that_fixes_it()
    {
        var violation = Only(FiveLargeReplicas(), Invariant.StaticStability, "node pool general");
        Assert.Equal(ScenarioClass.ZoneLost, violation.Scenario.Class);
        Assert.Contains("lacks", violation.Text, StringComparison.Ordinal);
        Assert.Contains("stays Pending", violation.Text, StringComparison.Ordinal);
        Assert.Equal("change nodePools.general.min from 6 to 8", violation.Fix.ToString());
    }

    [Fact]
    public void One_replica_serves_nobody_while_it_is_gone()
    {
        var violation = Only(SmallCluster.Create().Change("shop/web", web => web with { Replicas = 1 }), Invariant.Serving, "shop/web");
        Assert.Equal(ScenarioClass.NodeLost, violation.Scenario.Class);
        Assert.Equal("change sites.web.minReplicas from 1 to 2", violation.Fix.ToString());
    }

    [Fact]
    public void Without_a_rule_replicas_are_not_apart()
    {
        var violation = Only(SmallCluster.Create().Change("shop/web", web => web with { Pods = web.Pods with { Spread = [] } }), Invariant.Serving, "shop/web");
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
    public void A_budget_that_covers_a_job_as_well_lets_nothing_go()
    {
        var model = SmallCluster.Create();
        var web = model.Workloads.Single(workload => workload.Id == "shop/web");
        var job = web with { Kind = WorkloadKind.Job, Name = "report", Replicas = 1, MaxSurge = 0, MinServing = 0, ReplicasSetting = null };
        var violation = Only(model with { Workloads = model.Workloads.Add(job) }, Invariant.Eviction, "PodDisruptionBudget shop/web");
        Assert.StartsWith("it covers shop/report besides shop/web, for which Kubernetes cannot tell the expected number of pods", violation.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_budget_drains_may_take_all()
    {
        var model = SmallCluster.Create();
        var violation = Only(model with { Budgets = model.Budgets.RemoveAll(budget => budget.Name == "web") }, Invariant.Eviction, "shop/web");
        Assert.Equal("PodDisruptionBudget shop/web: set spec.maxUnavailable to 1", violation.Fix.ToString());
    }

    [Fact]
    public void A_budget_that_lets_nothing_go_blocks_every_drain()
    {
        var model = SmallCluster.Create();
        var strict = model.Budgets.Select(budget => budget.Name == "web" ? budget with { MaxUnavailable = null, MinAvailable = new IntOrPercent(100, IsPercent: true) } : budget);
        var violation = Only(model with { Budgets = [.. strict] }, Invariant.Eviction, "PodDisruptionBudget shop/web");
        Assert.Equal("PodDisruptionBudget shop/web: change spec from minAvailable 100% to maxUnavailable 1", violation.Fix.ToString());
    }

    [Fact]
    public void Two_budgets_over_one_pod_block_every_eviction()
    {
        var model = SmallCluster.Create();
        var violation = Only(model with { Budgets = model.Budgets.Add(model.Budgets[0] with { Name = "again" }) }, Invariant.Eviction, "shop/web");
        Assert.Contains("under 2 budgets (web, again)", violation.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_single_NAT_gateway_takes_other_zones_with_it()
    {
        var model = SmallCluster.Create() with { NatGateways = [new NatGateway("nat", SmallCluster.Zones[0], SmallCluster.Zones)] };
        var violation = Only(model, Invariant.Routes, "NAT");
        Assert.Equal("1b+1c reach the internet through a NAT gateway in 1a only", violation.Text);
        Assert.Equal("change nat from single to perZone", violation.Fix.ToString());
    }

    [Fact]
    public void A_database_without_readers_has_nobody_to_promote()
    {
        var model = SmallCluster.Create();
        model = model with { Databases = [model.Databases[0] with { Instances = [model.Databases[0].Instances[0]] }] };
        var violation = Only(model, Invariant.Serving, "postgres");
        Assert.Equal("change databases.postgresql.readers from 0 to 1", violation.Fix.ToString());
    }

    [Fact]
    public void Readers_beside_the_writer_do_not_survive_the_zone()
    {
        var model = SmallCluster.Create();
        var here = model.Databases[0].Instances.Select(instance => instance with { Zone = SmallCluster.Zones[1] });
        var violation = Only(model with { Databases = [model.Databases[0] with { Instances = [.. here] }] }, Invariant.Serving, "postgres");
        Assert.Contains("are in 1b like the writer", violation.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_masters_are_no_majority_without_one()
    {
        var model = SmallCluster.Create();
        var violation = Only(model with { SearchDomains = [model.SearchDomains[0] with { Masters = 2 }] }, Invariant.Quorum, "logs");
        Assert.StartsWith("1 of 2 masters is not a majority", violation.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void An_update_needs_room_in_the_quota()
    {
        var model = SmallCluster.Create();
        var tight = model.Quotas.Select(quota => quota.Namespace == "shop" ? quota with { Hard = quota.Hard.SetItem("pods", 3) } : quota);
        var violation = Only(model with { Quotas = [.. tight] }, Invariant.QuotaRoom, "ResourceQuota shop/quota");
        Assert.Contains("an update of shop/web needs 4 of pods, the quota allows 3", violation.Text, StringComparison.Ordinal);
        Assert.Equal((FixKind.Setting, "quotas.shop.pods", "3", "4"), (violation.Fix.Kind, violation.Fix.Edits.Single(edit => edit.Key.EndsWith("pods", StringComparison.Ordinal)) is var pods ? pods.Key : "", pods.From, pods.To));
        Assert.Contains(violation.Fix.Edits, edit => edit is { Key: "quotas.shop.memory", From: "10Gi", To: "11Gi" });
    }

    [Fact]
    public void A_namespace_without_a_quota_has_no_end()
    {
        var model = SmallCluster.Create();
        var violation = Only(model with { Quotas = model.Quotas.RemoveAll(quota => quota.Namespace == "shop") }, Invariant.BlastRadius, "namespace shop");
        Assert.Equal("set namespaces.shop to {}", violation.Fix.ToString());
    }

    [Fact]
    public void A_container_without_a_limit_takes_its_node()
    {
        var violation = Only(SmallCluster.Create().Change("shop/web", web => web with { Pods = web.Pods with { LimitsEphemeral = false } }), Invariant.BlastRadius, "shop/web");
        Assert.Equal(ScenarioClass.DiskFilled, violation.Scenario.Class);
    }

    [Fact]
    public void A_recovery_that_takes_longer_than_its_objective_is_told_phase_by_phase()
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

    private static int Tried(ProofReport report, ScenarioClass kind) => report.Classes.Single(verdict => verdict.Class == kind).Tried;

    private static Told Only(ClusterModel model, Invariant invariant, string subject)
    {
        var report = Prover.Prove(model);
        var (index, violation) = Assert.Single(report.Violations.Index(), one => one.Item.Invariant == invariant && one.Item.Subject.ToString() == subject);
        return new Told(violation, [.. report.FixesOf(index + 1)]);
    }

    /// <param name="Fixes">Those of the violation, in the order of the report.</param>
    private sealed record Told(Violation Violation, ImmutableArray<Fix> Fixes)
    {
        public string Text => Violation.Text;

        public Scenario Scenario => Violation.Scenario;

        /// <summary>The first that changes something.</summary>
        public Fix Fix => Fixes.First(fix => fix.Kind != FixKind.Accept);
    }

    [Fact]
    public void A_replica_that_never_ran_is_told_once_and_stops_nothing()
    {
        var report = Prover.Prove(
            SmallCluster.Create().Change("chains/bitcoin", chain => chain with { Pods = chain.Pods with { Requests = new Resources(64_000, 0, 0) } }),
            new ProofOptions { FixTime = TimeSpan.Zero });
        Assert.Equal("it does not run", report.Classes.Single(verdict => verdict.Class == ScenarioClass.ReplicaLost).Worst.Split(": ")[1]);
        Assert.Contains(report.Violations, violation => violation.Subject.Name == "chains/bitcoin" && violation.Scenario is Scenario.SteadyState);
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
    public void Both_ends_of_a_pool_are_changed_where_both_must()
    {
        var model = FiveLargeReplicas();
        model = model with { NodeGroups = [.. model.NodeGroups.Select(group => group with { Max = group.Desired })] };
        Assert.Equal("change nodePools.general.min from 6 to 8, change nodePools.general.max from 6 to 8", Only(model, Invariant.StaticStability, "node pool general").Fix.ToString());
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
        var violation = Only(SmallCluster.Create().Change("shop/web", web => web with { Refused = "no PriorityClass with name gold was found" }), Invariant.StaticStability, "shop/web");
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
        var violation = Only(SmallCluster.Create().Change("shop/web", web => web with { Pods = web.Pods with { GracePeriod = TimeSpan.FromHours(1) } }), Invariant.Eviction, "shop/web");
        Assert.Contains("PodEvictionFailure", violation.Text, StringComparison.Ordinal);
        Assert.Contains(violation.Violation.AlsoIn.Insert(0, violation.Scenario), scenario => scenario.Class == ScenarioClass.GroupUpdated);
        Assert.Equal("Deployment shop/web: change spec.template.spec.terminationGracePeriodSeconds from 3600 to 600", violation.Fix.ToString());
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
        var violation = Only(model, Invariant.StaticStability, "shop/web");
        Assert.Contains("didn't match pod topology spread constraints", violation.Text, StringComparison.Ordinal);
        Assert.Contains("counts nodes whose taints the pod does not tolerate", violation.Text, StringComparison.Ordinal);
        Assert.Equal("Deployment shop/web: change spec.template.spec.topologySpreadConstraints.nodeTaintsPolicy from Ignore to Honor", violation.Fix.ToString());
        Assert.Contains("nodeTaintsPolicy: Honor", violation.Fix.Snippet, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(3, 3, 3, false)]
    [InlineData(3, 3, 2, false)]
    [InlineData(0, 3, 3, false)]
    [InlineData(0, 6, 3, false)]
    [InlineData(0, 4, 3, true)]
    [InlineData(0, 4, 2, true)]
    [InlineData(0, 3, 2, true)]
    public void Voters_of_a_search_domain_are_counted_in_the_fullest_zone(int masters, int dataNodes, int zones, bool isBroken)
    {
        var model = SmallCluster.Create() with { SearchDomains = [new SearchDomain("logs", dataNodes, masters, zones, HasStandby: false)] };
        Assert.Equal(isBroken, Prover.Prove(model, new ProofOptions { FixTime = TimeSpan.Zero }).Violations.Any(one => one.Cause == Cause.NoMajority));
    }

    [Fact]
    public void One_fix_is_told_once_with_all_that_it_fixes()
    {
        var model = SmallCluster.Create().Change("shop/web", web => web with { Replicas = 1, MinServing = 1 });
        var report = Prover.Prove(model with { NatGateways = [new NatGateway("nat", SmallCluster.Zones[0], SmallCluster.Zones)] });
        Assert.Equal(report.Fixes.Select(fix => fix.Id).Distinct().Count(), report.Fixes.Length);
        Assert.Equal(Enumerable.Range(1, report.Fixes.Length), report.Fixes.Select(fix => fix.Number));
        Assert.All(report.Fixes, fix => Assert.NotEmpty(fix.Violations));
        Assert.Equal(report.Fixes.OrderBy(fix => fix.Kind == FixKind.Accept), report.Fixes);
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

    private sealed class Heard : IProgress<ProofProgress>
    {
        private readonly ConcurrentQueue<ProofProgress> _reports = new();

        public void Report(ProofProgress value) => _reports.Enqueue(value);

        public IEnumerable<int> Of(bool isFixing) => _reports.Where(report => report.IsFixing == isFixing).Select(report => report.Done).Order();
    }
}
