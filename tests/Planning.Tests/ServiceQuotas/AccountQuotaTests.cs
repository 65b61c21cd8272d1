using HaCluster.Planning.Modelling;
using HaCluster.Planning.ServiceQuotas;
using HaCluster.Planning.Tests.Graphs;

namespace HaCluster.Planning.Tests.ServiceQuotas;

/// <summary>What is counted besides nodes.</summary>
public sealed class AccountQuotaTests
{
    [Fact]
    public void The_network_is_counted_as_declared_and_NAT_gateways_in_the_fullest_zone()
    {
        var graph = new GraphBuilder();
        graph.Resource("aws:ec2/vpc:Vpc", "vpc");
        graph.Resource("aws:ec2/internetGateway:InternetGateway", "gateway");
        foreach (var (name, zone) in new[] { ("one", "a"), ("two", "a"), ("three", "b") })
        {
            graph.Resource("aws:ec2/subnet:Subnet", name, new { availabilityZone = zone, vpcId = "vpc-id" });
            graph.Resource("aws:ec2/eip:Eip", name);
            graph.Resource("aws:ec2/natGateway:NatGateway", name, new { subnetId = $"{name}-id" });
        }

        graph.Resource("aws:ec2/subnet:Subnet", "elsewhere", new { availabilityZone = "a", vpcId = "other" });
        graph.Resource("aws:ec2/vpcEndpoint:VpcEndpoint", "s3", new { vpcEndpointType = "Gateway", vpcId = "vpc-id" });
        graph.Resource("aws:ec2/vpcEndpoint:VpcEndpoint", "sts", new { vpcEndpointType = "Interface", vpcId = "vpc-id", subnetIds = new[] { "one-id", "three-id" } });
        Assert.Equal(
            [("L-0263D0A3", 3), ("L-F678F1CE", 1), ("L-A4707A72", 1), ("L-FE5A380F", 2), ("L-407747CB", 3), ("L-29B6F2EB", 1), ("L-1B52E74A", 1)],
            Amounts(graph, "L-0263D0A3", "L-F678F1CE", "L-A4707A72", "L-FE5A380F", "L-407747CB", "L-29B6F2EB", "L-1B52E74A"));
        // Two of the endpoint, three of the NAT gateways.
        Assert.Equal([("L-DF5E4CA3", 5)], Amounts(graph, "L-DF5E4CA3"));
    }

    [Fact]
    public void Rules_are_counted_in_one_direction_of_the_fullest_group_and_each_source_is_a_rule()
    {
        var graph = new GraphBuilder();
        graph.Resource("aws:ec2/securityGroup:SecurityGroup", "web", id: "sg-1", inputs: new
        {
            ingress = new[] { new { cidrBlocks = new[] { "10.0.0.0/8", "192.168.0.0/16" } } },
            egress = new[] { new { cidrBlocks = new[] { "0.0.0.0/0" } } },
        });
        graph.Resource("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", "more", new { securityGroupId = "sg-1" });
        graph.Resource("aws:ec2/securityGroup:SecurityGroup", "data", id: "sg-2");
        graph.Resource("aws:ec2/securityGroupRule:SecurityGroupRule", "old", new { securityGroupId = "sg-2", type = "egress", cidrBlocks = new[] { "10.0.0.0/8" } });
        Assert.Equal([("L-0EA8095F", 3), ("L-E79EC296", 2)], Amounts(graph, "L-0EA8095F", "L-E79EC296"));
    }

    [Fact]
    public void Kubernetes_objects_ask_for_load_balancers()
    {
        var graph = new GraphBuilder();
        graph.Resource("kubernetes:core/v1:Service", "edge", new { spec = new { type = "LoadBalancer", ports = new[] { new { port = 80 }, new { port = 443 } } } });
        graph.Resource("kubernetes:core/v1:Service", "inside", new { spec = new { type = "ClusterIP", ports = new[] { new { port = 80 } } } });
        graph.Resource("kubernetes:networking.k8s.io/v1:Ingress", "web", new { spec = new { rules = new[] { new { http = new { paths = new[] { new { path = "/" } } } } } } });
        graph.Resource("kubernetes:helm.sh/v3:Release", "chart", new { values = new { proxy = new { service = new { type = "LoadBalancer" } } } });
        graph.Resource("aws:lb/loadBalancer:LoadBalancer", "declared", new { loadBalancerType = "network" });
        Assert.Equal(
            [("L-69A177A2", 3), ("L-53DA6B97", 1), ("L-B22855CB", 4), ("L-57A373D6", 2)],
            Amounts(graph, "L-69A177A2", "L-53DA6B97", "L-B22855CB", "L-57A373D6"));
    }

    [Theory]
    [InlineData("LoadBalancer", 1)]
    [InlineData(null, 1)]
    [InlineData("ClusterIP", 0)]
    public void A_gateway_asks_for_a_load_balancer_unless_its_proxies_have_a_service_of_their_own(string? serviceType, int expected)
    {
        var graph = new GraphBuilder();
        graph.Resource("kubernetes:gateway.envoyproxy.io/v1alpha1:EnvoyProxy", "proxy", new
        {
            metadata = new { name = "fleet" },
            spec = new { provider = new { kubernetes = new { envoyService = new { type = serviceType } } } },
        });
        graph.Resource("kubernetes:gateway.networking.k8s.io/v1:GatewayClass", "class", new
        {
            metadata = new { name = "edge" },
            spec = new { controllerName = "gateway.envoyproxy.io/gatewayclass-controller", parametersRef = new { name = "fleet" } },
        });
        graph.Resource("kubernetes:gateway.networking.k8s.io/v1:Gateway", "gateway", new { spec = new { gatewayClassName = "edge", listeners = new[] { new { port = 80 } } } });
        Assert.Equal(expected, QuotaNeeds.Of(graph.Build(), ClusterModelReader.Of(graph.Build())).Needs.Where(need => need.Quota.Code == "L-69A177A2").Sum(need => need.AtMost));
    }

    [Fact]
    public void Databases_domains_roles_and_buckets_are_counted()
    {
        var graph = new GraphBuilder();
        graph.Resource("aws:rds/cluster:Cluster", "aurora");
        graph.Resource("aws:rds/clusterInstance:ClusterInstance", "writer");
        graph.Resource("aws:rds/clusterInstance:ClusterInstance", "reader");
        graph.Resource("aws:rds/instance:Instance", "single", new { allocatedStorage = 100 });
        graph.Resource("aws:rds/proxy:Proxy", "proxy");
        graph.Resource("aws:opensearch/domain:Domain", "logs", new { clusterConfig = new { instanceCount = 3, dedicatedMasterEnabled = true, dedicatedMasterCount = 3 } });
        graph.Resource("aws:iam/role:Role", "short", new { assumeRolePolicy = "{}" });
        graph.Resource("aws:iam/role:Role", "long", new { assumeRolePolicy = "{ \"a\": 1 }" });
        graph.Resource("aws:iam/rolePolicyAttachment:RolePolicyAttachment", "one", new { role = "long" });
        graph.Resource("aws:iam/rolePolicyAttachment:RolePolicyAttachment", "two", new { role = "long" });
        graph.Resource("aws:s3/bucket:Bucket", "bucket");
        Assert.Equal(
            [
                ("L-7B6409FD", 3), ("L-952B80B8", 1), ("L-7ADDB58A", 100), ("L-D94C7EA3", 1), ("L-076D529E", 1), ("L-6408ABDE", 3),
                ("L-FE177D64", 2), ("L-C07B4B0D", 7), ("L-0DA4ABF3", 2), ("L-DC2B2D3D", 1),
            ],
            Amounts(graph, "L-7B6409FD", "L-952B80B8", "L-7ADDB58A", "L-D94C7EA3", "L-076D529E", "L-6408ABDE", "L-FE177D64", "L-C07B4B0D", "L-0DA4ABF3", "L-DC2B2D3D"));
        Assert.Equal(3, QuotaNeeds.Of(graph.Build(), ClusterModelReader.Of(graph.Build())).Needs.Single(need => need.Quota.Code is null).AtMost);
    }

    [Fact]
    public void What_is_only_read_exists_already_and_what_is_not_needed_is_not_shown() =>
        Assert.Empty(QuotaNeeds.Of(new GraphBuilder().Build(), ClusterModelReader.Of(new GraphBuilder().Build())).Needs);

    private static IEnumerable<(string Code, int Amount)> Amounts(GraphBuilder graph, params string[] codes)
    {
        var needs = QuotaNeeds.Of(graph.Build(), ClusterModelReader.Of(graph.Build())).Needs.Where(need => need.Quota.Code is not null).ToDictionary(need => need.Quota.Code!);
        return codes.Select(code => (code, (int)needs[code].AtMost));
    }
}
