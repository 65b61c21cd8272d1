using System.Collections.Immutable;
using System.Globalization;

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

/// <summary>One condition on a label, as Kubernetes reads it: a label that is missing satisfies <see cref="LabelOperator.NotIn"/>.</summary>
public sealed record LabelRequirement(string Key, LabelOperator Operator, ImmutableArray<string> Values)
{
    public bool Matches(IReadOnlyDictionary<string, string> labels)
    {
        var value = labels.GetValueOrDefault(Key);
        return Operator switch
        {
            LabelOperator.In => value is not null && Values.Contains(value),
            LabelOperator.NotIn => value is null || !Values.Contains(value),
            LabelOperator.Exists => value is not null,
            LabelOperator.DoesNotExist => value is null,
            _ => Compares(value),
        };
    }

    /// <summary>Whether the value is greater, or less, than the required one.</summary>
    internal bool Compares(string? value) => Operator == LabelOperator.Gt ? Compare(value) is > 0 : Compare(value) is < 0;

    public bool Equals(LabelRequirement? other) => other is not null && Key == other.Key && Operator == other.Operator
        && Values.AsSpan().SequenceEqual(other.Values.AsSpan());

    public override int GetHashCode() => HashCode.Combine(Key, Operator, Values.Length);

    /// <summary>Null when either side is not a whole number.</summary>
    private int? Compare(string? value) =>
        Values is [var bound] && long.TryParse(bound, CultureInfo.InvariantCulture, out var limit)
        && long.TryParse(value, CultureInfo.InvariantCulture, out var number)
            ? number.CompareTo(limit)
            : null;
}

/// <summary>Operators of label and node selectors; the last two for nodes only.</summary>
public enum LabelOperator
{
    In,
    NotIn,
    Exists,
    DoesNotExist,
    Gt,
    Lt,
}
