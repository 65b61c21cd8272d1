using System.Collections.Immutable;
using HaCluster.Simulation.Model;

namespace HaCluster.Simulation.Scheduling;

/// <summary>Pods of one node that are less important than another pod.</summary>
/// <param name="ByImportance">All of them: highest priority first, then those that run longest.</param>
/// <param name="Protected">Those whose eviction breaks a disruption budget.</param>
internal sealed record Victims(ImmutableArray<Pod> ByImportance, ImmutableArray<Pod> Protected, ImmutableArray<Pod> Unprotected)
{
    public bool IsEmpty => ByImportance.IsEmpty;

    /// <param name="allowed">Evictions that each of the budgets still allows; each pod takes one away, in order of importance.</param>
    public static Victims Sort(ClusterState state, NodeState node, Pod pod, IReadOnlyList<DisruptionBudget> budgets, IReadOnlyList<int> allowed)
    {
        var rooms = budgets.Select((budget, at) => new BudgetRoom(budget, allowed[at])).ToArray();
        var (guarded, free) = (ImmutableArray.CreateBuilder<Pod>(), ImmutableArray.CreateBuilder<Pod>());
        var all = node.Pods.Where(other => other.Spec.Priority < pod.Spec.Priority)
            .OrderByDescending(other => other.Spec.Priority).ThenBy(state.BindingOf).ToImmutableArray();
        foreach (var victim in all)
        {
            var isViolated = false;
            foreach (var room in rooms)
                isViolated |= room.IsViolatedBy(victim);
            (isViolated ? guarded : free).Add(victim);
        }

        return new Victims(all, guarded.ToImmutable(), free.ToImmutable());
    }
}
