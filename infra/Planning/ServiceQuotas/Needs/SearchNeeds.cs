using HaCluster.Engine.Graph;
using HaCluster.Planning.Facts;

namespace HaCluster.Planning.ServiceQuotas.Needs;

/// <summary>OpenSearch domains and the nodes of the largest.</summary>
internal static class SearchNeeds
{
    public static IEnumerable<QuotaNeed> Of(ResourceGraph graph)
    {
        var domains = graph.OfType("aws:opensearch/domain:Domain").ToList();
        yield return QuotaNeed.Of("es", "L-076D529E", domains.Count, $"{Wording.Count(domains.Count, "domain")} declared");
        var data = domains.Select(DataNodes).DefaultIfEmpty().Max();
        yield return QuotaNeed.Of("es", "L-6408ABDE", data, $"{Wording.Count(data, "data node")} in a domain");
        var masters = domains.Select(Masters).DefaultIfEmpty().Max();
        var quota = ServiceQuotaCatalog.Named("es", "Dedicated master instances per domain");
        yield return new QuotaNeed(quota, masters, masters, $"{Wording.Count(masters, "dedicated master")} in a domain");
    }

    internal static int Nodes(ResourceNode domain) => DataNodes(domain) + Masters(domain);

    private static int DataNodes(ResourceNode domain) => domain.Inputs.At("clusterConfig", "instanceCount").Integer() ?? 1;

    private static int Masters(ResourceNode domain) =>
        domain.Inputs.At("clusterConfig", "dedicatedMasterEnabled").IsTrue() ? domain.Inputs.At("clusterConfig", "dedicatedMasterCount").Integer() ?? 0 : 0;
}
