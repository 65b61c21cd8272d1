namespace HaCluster.Simulation.Model;

/// <summary>How the rules of a workload spread its replicas over the domains of one topology (zones, nodes).</summary>
/// <param name="AtWorst">Replicas that one domain may hold while every required rule is kept.</param>
/// <param name="IsPreferred">A preferred rule asks for fewer than <paramref name="AtWorst"/> per domain, without a guarantee.</param>
public readonly record struct Separation(int AtWorst, bool IsPreferred)
{
    /// <param name="topologyKey">Such as <see cref="Labels.Zone"/>.</param>
    /// <param name="domains">Domains that the pods of the workload may run in.</param>
    /// <param name="enclosing">Rules over a larger topology limit the smaller one: a node cannot hold more than its zone.</param>
    public static Separation Of(Workload workload, string topologyKey, int domains, Separation? enclosing = null)
    {
        var (pods, replicas) = (workload.Pods, workload.Replicas);
        var worst = Math.Min(replicas, enclosing?.AtWorst ?? replicas);
        if (pods.Affinity.Apart.Any(IsOwn))
            worst = Math.Min(worst, 1);
        foreach (var spread in pods.Spread.Where(spread => spread.IsRequired && Counts(spread)))
            worst = Math.Min(worst, AtWorstUnder(spread, replicas, domains));
        var isPreferred = worst > 1
            && (pods.Spread.Any(spread => !spread.IsRequired && Counts(spread)) || pods.Affinity.PreferredApart.Any(preferred => IsOwn(preferred.Term)));
        return new Separation(worst, isPreferred);

        bool Counts(TopologySpread spread) => spread.TopologyKey == topologyKey && spread.Selector?.Matches(pods.Labels) == true;
        bool IsOwn(PodAffinityTerm term) => term.TopologyKey == topologyKey && term.MismatchLabelKeys.IsEmpty && term.Selects(workload.Namespace, workload.Namespace, pods.Labels);
    }

    /// <summary>
    /// A pod may be placed in a domain if that then has at most <c>maxSkew</c> more than the emptiest one, which counts as empty while there are fewer
    /// domains than <c>minDomains</c>: m in one domain needs m - maxSkew in each of the others
    /// (https://kubernetes.io/docs/concepts/scheduling-eviction/topology-spread-constraints/#spread-constraint-definition).
    /// </summary>
    private static int AtWorstUnder(TopologySpread spread, int replicas, int domains) => domains < spread.MinDomains
        ? Math.Min(replicas, spread.MaxSkew)
        : domains <= 1 ? replicas
        : Math.Min(replicas, Math.Max(1, (replicas + ((domains - 1) * spread.MaxSkew)) / domains));
}
