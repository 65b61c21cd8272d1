using System.Collections.Immutable;

namespace HaCluster.Simulation.Model;

/// <summary>Pods near which, or away from which, a pod wants to be.</summary>
/// <param name="Namespaces">Names of namespaces; empty means the pod's own, unless <paramref name="AllNamespaces"/>.</param>
/// <param name="AllNamespaces">An empty <c>namespaceSelector</c>.</param>
public sealed record PodAffinityTerm(LabelSelector? Selector, string TopologyKey, ImmutableArray<string> Namespaces, bool AllNamespaces = false)
{
    public bool Selects(string owner, string @namespace, IReadOnlyDictionary<string, string> labels) =>
        (AllNamespaces || (Namespaces.IsEmpty ? owner == @namespace : Namespaces.Contains(@namespace))) && Selector?.Matches(labels) == true;
}
