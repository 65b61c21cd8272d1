using System.Collections.Immutable;
using HaCluster.Engine.Values;
using HaCluster.Planning.Facts;
using HaCluster.Simulation.Model;

namespace HaCluster.Planning.Modelling.Pods;

/// <summary>Labels and selectors as Kubernetes writes them.</summary>
internal static class SelectorReader
{
    private static readonly Dictionary<string, LabelOperator> Operators = new(StringComparer.Ordinal)
    {
        ["In"] = LabelOperator.In,
        ["NotIn"] = LabelOperator.NotIn,
        ["Exists"] = LabelOperator.Exists,
        ["DoesNotExist"] = LabelOperator.DoesNotExist,
        ["Gt"] = LabelOperator.Gt,
        ["Lt"] = LabelOperator.Lt,
    };

    /// <summary>A <c>labelSelector</c>; null for one that is absent, which selects nothing.</summary>
    public static LabelSelector? Selector(PropertyValue? selector) => selector is not PropertyValue.Map
        ? null
        : new LabelSelector([.. LabelSelector.Of(Labels(selector.At("matchLabels"))).Requirements, .. Requirements(selector.At("matchExpressions"))]);

    public static ImmutableArray<LabelRequirement> Requirements(PropertyValue? expressions) => [.. expressions.Items().Select(Requirement)];

    public static ImmutableSortedDictionary<string, string> Labels(PropertyValue? labels) =>
        labels.Entries().ToImmutableSortedDictionary(entry => entry.Key, entry => entry.Value.Text() ?? "", StringComparer.Ordinal);

    public static LabelOperator OperatorOf(PropertyValue? expression) => Operators.GetValueOrDefault(expression.At("operator").Text() ?? "", LabelOperator.In);

    private static LabelRequirement Requirement(PropertyValue expression) => new(
        expression.At("key").Text() ?? "",
        OperatorOf(expression),
        [.. expression.At("values").Texts()]);
}
