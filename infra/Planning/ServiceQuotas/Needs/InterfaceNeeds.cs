using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using HaCluster.Engine.Graph;
using HaCluster.Planning.Facts;

namespace HaCluster.Planning.ServiceQuotas.Needs;

/// <summary>
/// Network interfaces. Those of nodes follow from the address allocation of the VPC CNI, those of AWS services from the documentation
/// or, where
/// nothing is documented, from a generous assumption; the quota of 5,000 is large enough for that.
/// </summary>
internal static class InterfaceNeeds
{
    /// <summary>
    /// With prefix delegation the 110 pods of a node fit into the prefixes of one interface; a second holds the spare prefix.
    /// (Arithmetic.)
    /// </summary>
    private const int OfANodeWithPrefixes = 2;

    /// <summary>
    /// Without, the CNI attaches interfaces up to the type's maximum: 3 or 4 for the sizes large to 4xlarge. (Assumption.)
    /// </summary>
    private const int OfANode = 4;

    /// <summary>
    /// "Amazon EKS creates 2 to 4 network interfaces" (docs.aws.amazon.com/eks/latest/userguide/network-reqs.html); as many again while a
    /// cluster is updated.
    /// </summary>
    private const int OfAControlPlane = 4;

    /// <summary>A change of a domain builds the new nodes beside the old. (Assumption.)</summary>
    private const int DomainsDuringAChange = 2;

    public static IEnumerable<QuotaNeed> Of(ResourceGraph graph, ImmutableArray<NodeGroupDemand> groups, LoadBalancerCount balancers)
    {
        var ofANode = DelegatesPrefixes(graph) ? OfANodeWithPrefixes : OfANode;
        var controlPlanes = graph.OfType("aws:eks/cluster:Cluster").Count() * OfAControlPlane;
        var endpoints = graph.OfType("aws:ec2/vpcEndpoint:VpcEndpoint").Where(NetworkNeeds.IsInterface).Sum(Subnets("subnetIds"));
        var natGateways = graph.OfType("aws:ec2/natGateway:NatGateway").Count();
        var databases = graph.OfType("aws:rds/clusterInstance:ClusterInstance", "aws:rds/instance:Instance").Count()
            + graph.OfType("aws:rds/proxy:Proxy", "aws:rds/proxyEndpoint:ProxyEndpoint").Sum(Subnets("vpcSubnetIds"));
        var domains = graph.OfType("aws:opensearch/domain:Domain").Sum(SearchNeeds.Nodes);
        var fixedCount = endpoints + natGateways + balancers.Interfaces + databases;
        yield return QuotaNeed.Of(
            "vpc",
            "L-DF5E4CA3",
            (groups.Sum(group => group.Desired) * ofANode) + controlPlanes + domains + fixedCount,
            (groups.Sum(group => group.AtMost) * ofANode) + (2 * controlPlanes) + (DomainsDuringAChange * domains) + fixedCount,
            $"{ofANode} per node (assumed), {OfAControlPlane} per control plane and twice that in an update, endpoints {endpoints}, NAT {natGateways}, "
                + $"load balancers {balancers.Interfaces}, databases and proxies {databases}, OpenSearch {domains} and twice that in a change (assumed)");
    }

    private static Func<ResourceNode, int> Subnets(string property) => resource => Math.Max(1, resource.Inputs.At(property).Items().Length);

    private static bool DelegatesPrefixes(ResourceGraph graph)
    {
        var settings = graph.OfType("aws:eks/addon:Addon")
            .FirstOrDefault(addon => addon.Inputs.At("addonName").Text() == "vpc-cni")?.Inputs.At("configurationValues").Text();
        try
        {
            return settings is not null && (string?)JsonNode.Parse(settings)?["env"]?["ENABLE_PREFIX_DELEGATION"] == "true";
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return false;
        }
    }
}
