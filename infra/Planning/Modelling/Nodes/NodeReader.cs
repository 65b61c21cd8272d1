using System.Collections.Immutable;
using HaCluster.Planning.Capacity;
using HaCluster.Planning.Facts;
using HaCluster.Planning.Modelling.Objects;
using HaCluster.Planning.Modelling.Pods;
using HaCluster.Simulation.Model;

namespace HaCluster.Planning.Modelling.Nodes;

/// <summary>Machines from their Node objects; how many volumes each takes from its CSINode, or else from its instance type.</summary>
internal static class NodeReader
{
    private const string Driver = "ebs.csi.aws.com";
    private const string InstanceTypeLabel = "node.kubernetes.io/instance-type";
    private const decimal Milli = 1000m;

    public static ImmutableArray<Node> Read(IReadOnlyCollection<ClusterObject> objects)
    {
        var drivers = objects.Where(one => one.Kind == "CSINode")
            .GroupBy(one => one.Name, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => VolumesOf(group.First()), StringComparer.Ordinal);
        return [.. objects.Where(one => one.Kind == "Node").Select(node => Read(node, drivers.GetValueOrDefault(node.Name)))];
    }

    private static Node Read(ClusterObject node, int? volumes)
    {
        var allocatable = node.At("status", "allocatable");
        var labels = SelectorReader.Labels(node.At("metadata", "labels"));
        var read = new Node
        {
            Name = node.Name,
            Zone = labels.GetValueOrDefault(Labels.Zone, ""),
            Allocatable = new Resources(
                (long)(Amount(allocatable.At("cpu")) * Milli), (long)Amount(allocatable.At("memory")), (long)Amount(allocatable.At("ephemeral-storage"))),
            Extended = allocatable.Entries()
                .Where(entry => entry.Key is not ("cpu" or "memory" or "ephemeral-storage" or "pods"))
                .ToImmutableSortedDictionary(entry => entry.Key, entry => (long)Amount(entry.Value), StringComparer.Ordinal),
            Labels = labels,
            Taints = TolerationReader.Taints(node.Spec.At("taints")),
            IsUnschedulable = node.Spec.At("unschedulable").IsTrue(),
        };
        var pods = allocatable.At("pods") is { } most ? (int)Amount(most) : read.MaxPods;
        var byType = labels.TryGetValue(InstanceTypeLabel, out var type) ? InstanceLimitsCatalog.Find(type)?.VolumesFor(pods) : null;
        return read with { MaxPods = pods, MaxVolumes = volumes ?? byType ?? read.MaxVolumes };
    }

    private static int? VolumesOf(ClusterObject csiNode) => csiNode.Spec.At("drivers").Items()
        .FirstOrDefault(driver => driver.At("name").Text() == Driver).At("allocatable", "count").Integer();

    private static decimal Amount(Engine.Values.PropertyValue? value) => ContainerDefaults.Amount(value) ?? 0;
}
