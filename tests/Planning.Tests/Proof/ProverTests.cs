using System.Collections.Concurrent;
using HaCluster.Planning.Proof;
using HaCluster.Planning.Proof.Report;
using HaCluster.Simulation.Model;
using HaCluster.Simulation.Scenarios;

namespace HaCluster.Planning.Tests.Proof;

/// <summary>Each protection that is taken from the small cluster is missed, by name, and the proof knows what mends it.</summary>
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
        var told = new Told();
        var report = Prover.Prove(SmallCluster.Create().Change("shop/web", web => web with { Replicas = 1 }), progress: told);
        Assert.Equal(Enumerable.Range(0, ScenarioClasses.All.Length + 1), told.Of(isMending: false));
        Assert.Equal(Enumerable.Range(0, report.Violations.Length + 1), told.Of(isMending: true));
    }

    [Fact]
    public void The_hardest_loss_is_told_with_its_waiting_volume()
    {
        var worst = Prover.Prove(SmallCluster.Create()).Classes.Single(verdict => verdict.Class == ScenarioClass.ZoneLost).Worst;
        Assert.Matches(@"stays Pending: its volume is in 1[abc]; 2 of 3 replicas serve; objective 2: holds", worst);
    }

    [Fact]
    public void Too_little_room_is_a_pool_that_lacks_it_and_the_first_number_that_mends_it()
    {
        // One such pod fills a node: five of them need five nodes whichever zone is lost. Seven stand 3+2+2, eight 3+3+2.
        var model = SmallCluster.Create().Change("shop/web", web => web with { Replicas = 5, Pods = web.Pods with { Requests = new Resources(3900, 1, 1), Limits = default, NodeSelector = Labels.Of(("pool", "general")) } });
        model = model with { Quotas = [.. model.Quotas.Select(quota => quota with { Hard = quota.Hard.SetItem("requests.cpu", 100) })] };
        var violation = Only(model, Invariant.StaticStability, "pool general");
        Assert.Equal(ScenarioClass.ZoneLost, violation.Scenario.Class);
        Assert.Contains("general pool", violation.Text, StringComparison.Ordinal);
        Assert.Contains("stays Pending", violation.Text, StringComparison.Ordinal);
        Assert.Equal("change nodePools.general.min from 6 to 8", violation.Repair?.ToString());
        Assert.True(violation.Repair!.IsVerified);
    }

    [Fact]
    public void One_replica_serves_nobody_while_it_is_gone()
    {
        var violation = Only(SmallCluster.Create().Change("shop/web", web => web with { Replicas = 1 }), Invariant.Serving, "shop/web");
        Assert.Equal(ScenarioClass.NodeLost, violation.Scenario.Class);
        Assert.Equal("change sites.web.minReplicas from 1 to 2", violation.Repair?.ToString());
    }

    [Fact]
    public void Without_a_rule_replicas_are_not_apart()
    {
        var violation = Only(SmallCluster.Create().Change("shop/web", web => web with { Pods = web.Pods with { Spread = [] } }), Invariant.Serving, "shop/web");
        Assert.Equal("no rule keeps its 3 replicas apart: all of them may stand in the node that is lost", violation.Text);
        Assert.True(violation.Repair!.IsVerified);
    }

    [Fact]
    public void A_spread_rule_that_counts_old_pods_does_not_survive_a_release()
    {
        static ClusterModel With(params string[] keys) => SmallCluster.Create().Change(
            "shop/web", web => web with { Pods = web.Pods with { Spread = [SmallCluster.SpreadOf("web", isRequired: true) with { MatchLabelKeys = [.. keys] }] } });

        var violation = Prover.Prove(With(), new ProofOptions { SeeksRepairs = false }).Violations.Single(one => one.Scenario.Class == ScenarioClass.UpdatedThenZoneLost);
        Assert.Equal((Invariant.Serving, "shop/web"), (violation.Invariant, violation.Subject));
        Assert.Equal(
            "after an update 2 of its 3 replicas may be in 1a, whose loss leaves 1; its spread rule promises 2: the rule counts the pods that the update is about "
            + "to end; add matchLabelKeys: [pod-template-hash] to it",
            violation.Text);
        Assert.Empty(Prover.Prove(With("pod-template-hash")).Violations);
    }

    [Fact]
    public void A_budget_that_covers_a_job_as_well_lets_nothing_go()
    {
        var model = SmallCluster.Create();
        var web = model.Workloads.Single(workload => workload.Id == "shop/web");
        var job = web with { Kind = WorkloadKind.Job, Name = "report", Replicas = 1, MaxSurge = 0, MinServing = 0, ReplicasSetting = null };
        var violation = Only(model with { Workloads = model.Workloads.Add(job) }, Invariant.Eviction, "budget shop/web");
        Assert.StartsWith("it covers shop/report besides shop/web, of which Kubernetes cannot tell how many pods there should be", violation.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_budget_drains_may_take_all()
    {
        var model = SmallCluster.Create();
        var violation = Only(model with { Budgets = model.Budgets.RemoveAll(budget => budget.Name == "web") }, Invariant.Eviction, "shop/web");
        Assert.Equal("change PodDisruptionBudget of shop/web from none to one with maxUnavailable 1", violation.Repair?.ToString());
    }

    [Fact]
    public void A_budget_that_lets_nothing_go_blocks_every_drain()
    {
        var model = SmallCluster.Create();
        var strict = model.Budgets.Select(budget => budget.Name == "web" ? budget with { MaxUnavailable = null, MinAvailable = new IntOrPercent(100, IsPercent: true) } : budget);
        var violation = Only(model with { Budgets = [.. strict] }, Invariant.Eviction, "budget shop/web");
        Assert.Equal("change PodDisruptionBudget shop/web from minAvailable 100% to maxUnavailable 1", violation.Repair?.ToString());
    }

    [Fact]
    public void Two_budgets_over_one_pod_block_every_eviction()
    {
        var model = SmallCluster.Create();
        var violation = Only(model with { Budgets = model.Budgets.Add(model.Budgets[0] with { Name = "again" }) }, Invariant.Eviction, "shop/web");
        Assert.Contains("under 2 budgets (web, again)", violation.Text, StringComparison.Ordinal);
        Assert.True(violation.Repair!.IsVerified);
    }

    [Fact]
    public void A_single_NAT_gateway_takes_other_zones_with_it()
    {
        var model = SmallCluster.Create() with { NatGateways = [new NatGateway("nat", SmallCluster.Zones[0], SmallCluster.Zones)] };
        var violation = Only(model, Invariant.Routes, "NAT");
        Assert.Equal("1b+1c reach the internet through a NAT gateway in 1a only", violation.Text);
        Assert.Equal("change nat from single to perZone", violation.Repair?.ToString());
    }

    [Fact]
    public void A_database_without_readers_has_nobody_to_promote()
    {
        var model = SmallCluster.Create();
        model = model with { Databases = [model.Databases[0] with { Instances = [model.Databases[0].Instances[0]] }] };
        var violation = Only(model, Invariant.Serving, "postgres");
        Assert.Equal("change databases.postgresql.readers from 0 to 1", violation.Repair?.ToString());
    }

    [Fact]
    public void Readers_beside_the_writer_do_not_survive_the_zone()
    {
        var model = SmallCluster.Create();
        var here = model.Databases[0].Instances.Select(instance => instance with { Zone = SmallCluster.Zones[1] });
        var violation = Only(model with { Databases = [model.Databases[0] with { Instances = [.. here] }] }, Invariant.Serving, "postgres");
        Assert.Contains("stand in 1b like the writer", violation.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_masters_are_no_majority_without_one()
    {
        var model = SmallCluster.Create();
        var violation = Only(model with { SearchDomains = [model.SearchDomains[0] with { Masters = 2 }] }, Invariant.Quorum, "logs");
        Assert.StartsWith("1 of 2 masters are no majority", violation.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void An_update_needs_room_in_the_quota()
    {
        var model = SmallCluster.Create();
        var tight = model.Quotas.Select(quota => quota.Namespace == "shop" ? quota with { Hard = quota.Hard.SetItem("pods", 3) } : quota);
        var violation = Only(model with { Quotas = [.. tight] }, Invariant.QuotaRoom, "quota shop");
        Assert.Contains("an update of shop/web needs 4 of pods, the quota allows 3", violation.Text, StringComparison.Ordinal);
        Assert.Equal(("quotas.shop", true), (violation.Repair!.Setting, violation.Repair.IsVerified));
    }

    [Fact]
    public void A_namespace_without_a_quota_has_no_end()
    {
        var model = SmallCluster.Create();
        var violation = Only(model with { Quotas = model.Quotas.RemoveAll(quota => quota.Namespace == "shop") }, Invariant.BlastRadius, "namespace shop");
        Assert.Equal("namespaces.shop.quota", violation.Repair?.Setting);
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
        var violation = Prover.Prove(model).Violations.First(one => one.Invariant == Invariant.RecoveryTime && one.Subject == "shop/web");
        Assert.Contains("objective 20 s: noticed", violation.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void The_same_seed_gives_the_same_proof()
    {
        var (one, other) = (Prover.Prove(SmallCluster.Create()), Prover.Prove(SmallCluster.Create()));
        Assert.Equal(one.Classes.Select(verdict => verdict.Worst), other.Classes.Select(verdict => verdict.Worst));
    }

    private static int Tried(ProofReport report, ScenarioClass kind) => report.Classes.Single(verdict => verdict.Class == kind).Tried;

    private static Violation Only(ClusterModel model, Invariant invariant, string subject)
    {
        var violations = Prover.Prove(model).Violations;
        var violation = Assert.Single(violations, one => one.Invariant == invariant && one.Subject == subject);
        return violation;
    }

    [Fact]
    public void A_replica_that_never_ran_is_told_once_and_stops_nothing()
    {
        var report = Prover.Prove(
            SmallCluster.Create().Change("chains/bitcoin", chain => chain with { Pods = chain.Pods with { Requests = new Resources(64_000, 0, 0) } }),
            new ProofOptions { SeeksRepairs = false });
        Assert.Equal("it does not run", report.Classes.Single(verdict => verdict.Class == ScenarioClass.ReplicaLost).Worst.Split(": ")[1]);
        Assert.Contains(report.Violations, violation => violation.Subject == "chains/bitcoin" && violation.Scenario is Scenario.AtRest);
    }

    [Fact]
    public void In_a_very_large_cluster_nothing_is_said_about_repairs()
    {
        var report = Prover.Prove(SmallCluster.Create() with { NatGateways = [] }, new ProofOptions { MostNodesMended = 1 });
        Assert.False(report.SoughtRepairs);
        Assert.Contains(report.Assumptions, assumption => assumption.Text.Contains("not sought", StringComparison.Ordinal));
    }

    private sealed class Told : IProgress<ProofProgress>
    {
        private readonly ConcurrentQueue<ProofProgress> _reports = new();

        public void Report(ProofProgress value) => _reports.Enqueue(value);

        public IEnumerable<int> Of(bool isMending) => _reports.Where(report => report.IsMending == isMending).Select(report => report.Done).Order();
    }
}
