using HaCluster.Planning.Costs.Estimates;
using HaCluster.Planning.Costs.Prices;
using HaCluster.Planning.Costs.Usage;
using HaCluster.Planning.Modelling;
using HaCluster.Planning.Stacks;
using HaCluster.Planning.Tests.Graphs;

namespace HaCluster.Planning.Tests.Costs;

/// <summary>What is not known is said, and never a silent zero.</summary>
public sealed class UnknownCostTests
{
    [Fact]
    public void A_type_that_is_neither_priced_nor_free_is_reported()
    {
        var graph = new GraphBuilder();
        var parent = graph.Component("ha-cluster:cache:Cache", "cache");
        graph.Resource("aws:elasticache/cluster:Cluster", "redis", parent: parent);
        graph.Resource("kubernetes:networking.k8s.io/v1:Ingress", "site");
        graph.Resource("aws:iam/role:Role", "role");
        var estimate = Prices.Estimate(graph);
        Assert.Equal(
            [("cache", "aws:elasticache/cluster:Cluster"), ("site", "kubernetes:networking.k8s.io/v1:Ingress")],
            estimate.Unpriced.Select(unpriced => (unpriced.Component, unpriced.What)));
        Assert.Equal(new FreeCost("aws:iam/role:Role", 1, "identities are free"), Assert.Single(estimate.Free));
    }

    [Fact]
    public void An_instance_without_a_price_is_reported_with_what_to_do_and_its_disk_still_counts()
    {
        var graph = Cluster.WithNetwork(out _);
        Cluster.Group(graph, "gpu", "p9.large", 1, 1);
        var estimate = Prices.Estimate(graph, "cross-zone-gb=0", "egress-gb=0");
        Assert.Equal(["gpu | gpu: disks | 50 | 5"], Prices.Lines(estimate));
        var unpriced = Assert.Single(estimate.Unpriced);
        Assert.Equal("no price of ec2:p9.large in eu-test-1; give one with --prices FILE: region,item,unit,usd,date,source", unpriced.Reason);
    }

    [Fact]
    public void A_chart_that_is_not_known_is_reported_and_its_values_are_read_nevertheless()
    {
        var graph = new GraphBuilder();
        Cluster.StorageClass(graph, "gp3", new { type = "gp3" }, isDefault: true);
        graph.Resource("kubernetes:helm.sh/v3:Release", "loki", new { chart = "loki", values = new { persistence = new { enabled = true, size = "10Gi" } } });
        var estimate = Prices.Estimate(graph);
        Assert.Equal("chart loki", Assert.Single(estimate.Unpriced).What);
        Assert.Equal(["loki | loki: volumes | 10 | 1"], Prices.Lines(estimate));
    }

    [Fact]
    public void A_volume_of_an_unknown_class_is_reported()
    {
        var graph = new GraphBuilder();
        graph.Resource("kubernetes:core/v1:PersistentVolumeClaim", "claim", new { spec = new { storageClassName = "nfs", resources = new { requests = new { storage = "10Gi" } } } });
        Assert.Equal("storage class nfs is not in the plan; 1 of 10Gi", Assert.Single(Prices.Estimate(graph).Unpriced).Reason);
    }

    [Fact]
    public void A_database_with_prices_of_its_own_is_reported()
    {
        var graph = new GraphBuilder();
        graph.Resource("aws:rds/cluster:Cluster", "fast", new { clusterIdentifier = "fast", storageType = "aurora-iopt1" });
        graph.Resource("aws:rds/clusterInstance:ClusterInstance", "fast-1", new { clusterIdentifier = "fast", engine = "aurora-mysql", instanceClass = "db.r7g.large" });
        var estimate = Prices.Estimate(graph);
        Assert.Contains("aurora-iopt1", Assert.Single(estimate.Unpriced).Reason, StringComparison.Ordinal);
        Assert.Empty(estimate.Lines);
    }

    [Fact]
    public void What_was_only_looked_up_costs_nothing()
    {
        var graph = new GraphBuilder();
        graph.Resource("aws:kms/key:Key", "key");
        var read = graph.Build();
        read = read with { Resources = [.. read.Resources.Select(resource => resource with { IsRead = resource.IsCustom })] };
        Assert.Empty(CostEstimate.Of(read, ClusterModelReader.Of(read), Prices.Region, Prices.List, UsageAssumptions.Default).Components);
    }

    [Fact]
    public void A_region_without_prices_is_refused_with_those_that_exist()
    {
        var exception = Assert.Throws<UnreadableInputException>(() => CostEstimate.Of(new GraphBuilder().Build(), ClusterModelReader.Of(new GraphBuilder().Build()), "sa-east-1", PriceList.Default, UsageAssumptions.Default));
        Assert.StartsWith("there are no prices for sa-east-1; regions with prices: ap-southeast-1, eu-central-1, ", exception.Message, StringComparison.Ordinal);
        Assert.Contains("--prices FILE", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_region_of_a_plan_is_found_in_its_zones()
    {
        var graph = Cluster.WithNetwork(out _);
        Assert.Equal("eu-test-1", CostEstimate.Of(graph.Build(), ClusterModelReader.Of(graph.Build()), region: null, Prices.List, UsageAssumptions.Default).Region);
        Assert.Throws<UnreadableInputException>(() => CostEstimate.Of(new GraphBuilder().Build(), ClusterModelReader.Of(new GraphBuilder().Build()), region: null, Prices.List, UsageAssumptions.Default));
    }
}
