using System.Collections.Immutable;
using HaCluster.Engine.Graph;
using HaCluster.Planning.Costs.Prices;
using HaCluster.Planning.Costs.Usage;
using HaCluster.Planning.Facts;
using HaCluster.Simulation.Model;

namespace HaCluster.Planning.Costs.Estimates;

/// <summary>Collects the items that pricers find: lines with prices, and items without a price.</summary>
internal sealed class CostSheet
{
    private const string SharedComponent = "shared usage";

    private readonly PriceList _prices;
    private readonly UsageAssumptions _usage;
    private readonly Dictionary<string, ResourceNode> _byUrn;
    private readonly List<CostLine> _lines = [];
    private readonly List<UnpricedCost> _unpriced = [];

    public CostSheet(ResourceGraph graph, ClusterModel cluster, string region, PriceList prices, UsageAssumptions usage)
    {
        _prices = prices;
        _usage = usage;
        _byUrn = graph.Resources.DistinctBy(resource => resource.Urn).ToDictionary(resource => resource.Urn);
        Graph = graph;
        Cluster = cluster;
        Region = region;
        Subnets = new SubnetIndex(graph);
        Zones = [.. Subnets.All.Select(subnet => subnet.Zone).Distinct().Order(StringComparer.Ordinal)];
    }

    public ResourceGraph Graph { get; }

    public ClusterModel Cluster { get; }

    public string Region { get; }

    public SubnetIndex Subnets { get; }

    /// <summary>Of the network, sorted.</summary>
    public ImmutableArray<string> Zones { get; }

    public IReadOnlyList<CostLine> Lines => _lines;

    public IEnumerable<UnpricedCost> Unpriced => _unpriced.Distinct();

    /// <summary>Null when the plan has no such resource.</summary>
    public ResourceNode? Find(string urn) => _byUrn.GetValueOrDefault(urn);

    public IEnumerable<ResourceNode> OfType(string type) => Graph.Resources.Where(resource => resource.Type == type && !resource.IsRead);

    public void Add(ResourceNode owner, CostItem item)
    {
        if (item.Count == CostRange.Zero)
            return;
        var component = ComponentOf(owner);
        if (PriceOf(component, item.What, item.Item) is not { } price
            || PriceOf(component, item.What, item.OnDemandItem ?? item.Item) is not { } onDemand)
            return;
        _lines.Add(new CostLine
        {
            Component = component,
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

    /// <summary>Adds assumed usage, multiplied by <paramref name="times"/>.</summary>
    public void Assume(ResourceNode owner, UsageAmount usage, decimal times = 1, string? what = null) =>
        Assume(ComponentOf(owner), usage, times, what ?? usage.What);

    /// <summary>Adds usage that components share, so that it belongs to none of them.</summary>
    public void AssumeShared(UsageAmount usage) => Assume(SharedComponent, usage, times: 1, usage.What);

    public void Unknown(ResourceNode owner, string what, string reason) =>
        _unpriced.Add(new UnpricedCost(ComponentOf(owner), what, reason));

    public IEnumerable<AssumedUsage> Assumed() =>
        UsageCatalog.All.Select(usage => (Usage: usage, Lines: _lines.Where(line => line.Assumption == usage.Name).ToList()))
            .Where(pair => pair.Lines.Count > 0)
            .Select(pair => new AssumedUsage(pair.Usage, _usage[pair.Usage], CostRange.Sum(pair.Lines.Select(line => line.Monthly))));

    private void Assume(string component, UsageAmount usage, decimal times, string what)
    {
        if (_usage[usage] * times is var amount && amount != 0 && PriceOf(component, what, usage.Item) is { } price)
        {
            _lines.Add(new CostLine
            {
                Component = component,
                What = what,
                Count = amount,
                Price = price,
                OnDemandPrice = price,
                Assumption = usage.Name,
            });
        }
    }

    private Price? PriceOf(string component, string what, string item)
    {
        if (_prices.Find(Region, item) is { } price)
            return price;
        var advice = $"give one with --prices FILE: {PriceFile.Heading}";
        _unpriced.Add(new UnpricedCost(component, what, $"no price of {item} in {Region}; {advice}"));
        return null;
    }

    /// <summary>The component directly below the stack.</summary>
    private string ComponentOf(ResourceNode resource)
    {
        var component = resource;
        while (component.Parent is { } parent && _byUrn.TryGetValue(parent, out var above) && above.Type != ResourceUrn.StackType)
            component = above;
        return component.Name;
    }
}
