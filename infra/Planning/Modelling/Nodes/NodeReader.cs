using System.Collections.Immutable;
using HaCluster.Planning.Capacity;
using HaCluster.Planning.Facts;
using HaCluster.Planning.Modelling.Objects;
using HaCluster.Planning.Modelling.Pods;
using HaCluster.Simulation.Model;

namespace HaCluster.Planning.Modelling.Nodes;

/// <summary>
/// Reads nodes from their Node objects, and volume limits from CSINodes. A driver without a limit there has none, and a node without a CSINode has
/// none either (https://github.com/kubernetes/kubernetes/blob/v1.35.0/pkg/scheduler/framework/plugins/nodevolumelimits/csi.go, <c>getVolumeLimits</c>); where no
/// CSINode was collected at all, the limits of the instance type apply.
/// </summary>
internal static class NodeReader
{
    private const string InstanceTypeLabel = "node.kubernetes.io/instance-type";
    private const decimal Milli = 1000m;

    public static ImmutableArray<Node> Read(IReadOnlyCollection<ClusterObject> objects)
    {
        var limits = objects.Where(one => one.Kind == "CSINode")
            .GroupBy(one => one.Name, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => LimitsOf(group.First()), StringComparer.Ordinal);
        return [.. objects.Where(one => one.Kind == "Node").Select(node => Read(node, limits))];
    }

    private static Node Read(ClusterObject node, Dictionary<string, ImmutableSortedDictionary<string, int>> limits)
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
        read = read with { MaxPods = pods };
        if (limits.TryGetValue(node.Name, out var own))
            return read with { VolumeLimits = own };
        return limits.Count == 0 && labels.TryGetValue(InstanceTypeLabel, out var type) && InstanceLimitsCatalog.Find(type)?.VolumesFor(pods) is { } byType
            ? read.WithEbsVolumes(byType)
            : read;
    }

    private static ImmutableSortedDictionary<string, int> LimitsOf(ClusterObject csiNode) => csiNode.Spec.At("drivers").Items()
        .Select(driver => (Name: driver.At("name").Text() ?? "", Count: driver.At("allocatable", "count").Integer()))
        .Where(driver => driver.Count is not null)
        .DistinctBy(driver => driver.Name)
        .ToImmutableSortedDictionary(driver => driver.Name, driver => driver.Count!.Value, StringComparer.Ordinal);

    private static decimal Amount(Engine.Values.PropertyValue? value) => ContainerDefaults.Amount(value) ?? 0;
}
