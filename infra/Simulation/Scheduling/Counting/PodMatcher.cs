using System.Collections.Immutable;
using HaCluster.Simulation.Model;

namespace HaCluster.Simulation.Scheduling.Counting;

/// <summary>
/// Selects pods: those that match all of its terms. The terms name their namespaces, so the namespace of the pod no longer matters.
/// </summary>
internal sealed class PodMatcher(ImmutableArray<PodAffinityTerm> terms)
{
    /// <summary>The matching groups among all known groups.</summary>
    public List<PodGroup> Groups { get; } = [];

    /// <summary>Count the pods that it matches.</summary>
    public List<Counter> Counters { get; } = [];

    /// <summary>Count the pods with anti-affinity to the pods it matches.</summary>
    public List<Counter> Refusing { get; } = [];

    /// <summary>Sum the affinity weights of other pods for the pods it matches.</summary>
    public List<Counter> Preferring { get; } = [];

    /// <summary>A required label, if there is one; used as an index, so that not every matcher is tried on every pod.</summary>
    public string? IndexKey { get; } = IndexKeyOf(terms[0]);

    public bool Matches(PodGroup group)
    {
        foreach (var term in terms)
        {
            if (!(term.AllNamespaces || term.Namespaces.Contains(group.Namespace)) || term.Selector?.Matches(group.Labels) != true)
                return false;
        }

        return true;
    }

    public static string IndexKeyOf(string @namespace, string label, string value) => $"{@namespace}\n{label}\n{value}";

    private static string? IndexKeyOf(PodAffinityTerm term) =>
        !term.AllNamespaces && term.Namespaces is [var @namespace]
        && term.Selector?.Requirements.FirstOrDefault(one => one is { Operator: LabelOperator.In, Values.Length: 1 }) is { } requirement
            ? IndexKeyOf(@namespace, requirement.Key, requirement.Values[0])
            : null;
}
