using System.Collections.Immutable;
using HaCluster.Engine.Graph;
using HaCluster.Engine.Values;
using HaCluster.Planning.Costs.Estimates;
using HaCluster.Planning.Facts;

namespace HaCluster.Planning.Costs.Pricers;

/// <summary>Instances of node groups, and their disks.</summary>
internal static class NodeCosts
{
    // The default of EKS for a group without instance types: https://docs.aws.amazon.com/eks/latest/APIReference/API_CreateNodegroup.html
    private const string DefaultType = "t3.medium";
    private const int DefaultDiskGib = 20;

    public static void Add(ResourceNode group, CostSheet sheet)
    {
        var template = sheet.OfType("aws:ec2/launchTemplate:LaunchTemplate")
            .FirstOrDefault(candidate => candidate.Id is { } id && id == group.Inputs.At("launchTemplate", "id").Text());
        var scaling = group.Inputs.At("scalingConfig");
        var least = scaling.At("desiredSize").Integer() ?? scaling.At("minSize").Integer() ?? 0;
        var count = new CostRange(least, Math.Max(least, scaling.At("maxSize").Integer() ?? least));
        var zones = sheet.Subnets.ZonesOf(group.Inputs.At("subnetIds").Texts());
        AddInstances(group, template, count, zones, sheet);
        AddDisks(group, template, count, zones, sheet);
    }

    private static void AddInstances(
        ResourceNode group, ResourceNode? template, CostRange count, ImmutableArray<string> zones, CostSheet sheet)
    {
        var types = group.Inputs.At("instanceTypes").Texts().ToList();
        if (types.Count == 0)
            types.Add(template?.Inputs.At("instanceType").Text() ?? DefaultType);
        // For on-demand capacity AWS uses the first type that is available: https://docs.aws.amazon.com/eks/latest/userguide/managed-node-groups.html
        var isSpot = group.Inputs.At("capacityType").Text() == "SPOT";
        var (what, item) = isSpot ? ($"{types[0]}, spot", $"ec2-spot:{types[0]}") : (types[0], $"ec2:{types[0]}");
        sheet.Add(group, new CostItem($"{group.Name}: {what}", item, count)
        {
            Role = CostRole.Node,
            Subject = group.Name,
            Zones = zones,
            OnDemandItem = "ec2:" + types[0],
        });
    }

    private static void AddDisks(
        ResourceNode group, ResourceNode? template, CostRange count, ImmutableArray<string> zones, CostSheet sheet)
    {
        var mappings = template?.Inputs.At("blockDeviceMappings").Items() ?? [];
        var disks = mappings.Select(mapping => mapping.At("ebs")).OfType<PropertyValue>().ToList();
        if (disks.Count == 0)
        {
            Add($"{group.Name}: disks", "ebs:gp3", count * (group.Inputs.At("diskSize").Integer() ?? DefaultDiskGib));
            return;
        }

        foreach (var disk in disks)
        {
            foreach (var part in VolumeParts.Of(disk.At("volumeSize").Integer() ?? DefaultDiskGib, disk))
                Add($"{group.Name}: {part.Name("disks")}", part.Item, count * part.Amount);
        }

        void Add(string what, string item, CostRange amount) =>
            sheet.Add(group, new CostItem(what, item, amount) { Role = CostRole.NodeDisk, Subject = group.Name, Zones = zones });
    }
}
