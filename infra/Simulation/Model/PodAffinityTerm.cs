using System.Collections.Immutable;

namespace HaCluster.Simulation.Model;

/// <summary>Pods that a pod must or should be near, or away from.</summary>
/// <param name="Namespaces">Names of namespaces; empty means the pod's own, unless <paramref name="AllNamespaces"/>.</param>
/// <param name="AllNamespaces">An empty <c>namespaceSelector</c>.</param>
public sealed record PodAffinityTerm(LabelSelector? Selector, string TopologyKey, ImmutableArray<string> Namespaces, bool AllNamespaces = false)
{
    /// <summary>Label keys of the pod with the term: only pods with equal values match.</summary>
    public ImmutableArray<string> MatchLabelKeys { get; init; } = [];

    /// <summary>Likewise for pods with other values.</summary>
    public ImmutableArray<string> MismatchLabelKeys { get; init; } = [];

    /// <summary>As the API server writes it into a pod with these labels: the keys turned into requirements of the selector.</summary>
    public PodAffinityTerm For(IReadOnlyDictionary<string, string> labels)
    {
        if (Selector is null || (MatchLabelKeys.IsEmpty && MismatchLabelKeys.IsEmpty))
            return this;
        var added = Keyed(MatchLabelKeys, LabelOperator.In).Concat(Keyed(MismatchLabelKeys, LabelOperator.NotIn));
        return new PodAffinityTerm(new LabelSelector([.. Selector.Requirements, .. added]), TopologyKey, Namespaces, AllNamespaces);

        IEnumerable<LabelRequirement> Keyed(ImmutableArray<string> keys, LabelOperator @operator) =>
            keys.Where(labels.ContainsKey).Select(key => new LabelRequirement(key, @operator, [labels[key]]));
    }

    public bool Selects(string owner, string @namespace, IReadOnlyDictionary<string, string> labels) =>
        (AllNamespaces || (Namespaces.IsEmpty ? owner == @namespace : Namespaces.Contains(@namespace))) && Selector?.Matches(labels) == true;
}

/// <summary>A preference for being near pods, or away from them; weight 1 to 100.</summary>
public sealed record PreferredPods(int Weight, PodAffinityTerm Term);
