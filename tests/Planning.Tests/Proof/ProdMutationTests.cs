using HaCluster.Planning.Proof;
using HaCluster.Planning.Proof.Report;
using HaCluster.Planning.Tests.Modelling;
using HaCluster.Simulation.Model;

namespace HaCluster.Planning.Tests.Proof;

/// <summary>
/// The proof of the stack prod, and what becomes of it when one protection is taken away: it must fail, naming what is no longer protected.
/// </summary>
public sealed class ProdMutationTests
{
    private static readonly ProofOptions NoFixes = new() { FixTime = TimeSpan.Zero };

    [Fact]
    public async Task Prod_holds()
    {
        var report = Prover.Prove((await RealPlan.Of("prod")).Model);
        Assert.Empty(report.Violations.Select(violation => $"{violation.Subject}: {violation.Text}"));
        Assert.True(report.IsComplete);
    }

    [Fact]
    public async Task Dev_says_what_it_gives_up()
    {
        var violations = Prover.Prove((await RealPlan.Of("dev")).Model, NoFixes).Violations;
        Assert.Contains(violations, violation => violation is { Invariant: Invariant.Routes, Subject.Kind: SubjectKind.NatGateways });
        Assert.Contains(violations, violation => violation.Invariant == Invariant.StaticStability);
    }

    [Fact]
    public async Task Every_workload_misses_its_other_replicas() => await AssertMissed(
        model => model.Workloads.Where(workload => workload is { Kind: WorkloadKind.Deployment or WorkloadKind.StatefulSet, Replicas: > 1, MinServing: > 0 })
            .Select(workload => new Mutation($"one replica of {workload}", workload.Id, Replace(model, workload, workload with { Replicas = 1 }))));

    [Fact]
    public async Task Every_workload_misses_the_rule_that_keeps_it_apart() => await AssertMissed(
        model => model.Workloads.Where(workload => workload is { Kind: WorkloadKind.Deployment or WorkloadKind.StatefulSet, Replicas: > 1, MinServing: > 0 })
            .Select(workload => new Mutation(
                $"no spread of {workload}", workload.Id,
                Replace(model, workload, workload with { Pods = workload.Pods with { Spread = [], Affinity = Affinity.None } }))));

    [Fact]
    public async Task Every_workload_misses_its_budget() => await AssertMissed(
        model => model.Workloads.Where(workload => workload is { Kind: WorkloadKind.Deployment or WorkloadKind.StatefulSet, Replicas: > 1, MinServing: > 0 })
            .Select(workload => new Mutation(
                $"no budget of {workload}", workload.Id,
                model with { Budgets = model.Budgets.RemoveAll(budget => budget.Covers(workload.Namespace, workload.Pods.Labels)) })));

    [Fact]
    public async Task Every_namespace_misses_its_quota() => await AssertMissed(
        model => model.Quotas.Where(quota => quota.Hard.ContainsKey("limits.memory") && model.Workloads.Any(workload => workload.Namespace == quota.Namespace))
            .Select(quota => new Mutation($"no {quota.Name} of {quota.Namespace}", $"namespace {quota.Namespace}", model with { Quotas = model.Quotas.Remove(quota) })));

    [Fact]
    public async Task Readers_gateways_and_masters_are_missed() => await AssertMissed(model =>
    [
        .. model.Databases.Select(database => new Mutation(
            $"no readers of {database.Name}", database.Name,
            model with { Databases = model.Databases.Replace(database, database with { Instances = [database.Writer!] }) })),
        .. model.SearchDomains.Select(domain => new Mutation(
            $"two masters of {domain.Name}", domain.Name,
            model with { SearchDomains = model.SearchDomains.Replace(domain, domain with { Masters = 2 }) })),
        new Mutation("one NAT gateway", "NAT", model with { NatGateways = [model.NatGateways[0] with { Serves = model.Zones }] }),
    ]);

    [Fact]
    public async Task Every_workload_misses_a_spread_that_is_wide_enough_for_all() => await AssertMissed(
        model => Replicated(model).Select(workload => new Mutation(
            $"maxSkew of {workload}", workload.Id,
            Replace(model, workload, workload with
            {
                Pods = workload.Pods with
                {
                    Spread = [SpreadOf(workload, Labels.Zone) with { MaxSkew = workload.Replicas }, SpreadOf(workload, Labels.Host) with { MaxSkew = workload.Replicas }],
                    Affinity = workload.Pods.Affinity with { Apart = [], PreferredApart = [] },
                },
            }))));

    [Fact]
    public async Task Every_workload_misses_a_spread_that_counts_other_pods() => await AssertMissed(
        model => Replicated(model).Select(workload => new Mutation(
            $"selector of {workload}", workload.Id,
            Replace(model, workload, workload with
            {
                Pods = workload.Pods with
                {
                    Spread = [SpreadOf(workload, Labels.Zone) with { Selector = LabelSelector.Of(Labels.Of(("app", "another"))) }],
                    Affinity = workload.Pods.Affinity with { Apart = [], PreferredApart = [] },
                },
            }))));

    [Fact]
    public async Task Every_budget_misses_its_strength() => await AssertMissed(
        model => Replicated(model).Where(workload => workload.Replicas > workload.MinServing).SelectMany(workload => model.Budgets
            .Where(budget => budget.Covers(workload.Namespace, workload.Pods.Labels))
            .SelectMany(budget => new[]
            {
                new Mutation($"all of {budget.Name} at once", $"PodDisruptionBudget {budget.Namespace}/{budget.Name}", Replace(model, budget, All)),
                new Mutation($"none of {budget.Name} ever", $"PodDisruptionBudget {budget.Namespace}/{budget.Name}", Replace(model, budget, None)),
            })));

    [Fact]
    public async Task Every_workload_that_may_not_pause_misses_pods_that_end_in_time() => await AssertMissed(
        model => Replicated(model).Select(workload => new Mutation(
            $"an hour to end of {workload}", workload.Id, Replace(model, workload, workload with { Pods = workload.Pods with { GracePeriod = TimeSpan.FromHours(1) } }))));

    [Fact]
    public async Task Search_misses_its_masters_zones_and_an_odd_number_of_voters() => await AssertMissed(model =>
    [
        .. model.SearchDomains.SelectMany(domain => new[]
        {
            domain with { Masters = 0, DataNodes = 4, Zones = 2 },
            domain with { Masters = 0, DataNodes = 3, Zones = 2 },
            domain with { Masters = 0, DataNodes = 2, Zones = 2 },
            domain with { Masters = 3, Zones = 1 },
        }.Select(weaker => new Mutation($"{weaker}", domain.Name, model with { SearchDomains = model.SearchDomains.Replace(domain, weaker) }))),
    ]);

    [Fact]
    public async Task Every_deployment_misses_a_rollout_that_keeps_replicas() => await AssertMissed(
        model => Replicated(model).Where(workload => workload.Kind == WorkloadKind.Deployment).Select(workload => new Mutation(
            $"all of {workload} unavailable in a rollout", workload.Id, Replace(model, workload, workload with { MaxSurge = 0, MaxUnavailable = workload.Replicas }))));

    private static readonly IntOrPercent All = new(100, IsPercent: true);
    private static readonly IntOrPercent None = new(0, IsPercent: true);

    private static IEnumerable<Workload> Replicated(ClusterModel model) =>
        model.Workloads.Where(workload => workload is { Kind: WorkloadKind.Deployment or WorkloadKind.StatefulSet, Replicas: > 1, MinServing: > 0 });

    private static TopologySpread SpreadOf(Workload workload, string topology) =>
        new() { TopologyKey = topology, MaxSkew = 1, IsRequired = true, Selector = LabelSelector.Of(workload.Pods.Labels) };

    private static ClusterModel Replace(ClusterModel model, DisruptionBudget old, IntOrPercent mostUnavailable) =>
        model with { Budgets = model.Budgets.Replace(old, old with { MinAvailable = null, MaxUnavailable = mostUnavailable }) };

    [Fact]
    public async Task Every_zone_of_the_stateful_pool_is_missed()
    {
        var model = (await RealPlan.Of("prod")).Model;
        foreach (var group in model.NodeGroups.Where(group => group.Name.StartsWith("stateful", StringComparison.Ordinal)))
        {
            var without = Prover.Prove(model with { NodeGroups = model.NodeGroups.Remove(group) }, NoFixes);
            Assert.True(without.Violations.Any(violation => violation.Subject == new Subject(SubjectKind.Workload, "chains/bitcoin")), group.Name);
        }
    }

    private static async Task AssertMissed(Func<ClusterModel, IEnumerable<Mutation>> mutations)
    {
        var silent = mutations((await RealPlan.Of("prod")).Model).AsParallel()
            .Where(mutation => !Prover.Prove(mutation.Model, NoFixes).Violations.Any(violation => violation.Subject.ToString() == mutation.Subject))
            .Select(mutation => mutation.Name).Order(StringComparer.Ordinal).ToList();
        Assert.Empty(silent);
    }

    private static ClusterModel Replace(ClusterModel model, Workload old, Workload @new) => model with { Workloads = model.Workloads.Replace(old, @new) };

    private sealed record Mutation(string Name, string Subject, ClusterModel Model);
}
