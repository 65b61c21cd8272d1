using System.Collections.Immutable;

namespace HaCluster.Stack.Settings.Nodes;

/// <summary>What a node pool is when the user says nothing of it.</summary>
public sealed record NodePoolDefaults(int Min, int Max, int DiskGiB, ImmutableArray<string> InstanceTypes);
