using System.Collections.Immutable;
using HaCluster.Simulation.Model;

namespace HaCluster.Simulation.Scheduling;

/// <summary>
/// Makes room for a pod by evicting less important ones. Mirrors
/// https://github.com/kubernetes/kubernetes/blob/v1.35.0/pkg/scheduler/framework/plugins/defaultpreemption/default_preemption.go and
/// https://github.com/kubernetes/kubernetes/blob/v1.35.0/pkg/scheduler/framework/preemption/preemption.go.
/// </summary>
public static class Preemption
{
    /// <summary>Null when nothing that may be evicted helps. Changes nothing.</summary>
    public static Eviction? Find(Scheduler scheduler, ClusterState state, Pod pod, IReadOnlyList<DisruptionBudget> budgets)
    {
        if (!pod.Spec.Preempts)
            return null;
        var trial = state.Clone();
        Eviction? best = null;
        foreach (var node in state.Nodes)
        {
            if (VictimsOn(scheduler, trial, pod, trial.Nodes.First(other => other.Index == node.Index), budgets) is { } found
                && (best is null || Compare(found, best) < 0))
                best = found with { Node = node };
        }

        return best;
    }

    private static Eviction? VictimsOn(
        Scheduler scheduler, ClusterState state, Pod pod, NodeState node, IReadOnlyList<DisruptionBudget> budgets)
    {
        var candidates = node.Pods.Where(other => other.Spec.Priority < pod.Spec.Priority).ToArray();
        if (candidates.Length == 0)
            return null;
        foreach (var candidate in candidates)
            state.Unbind(candidate);
        var victims = ImmutableArray.CreateBuilder<Pod>();
        if (scheduler.Fits(state, pod, node))
        {
            foreach (var candidate in candidates.OrderByDescending(other => other.Spec.Priority))
            {
                state.Bind(candidate, node);
                if (scheduler.Fits(state, pod, node))
                    continue;
                state.Unbind(candidate);
                victims.Add(candidate);
            }
        }

        foreach (var candidate in candidates)
        {
            state.Unbind(candidate);
            state.Bind(candidate, node);
        }

        return victims.Count == 0
            ? null
            : new Eviction(node, victims.ToImmutable(), victims.Count(victim => budgets.Any(budget => budget.Covers(victim.Namespace, victim.Spec.Labels))));
    }

    private static int Compare(Eviction left, Eviction right)
    {
        var byBudget = left.BudgetViolations.CompareTo(right.BudgetViolations);
        if (byBudget != 0)
            return byBudget;
        var byPriority = left.Victims.Max(pod => pod.Spec.Priority).CompareTo(right.Victims.Max(pod => pod.Spec.Priority));
        return byPriority != 0 ? byPriority : left.Victims.Length.CompareTo(right.Victims.Length);
    }
}
