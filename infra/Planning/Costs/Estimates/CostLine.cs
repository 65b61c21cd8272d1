using System.Collections.Immutable;
using HaCluster.Planning.Costs.Prices;

namespace HaCluster.Planning.Costs.Estimates;

/// <summary>A monthly cost of one kind.</summary>
public sealed record CostLine
{
    /// <summary>The component of the stack that it belongs to.</summary>
    public required string Component { get; init; }

    /// <summary>The description, without the count.</summary>
    public required string What { get; init; }

    /// <summary>How many of it; for storage and traffic the amount.</summary>
    public required CostRange Count { get; init; }

    public required Price Price { get; init; }

    /// <summary>The on-demand price, if <see cref="Price"/> is a spot price.</summary>
    public required Price OnDemandPrice { get; init; }

    public CostRole Role { get; init; }

    /// <summary>The database, domain or workload it is a part of.</summary>
    public string? Subject { get; init; }

    /// <summary>The number of equal replicas that it sums up, where that is known.</summary>
    public int Replicas { get; init; } = 1;

    /// <summary>The zones that it is spread over in equal shares; empty for items without a zone or of the whole region.</summary>
    public ImmutableArray<string> Zones { get; init; } = [];

    /// <summary>The name of the usage assumption; null for amounts that the plan itself declares.</summary>
    public string? Assumption { get; init; }

    public CostRange Monthly => Count * (Price.UnitsPerMonth * Price.Usd);

    public CostRange MonthlyOnDemand => Count * (OnDemandPrice.UnitsPerMonth * OnDemandPrice.Usd);

    public bool IsSpot => Price != OnDemandPrice;

    public CostRange MonthlyIn(string zone) => Zones.Contains(zone) ? Monthly / Zones.Length : CostRange.Zero;

    /// <summary>Merges lines of the same item and price, across zones.</summary>
    internal static IEnumerable<CostLine> Merge(IEnumerable<CostLine> lines) =>
        lines.GroupBy(line => (line.Component, line.What, line.Price, line.Assumption)).Select(same => same.First() with
        {
            Count = CostRange.Sum(same.Select(line => line.Count)),
            Zones = [.. same.SelectMany(line => line.Zones).Distinct().Order(StringComparer.Ordinal)],
        });
}
