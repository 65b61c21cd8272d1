using System.Collections.Immutable;
using HaCluster.Engine.Values;
using HaCluster.Planning.Facts;
using HaCluster.Simulation.Model;

namespace HaCluster.Planning.Modelling.Pods;

/// <summary>A pod's <c>affinity</c>.</summary>
/// <param name="namespaces">Their labels, which a <c>namespaceSelector</c> looks at.</param>
internal sealed class AffinityReader(IReadOnlyDictionary<string, ImmutableSortedDictionary<string, string>> namespaces)
{
    private const string Required = "requiredDuringSchedulingIgnoredDuringExecution";
    private const string Preferred = "preferredDuringSchedulingIgnoredDuringExecution";

    public Affinity Read(PropertyValue? affinity) => affinity is null ? Affinity.None : new Affinity
    {
        Nodes = Terms(affinity.At("nodeAffinity", Required)),
        PreferredNodes =
        [
            .. affinity.At("nodeAffinity", Preferred).Items().Select(one => new PreferredNodes(one.At("weight").Integer() ?? 1, Nodes(one.At("preference")))),
        ],
        Near = RequiredPods(affinity.At("podAffinity", Required)),
        PreferredNear = PreferredPods(affinity.At("podAffinity", Preferred)),
        Apart = RequiredPods(affinity.At("podAntiAffinity", Required)),
        PreferredApart = PreferredPods(affinity.At("podAntiAffinity", Preferred)),
    };

    /// <summary>A <c>nodeSelector</c> of terms, of which one must match.</summary>
    public static ImmutableArray<NodeAffinityTerm> Terms(PropertyValue? selector) => [.. selector.At("nodeSelectorTerms").Items().Select(Nodes)];

    private static NodeAffinityTerm Nodes(PropertyValue? term) =>
        new(SelectorReader.Requirements(term.At("matchExpressions")), SelectorReader.Requirements(term.At("matchFields")));

    private ImmutableArray<PodAffinityTerm> RequiredPods(PropertyValue? terms) => [.. terms.Items().Select(Pods)];

    private ImmutableArray<PreferredPods> PreferredPods(PropertyValue? terms) =>
        [.. terms.Items().Select(one => new PreferredPods(one.At("weight").Integer() ?? 1, Pods(one.At("podAffinityTerm"))))];

    private PodAffinityTerm Pods(PropertyValue? term) => Selecting(term) with
    {
        MatchLabelKeys = [.. term.At("matchLabelKeys").Texts()],
        MismatchLabelKeys = [.. term.At("mismatchLabelKeys").Texts()],
    };

    private PodAffinityTerm Selecting(PropertyValue? term)
    {
        var (selector, key) = (SelectorReader.Selector(term.At("labelSelector")), term.At("topologyKey").Text() ?? "");
        ImmutableArray<string> named = [.. term.At("namespaces").Texts()];
        if (SelectorReader.Selector(term.At("namespaceSelector")) is not { } selected)
            return new PodAffinityTerm(selector, key, named);
        if (selected.Requirements.IsEmpty)
            return new PodAffinityTerm(selector, key, named, AllNamespaces: true);
        ImmutableArray<string> found = [.. named.Union(namespaces.Where(one => selected.Matches(one.Value)).Select(one => one.Key), StringComparer.Ordinal)];
        // No matching namespace selects no pods; an empty list would mean the pod's own namespace.
        return new PodAffinityTerm(found.IsEmpty ? null : selector, key, found);
    }
}
