using System.Collections.Immutable;
using HaCluster.Engine.Values;
using HaCluster.Planning.Facts;
using HaCluster.Simulation.Model;

namespace HaCluster.Planning.Modelling.Pods;

/// <summary>A pod's <c>affinity</c>.</summary>
internal static class AffinityReader
{
    private const string Required = "requiredDuringSchedulingIgnoredDuringExecution";
    private const string Preferred = "preferredDuringSchedulingIgnoredDuringExecution";

    /// <param name="labels">Of the pod: the values that <c>matchLabelKeys</c> adds to selectors.</param>
    public static Affinity Read(PropertyValue? affinity, IReadOnlyDictionary<string, string> labels) => affinity is null ? Affinity.None : new Affinity
    {
        Nodes = Terms(affinity.At("nodeAffinity", Required)),
        PreferredNodes =
        [
            .. affinity.At("nodeAffinity", Preferred).Items().Select(one => new PreferredNodes(one.At("weight").Integer() ?? 1, Nodes(one.At("preference")))),
        ],
        Near = Terms(affinity.At("podAffinity", Required), labels),
        PreferredNear = PreferredTerms(affinity.At("podAffinity", Preferred), labels),
        Apart = Terms(affinity.At("podAntiAffinity", Required), labels),
        PreferredApart = PreferredTerms(affinity.At("podAntiAffinity", Preferred), labels),
    };

    /// <summary>A <c>nodeSelector</c> of terms, of which one must match.</summary>
    public static ImmutableArray<NodeAffinityTerm> Terms(PropertyValue? selector) => [.. selector.At("nodeSelectorTerms").Items().Select(Nodes)];

    private static NodeAffinityTerm Nodes(PropertyValue? term) =>
        new(SelectorReader.Requirements(term.At("matchExpressions")), SelectorReader.Requirements(term.At("matchFields")));

    private static ImmutableArray<PodAffinityTerm> Terms(PropertyValue? terms, IReadOnlyDictionary<string, string> labels) =>
        [.. terms.Items().Select(term => Pods(term, labels))];

    private static ImmutableArray<PreferredPods> PreferredTerms(PropertyValue? terms, IReadOnlyDictionary<string, string> labels) =>
        [.. terms.Items().Select(one => new PreferredPods(one.At("weight").Integer() ?? 1, Pods(one.At("podAffinityTerm"), labels)))];

    private static PodAffinityTerm Pods(PropertyValue? term, IReadOnlyDictionary<string, string> labels) => new(
        WithKeys(SelectorReader.Selector(term.At("labelSelector")), term, labels),
        term.At("topologyKey").Text() ?? "",
        [.. term.At("namespaces").Texts()],
        AllNamespaces: term.At("namespaceSelector") is PropertyValue.Map selector && !selector.Entries.Values.Any(IsFilled));

    /// <summary><c>matchLabelKeys</c> and <c>mismatchLabelKeys</c>, which the API server turns into requirements.</summary>
    private static LabelSelector? WithKeys(LabelSelector? selector, PropertyValue? term, IReadOnlyDictionary<string, string> labels)
    {
        if (selector is null)
            return null;
        var added = Keyed("matchLabelKeys", LabelOperator.In).Concat(Keyed("mismatchLabelKeys", LabelOperator.NotIn));
        return new LabelSelector([.. selector.Requirements, .. added]);

        IEnumerable<LabelRequirement> Keyed(string list, LabelOperator @operator) => term.At(list).Texts()
            .Where(labels.ContainsKey)
            .Select(key => new LabelRequirement(key, @operator, [labels[key]]));
    }

    private static bool IsFilled(PropertyValue value) => value is PropertyValue.List { Items.IsEmpty: false } or PropertyValue.Map { Entries.IsEmpty: false };
}
