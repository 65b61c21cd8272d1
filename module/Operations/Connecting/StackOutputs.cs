using System.Collections.Immutable;

namespace HaCluster.Operations.Connecting;

/// <summary>What <c>pulumi stack output --json</c> says of a cluster; infra/Stack/HaClusterStack_Outputs.cs declares it.</summary>
public sealed record StackOutputs
{
    public required string ClusterName { get; init; }

    public required string Region { get; init; }

    public string ClusterArn { get; init; } = "";

    public string KubernetesVersion { get; init; } = "";

    public ImmutableArray<string> Zones { get; init; } = [];

    public string Endpoint { get; init; } = "";

    /// <summary>YAML without any secret.</summary>
    public string Kubeconfig { get; init; } = "";

    public string VpcId { get; init; } = "";

    public ImmutableArray<string> PublicSubnetIds { get; init; } = [];

    public ImmutableArray<string> PrivateSubnetIds { get; init; } = [];

    public ImmutableArray<string> DatabaseClusters { get; init; } = [];

    public ImmutableSortedDictionary<string, NodeGroupOutput> NodeGroups { get; init; } = ImmutableSortedDictionary<string, NodeGroupOutput>.Empty;

    public string SearchEndpoint { get; init; } = "";

    public string BackupBucket { get; init; } = "";

    public ImmutableSortedDictionary<string, string> LogGroups { get; init; } = ImmutableSortedDictionary<string, string>.Empty;
}

/// <param name="Name">In AWS.</param>
public sealed record NodeGroupOutput(string Name, string Pool, string CapacityType, int Min, int Max, ImmutableArray<string> Zones, string Arn);
