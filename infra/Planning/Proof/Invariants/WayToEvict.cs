using HaCluster.Planning.Proof.Report;
using HaCluster.Simulation.Model;
using HaCluster.Simulation.Scenarios;

namespace HaCluster.Planning.Proof.Invariants;

/// <summary>
/// Budgets that let a drain through one pod at a time, and that keep what serves when several nodes are drained at once: an update of a
/// node group, the autoscaler and a person do not know of each other, only the budget knows all three.
/// </summary>
internal sealed class WayToEvict(ProofContext context)
{
    private readonly Dictionary<DisruptionBudget, List<Workload>> _covered = context.Model.Budgets.Distinct().ToDictionary(
        budget => budget,
        budget => context.Model.Workloads.Where(workload => budget.Covers(workload.Namespace, workload.Pods.Labels)).ToList());

    private readonly Dictionary<Workload, List<DisruptionBudget>> _budgets = [];

    public IEnumerable<Violation> Of(Scenario.NodeDrained scenario)
    {
        var workloads = context.Nodes.Single(node => node.Node.Name == scenario.Node).Pods.Select(pod => pod.Workload).Distinct();
        return workloads.Where(workload => workload.Kind is WorkloadKind.Deployment or WorkloadKind.StatefulSet).SelectMany(workload => Of(scenario, workload));
    }

    private IEnumerable<Violation> Of(Scenario scenario, Workload workload)
    {
        var budgets = BudgetsOf(workload);
        if (budgets.Count > 1)
        {
            yield return new Violation(
                Invariant.Eviction, scenario, workload.Id,
                $"its pods are under {budgets.Count} budgets ({string.Join(", ", budgets.Select(budget => budget.Name))}): Kubernetes refuses to evict a pod with more than one");
        }

        foreach (var budget in budgets)
        {
            if (Blocks(budget, workload) is { } why)
                yield return new Violation(Invariant.Eviction, scenario, $"budget {budget.Namespace}/{budget.Name}", $"{why}: no drain of a node with one of them ever ends");
        }

        if (budgets.Count == 0 && workload is { Replicas: > 1, MinServing: > 0 })
        {
            yield return new Violation(
                Invariant.Eviction, scenario, workload.Id,
                $"no disruption budget covers it: nodes that are drained at the same time take all {workload.Replicas} replicas at once");
        }
    }

    /// <summary>Null when it lets a pod go.</summary>
    private string? Blocks(DisruptionBudget budget, Workload workload)
    {
        var covered = _covered[budget].Where(other => context.RunningOf(other) > 0).ToList();
        var running = covered.Sum(context.RunningOf);
        if (budget.Expected(covered) is not { } expected)
        {
            var scaleless = covered.Where(other => other.Kind is WorkloadKind.DaemonSet or WorkloadKind.Job).Select(other => other.Id).ToList();
            return running == 0 ? null : $"it covers {Wording.Some(scaleless)} besides {workload.Id}, of which Kubernetes cannot tell how many pods there should be, and so lets none go";
        }

        var needed = budget.DesiredHealthy(expected);
        return running > 0 && running <= needed ? $"it wants {needed} of {Wording.Count(running, "pod")} of {workload.Id} at any time" : null;
    }

    private List<DisruptionBudget> BudgetsOf(Workload workload) => _budgets.TryGetValue(workload, out var known)
        ? known
        : _budgets[workload] = context.Model.Budgets.Where(budget => budget.Covers(workload.Namespace, workload.Pods.Labels)).ToList();
}
