using System.Collections.Immutable;
using HaCluster.Stack.Settings.Nodes;
using Pulumi;

namespace HaCluster.Stack.Nodes;

/// <summary>One managed node group to make.</summary>
internal sealed record NodeGroupSpec
{
    public required string Name { get; init; }

    /// <summary>Value of the label <see cref="NodePool.Label"/>.</summary>
    public required string Pool { get; init; }

    public required NodePoolSettings Settings { get; init; }

    /// <summary>Subnets, and so zones, that the group spreads over.</summary>
    public required InputList<string> SubnetIds { get; init; }

    public required Output<ImmutableArray<string>> Zones { get; init; }

    /// <summary>Taint that keeps other pods away: key and value.</summary>
    public (string Key, string Value)? Taint { get; init; }

    public bool Spot { get; init; }
}
