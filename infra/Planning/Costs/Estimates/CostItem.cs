using System.Collections.Immutable;

namespace HaCluster.Planning.Costs.Estimates;

/// <summary>An item found by a pricer, before its price is looked up.</summary>
/// <param name="Item">The price's name.</param>
internal sealed record CostItem(string What, string Item, CostRange Count)
{
    public CostRole Role { get; init; }

    public string? Subject { get; init; }

    public int Replicas { get; init; } = 1;

    public ImmutableArray<string> Zones { get; init; } = [];

    /// <summary>The on-demand price, if <see cref="Item"/> is a spot price.</summary>
    public string? OnDemandItem { get; init; }
}
