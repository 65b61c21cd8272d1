using HaCluster.Planning.Modelling;
using HaCluster.Planning.ServiceQuotas;
using HaCluster.Planning.Tests.Graphs;

namespace HaCluster.Planning.Tests.ServiceQuotas;

public sealed class NodeQuotaTests
{
    [Fact]
    public void VCpus_are_those_of_the_maximum_and_of_two_more_nodes_in_each_zone_while_updating()
    {
        var graph = Zones("a", "b", "c");
        Group(graph, "general", ["a", "b", "c"], ["m7i.xlarge"], desired: 3, max: 12, new { maxUnavailable = 1 });
        // 3 x 4 vCPUs at rest; 12 + 2 x 3 nodes at most.
        Assert.Equal((12, 72), Of(graph, "ec2", "L-1216C47A"));
    }

    [Theory]
    [InlineData(50, 6)] // Half of 12.
    [InlineData(75, 9)]
    [InlineData(70, 9)] // 8.4 nodes are 9.
    [InlineData(10, 4)] // Two in each of two zones are more than 2.
    public void More_nodes_than_that_when_more_may_be_missing_at_once(int percent, int surge)
    {
        var graph = Zones("a", "b");
        Group(graph, "general", ["a", "b"], ["m7i.xlarge"], desired: 2, max: 12, new { maxUnavailablePercentage = percent });
        Assert.Equal((8, (12 + surge) * 4), Of(graph, "ec2", "L-1216C47A"));
    }

    [Fact]
    public void All_groups_are_updated_at_once_and_each_node_is_the_largest_it_may_be()
    {
        var graph = Zones("a");
        Group(graph, "small", ["a"], ["m7i.large"], desired: 1, max: 2, new { maxUnavailable = 1 });
        Group(graph, "mixed", ["a"], ["m7i.large", "m7i.2xlarge"], desired: 1, max: 1, new { maxUnavailable = 1 });
        // (2+2)x2 + (1+2)x8
        Assert.Equal((10, 32), Of(graph, "ec2", "L-1216C47A"));
    }

    [Fact]
    public void Spot_and_other_families_count_against_quotas_of_their_own()
    {
        var graph = Zones("a");
        Group(graph, "spot", ["a"], ["m7i.large"], desired: 0, max: 3, new { maxUnavailable = 1 }, "SPOT");
        Group(graph, "gpu", ["a"], ["g5.xlarge"], desired: 1, max: 1, new { maxUnavailable = 1 });
        Assert.Equal((0, 10), Of(graph, "ec2", "L-34B43A08"));
        Assert.Equal((4, 12), Of(graph, "ec2", "L-DB2E81BA"));
        Assert.DoesNotContain(QuotaNeeds.Of(graph.Build(), ClusterModelReader.Of(graph.Build())).Needs, need => need.Quota.Code == "L-1216C47A");
    }

    [Fact]
    public void Types_that_nobody_knows_are_reported_and_the_others_counted()
    {
        var graph = Zones("a");
        Group(graph, "odd", ["a"], ["m99.huge", "hpc7g.4xlarge", "m7i.large"], desired: 1, max: 1, new { maxUnavailable = 1 });
        var needs = QuotaNeeds.Of(graph.Build(), ClusterModelReader.Of(graph.Build()));
        Assert.Contains("odd: m99.huge is not in the instance-type table; its vCPUs are not counted", needs.Notes);
        Assert.Contains("odd: hpc7g.4xlarge counts against a quota that is not in the quota table", needs.Notes);
        Assert.Equal((2, 6), Of(graph, "ec2", "L-1216C47A"));
    }

    [Fact]
    public void Disks_of_nodes_and_claims_of_pods_are_TiB_of_their_type()
    {
        var graph = Zones("a");
        graph.Resource("aws:ec2/launchTemplate:LaunchTemplate", "template", id: "lt-1", inputs: new
        {
            blockDeviceMappings = new[] { new { deviceName = "/dev/xvda", ebs = new { volumeSize = 256, volumeType = "gp3" } } },
        });
        Group(graph, "stateful", ["a"], ["m7i.large"], desired: 1, max: 2, new { maxUnavailable = 1 }, template: "lt-1");
        Class(graph, "gp3", isDefault: true, "gp3");
        Class(graph, "fast", isDefault: false, "io2");
        Set(graph, "chain", replicas: 3, "1Ti", storageClass: null);
        Set(graph, "ledger", replicas: 2, "512Gi", "fast");
        // At rest 256 GiB + 3 TiB; at most (2+2) x 256 GiB + 3 TiB.
        Assert.Equal((3.25m, 4m), Of(graph, "ebs", "L-7A658B76"));
        Assert.Equal((1m, 1m), Of(graph, "ebs", "L-09BD8365"));
    }

    [Fact]
    public void Charts_ask_for_volumes_through_their_values()
    {
        var graph = new GraphBuilder();
        Class(graph, "gp3", isDefault: true, "gp3");
        graph.Resource("kubernetes:helm.sh/v3:Release", "prometheus", new
        {
            values = new
            {
                prometheus = new { spec = new { replicas = 2, storageSpec = new { volumeClaimTemplate = new { spec = Claim("512Gi") } } } },
                grafana = new { persistence = new { enabled = true, size = "256Gi" } },
                other = new { persistence = new { enabled = false, size = "256Gi" } },
            },
        });
        Assert.Equal((1.25m, 1.25m), Of(graph, "ebs", "L-7A658B76"));
    }

    [Fact]
    public void A_volume_of_an_unknown_class_is_assumed_and_said()
    {
        var graph = new GraphBuilder();
        Set(graph, "chain", replicas: 1, "1Ti", "elsewhere");
        Assert.Equal((1m, 1m), Of(graph, "ebs", "L-7A658B76"));
        Assert.Contains("storage class elsewhere is not declared here; its volumes are counted as gp3", QuotaNeeds.Of(graph.Build(), ClusterModelReader.Of(graph.Build())).Notes);
    }

    [Fact]
    public void The_largest_group_counts_against_the_nodes_of_a_group()
    {
        var graph = Zones("a", "b");
        Group(graph, "one", ["a", "b"], ["m7i.large"], desired: 2, max: 20, new { maxUnavailable = 1 });
        Group(graph, "two", ["a"], ["m7i.large"], desired: 1, max: 3, new { maxUnavailable = 1 });
        Assert.Equal((2, 24), Of(graph, "eks", "L-BD136A63"));
        Assert.Equal((2, 2), Of(graph, "eks", "L-6D54EA21"));
    }

    private static (decimal AtRest, decimal AtMost) Of(GraphBuilder graph, string service, string code)
    {
        var need = QuotaNeeds.Of(graph.Build(), ClusterModelReader.Of(graph.Build())).Needs.Single(need => need.Quota.Service == service && need.Quota.Code == code);
        return (need.AtRest, need.AtMost);
    }

    private static GraphBuilder Zones(params string[] zones)
    {
        var graph = new GraphBuilder();
        foreach (var zone in zones)
            graph.Resource("aws:ec2/subnet:Subnet", $"private-{zone}", new { availabilityZone = $"eu-central-1{zone}", vpcId = "vpc" });
        return graph;
    }

    private static void Group(
        GraphBuilder graph, string name, string[] zones, string[] types, int desired, int max, object updateConfig, string capacity = "ON_DEMAND", string? template = null) =>
        graph.Resource("aws:eks/nodeGroup:NodeGroup", name, new
        {
            clusterName = "main",
            subnetIds = zones.Select(zone => $"private-{zone}-id").ToArray(),
            instanceTypes = types,
            capacityType = capacity,
            scalingConfig = new { minSize = desired, desiredSize = desired, maxSize = max },
            launchTemplate = template is null ? null : new { id = template },
            updateConfig,
        });

    private static void Class(GraphBuilder graph, string name, bool isDefault, string type) =>
        graph.Resource("kubernetes:storage.k8s.io/v1:StorageClass", name, new
        {
            metadata = new { name, annotations = new Dictionary<string, object?> { ["storageclass.kubernetes.io/is-default-class"] = isDefault ? "true" : "false" } },
            provisioner = "ebs.csi.aws.com",
            parameters = new { type },
        });

    private static void Set(GraphBuilder graph, string name, int replicas, string size, string? storageClass) =>
        graph.Resource("kubernetes:apps/v1:StatefulSet", name, new
        {
            spec = new { replicas, volumeClaimTemplates = new[] { new { spec = Claim(size, storageClass) } } },
        });

    private static object Claim(string size, string? storageClass = null) =>
        new { storageClassName = storageClass, resources = new { requests = new { storage = size } } };
}
