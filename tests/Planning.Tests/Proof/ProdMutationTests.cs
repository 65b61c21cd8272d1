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
    private static readonly ProofOptions NoRepairs = new() { SeeksRepairs = false };

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
        var violations = Prover.Prove((await RealPlan.Of("dev")).Model, NoRepairs).Violations;
        Assert.Contains(violations, violation => violation is { Invariant: Invariant.Routes, Subject: "NAT" });
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
        model => model.Quotas.Where(quota => model.Workloads.Any(workload => workload.Namespace == quota.Namespace))
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
    public async Task Every_zone_of_the_stateful_pool_is_missed()
    {
        var model = (await RealPlan.Of("prod")).Model;
        foreach (var group in model.NodeGroups.Where(group => group.Name.StartsWith("stateful", StringComparison.Ordinal)))
        {
            var without = Prover.Prove(model with { NodeGroups = model.NodeGroups.Remove(group) }, NoRepairs);
            Assert.True(without.Violations.Any(violation => violation.Subject == "chains/bitcoin"), group.Name);
        }
    }

    private static async Task AssertMissed(Func<ClusterModel, IEnumerable<Mutation>> mutations)
    {
        var silent = mutations((await RealPlan.Of("prod")).Model).AsParallel()
            .Where(mutation => !Prover.Prove(mutation.Model, NoRepairs).Violations.Any(violation => violation.Subject == mutation.Subject))
            .Select(mutation => mutation.Name).Order(StringComparer.Ordinal).ToList();
        Assert.Empty(silent);
    }

    private static ClusterModel Replace(ClusterModel model, Workload old, Workload @new) => model with { Workloads = model.Workloads.Replace(old, @new) };

    private sealed record Mutation(string Name, string Subject, ClusterModel Model);
}
