using System.Collections.Immutable;
using HaCluster.Engine.Graph;
using HaCluster.Planning.Capacity;
using HaCluster.Planning.Facts;
using HaCluster.Planning.Modelling.Pods;
using HaCluster.Simulation.Model;

namespace HaCluster.Planning.Modelling.Nodes;

/// <summary>Node groups, and the guaranteed capacity of one of their nodes: of several instance types the minimum of each resource.</summary>
internal sealed class NodeGroupReader(ResourceGraph graph, SubnetIndex subnets, ModelDraft draft, SettingNames settings)
{
    private const string GroupType = "aws:eks/nodeGroup:NodeGroup";
    private const string TemplateType = "aws:ec2/launchTemplate:LaunchTemplate";
    private const decimal Gibi = 1024m * 1024 * 1024;

    // https://docs.aws.amazon.com/eks/latest/APIReference/API_CreateNodegroup.html: 20 GiB for Linux.
    private const int DefaultDiskGib = 20;

    // https://docs.aws.amazon.com/eks/latest/userguide/choosing-instance-type.html: what managed node groups set by themselves.
    private const int ManyCpus = 30, PodsOfFew = 110, PodsOfMany = 250;

    // The reduction that Karpenter applies before it has measured (VM_MEMORY_OVERHEAD_PERCENT in https://karpenter.sh/docs/reference/settings/).
    private const decimal MemoryAfterHypervisor = 0.925m;

    // Partitions and XFS take less than this; there is no documented figure.
    private const decimal DiskAfterFileSystem = 0.99m;

    private const string MemoryAndDisk =
        "A node has 92.5 % of its instance type's memory and 99 % of its disk: the hypervisor and the file system take the rest " +
        "(Karpenter's figure for memory, a round one for disk).";

    private const string SmallestType =
        "In a group with several instance types every node counts as the smallest type; kubelet reserves are those of nodeadm and of the user data.";

    private readonly Dictionary<string, ResourceNode> _templates = graph.Resources
        .Where(resource => resource is { Type: TemplateType, Id: not null })
        .GroupBy(template => template.Id!).ToDictionary(group => group.Key, group => group.First());

    public void Read()
    {
        foreach (var facts in NodeGroupFacts.Of(graph, subnets))
        {
            var group = graph.Resources.First(resource => resource.Type == GroupType && resource.Name == facts.Name);
            var types = facts.InstanceTypes.Select(InstanceTypeCatalog.Find).OfType<InstanceType>().ToImmutableArray();
            foreach (var unknown in facts.UnknownTypes)
                draft.AddUnknown($"instance type {unknown} of node group {facts.Name}", "it is not in the instance table of this tool; only the other types of the group are counted");
            if (types.IsEmpty)
                draft.AddUnknown($"node group {facts.Name}", "none of its instance types is known, so its nodes are missing from the model; name the types");
            else if (facts.Zones.IsEmpty)
                draft.AddUnknown($"node group {facts.Name}", "the zones of its subnets are not known, so its nodes are missing from the model");
            else
                draft.NodeGroups.Add(Read(group, facts, types));
        }
    }

    private NodeGroup Read(ResourceNode group, NodeGroupFacts facts, ImmutableArray<InstanceType> types)
    {
        draft.Assume(MemoryAndDisk);
        draft.Assume(SmallestType);
        var desired = group.Inputs.At("scalingConfig", "desiredSize").Integer() ?? facts.Min;
        var smallest = facts.SmallestType!;
        return new NodeGroup
        {
            Name = facts.Name,
            Zones = facts.Zones,
            Min = facts.Min,
            Desired = desired,
            Max = facts.Max,
            Template = Template(group, facts, types),
            InstanceType = smallest.Name,
            IsSpot = facts.IsSpot,
            UpdatedAtOnce = UpdatedAtOnce(group, desired),
            MinSetting = settings.OfGroup(facts.Name),
        };
    }

    private Node Template(ResourceNode group, NodeGroupFacts facts, ImmutableArray<InstanceType> types)
    {
        var template = group.Inputs.At("launchTemplate", "id").Text() is { } id ? _templates.GetValueOrDefault(id) : null;
        var kubelet = KubeletConfig.Of(template?.Inputs.At("userData").Text(), facts.Name);
        var disk = DiskOf(group, template);
        var capacities = types.Select(type => Capacity(type, kubelet, disk)).ToList();
        return new Node
        {
            Name = "",
            Zone = "",
            Allocatable = new Resources(
                capacities.Min(one => one.Allocatable.MilliCpu),
                capacities.Min(one => one.Allocatable.MemoryBytes),
                capacities.Min(one => one.Allocatable.EphemeralBytes)),
            MaxPods = capacities.Min(one => one.Pods),
            Labels = LabelsOf(group, facts),
            Taints = TolerationReader.Taints(group.Inputs.At("taints")),
        }.WithEbsVolumes(capacities.Min(one => one.Volumes));
    }

    private (Resources Allocatable, int Pods, int Volumes) Capacity(InstanceType type, KubeletConfig kubelet, int diskGib)
    {
        if (InstanceLimitsCatalog.Find(type.Name) is not { } limits)
        {
            limits = new InstanceLimits(type.Name, 2, 4, 27, IsShared: true);
            draft.AddUnknown($"instance type {type.Name}", "its network interfaces and attachments are not in the instance table of this tool; those of the smallest types are assumed");
        }

        var capacity = new Resources(
            type.VirtualCpus * 1000L, (long)(type.MemoryGib * Gibi * MemoryAfterHypervisor), (long)(diskGib * Gibi * DiskAfterFileSystem));
        var reserves = kubelet.Over(KubeletReserves.OfNodeadm(type.VirtualCpus, limits.PodsWithoutPrefixes), capacity);
        var pods = kubelet.MaxPods ?? Math.Min(limits.PodsWithoutPrefixes, type.VirtualCpus < ManyCpus ? PodsOfFew : PodsOfMany);
        return (reserves.AllocatableOf(capacity), pods, limits.VolumesFor(pods));
    }

    private static int DiskOf(ResourceNode group, ResourceNode? template)
    {
        var root = template?.Inputs.At("blockDeviceMappings").Items().FirstOrDefault(disk => disk.At("deviceName").Text() == "/dev/xvda");
        return root.At("ebs", "volumeSize").Integer() ?? group.Inputs.At("diskSize").Integer() ?? DefaultDiskGib;
    }

    private static ImmutableSortedDictionary<string, string> LabelsOf(ResourceNode group, NodeGroupFacts facts) => SelectorReader.Labels(group.Inputs.At("labels"))
        .SetItems(
        [
            new("eks.amazonaws.com/nodegroup", group.Outputs.At("nodeGroupName").Text() ?? facts.Name),
            new("eks.amazonaws.com/capacityType", facts.IsSpot ? "SPOT" : "ON_DEMAND"),
            new("node.kubernetes.io/instance-type", facts.SmallestType!.Name),
            new("kubernetes.io/os", "linux"),
            new("kubernetes.io/arch", group.Inputs.At("amiType").Text()?.Contains("ARM", StringComparison.Ordinal) == true ? "arm64" : "amd64"),
        ]);

    /// <summary>A percentage is rounded up: EKS does not document the rounding, and more nodes at once is the worse case.</summary>
    private static int UpdatedAtOnce(ResourceNode group, int desired)
    {
        var update = group.Inputs.At("updateConfig");
        return update.At("maxUnavailablePercentage").Integer() is { } percent
            ? Math.Max(1, new IntOrPercent(percent, IsPercent: true).Of(desired))
            : update.At("maxUnavailable").Integer() ?? 1;
    }
}
