using HaCluster.Planning.Costs.Estimates;
using HaCluster.Planning.Costs.Usage;
using HaCluster.Planning.Modelling;
using HaCluster.Planning.Stacks;
using HaCluster.Planning.Tests.Graphs;

namespace HaCluster.Planning.Tests.Costs;

/// <summary>Sums done by hand: a month has 730 hours.</summary>
public sealed class CostEstimateTests
{
    private static readonly string[] NoUse = [.. UsageCatalog.All.Select(usage => $"{usage.Name}=0")];

    [Fact]
    public void Node_groups_cost_by_desired_and_largest_size_and_so_do_their_disks()
    {
        var graph = Cluster.WithNetwork(out _);
        Cluster.Group(graph, "general", "m7i.large", 3, 6);
        var estimate = Prices.Estimate(graph, NoUse);
        // 3 x 730 h x 0.10; 3 x 50 GB x 0.10
        Assert.Equal(["general | general: m7i.large | 3-6 | 219-438", "general | general: disks | 150-300 | 15-30"], Prices.Lines(estimate));
        Assert.Equal(new CostRange(234, 468), estimate.Monthly);
        Assert.Equal(estimate.Monthly, estimate.MonthlyOnDemand);
    }

    [Fact]
    public void A_spot_group_costs_what_spot_costs_and_is_known_on_demand_too()
    {
        var graph = Cluster.WithNetwork(out _);
        Cluster.Group(graph, "burst", "m7i.xlarge", 0, 2, "SPOT");
        var estimate = Prices.Estimate(graph, NoUse);
        Assert.Equal(["burst | burst: m7i.xlarge, spot | 0-2 | 0-73", "burst | burst: disks | 0-100 | 0-10"], Prices.Lines(estimate));
        Assert.Equal(new CostRange(0, 302), estimate.MonthlyOnDemand);
    }

    [Fact]
    public void A_launch_template_says_what_type_and_which_disks()
    {
        var graph = Cluster.WithNetwork(out _);
        graph.Resource("aws:ec2/launchTemplate:LaunchTemplate", "template", new
        {
            instanceType = "m7i.large",
            blockDeviceMappings = new[] { new { ebs = new { volumeSize = 100, volumeType = "gp3", iops = 4000, throughput = 225 } } },
        }, id: "lt-1");
        graph.Resource("aws:eks/nodeGroup:NodeGroup", "group", new { launchTemplate = new { id = "lt-1" }, scalingConfig = new { minSize = 1, maxSize = 1 } });
        // 730 x 0.10; 100 x 0.10; 1000 x 0.01; 100 x 0.05
        Assert.Equal(
            [
                "group | group: m7i.large | 1 | 73", "group | group: disks | 100 | 10", "group | group: disks, IOPS beyond 3000 | 1000 | 10",
                "group | group: disks, MB/s beyond 125 | 100 | 5",
            ],
            Prices.Lines(Prices.Estimate(graph, NoUse)));
    }

    [Fact]
    public void Nat_gateways_addresses_and_endpoints_cost_by_the_hour_and_zone()
    {
        var graph = Cluster.WithNetwork(out var network);
        Cluster.Nat(graph, network, 0);
        Cluster.Nat(graph, network, 1);
        graph.Resource("aws:ec2/vpcEndpoint:VpcEndpoint", "sts", new { vpcEndpointType = "Interface", subnetIds = Cluster.Subnets }, parent: network);
        graph.Resource("aws:ec2/vpcEndpoint:VpcEndpoint", "s3", new { vpcEndpointType = "Gateway" }, parent: network);
        // 2 x 730 x 0.05; 3 x 730 x 0.01; 2 x 730 x 0.005
        Assert.Equal(
            ["network | NAT gateway | 2 | 73", "network | interface endpoint, per zone | 3 | 21.9", "network | public IPv4 address | 2 | 7.3"],
            Prices.Lines(Prices.Estimate(graph, NoUse)));
    }

    [Fact]
    public void A_database_costs_by_instance_and_its_proxy_by_their_vcpus()
    {
        var graph = Cluster.WithNetwork(out _);
        Cluster.Database(graph, "mysql", 2);
        graph.Resource("aws:rds/proxy:Proxy", "mysql", new { name = "mysql-proxy" });
        graph.Resource("aws:rds/proxyTarget:ProxyTarget", "mysql", new { dbProxyName = "mysql-proxy", dbClusterIdentifier = "mysql" });
        var estimate = Prices.Estimate(graph, "database-gb=100", "database-io-millions=10", "database-backup-gb=0", "cross-zone-gb=0", "egress-gb=0");
        // 730 x 0.3 each; 2 instances x 2 vCPUs x 730 x 0.01; 100 x 0.1; 10 x 0.2
        Assert.Equal(
            [
                "mysql | mysql: proxy | 4 | 29.2", "mysql | mysql: storage | 100 | 10", "mysql | mysql: storage reads and writes | 10 | 2",
                "mysql | mysql: administrator secret | 1 | 0.4", "mysql-0 | mysql: db.r7g.large | 1 | 219", "mysql-1 | mysql: db.r7g.large | 1 | 219",
            ],
            Prices.Lines(estimate).Order(StringComparer.Ordinal).OrderBy(line => line.StartsWith("mysql-", StringComparison.Ordinal)).ThenByDescending(Amount));
        Assert.Equal(new CostRange(12, 12), estimate.AssumedMonthly);
    }

    [Fact]
    public void Search_costs_by_data_nodes_masters_and_storage()
    {
        var graph = Cluster.WithNetwork(out _);
        graph.Resource("aws:opensearch/domain:Domain", "search", new
        {
            clusterConfig = new
            {
                instanceCount = 3,
                instanceType = "r7g.large.search",
                dedicatedMasterEnabled = true,
                dedicatedMasterCount = 3,
                dedicatedMasterType = "m7g.large.search",
                zoneAwarenessEnabled = true,
            },
            ebsOptions = new { ebsEnabled = true, volumeType = "gp3", volumeSize = 100 },
            vpcOptions = new { subnetIds = Cluster.Subnets },
        });
        // 3 x 730 x 0.2; 3 x 730 x 0.1; 3 x 100 x 0.1
        Assert.Equal(
            [
                "search | search: data node r7g.large.search | 3 | 438", "search | search: dedicated master m7g.large.search | 3 | 219",
                "search | search: storage | 300 | 30",
            ],
            Prices.Lines(Prices.Estimate(graph, NoUse)));
    }

    [Fact]
    public void Volumes_of_pods_cost_by_their_storage_class()
    {
        var graph = Cluster.WithNetwork(out _);
        Cluster.StorageClass(graph, "fast", new { type = "gp3", iops = "6000", throughput = "500" });
        Cluster.StorageClass(graph, "gp3", new { type = "gp3" }, isDefault: true);
        graph.Resource("kubernetes:apps/v1:StatefulSet", "chain", new
        {
            metadata = new { name = "bitcoin", @namespace = "chains" },
            spec = new { replicas = 2, volumeClaimTemplates = new[] { new { spec = new { storageClassName = "fast", resources = new { requests = new { storage = "100Gi" } } } } } },
        });
        graph.Resource("kubernetes:core/v1:PersistentVolumeClaim", "claim", new { metadata = new { name = "files" }, spec = new { resources = new { requests = new { storage = "10Gi" } } } });
        Assert.Equal(
            [
                "chain | bitcoin: volumes, IOPS beyond 3000 | 6000 | 60", "chain | bitcoin: volumes, MB/s beyond 125 | 750 | 37.5",
                "chain | bitcoin: volumes | 200 | 20", "claim | files: volumes | 10 | 1",
            ],
            Prices.Lines(Prices.Estimate(graph, NoUse)));
    }

    [Fact]
    public void Volumes_and_load_balancers_of_charts_are_read_from_their_values()
    {
        var graph = Cluster.WithNetwork(out _);
        Cluster.StorageClass(graph, "gp3", new { type = "gp3" }, isDefault: true);
        graph.Resource("kubernetes:helm.sh/v3:Release", "monitoring", new
        {
            chart = "kube-prometheus-stack",
            values = new
            {
                fullnameOverride = "main",
                prometheus = new { prometheusSpec = new { replicas = 2, storageSpec = new { volumeClaimTemplate = Claim("50Gi") } } },
                grafana = new { persistence = new { enabled = true, size = "5Gi" }, service = new { type = "LoadBalancer" } },
                other = new { persistence = new { enabled = false, size = "500Gi" } },
            },
        });
        Assert.Equal(
            [
                "monitoring | grafana: NLB | 1 | 14.6", "monitoring | grafana: public IPv4 address | 3 | 10.95",
                "monitoring | prometheus-main-prometheus: volumes | 100 | 10", "monitoring | monitoring-grafana: volumes | 5 | 0.5",
            ],
            Prices.Lines(Prices.Estimate(graph, NoUse)));
    }

    [Fact]
    public void A_service_makes_a_load_balancer_with_an_address_in_each_zone_only_when_it_is_public()
    {
        var graph = Cluster.WithNetwork(out _);
        var annotations = new Dictionary<string, object?> { ["service.beta.kubernetes.io/aws-load-balancer-scheme"] = "internet-facing" };
        graph.Resource("kubernetes:core/v1:Service", "edge", new { metadata = new { name = "edge", annotations }, spec = new { type = "LoadBalancer" } });
        graph.Resource("kubernetes:core/v1:Service", "inside", new { metadata = new { name = "inside" }, spec = new { type = "LoadBalancer" } });
        graph.Resource("kubernetes:core/v1:Service", "none", new { metadata = new { name = "none" }, spec = new { type = "ClusterIP" } });
        Assert.Equal(
            ["edge | edge: NLB | 1 | 14.6", "edge | edge: public IPv4 address | 3 | 10.95", "inside | inside: NLB | 1 | 14.6"],
            Prices.Lines(Prices.Estimate(graph, NoUse)));
    }

    [Theory]
    [InlineData("ClusterIP", 0)]
    [InlineData("LoadBalancer", 1)]
    public void A_gateway_has_a_load_balancer_unless_its_proxies_are_told_otherwise(string type, int balancers)
    {
        var graph = Cluster.WithNetwork(out _);
        graph.Resource("kubernetes:gateway.networking.k8s.io/v1:Gateway", "gateway", new { metadata = new { name = "gateway" } });
        graph.Resource("kubernetes:gateway.envoyproxy.io/v1alpha1:EnvoyProxy", "proxy", new { spec = new { provider = new { kubernetes = new { envoyService = new { type } } } } });
        Assert.Equal(balancers, Prices.Estimate(graph, NoUse).Lines.Count(line => line.What == "gateway: NLB"));
    }

    [Fact]
    public void An_alarm_costs_for_each_metric_and_more_when_it_looks_often()
    {
        var graph = new GraphBuilder();
        graph.Resource("aws:cloudwatch/metricAlarm:MetricAlarm", "simple", new { period = 300 });
        graph.Resource("aws:cloudwatch/metricAlarm:MetricAlarm", "fine", new { period = 10 });
        graph.Resource("aws:cloudwatch/metricAlarm:MetricAlarm", "sum", new
        {
            metricQueries = new object[] { new { expression = "a/b" }, new { metric = new { period = 300 } }, new { metric = new { period = 300 } } },
        });
        Assert.Equal(
            ["fine | high-resolution alarm metric | 1 | 0.3", "sum | alarm metric | 2 | 0.2", "simple | alarm metric | 1 | 0.1"],
            Prices.Lines(Prices.Estimate(graph, NoUse)));
    }

    [Fact]
    public void Use_is_assumed_where_there_is_something_to_use_and_can_be_set()
    {
        var graph = Cluster.WithNetwork(out var network);
        Assert.Equal(["cross-zone-gb", "egress-gb"], Prices.Estimate(graph).Assumed.Select(usage => usage.Of.Name));
        Cluster.Nat(graph, network, 0);
        var assumed = Prices.Estimate(graph, "nat-gb=500", "egress-gb=0").Assumed;
        Assert.Equal([("cross-zone-gb", 1000m, 20m), ("nat-gb", 500m, 20m)], assumed.Select(usage => (usage.Of.Name, usage.Amount, usage.Monthly.AtRest)));
    }

    [Fact]
    public void The_highest_price_of_the_highest_amount_is_a_number()
    {
        var graph = Cluster.WithNetwork(out _);
        var prices = Prices.List.With([Prices.Of("transfer:cross-zone", "GB-hour", 1_000_000m)]);
        var estimate = CostEstimate.Of(graph.Build(), ClusterModelReader.Of(graph.Build()), Prices.Region, prices, UsageAssumptions.Parse(["cross-zone-gb=1000000000000"]));
        Assert.Equal(730_000_000_000_000_000_000m, estimate.Assumed.Single(usage => usage.Of.Name == "cross-zone-gb").Monthly.AtRest);
    }

    [Fact]
    public void Snapshots_are_assumed_for_the_volumes_that_something_takes_them_of()
    {
        var graph = new GraphBuilder();
        Cluster.StorageClass(graph, "gp3", new { type = "gp3" }, isDefault: true);
        foreach (var space in new[] { "chains", "shop" })
        {
            graph.Resource("kubernetes:core/v1:PersistentVolumeClaim", space, new
            {
                metadata = new { name = space, @namespace = space },
                spec = new { resources = new { requests = new { storage = "100Gi" } } },
            });
        }

        graph.Resource("kubernetes:batch/v1:CronJob", "snapshots", new
        {
            metadata = new { @namespace = "chains" },
            spec = new { jobTemplate = new { spec = new { template = new { spec = new { containers = new[] { new { env = new[] { new { name = "SNAPSHOT_CLASS", value = "x" } } } } } } } } },
        });
        // 50 % of 100 GB x 0.02
        Assert.Equal(["chains | chains: snapshots | 50 | 1"], Prices.Lines(Prices.Estimate(graph, "snapshot-percent=50")).Where(line => line.Contains("snapshots", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("nat-gb", "write a number of zero or more after")]
    [InlineData("nat-gb=much", "write a number of zero or more after")]
    [InlineData("nat-gb=-1", "write a number of zero or more after")]
    [InlineData("nat-gb=79228162514264337593543950335", "write a number of zero or more after 'nat-gb=', at most 1,000,000,000,000")]
    [InlineData("gnat-gb=1", "'gnat-gb' is not an assumption; known are: cross-zone-gb, ")]
    public void An_unknown_assumption_is_refused(string setting, string expected) =>
        Assert.Contains(expected, Assert.Throws<UnreadableInputException>(() => UsageAssumptions.Parse([setting])).Message, StringComparison.Ordinal);

    private static object Claim(string storage) => new { spec = new { resources = new { requests = new { storage } } } };

    private static decimal Amount(string line) => decimal.Parse(line.Split(" | ")[^1], System.Globalization.CultureInfo.InvariantCulture);
}
