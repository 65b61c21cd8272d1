using System.Collections.Immutable;
using HaCluster.Engine.Graph;
using HaCluster.Planning.Costs.Prices;
using HaCluster.Planning.Costs.Usage;
using HaCluster.Planning.Facts;

namespace HaCluster.Planning.Costs.Estimates;

/// <summary>Where pricers write what they find: lines with prices, and what has none.</summary>
internal sealed class CostSheet
{
    private readonly PriceList _prices;
    private readonly UsageAssumptions _usage;
    private readonly Dictionary<string, ResourceNode> _byUrn;
    private readonly List<CostLine> _lines = [];
    private readonly List<UnpricedCost> _unpriced = [];

    public CostSheet(ResourceGraph graph, string region, PriceList prices, UsageAssumptions usage)
    {
        _prices = prices;
        _usage = usage;
        _byUrn = graph.Resources.DistinctBy(resource => resource.Urn).ToDictionary(resource => resource.Urn);
        Graph = graph;
        Region = region;
        Subnets = new SubnetIndex(graph);
        Zones = [.. Subnets.All.Select(subnet => subnet.Zone).Distinct().Order(StringComparer.Ordinal)];
    }

    public ResourceGraph Graph { get; }

    public string Region { get; }

    public SubnetIndex Subnets { get; }

    /// <summary>Of the network, sorted.</summary>
    public ImmutableArray<string> Zones { get; }

    public IReadOnlyList<CostLine> Lines => _lines;

    public IEnumerable<UnpricedCost> Unpriced => _unpriced.Distinct();

    public IEnumerable<ResourceNode> OfType(string type) => Graph.Resources.Where(resource => resource.Type == type && !resource.IsRead);

    public void Add(ResourceNode owner, CostItem item)
    {
        if (item.Count == CostRange.Zero)
            return;
        if (PriceOf(owner, item.What, item.Item) is not { } price || PriceOf(owner, item.What, item.OnDemandItem ?? item.Item) is not { } onDemand)
            return;
        _lines.Add(new CostLine
        {
            Component = ComponentOf(owner),
            What = item.What,
            Count = item.Count,
            Price = price,
            OnDemandPrice = onDemand,
            Role = item.Role,
            Subject = item.Subject,
            Replicas = item.Replicas,
            Zones = item.Zones,
        });
    }

    /// <summary>What is used, in the amount that is assumed, as often as <paramref name="times"/>.</summary>
    public void Assume(ResourceNode owner, UsageAmount usage, decimal times = 1, string? what = null)
    {
        if (_usage[usage] * times is var amount && amount != 0 && PriceOf(owner, usage.What, usage.Item) is { } price)
        {
            _lines.Add(new CostLine
            {
                Component = ComponentOf(owner),
                What = what ?? usage.What,
                Count = amount,
                Price = price,
                OnDemandPrice = price,
                Assumption = usage.Name,
            });
        }
    }

    public void Unknown(ResourceNode owner, string what, string reason) => _unpriced.Add(new UnpricedCost(ComponentOf(owner), what, reason));

    public IEnumerable<AssumedUsage> Assumed() =>
        UsageCatalog.All.Select(usage => (Usage: usage, Lines: _lines.Where(line => line.Assumption == usage.Name).ToList()))
            .Where(pair => pair.Lines.Count > 0)
            .Select(pair => new AssumedUsage(pair.Usage, _usage[pair.Usage], CostRange.Sum(pair.Lines.Select(line => line.Monthly))));

    private Price? PriceOf(ResourceNode owner, string what, string item)
    {
        if (_prices.Find(Region, item) is { } price)
            return price;
        Unknown(owner, what, $"no price of {item} in {Region}; give one with --prices FILE: {PriceFile.Heading}");
        return null;
    }

    /// <summary>The component right below the stack.</summary>
    private string ComponentOf(ResourceNode resource)
    {
        var component = resource;
        while (component.Parent is { } parent && _byUrn.TryGetValue(parent, out var above) && above.Type != ResourceUrn.StackType && above != component)
            component = above;
        return component.Name;
    }
}
