using System.Collections.Immutable;

namespace HaCluster.Simulation.Model;

/// <summary>All requirements must match; an empty selector selects everything. An absent selector is null, and selects nothing.</summary>
public sealed record LabelSelector(ImmutableArray<LabelRequirement> Requirements)
{
    public static readonly LabelSelector Everything = new([]);

    public static LabelSelector Of(IEnumerable<KeyValuePair<string, string>> labels) =>
        new([.. labels.OrderBy(label => label.Key, StringComparer.Ordinal).Select(label => new LabelRequirement(label.Key, LabelOperator.In, [label.Value]))]);

    public bool Matches(IReadOnlyDictionary<string, string> labels)
    {
        foreach (var requirement in Requirements)
        {
            if (!requirement.Matches(labels))
                return false;
        }

        return true;
    }

    public bool Equals(LabelSelector? other) => other is not null && Requirements.AsSpan().SequenceEqual(other.Requirements.AsSpan());

    public override int GetHashCode() => Requirements.Aggregate(17, HashCode.Combine);
}
