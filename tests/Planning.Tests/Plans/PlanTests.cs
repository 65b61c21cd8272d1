using HaCluster.Engine.Graph;
using HaCluster.Planning.Facts;
using HaCluster.Planning.Modelling;
using HaCluster.Planning.Plans;
using HaCluster.Planning.Stacks;
using HaCluster.Planning.Tests.Graphs;

namespace HaCluster.Planning.Tests.Plans;

public sealed class PlanTests
{
    [Fact]
    public void Resources_are_counted_with_the_nearest_component_above_them()
    {
        var graph = new GraphBuilder();
        var network = graph.Component("hacluster:network:Network", "network");
        var endpoints = graph.Component("hacluster:network:Endpoints", "endpoints", network);
        var vpc = graph.Resource("aws:ec2/vpc:Vpc", "vpc", parent: network);
        graph.Resource("aws:ec2/subnet:Subnet", "a", parent: vpc);
        graph.Resource("aws:ec2/subnet:Subnet", "b", parent: vpc);
        graph.Resource("aws:ec2/vpcEndpoint:VpcEndpoint", "s3", parent: endpoints);
        graph.Resource("pulumi:providers:kubernetes", "provider");
        var root = Of(graph).Root;
        Assert.Equal(5, root.Total);
        Assert.Equal(["providers"], [.. root.Resources.Select(count => count.Type.Split(':')[1])]);
        var component = Assert.Single(root.Children);
        Assert.Equal(("network", 4), (component.Name, component.Total));
        Assert.Equal([("Subnet", 2), ("Vpc", 1)], component.Resources.Select(count => (count.ShortName, count.Count)));
        Assert.Equal(1, Assert.Single(component.Children).Total);
    }

    [Fact]
    public void Zones_know_their_subnets_by_reach_and_their_NAT_gateways()
    {
        var plan = Of(Network(natZones: ["a", "b"]));
        Assert.Equal("10.0.0.0/16", plan.Network.VpcCidr);
        Assert.Equal(2, plan.Network.NatGateways);
        Assert.Equal(["eu-central-1a", "eu-central-1b"], plan.Network.Zones.Select(zone => zone.Name));
        Assert.Equal(
            [SubnetReach.Isolated, SubnetReach.Nat, SubnetReach.Internet],
            plan.Network.Zones[0].Subnets.OrderBy(subnet => subnet.Reach).Select(subnet => subnet.Reach));
        Assert.DoesNotContain(plan.Warnings, warning => warning.Contains("NAT", StringComparison.Ordinal));
    }

    [Fact]
    public void One_NAT_gateway_for_several_zones_is_warned_of() =>
        Assert.Contains(Of(Network(natZones: ["a"])).Warnings, warning => warning.StartsWith("1 NAT gateway for 2 zones", StringComparison.Ordinal));

    [Fact]
    public void Node_groups_count_with_their_smallest_instance_type_and_spread_over_their_zones()
    {
        var graph = Network(natZones: ["a", "b"]);
        graph.Resource("aws:eks/nodeGroup:NodeGroup", "general", new
        {
            subnetIds = new[] { "private-a-id", "private-b-id" },
            instanceTypes = new[] { "m7i.2xlarge", "m7i.xlarge", "m99.huge" },
            capacityType = "SPOT",
            scalingConfig = new { minSize = 3, maxSize = 7, desiredSize = 3 },
        });
        graph.Resource("aws:ec2/launchTemplate:LaunchTemplate", "template", new { instanceType = "r7i.large" }, id: "lt-1");
        graph.Resource("aws:eks/nodeGroup:NodeGroup", "stateful", new
        {
            subnetIds = new[] { "private-a-id" },
            launchTemplate = new { id = "lt-1", version = "1" },
            scalingConfig = new { minSize = 1, maxSize = 2 },
        });
        var plan = Of(graph);
        var general = plan.NodeGroups[0];
        Assert.Equal(["eu-central-1a", "eu-central-1b"], general.Zones.AsEnumerable());
        Assert.Equal(("m7i.xlarge", 4, 16m), (general.SmallestType!.Name, general.SmallestType.VirtualCpus, general.SmallestType.MemoryGib));
        Assert.Equal((1, 4, true), (general.MinPerZone, general.MaxPerZone, general.IsSpot));
        Assert.Equal("r7i.large", plan.NodeGroups[1].SmallestType!.Name);
        Assert.Contains("general: m99.huge not in the instance-type table; capacity is counted without", plan.Warnings);
    }

    [Fact]
    public void A_cluster_open_to_the_internet_is_warned_of_and_a_closed_one_is_not()
    {
        var open = new GraphBuilder();
        open.Resource("aws:eks/cluster:Cluster", "eks", new { name = "main", vpcConfig = new { subnetIds = Array.Empty<string>() } });
        var plan = Of(open);
        Assert.True(plan.Clusters[0].HasPublicEndpoint);
        Assert.Contains("main: the public API endpoint is open to the whole internet", plan.Warnings);
        Assert.Contains(plan.Policies, policy => policy.Id == "encryption-at-rest" && policy.Violations.Any(violation => violation.Resource == "Cluster eks"));

        var closed = new GraphBuilder();
        closed.Resource("aws:eks/cluster:Cluster", "eks", new
        {
            name = "main",
            version = "1.34",
            vpcConfig = new { endpointPrivateAccess = true, endpointPublicAccess = true, publicAccessCidrs = new[] { "192.0.2.0/24" } },
            encryptionConfig = new { provider = new { keyArn = "arn:aws:kms:x" }, resources = new[] { "secrets" } },
            zonalShiftConfig = new { enabled = true },
        });
        plan = Of(closed);
        Assert.Equal(("1.34", true, true, true), (plan.Clusters[0].Version, plan.Clusters[0].HasPrivateEndpoint, plan.Clusters[0].EncryptsSecrets, plan.Clusters[0].HasZonalShift));
        Assert.Empty(plan.Warnings);
    }

    [Fact]
    public void What_the_program_warns_of_is_passed_on()
    {
        var graph = new GraphBuilder().Log(LogSeverity.Warning, "spot without a floor\n").Log(LogSeverity.Info, "fine").Log(LogSeverity.Debug, "finer");
        Assert.Equal(["spot without a floor"], Of(graph).Warnings.AsEnumerable());
    }

    [Fact]
    public void Storage_that_is_not_encrypted_is_warned_of()
    {
        var graph = new GraphBuilder();
        graph.Resource("kubernetes:storage.k8s.io/v1:StorageClass", "fast", new { metadata = new { name = "fast" }, provisioner = "ebs.csi.aws.com", parameters = new { type = "gp3" } });
        graph.Resource("kubernetes:storage.k8s.io/v1:StorageClass", "safe", new { metadata = new { name = "safe" }, provisioner = "ebs.csi.aws.com", parameters = new { encrypted = "true" } });
        Assert.Equal(["storage class fast: not encrypted at rest"], Of(graph).Warnings.AsEnumerable());
    }

    private static GraphBuilder Network(string[] natZones)
    {
        var graph = new GraphBuilder();
        graph.Resource("aws:ec2/vpc:Vpc", "vpc", new { cidrBlock = "10.0.0.0/16" });
        graph.Resource("aws:ec2/routeTable:RouteTable", "public", new { routes = new[] { new { cidrBlock = "0.0.0.0/0", gatewayId = "igw-1" } } }, id: "rt-public");
        graph.Resource("aws:ec2/routeTable:RouteTable", "private", id: "rt-private");
        graph.Resource("aws:ec2/route:Route", "out", new { routeTableId = "rt-private", natGatewayId = "nat-1" });
        foreach (var zone in new[] { "a", "b" })
        {
            foreach (var kind in new[] { "public", "private", "data" })
            {
                graph.Resource("aws:ec2/subnet:Subnet", $"{kind}-{zone}", new { availabilityZone = $"eu-central-1{zone}", cidrBlock = "10.0.0.0/20" });
                if (kind != "data")
                    graph.Resource("aws:ec2/routeTableAssociation:RouteTableAssociation", $"{kind}-{zone}", new { subnetId = $"{kind}-{zone}-id", routeTableId = $"rt-{kind}" });
            }
        }

        foreach (var zone in natZones)
            graph.Resource("aws:ec2/natGateway:NatGateway", $"nat-{zone}", new { subnetId = $"public-{zone}-id" });
        return graph;
    }

    private static Plan Of(GraphBuilder graph) => Plan.Of(
        graph.Build(),
        ClusterModelReader.Of(graph.Build()),
        new StackSettings { Stack = "test", StackFilePath = "Pulumi.test.yaml", Config = System.Collections.Immutable.ImmutableSortedDictionary<string, string>.Empty, SecretKeys = [] },
        TimeSpan.FromSeconds(1));
}
