using System.Collections.Immutable;
using HaCluster.Engine.Graph;
using HaCluster.Engine.Values;
using HaCluster.Planning.Facts;

namespace HaCluster.Planning.ServiceQuotas.Needs;

/// <summary>The number of nodes of a managed group, including temporary ones.</summary>
/// <param name="Desired">The initial size.</param>
/// <param name="Surge">Nodes beyond the maximum while the group is updated.</param>
/// <param name="Disks">GiB of each node by volume type.</param>
internal sealed record NodeGroupDemand(
    string Name, string Cluster, ImmutableArray<string> InstanceTypes, bool IsSpot, int Desired, int Max, int Surge,
    ImmutableSortedDictionary<string, decimal> Disks)
{
    /// <summary>
    /// The default disk of a node without a template: 20 GiB (docs.aws.amazon.com/eks/latest/APIReference/API_CreateNodegroup.html, diskSize).
    /// </summary>
    private const decimal DefaultDiskGib = 20;

    public int AtMost => Max + Surge;

    public static ImmutableArray<NodeGroupDemand> Of(ResourceGraph graph, SubnetIndex subnets, List<string> notes)
    {
        var facts = NodeGroupFacts.Of(graph, subnets).ToLookup(group => group.Name);
        var templates = graph.OfType("aws:ec2/launchTemplate:LaunchTemplate").Where(template => template.Id is not null).ToLookup(template => template.Id!);
        return
        [
            .. graph.OfType("aws:eks/nodeGroup:NodeGroup")
                .Select(group => Of(group, facts[group.Name].First(), templates[group.Inputs.At("launchTemplate", "id").Text() ?? ""].FirstOrDefault(), notes)),
        ];
    }

    private static NodeGroupDemand Of(ResourceNode group, NodeGroupFacts facts, ResourceNode? template, List<string> notes) => new(
        group.Name,
        group.Inputs.At("clusterName").Text() ?? "",
        facts.InstanceTypes,
        facts.IsSpot,
        Math.Max(group.Inputs.At("scalingConfig", "desiredSize").Integer() ?? facts.Min, facts.Min),
        facts.Max,
        SurgeOf(group.Inputs.At("updateConfig"), facts),
        DisksOf(group, template, notes));

    /// <summary>
    /// "Increments the Auto Scaling group's maximum size and desired size by the larger of: up to twice the number of Availability Zones in
    /// which it is deployed; the maximum unavailable of upgrade."
    /// (docs.aws.amazon.com/eks/latest/userguide/managed-node-update-behavior.html, scale up phase)
    /// </summary>
    private static int SurgeOf(PropertyValue? updateConfig, NodeGroupFacts facts)
    {
        if (facts.Max == 0)
            return 0;
        var share = updateConfig.At("maxUnavailablePercentage").Integer() ?? 0;
        var unavailable = updateConfig.At("maxUnavailable").Integer() ?? Math.Max(1, ((facts.Max * share) + 99) / 100);
        return Math.Max(2 * Math.Max(1, facts.Zones.Length), unavailable);
    }

    private static ImmutableSortedDictionary<string, decimal> DisksOf(ResourceNode group, ResourceNode? template, List<string> notes)
    {
        var disks = template?.Inputs.At("blockDeviceMappings").Items() ?? [];
        if (disks.IsEmpty)
        {
            var size = group.Inputs.At("diskSize").Integer() ?? DefaultDiskGib;
            notes.Add($"{group.Name}: no disk is declared; {size} GiB of gp3 per node are assumed");
            return ImmutableSortedDictionary<string, decimal>.Empty.Add("gp3", size);
        }

        return disks
            .Where(disk => disk.At("ebs") is not null)
            .GroupBy(disk => disk.At("ebs", "volumeType").Text() ?? "gp2")
            .ToImmutableSortedDictionary(
                type => type.Key, type => type.Sum(disk => (decimal)(disk.At("ebs", "volumeSize").Integer() ?? 0)), StringComparer.Ordinal);
    }
}
