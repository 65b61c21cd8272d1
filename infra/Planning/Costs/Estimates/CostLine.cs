using System.Collections.Immutable;
using HaCluster.Planning.Costs.Prices;

namespace HaCluster.Planning.Costs.Estimates;

/// <summary>Something of one kind that costs money each month.</summary>
public sealed record CostLine
{
    /// <summary>The component of the stack it belongs to.</summary>
    public required string Component { get; init; }

    /// <summary>In words, without its number.</summary>
    public required string What { get; init; }

    /// <summary>How many of it; for storage and traffic the amount.</summary>
    public required CostRange Count { get; init; }

    public required Price Price { get; init; }

    /// <summary>The same as <see cref="Price"/>, but for spot.</summary>
    public required Price OnDemandPrice { get; init; }

    public CostRole Role { get; init; }

    /// <summary>The database, domain or workload it is a part of.</summary>
    public string? Subject { get; init; }

    /// <summary>How many equal ones it is the sum of, where that is known.</summary>
    public int Replicas { get; init; } = 1;

    /// <summary>Zones it is in, in equal shares; empty for what is in none or in all of the region.</summary>
    public ImmutableArray<string> Zones { get; init; } = [];

    /// <summary>The name of the usage that was assumed; null for what the plan itself says.</summary>
    public string? Assumption { get; init; }

    public CostRange Monthly => Count * (Price.UnitsPerMonth * Price.Usd);

    public CostRange MonthlyOnDemand => Count * (OnDemandPrice.UnitsPerMonth * OnDemandPrice.Usd);

    public bool IsSpot => Price != OnDemandPrice;

    public CostRange MonthlyIn(string zone) => Zones.Contains(zone) ? Monthly / Zones.Length : CostRange.Zero;

    /// <summary>Lines of the same thing at the same price as one, whichever zones they are in.</summary>
    internal static IEnumerable<CostLine> Merge(IEnumerable<CostLine> lines) =>
        lines.GroupBy(line => (line.Component, line.What, line.Price, line.Assumption)).Select(same => same.First() with
        {
            Count = CostRange.Sum(same.Select(line => line.Count)),
            Zones = [.. same.SelectMany(line => line.Zones).Distinct().Order(StringComparer.Ordinal)],
        });
}
