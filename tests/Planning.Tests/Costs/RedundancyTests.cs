using HaCluster.Planning.Costs.Redundancy;
using HaCluster.Planning.Tests.Graphs;

namespace HaCluster.Planning.Tests.Costs;

public sealed class RedundancyTests
{
    [Fact]
    public void A_zone_costs_what_is_in_it_and_its_share_of_what_is_spread()
    {
        var graph = Cluster.WithNetwork(out var network);
        for (var zone = 0; zone < 3; zone++)
            Cluster.Nat(graph, network, zone);
        Cluster.Group(graph, "general", "m7i.large", 3, 6);
        Cluster.Group(graph, "stateful-3", "m7i.xlarge", 1, 2, subnets: ["subnet-c"]);
        Cluster.Group(graph, "stateful-1", "m7i.xlarge", 1, 2, subnets: ["subnet-a"]);
        var costs = Of(graph);
        // NAT 36.5 + address 3.65; without nodes that is all.
        Assert.Equal(40.15m, costs["the third zone, without nodes"].Monthly.AtRest);
        // A third of 219 + 15, and all of stateful-3: 146 + 5.
        Assert.Equal(40.15m + 78 + 151, costs["the third zone (eu-test-1c)"].Monthly.AtRest);
        Assert.Equal(40.15m + 156 + 302, costs["the third zone (eu-test-1c)"].Monthly.AtMost);
        Assert.Equal(2 * 40.15m, costs["NAT gateway per zone"].Monthly.AtRest);
    }

    [Fact]
    public void What_a_plan_does_without_is_priced_as_an_addition()
    {
        var graph = Cluster.WithNetwork(out var network);
        Cluster.Nat(graph, network, 0);
        var cost = Of(graph)["NAT gateway per zone"];
        Assert.Equal((2 * 40.15m, false), (cost.Monthly.AtRest, cost.IsPresent));
    }

    [Fact]
    public void Endpoints_readers_masters_and_further_volumes_have_their_price()
    {
        var graph = Cluster.WithNetwork(out var network);
        graph.Resource("aws:ec2/vpcEndpoint:VpcEndpoint", "sts", new { vpcEndpointType = "Interface", subnetIds = Cluster.Subnets }, parent: network);
        Cluster.Database(graph, "mysql", 3);
        graph.Resource("aws:rds/proxy:Proxy", "mysql", new { name = "p" });
        graph.Resource("aws:rds/proxyTarget:ProxyTarget", "mysql", new { dbProxyName = "p", dbClusterIdentifier = "mysql" });
        Cluster.StorageClass(graph, "gp3", new { type = "gp3" }, isDefault: true);
        graph.Resource("kubernetes:apps/v1:StatefulSet", "chain", new
        {
            metadata = new { name = "chain" },
            spec = new { replicas = 3, volumeClaimTemplates = new[] { new { spec = new { resources = new { requests = new { storage = "100Gi" } } } } } },
        });
        graph.Resource("aws:opensearch/domain:Domain", "search", new
        {
            clusterConfig = new { instanceCount = 3, instanceType = "r7g.large.search", dedicatedMasterEnabled = true, dedicatedMasterCount = 3, dedicatedMasterType = "m7g.large.search", zoneAwarenessEnabled = true },
            vpcOptions = new { subnetIds = Cluster.Subnets },
        });
        var costs = Of(graph);
        Assert.Equal(7.3m, costs["interface endpoints, per zone"].Monthly.AtRest);
        // An instance of 219, and 2 vCPUs of 7.3 in the proxy.
        Assert.Equal(233.6m, costs["mysql: the first reader"].Monthly.AtRest);
        Assert.Equal(233.6m, costs["mysql: the second reader"].Monthly.AtRest);
        Assert.DoesNotContain("mysql: the third reader", costs.Keys);
        Assert.Equal(219m, costs["search: dedicated masters"].Monthly.AtRest);
        Assert.Equal(146m, costs["search: data nodes per additional zone"].Monthly.AtRest);
        Assert.Equal(20m, costs["volumes of additional replicas"].Monthly.AtRest);
    }

    [Fact]
    public void Nothing_is_said_of_a_single_zone() => Assert.Empty(Of(new GraphBuilder()));

    private static Dictionary<string, RedundancyCost> Of(GraphBuilder graph) =>
        Prices.Estimate(graph, "cross-zone-gb=0", "egress-gb=0", "nat-gb=0").Redundancy.ToDictionary(cost => cost.What);
}
