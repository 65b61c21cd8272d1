using System.Collections.Immutable;
using HaCluster.Engine.Graph;

namespace HaCluster.Planning.Facts;

/// <summary>An EKS cluster as declared.</summary>
/// <param name="Version">Null when AWS chooses.</param>
/// <param name="PublicCidrs">The ranges that may reach the public endpoint; empty when there is none.</param>
/// <param name="Logs">The control-plane logs that are kept.</param>
public sealed record ClusterFacts(
    string Name,
    string? Version,
    bool HasPrivateEndpoint,
    bool HasPublicEndpoint,
    ImmutableArray<string> PublicCidrs,
    bool EncryptsSecrets,
    bool HasZonalShift,
    bool IsProtected,
    ImmutableArray<string> Logs)
{
    internal static ImmutableArray<ClusterFacts> Of(ResourceGraph graph) =>
        [.. graph.Resources.Where(resource => resource.Type == "aws:eks/cluster:Cluster").Select(Of)];

    internal static ClusterFacts Of(ResourceNode cluster)
    {
        var network = cluster.Inputs.At("vpcConfig");
        // AWS opens the public endpoint to everyone by default.
        var isPublic = network.At("endpointPublicAccess") is null || network.At("endpointPublicAccess").IsTrue();
        var cidrs = network.At("publicAccessCidrs").Texts().ToImmutableArray();
        return new ClusterFacts(
            cluster.Inputs.At("name").Text() ?? cluster.Outputs.At("name").Text() ?? cluster.Name,
            cluster.Inputs.At("version").Text(),
            network.At("endpointPrivateAccess").IsTrue(),
            isPublic,
            !isPublic ? [] : cidrs.IsEmpty ? ["0.0.0.0/0"] : cidrs,
            cluster.Inputs.At("encryptionConfig", "provider", "keyArn").Text() is not null,
            cluster.Inputs.At("zonalShiftConfig", "enabled").IsTrue(),
            cluster.Inputs.At("deletionProtection").IsTrue() || cluster.Options.Protect == true,
            [.. cluster.Inputs.At("enabledClusterLogTypes").Texts().Order(StringComparer.Ordinal)]);
    }
}
