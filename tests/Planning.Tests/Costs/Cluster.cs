using HaCluster.Planning.Tests.Graphs;

namespace HaCluster.Planning.Tests.Costs;

/// <summary>Small pieces of a stack in three zones.</summary>
internal static class Cluster
{
    public static readonly string[] Zones = ["eu-test-1a", "eu-test-1b", "eu-test-1c"];

    public static readonly string[] Subnets = ["subnet-a", "subnet-b", "subnet-c"];

    /// <summary>A VPC with one subnet in each of three zones, in the component <c>network</c>.</summary>
    public static GraphBuilder WithNetwork(out string network)
    {
        var graph = new GraphBuilder();
        network = graph.Component("ha-cluster:network:Network", "network");
        graph.Resource("aws:ec2/vpc:Vpc", "vpc", parent: network);
        for (var i = 0; i < Zones.Length; i++)
            graph.Resource("aws:ec2/subnet:Subnet", Subnets[i], new { availabilityZone = Zones[i], cidrBlock = "10.0.0.0/20" }, id: Subnets[i], parent: network);
        return graph;
    }

    public static void Nat(GraphBuilder graph, string network, int zone)
    {
        graph.Resource("aws:ec2/eip:Eip", $"nat-{zone}", new { domain = "vpc" }, id: $"eip-{zone}", parent: network);
        graph.Resource("aws:ec2/natGateway:NatGateway", $"nat-{zone}", new { allocationId = $"eip-{zone}", subnetId = Subnets[zone] }, parent: network);
    }

    public static void Group(GraphBuilder graph, string name, string type, int min, int max, string capacity = "ON_DEMAND", string[]? subnets = null) =>
        graph.Resource("aws:eks/nodeGroup:NodeGroup", name, new
        {
            capacityType = capacity,
            instanceTypes = new[] { type },
            diskSize = 50,
            scalingConfig = new { minSize = min, desiredSize = min, maxSize = max },
            subnetIds = subnets ?? Subnets,
        });

    public static void StorageClass(GraphBuilder graph, string name, object parameters, bool isDefault = false) =>
        graph.Resource("kubernetes:storage.k8s.io/v1:StorageClass", name, new
        {
            provisioner = "ebs.csi.aws.com",
            parameters,
            metadata = new { name, annotations = new Dictionary<string, object?> { ["storageclass.kubernetes.io/is-default-class"] = isDefault ? "true" : "false" } },
        });

    public static void Database(GraphBuilder graph, string name, int instances)
    {
        graph.Resource("aws:rds/cluster:Cluster", name, new { clusterIdentifier = name, engine = "aurora-mysql", manageMasterUserPassword = true });
        for (var i = 0; i < instances; i++)
        {
            graph.Resource("aws:rds/clusterInstance:ClusterInstance", $"{name}-{i}", new
            {
                clusterIdentifier = name,
                engine = "aurora-mysql",
                instanceClass = "db.r7g.large",
                availabilityZone = Zones[i],
            });
        }
    }
}
