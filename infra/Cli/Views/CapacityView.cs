using System.Globalization;
using HaCluster.Planning.Capacity;
using HaCluster.Planning.Facts;
using HaCluster.Planning.Plans;
using Spectre.Console;

namespace HaCluster.Cli.Views;

/// <summary>Capacity by node group and by zone.</summary>
internal static class CapacityView
{
    public static void Show(IAnsiConsole console, Plan plan)
    {
        if (!plan.NodeGroups.IsEmpty)
            ShowGroups(console, plan);
        if (!plan.Network.Zones.IsEmpty)
            ShowZones(console, plan);
    }

    private static void ShowGroups(IAnsiConsole console, Plan plan)
    {
        Listing.Heading(console, "Node groups, minimum and maximum");
        var table = Listing.Create("~Group", "~Instance types", "Zones", ">Nodes", ">vCPU", ">Memory GiB");
        foreach (var group in plan.NodeGroups)
        {
            table.AddRow(
                new Prose(group.Name),
                new Prose(InstanceTypes(group)),
                new Text(string.Join(' ', group.Zones.Select(zone => Short(zone, plan.Region)))),
                new Text(Listing.Range(group.Min, group.Max)),
                new Text(Range(group, group.Min, group.Max, type => type.VirtualCpus)),
                new Text(Range(group, group.Min, group.Max, type => type.MemoryGib)));
        }

        Listing.Write(console, table);
    }

    private static void ShowZones(IAnsiConsole console, Plan plan)
    {
        Listing.Heading(console, "Zones, minimum and maximum");
        var table = Listing.Create("Zone", "~Subnets", ">NAT", ">Nodes", ">vCPU", ">Memory GiB");
        foreach (var zone in plan.Network.Zones)
        {
            var groups = plan.NodeGroups.Where(group => group.Zones.Contains(zone.Name)).ToList();
            table.AddRow(
                new Text(zone.Name),
                new Prose(Subnets(zone)),
                new Text(zone.NatGateways.ToString(CultureInfo.InvariantCulture)),
                new Text(Listing.Range(groups.Sum(group => group.MinPerZone), groups.Sum(group => group.MaxPerZone))),
                new Text(Range(groups, type => type.VirtualCpus)),
                new Text(Range(groups, type => type.MemoryGib)));
        }

        Listing.Write(console, table);
    }

    private static string InstanceTypes(NodeGroupFacts group)
    {
        var types = group.InstanceTypes.IsEmpty ? "chosen by AWS" : string.Join(", ", group.InstanceTypes);
        return group.IsSpot ? $"{types} (spot)" : types;
    }

    /// <summary>Shortens <c>eu-central-1a</c> to <c>a</c>, since the region is known.</summary>
    private static string Short(string zone, string? region) =>
        region is not null && zone.StartsWith(region, StringComparison.Ordinal) && zone.Length > region.Length ? zone[region.Length..].TrimStart('-') : zone;

    private static string Subnets(ZoneFacts zone) => string.Join(
        ", ",
        zone.Subnets.GroupBy(subnet => subnet.Reach).OrderByDescending(group => group.Key).Select(group => $"{group.Count()} {Name(group.Key)}"));

    private static string Name(SubnetReach reach) => reach switch
    {
        SubnetReach.Internet => "public",
        SubnetReach.Nat => "private",
        _ => "isolated",
    };

    private static string Range(NodeGroupFacts group, int min, int max, Func<InstanceType, decimal> amount) =>
        group.SmallestType is { } type ? Range(min * amount(type), max * amount(type)) : "unknown";

    private static string Range(List<NodeGroupFacts> groups, Func<InstanceType, decimal> amount) => Range(
        groups.Sum(group => group.SmallestType is { } type ? group.MinPerZone * amount(type) : 0),
        groups.Sum(group => group.SmallestType is { } type ? group.MaxPerZone * amount(type) : 0));

    private static string Range(decimal from, decimal to) =>
        from == to ? Quantity.Number(from) : $"{Quantity.Number(from)}-{Quantity.Number(to)}";
}
