using System.Collections.Immutable;
using HaCluster.Planning.Costs.Estimates;

namespace HaCluster.Planning.Costs.Differences;

/// <summary>The difference in cost between two plans.</summary>
public sealed record CostDifference(CostEstimate Before, CostEstimate After)
{
    public CostRange Monthly => After.Monthly - Before.Monthly;

    /// <summary>Every component of either, the largest difference first.</summary>
    public ImmutableArray<ComponentDifference> Components { get; } =
    [
        .. Before.Components.Concat(After.Components).Select(component => component.Name).Distinct()
            .Select(name => new ComponentDifference(name, MonthlyOf(Before, name), MonthlyOf(After, name)))
            .OrderByDescending(component => Math.Abs(component.Monthly.AtRest))
            .ThenBy(component => component.Name, StringComparer.Ordinal),
    ];

    /// <summary>Added, removed or changed lines; the largest difference first.</summary>
    public ImmutableArray<LineDifference> Lines { get; } = [.. LinesOf(Before, After)];

    private static CostRange MonthlyOf(CostEstimate estimate, string component) =>
        CostRange.Sum(estimate.Components.Where(candidate => candidate.Name == component).Select(candidate => candidate.Monthly));

    private static IEnumerable<LineDifference> LinesOf(CostEstimate before, CostEstimate after)
    {
        var old = before.Lines.ToLookup(line => (line.Component, line.What));
        var now = after.Lines.ToLookup(line => (line.Component, line.What));
        return old.Select(group => group.Key).Union(now.Select(group => group.Key))
            .Select(key => new LineDifference(
                key.Component, key.What, CountOf(old[key]), CountOf(now[key]), MonthlyOf(now[key]) - MonthlyOf(old[key])))
            .Where(line => line.Monthly != CostRange.Zero || line.CountBefore != line.CountAfter)
            .OrderByDescending(line => Math.Abs(line.Monthly.AtRest))
            .ThenByDescending(line => Math.Abs(line.Monthly.AtMost))
            .ThenBy(line => line.Component, StringComparer.Ordinal)
            .ThenBy(line => line.What, StringComparer.Ordinal);
    }

    private static CostRange? CountOf(IEnumerable<CostLine> lines)
    {
        var counts = lines.Select(line => line.Count).ToList();
        return counts.Count == 0 ? null : CostRange.Sum(counts);
    }

    private static CostRange MonthlyOf(IEnumerable<CostLine> lines) => CostRange.Sum(lines.Select(line => line.Monthly));
}

/// <summary>A component in two plans; zero where a plan does not have it.</summary>
public sealed record ComponentDifference(string Name, CostRange Before, CostRange After)
{
    public CostRange Monthly => After - Before;
}
