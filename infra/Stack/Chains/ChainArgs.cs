using System.Collections.Immutable;
using HaCluster.Stack.Chains.Upkeep;
using HaCluster.Stack.Platform;
using HaCluster.Stack.Settings.Chains;
using Pulumi;

namespace HaCluster.Stack.Chains;

/// <summary>Input of the components of one chain.</summary>
public sealed record ChainArgs
{
    public required ChainsSettings Settings { get; init; }

    public required Foundation Foundation { get; init; }

    public required PlatformServices Platform { get; init; }

    public required Maintenance Maintenance { get; init; }

    /// <summary>Resources that must exist before the pods of the chain: their network policies.</summary>
    public required ImmutableArray<Resource> After { get; init; }

    /// <summary>Options of something in the cluster.</summary>
    public CustomResourceOptions Child(Resource parent, params Resource[] after) =>
        new() { Parent = parent, Provider = Foundation.Provider, DependsOn = [.. Foundation.Ready, .. After, .. after] };
}
