using System.Collections.Immutable;

namespace HaCluster.Planning.Costs.Estimates;

/// <summary>A component of the stack and what it costs; the most expensive line first.</summary>
public sealed record CostComponent(string Name, ImmutableArray<CostLine> Lines)
{
    public CostRange Monthly => CostRange.Sum(Lines.Select(line => line.Monthly));

    /// <summary>The part that follows from assumed usage.</summary>
    public CostRange Assumed => CostRange.Sum(Lines.Where(line => line.Assumption is not null).Select(line => line.Monthly));

    internal static ImmutableArray<CostComponent> Of(IEnumerable<CostLine> lines) =>
    [
        .. CostLine.Merge(lines)
            .GroupBy(line => line.Component)
            .Select(group => new CostComponent(group.Key, DearestFirst(group)))
            .OrderByDescending(component => component.Monthly.AtRest)
            .ThenBy(component => component.Name, StringComparer.Ordinal),
    ];

    private static ImmutableArray<CostLine> DearestFirst(IEnumerable<CostLine> lines) =>
    [
        .. lines.OrderByDescending(line => line.Monthly.AtRest)
            .ThenByDescending(line => line.Monthly.AtMost)
            .ThenBy(line => line.What, StringComparer.Ordinal),
    ];
}
