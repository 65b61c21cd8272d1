using System.Collections.Immutable;
using HaCluster.Engine.Graph;
using HaCluster.Planning.Facts;
using HaCluster.Simulation.Model;

namespace HaCluster.Planning.Modelling.Services;

/// <summary>OpenSearch domains.</summary>
internal static class SearchReader
{
    // https://docs.aws.amazon.com/opensearch-service/latest/APIReference/API_ZoneAwarenessConfig.html and API_ClusterConfig.html
    private const int DefaultZones = 2, DefaultNodes = 1, DefaultMasters = 3;

    public static ImmutableArray<SearchDomain> Read(ResourceGraph graph) =>
    [
        .. graph.Resources.Where(resource => resource.Type == "aws:opensearch/domain:Domain").Select(Read)
            .OrderBy(domain => domain.Name, StringComparer.Ordinal),
    ];

    private static SearchDomain Read(ResourceNode domain)
    {
        var config = domain.Inputs.At("clusterConfig");
        return new SearchDomain(
            domain.Inputs.At("domainName").Text() ?? domain.Outputs.At("domainName").Text() ?? domain.Name,
            config.At("instanceCount").Integer() ?? DefaultNodes,
            config.At("dedicatedMasterEnabled").IsTrue() ? config.At("dedicatedMasterCount").Integer() ?? DefaultMasters : 0,
            config.At("zoneAwarenessEnabled").IsTrue() ? config.At("zoneAwarenessConfig", "availabilityZoneCount").Integer() ?? DefaultZones : 1,
            config.At("multiAzWithStandbyEnabled").IsTrue());
    }
}
