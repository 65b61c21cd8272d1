using System.Collections.Immutable;

namespace HaCluster.Simulation.Scheduling;

/// <summary>
/// Makes room for a pod by evicting pods of lower priority. Mirrors
/// https://github.com/kubernetes/kubernetes/blob/v1.35.0/pkg/scheduler/framework/plugins/defaultpreemption/default_preemption.go and
/// https://github.com/kubernetes/kubernetes/blob/v1.35.0/pkg/scheduler/framework/preemption/preemption.go. Pods that were bound earlier
/// count as started earlier.
/// </summary>
public static class Preemption
{
    /// <summary>The sufficient number of candidates: a tenth of the nodes, at least this many.</summary>
    private const int LeastCandidates = 100;

    /// <summary>Null when no eviction helps. Changes nothing.</summary>
    /// <param name="evicted">Pods evicted before, already counted by budgets.</param>
    public static Eviction? Find(Scheduler scheduler, ClusterState state, Pod pod, BudgetCover budgets, IReadOnlyCollection<Pod>? evicted = null)
    {
        if (!pod.Spec.Preempts)
            return null;
        var nodes = state.Nodes.Where(node => HasLesser(node, pod) && scheduler.CouldFitWithout(state, pod, node)).ToArray();
        if (nodes.Length == 0)
            return null;
        var allowed = budgets.AllowedIn(state, evicted ?? []);
        var candidates = Candidates(scheduler, state, pod, nodes, node => Victims.Sort(state, node, pod, budgets, allowed));
        return candidates.Count == 0 ? null : Best(state, candidates);
    }

    private static bool HasLesser(NodeState node, Pod pod)
    {
        foreach (var other in node.PodsNow)
        {
            if (other.Spec.Priority < pod.Spec.Priority)
                return true;
        }

        return false;
    }

    /// <summary>Starts at a random node, and ends when there are enough candidates and one of them violates no budget.</summary>
    private static List<Eviction> Candidates(
        Scheduler scheduler, ClusterState state, Pod pod, NodeState[] nodes, Func<NodeState, Victims> victimsOf)
    {
        var (trial, respecting, violating) = (state.Clone(), new List<Eviction>(), new List<Eviction>());
        var enough = Math.Min(nodes.Length, Math.Max(LeastCandidates, nodes.Length / 10));
        var offset = TieBreak.Choose(scheduler.Options.Seed, state.Cursor.Decisions, nodes.Length);
        for (var at = 0; at < nodes.Length && (respecting.Count == 0 || respecting.Count + violating.Count < enough); at++)
        {
            var node = nodes[(offset + at) % nodes.Length];
            if (Try(scheduler, trial, pod, trial.NodeAt(node.Index), victimsOf(node)) is { } found)
                (found.BudgetViolations == 0 ? respecting : violating).Add(found with { Node = node });
        }

        return [.. respecting, .. violating];
    }

    /// <summary>Removes all victims, then reprieves as many as possible: first those protected by a budget, highest priority first.</summary>
    private static Eviction? Try(Scheduler scheduler, ClusterState trial, Pod pod, NodeState node, Victims victims)
    {
        if (victims.IsEmpty)
            return null;
        foreach (var victim in victims.ByImportance)
            trial.Unbind(victim);
        var evicted = new List<Pod>();
        var violations = 0;
        if (scheduler.Fits(trial, pod, node))
        {
            foreach (var victim in victims.Protected)
                violations += Reprieve(scheduler, trial, pod, node, victim, evicted) ? 0 : 1;
            foreach (var victim in victims.Unprotected)
                Reprieve(scheduler, trial, pod, node, victim, evicted);
        }

        foreach (var victim in victims.ByImportance)
        {
            if (trial.NodeOf(victim) is null)
                trial.Bind(victim, node);
        }

        return evicted.Count == 0 ? null : new Eviction(node, [.. victims.ByImportance.Where(evicted.Contains)], violations);
    }

    private static bool Reprieve(Scheduler scheduler, ClusterState trial, Pod pod, NodeState node, Pod victim, List<Pod> evicted)
    {
        trial.Bind(victim, node);
        if (scheduler.Fits(trial, pod, node))
            return true;
        trial.Unbind(victim);
        evicted.Add(victim);
        return false;
    }

    /// <summary>
    /// In this order: fewest budget violations, lowest priority of the first victim, smallest sum of priorities, fewest victims, latest started.
    /// </summary>
    private static Eviction Best(ClusterState state, List<Eviction> candidates) => candidates
        .OrderBy(candidate => candidate.BudgetViolations)
        .ThenBy(candidate => candidate.Victims[0].Spec.Priority)
        .ThenBy(candidate => candidate.Victims.Sum(victim => (long)victim.Spec.Priority + int.MaxValue + 1))
        .ThenBy(candidate => candidate.Victims.Length)
        .ThenByDescending(candidate => candidate.Victims.Where(victim => victim.Spec.Priority == candidate.Victims[0].Spec.Priority)
            .Min(state.BindingOf))
        .First();
}
