using System.Collections.Immutable;

namespace HaCluster.Simulation.Scheduling;

/// <summary>Pods of one node with a lower priority than another pod.</summary>
/// <param name="ByImportance">All of them: highest priority first, then oldest first.</param>
/// <param name="Protected">Those whose eviction would violate a disruption budget.</param>
internal sealed record Victims(ImmutableArray<Pod> ByImportance, ImmutableArray<Pod> Protected, ImmutableArray<Pod> Unprotected)
{
    public bool IsEmpty => ByImportance.IsEmpty;

    /// <param name="allowed">Evictions that each budget still allows; each pod uses one, in order of priority.</param>
    public static Victims Sort(ClusterState state, NodeState node, Pod pod, BudgetCover budgets, IReadOnlyList<int> allowed)
    {
        var taken = new Dictionary<int, int>();
        var (guarded, free) = (ImmutableArray.CreateBuilder<Pod>(), ImmutableArray.CreateBuilder<Pod>());
        var all = node.Pods.Where(other => other.Spec.Priority < pod.Spec.Priority)
            .OrderByDescending(other => other.Spec.Priority).ThenBy(state.BindingOf).ToImmutableArray();
        foreach (var victim in all)
        {
            var isViolated = false;
            foreach (var budget in budgets.Of(victim).Where(budget => budgets.Guards(budget, victim)))
                isViolated |= (taken[budget] = taken.GetValueOrDefault(budget) + 1) > allowed[budget];
            (isViolated ? guarded : free).Add(victim);
        }

        return new Victims(all, guarded.ToImmutable(), free.ToImmutable());
    }
}
