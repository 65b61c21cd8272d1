using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using HaCluster.Operations.Aws;

namespace HaCluster.Operations.Connecting;

/// <summary>What <c>pulumi stack output --json</c> says of a cluster; infra/Stack/HaClusterStack_Outputs.cs declares it.</summary>
public sealed record StackOutputs
{
    private static readonly ImmutableArray<string> Needed = ["clusterName", "region"];

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

    /// <exception cref="HaClusterException"><see cref="FailureKind.NotOurCluster"/>: the stack has no outputs of HaCluster.</exception>
    public static StackOutputs Parse(JsonObject outputs, string stack)
    {
        var json = JsonSerializer.SerializeToElement(outputs);
        var missing = Needed.Where(name => json.Str(name).Length == 0).ToList();
        if (missing.Count > 0)
        {
            throw new HaClusterException(
                FailureKind.NotOurCluster, "pulumi stack output", stack, $"the stack has no output {string.Join(" and ", missing)}",
                outputs.Count == 0 ? "Deploy it first: pulumi up" : "It is another program's stack: name a stack of HaCluster");
        }

        return new StackOutputs
        {
            ClusterName = json.Str("clusterName"),
            Region = json.Str("region"),
            ClusterArn = json.Str("clusterArn"),
            KubernetesVersion = json.Str("kubernetesVersion"),
            Zones = json.Strings("zones"),
            Endpoint = json.Str("endpoint"),
            // Pulumi shows a string that is JSON as an object.
            Kubeconfig = json.Object("kubeconfig") is { ValueKind: JsonValueKind.Object } whole ? whole.GetRawText() : json.Str("kubeconfig"),
            VpcId = json.Str("vpcId"),
            PublicSubnetIds = json.Strings("publicSubnetIds"),
            PrivateSubnetIds = json.Strings("privateSubnetIds"),
            DatabaseClusters = json.Strings("databaseClusters"),
            NodeGroups = json.Object("nodeGroups") is { ValueKind: JsonValueKind.Object } groups
                ? groups.EnumerateObject().ToImmutableSortedDictionary(group => group.Name, group => NodeGroupOutput.Parse(group.Value), StringComparer.Ordinal)
                : ImmutableSortedDictionary<string, NodeGroupOutput>.Empty,
            SearchEndpoint = json.Str("searchEndpoint"),
            BackupBucket = json.Str("backupBucket"),
            LogGroups = json.StringMap("logGroups"),
        };
    }
}

/// <param name="Name">In AWS.</param>
public sealed record NodeGroupOutput(string Name, string Pool, string CapacityType, int Min, int Max, ImmutableArray<string> Zones, string Arn)
{
    internal static NodeGroupOutput Parse(JsonElement json) =>
        new(json.Str("name"), json.Str("pool"), json.Str("capacityType"), json.Int("min"), json.Int("max"), json.Strings("zones"), json.Str("arn"));
}
