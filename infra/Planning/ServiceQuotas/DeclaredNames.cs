using System.Collections.Immutable;
using HaCluster.Engine.Graph;
using HaCluster.Planning.Facts;
using HaCluster.Planning.ServiceQuotas.Needs;

namespace HaCluster.Planning.ServiceQuotas;

/// <summary>Names that identify the resources of a plan in an account where lists have no tags.</summary>
/// <param name="Cluster">Of the first EKS cluster; empty when none is declared.</param>
public sealed record DeclaredNames(string Cluster, ImmutableArray<string> All)
{
    /// <summary>The name property of types whose lists have no tags.</summary>
    private static readonly ImmutableArray<(string Type, string Property)> Properties =
    [
        ("aws:iam/role:Role", "name"),
        ("aws:iam/policy:Policy", "name"),
        ("aws:s3/bucket:Bucket", "bucket"),
        ("aws:s3/bucketV2:BucketV2", "bucket"),
        ("aws:opensearch/domain:Domain", "domainName"),
        ("aws:rds/proxy:Proxy", "name"),
    ];

    public static DeclaredNames Of(ResourceGraph graph) => new(
        graph.OfType("aws:eks/cluster:Cluster").Select(cluster => cluster.Inputs.At("name").Text() ?? cluster.Name).FirstOrDefault() ?? "",
        [.. Properties.SelectMany(kind => graph.OfType(kind.Type).Select(resource => resource.Inputs.At(kind.Property).Text())).OfType<string>()]);
}
