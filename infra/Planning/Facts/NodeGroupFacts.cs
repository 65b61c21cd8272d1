using System.Collections.Immutable;
using HaCluster.Engine.Graph;
using HaCluster.Planning.Capacity;

namespace HaCluster.Planning.Facts;

/// <summary>A declared managed node group, and its total capacity.</summary>
/// <param name="InstanceTypes">In order of preference; empty when AWS chooses.</param>
public sealed record NodeGroupFacts(
    string Name, ImmutableArray<string> Zones, ImmutableArray<string> InstanceTypes, bool IsSpot, int Min, int Max)
{
    /// <summary>The smallest of its instance types: the guaranteed capacity of a node. Null when no type is in the table.</summary>
    public InstanceType? SmallestType =>
        InstanceTypes.Select(InstanceTypeCatalog.Find).OfType<InstanceType>().OrderBy(type => type.VirtualCpus).ThenBy(type => type.MemoryGib).FirstOrDefault();

    public IEnumerable<string> UnknownTypes => InstanceTypes.Where(type => InstanceTypeCatalog.Find(type) is null);

    /// <summary>The guaranteed number of nodes in a zone while the group is at its minimum: AWS balances a group over its zones.</summary>
    public int MinPerZone => Zones.IsEmpty ? Min : Min / Zones.Length;

    /// <summary>The maximum number of nodes in a zone while the other zones are up.</summary>
    public int MaxPerZone => Zones.IsEmpty ? Max : (Max + Zones.Length - 1) / Zones.Length;

    internal static ImmutableArray<NodeGroupFacts> Of(ResourceGraph graph, SubnetIndex subnets)
    {
        var templates = graph.Resources.Where(resource => resource is { Type: "aws:ec2/launchTemplate:LaunchTemplate", Id: not null })
            .GroupBy(template => template.Id!).ToDictionary(group => group.Key, group => group.First());
        return
        [
            .. graph.Resources.Where(resource => resource.Type == "aws:eks/nodeGroup:NodeGroup")
                .Select(group => Of(group, subnets, templates))
                .OrderBy(group => group.Name, StringComparer.Ordinal),
        ];
    }

    private static NodeGroupFacts Of(ResourceNode group, SubnetIndex subnets, Dictionary<string, ResourceNode> templates)
    {
        var types = group.Inputs.At("instanceTypes").Texts().ToImmutableArray();
        if (types.IsEmpty
            && group.Inputs.At("launchTemplate", "id").Text() is { } id && templates.TryGetValue(id, out var template)
            && template.Inputs.At("instanceType").Text() is { } type)
            types = [type];
        return new NodeGroupFacts(
            group.Name,
            subnets.ZonesOf(group.Inputs.At("subnetIds").Texts()),
            types,
            group.Inputs.At("capacityType").Text() == "SPOT",
            group.Inputs.At("scalingConfig", "minSize").Integer() ?? 0,
            group.Inputs.At("scalingConfig", "maxSize").Integer() ?? 0);
    }
}
