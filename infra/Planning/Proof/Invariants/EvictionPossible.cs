using HaCluster.Planning.Proof.Report;
using HaCluster.Simulation.Model;
using HaCluster.Simulation.Scenarios;

namespace HaCluster.Planning.Proof.Invariants;

/// <summary>
/// Disruption budgets must allow drains pod by pod, and keep enough replicas when several nodes are drained at once: an update of a
/// node group, the autoscaler and a person act independently, and only the budget coordinates them.
/// </summary>
internal sealed class EvictionPossible(ProofContext context)
{
    private readonly Dictionary<DisruptionBudget, List<Workload>> _covered = context.Model.Budgets.Distinct().ToDictionary(
        budget => budget,
        budget => context.Model.Workloads.Where(workload => budget.Covers(workload.Namespace, workload.Pods.Labels)).ToList());

    private readonly Dictionary<Workload, List<DisruptionBudget>> _budgets = [];

    /// <summary>
    /// The time that EKS allows for draining a node in a group update, also used for manual drains here
    /// (https://docs.aws.amazon.com/eks/latest/userguide/managed-node-update-behavior.html).
    /// </summary>
    public static readonly TimeSpan Timeout = TimeSpan.FromMinutes(15);

    public IEnumerable<Violation> Of(Scenario.NodeDrained scenario) =>
        On(scenario.Node).SelectMany(workload => Blocking(scenario, workload).Concat(TooWeak(scenario, workload)));

    /// <summary>Obstacles to a drain: budgets that never allow it, and termination times that are too long.</summary>
    public IEnumerable<Violation> Blocking(Scenario scenario, IEnumerable<string> nodes) =>
        nodes.SelectMany(On).Distinct().SelectMany(workload => Blocking(scenario, workload)).DistinctBy(violation => violation.Key);

    private IEnumerable<Workload> On(string node) => context.Nodes.Where(one => one.Node.Name == node).SelectMany(one => one.Pods).Select(pod => pod.Workload).Distinct()
        .Where(workload => workload.Kind is WorkloadKind.Deployment or WorkloadKind.StatefulSet);

    private IEnumerable<Violation> Blocking(Scenario scenario, Workload workload)
    {
        var budgets = BudgetsOf(workload);
        if (budgets.Count > 1)
        {
            yield return new Violation(
                Invariant.Eviction, Cause.SeveralBudgets, scenario, Subject.Of(workload),
                $"its pods are under {budgets.Count} budgets ({string.Join(", ", budgets.Select(budget => budget.Name))}): Kubernetes refuses to evict a pod with more than one");
        }

        foreach (var budget in budgets)
        {
            if (Blocks(budget, workload) is { } why)
            {
                yield return new Violation(
                    Invariant.Eviction, Cause.BudgetBlocks, scenario, Subject.Of(budget),
                    $"{why}: a node with one of them is never drained, and EKS gives up the update of its group (PodEvictionFailure)");
            }
        }

        if (workload.Pods.GracePeriod >= Timeout)
        {
            yield return new Violation(
                Invariant.Eviction, Cause.GracePeriod, scenario, Subject.Of(workload),
                $"its pods may take {Wording.Time(workload.Pods.GracePeriod)} to end (terminationGracePeriodSeconds): EKS waits {Wording.Time(Timeout)} for the pods of a node and then "
                + "gives up the update of the group (PodEvictionFailure)");
        }
    }

    /// <summary>Simultaneous drains evict as many replicas as the budgets allow.</summary>
    private IEnumerable<Violation> TooWeak(Scenario scenario, Workload workload)
    {
        var budgets = BudgetsOf(workload);
        if (budgets.Count == 0 && workload is { Replicas: > 1, MinServing: > 0 })
        {
            yield return new Violation(
                Invariant.Eviction, Cause.NoBudget, scenario, Subject.Of(workload),
                $"no disruption budget covers it: nodes drained at the same time can evict all {workload.Replicas} replicas at once");
        }

        // With one replica, or none to spare, only a budget that blocks every drain would be sufficient.
        if (budgets is [var budget] && workload.Replicas > workload.MinServing && Blocks(budget, workload) is null && AtOnce(budget) is var most
            && workload.Replicas - most < workload.MinServing)
        {
            yield return new Violation(
                Invariant.Eviction, Cause.WideBudget, scenario, Subject.Of(budget),
                $"it allows {Wording.Count(most, "eviction")} at once, but {workload} can spare only {workload.Replicas - workload.MinServing} of {workload.Replicas}: nodes drained at the "
                + $"same time evict more than that; objective {workload.MinServing} ({workload.ServingReason})");
        }
    }

    /// <summary>Pods that may be evicted at once while all are healthy; in the worst case all of one workload.</summary>
    private int AtOnce(DisruptionBudget budget)
    {
        var covered = _covered[budget].Where(other => context.RunningOf(other) > 0).ToList();
        return budget.Expected(covered) is { } expected ? Math.Max(0, covered.Sum(context.RunningOf) - budget.DesiredHealthy(expected)) : 0;
    }

    /// <summary>Why the budget never allows an eviction; null when it does.</summary>
    private string? Blocks(DisruptionBudget budget, Workload workload)
    {
        var covered = _covered[budget].Where(other => context.RunningOf(other) > 0).ToList();
        var running = covered.Sum(context.RunningOf);
        if (budget.Expected(covered) is not { } expected)
        {
            var scaleless = covered.Where(other => other.Kind is WorkloadKind.DaemonSet or WorkloadKind.Job).Select(other => other.ToString()).ToList();
            return running == 0 ? null : $"it covers {Wording.Some(scaleless)} besides {workload}, for which Kubernetes cannot tell the expected number of pods, so it allows no eviction";
        }

        var needed = budget.DesiredHealthy(expected);
        return running > 0 && running <= needed ? $"it requires {Wording.Count(needed, "healthy pod")} at any time, but covers only {running}" : null;
    }

    private List<DisruptionBudget> BudgetsOf(Workload workload) => _budgets.TryGetValue(workload, out var known)
        ? known
        : _budgets[workload] = context.Model.Budgets.Where(budget => budget.Covers(workload.Namespace, workload.Pods.Labels)).ToList();
}
