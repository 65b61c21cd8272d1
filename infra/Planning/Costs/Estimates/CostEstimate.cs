using System.Collections.Immutable;
using HaCluster.Engine.Graph;
using HaCluster.Planning.Costs.Pricers;
using HaCluster.Planning.Costs.Prices;
using HaCluster.Planning.Costs.Redundancy;
using HaCluster.Planning.Costs.Usage;
using HaCluster.Planning.Stacks;
using HaCluster.Simulation.Model;

namespace HaCluster.Planning.Costs.Estimates;

/// <summary>The monthly cost of a plan in USD without tax, for 730 hours.</summary>
public sealed record CostEstimate
{
    public required string Project { get; init; }

    public required string Stack { get; init; }

    public required string Region { get; init; }

    /// <summary>Most expensive first.</summary>
    public required ImmutableArray<CostComponent> Components { get; init; }

    public ImmutableArray<RedundancyCost> Redundancy { get; init; } = [];

    public ImmutableArray<AssumedUsage> Assumed { get; init; } = [];

    /// <summary>Items that cost money, or may, and are in no total because their price is not known.</summary>
    public ImmutableArray<UnpricedCost> Unpriced { get; init; } = [];

    /// <summary>Costs that are left out on purpose.</summary>
    public ImmutableArray<string> NotCounted { get; init; } = [];

    public ImmutableArray<FreeCost> Free { get; init; } = [];

    /// <summary>With spot groups at what spot costs on average.</summary>
    public CostRange Monthly => CostRange.Sum(Components.Select(component => component.Monthly));

    /// <summary>As if every spot group ran on demand.</summary>
    public CostRange MonthlyOnDemand => CostRange.Sum(Lines.Select(line => line.MonthlyOnDemand));

    public CostRange AssumedMonthly => CostRange.Sum(Components.Select(component => component.Assumed));

    public IEnumerable<CostLine> Lines => Components.SelectMany(component => component.Lines);

    /// <summary>Each price that is in the sums, once.</summary>
    public IEnumerable<Price> PricesUsed => Lines.SelectMany(line => new[] { line.Price, line.OnDemandPrice }).Distinct();

    /// <param name="cluster">The model of the plan, read once.</param>
    /// <param name="region">The region of the plan; null to derive it from the plan.</param>
    /// <exception cref="UnreadableInputException">The region is not known, or there are no prices for it.</exception>
    public static CostEstimate Of(ResourceGraph graph, ClusterModel cluster, string? region, PriceList prices, UsageAssumptions usage)
    {
        region ??= GraphRegion.Of(graph)
            ?? throw new UnreadableInputException($"the plan of stack {graph.Stack} does not say which region it is for");
        if (!prices.Regions.Contains(region))
        {
            throw new UnreadableInputException(
                $"there are no prices for {region}; regions with prices: {string.Join(", ", prices.Regions)};"
                + $" give others with --prices FILE ({PriceFile.Heading})");
        }

        var sheet = new CostSheet(graph, cluster, region, prices, usage);
        var free = ResourceCosts.Write(sheet).ToImmutableArray();
        return new CostEstimate
        {
            Project = graph.Project,
            Stack = graph.Stack,
            Region = region,
            Components = CostComponent.Of(sheet.Lines),
            Redundancy = [.. RedundancyCosts.Of(sheet)],
            Assumed = [.. sheet.Assumed()],
            Unpriced = [.. sheet.Unpriced],
            NotCounted = [.. UncountedCosts.Of(graph, region, prices)],
            Free = free,
        };
    }
}

/// <summary>Resources of a type that is free in AWS.</summary>
/// <param name="Type">The type token.</param>
/// <param name="Reason">Why they are free, or where the cost that they cause is counted.</param>
public sealed record FreeCost(string Type, int Count, string Reason);

/// <summary>A part of the plan that costs money, or may, and is in no total.</summary>
/// <param name="Reason">The missing information, and how to supply it.</param>
public sealed record UnpricedCost(string Component, string What, string Reason);
