using System.Collections.Immutable;
using HaCluster.Stack.Settings.Nodes;
using Pulumi;
using Aws = Pulumi.Aws;

namespace HaCluster.Stack.Nodes;

/// <summary>A node group that was declared.</summary>
/// <param name="Name">Name in this program; in AWS it has a random ending.</param>
/// <param name="Pool">Pool that its nodes are labelled with.</param>
/// <param name="Spot">Whether AWS may reclaim its nodes at two minutes' notice.</param>
/// <param name="Settings">Sizes and instance types.</param>
/// <param name="Zones">Zones that it spreads over.</param>
/// <param name="Resource">The managed node group.</param>
public sealed record NodeGroup(
    string Name, string Pool, bool Spot, NodePoolSettings Settings, Output<ImmutableArray<string>> Zones, Aws.Eks.NodeGroup Resource);
