using System.Collections.Immutable;
using HaCluster.Stack.Nodes;
using Pulumi;

namespace HaCluster.Stack.Outputs;

/// <summary>Node groups for the stack's outputs.</summary>
public static class NodeGroupTable
{
    public static Output<ImmutableDictionary<string, object>> Of(IEnumerable<NodeGroup> groups) => Output
        .All(groups.Select(Row))
        .Apply(rows => rows.ToImmutableDictionary(row => row.Name, row => (object)row.Values));

    private static Output<(string Name, ImmutableDictionary<string, object> Values)> Row(NodeGroup group) => Output
        .Tuple(group.Zones, group.Resource.NodeGroupName, group.Resource.Arn)
        .Apply(found => (group.Name, ImmutableDictionary.CreateRange<string, object>(
        [
            new("name", found.Item2),
            new("pool", group.Pool),
            new("capacityType", group.Spot ? "SPOT" : "ON_DEMAND"),
            new("instanceTypes", group.Settings.InstanceTypes),
            new("min", group.Settings.Min),
            new("max", group.Settings.Max),
            new("zones", found.Item1),
            new("arn", found.Item3),
        ])));
}
