using System.Collections.Immutable;
using HaCluster.Planning.Modelling;
using HaCluster.Planning.Plans;
using HaCluster.Planning.Stacks;
using HaCluster.Planning.Tests.Graphs;
using HaCluster.Simulation.Model;

namespace HaCluster.Planning.Tests.Plans;

public sealed class WorkloadTests
{
    [Fact]
    public void A_set_with_volumes_is_shown_with_its_spread_and_its_budget()
    {
        var graph = ThreeZones();
        var chains = graph.Component("ha-cluster:chains:Chains", "chains");
        var bitcoin = graph.Component("ha-cluster:chains:Bitcoin", "bitcoin", chains);
        graph.Resource("kubernetes:apps/v1:StatefulSet", "bitcoin", Set("chains", "bitcoin", 3, "DoNotSchedule", "900Gi"), parent: bitcoin);
        graph.Resource("kubernetes:policy/v1:PodDisruptionBudget", "bitcoin", Budget("chains", "bitcoin"), parent: bitcoin);
        Assert.Equal(
            new WorkloadFacts("chains", "bitcoin", "StatefulSet", 3, new Separation(1, IsPreferred: false), "900Gi", Evictions: 1),
            Assert.Single(Of(graph)));
    }

    [Theory]
    [InlineData("other", "bitcoin")]
    [InlineData("chains", "ethereum")]
    public void A_budget_of_another_namespace_or_for_other_pods_does_not_count(string place, string app)
    {
        var graph = new GraphBuilder();
        graph.Resource("kubernetes:apps/v1:StatefulSet", "bitcoin", Set("chains", "bitcoin", 3, "ScheduleAnyway", null));
        graph.Resource("kubernetes:policy/v1:PodDisruptionBudget", "bitcoin", Budget(place, app));
        var workload = Assert.Single(Of(graph));
        Assert.Null(workload.Evictions);
        Assert.Equal((new Separation(3, IsPreferred: true), null), (workload.Zones, workload.Volume));
    }

    [Fact]
    public void What_has_no_number_of_its_own_shows_none_and_an_unknown_chart_is_not_inspected()
    {
        var graph = new GraphBuilder();
        graph.Resource("kubernetes:apps/v1:DaemonSet", "agent", new { metadata = new { name = "agent", @namespace = "logging" } });
        graph.Resource("kubernetes:helm.sh/v3:Release", "chart", new { name = "loki", chart = "loki", @namespace = "monitoring" });
        Assert.Equal(
            [("logging", "agent", "DaemonSet", (int?)null), ("not inspected", "monitoring/loki", "chart", null)],
            Of(graph).Select(workload => (workload.Place, workload.Name, workload.Kind, workload.Replicas)));
    }

    [Theory]
    [InlineData("b", 1)]
    [InlineData("a", 2)]
    public void A_database_is_spread_when_its_instances_are_in_different_zones(string zoneOfReader, int inOneZone)
    {
        var graph = new GraphBuilder();
        graph.Resource("aws:rds/cluster:Cluster", "db", new { clusterIdentifier = "shop", engine = "aurora-postgresql" });
        graph.Resource("aws:rds/clusterInstance:ClusterInstance", "writer", new { clusterIdentifier = "shop", availabilityZone = "a" });
        graph.Resource("aws:rds/clusterInstance:ClusterInstance", "reader", new { clusterIdentifier = "shop", availabilityZone = zoneOfReader });
        graph.Resource("aws:rds/clusterInstance:ClusterInstance", "foreign", new { clusterIdentifier = "other", availabilityZone = "c" });
        var workload = Assert.Single(Of(graph));
        Assert.Equal(("database", 2, new Separation(inOneZone, IsPreferred: false)), (workload.Kind, workload.Replicas, workload.Zones));
    }

    [Fact]
    public void A_search_domain_shows_its_data_nodes()
    {
        var graph = new GraphBuilder();
        graph.Resource("aws:opensearch/domain:Domain", "logs", new
        {
            domainName = "logs",
            clusterConfig = new { instanceCount = 3, zoneAwarenessEnabled = true },
            ebsOptions = new { volumeSize = 200 },
        });
        var workload = Assert.Single(Of(graph));
        Assert.Equal(("domain", 3, new Separation(2, IsPreferred: false), "200Gi"), (workload.Kind, workload.Replicas, workload.Zones, workload.Volume));
    }

    [Theory]
    [InlineData(1, "zone", 1)]
    [InlineData(2, "zone", 2)]
    [InlineData(3, "zone", 3)]
    [InlineData(1, "rack", 3)]
    public void A_spread_is_as_strong_as_what_it_lets_one_zone_hold(int maxSkew, string key, int expected)
    {
        var graph = ThreeZones();
        graph.Resource("kubernetes:apps/v1:Deployment", "front", new
        {
            metadata = new { name = "front", @namespace = "chains" },
            spec = new
            {
                replicas = 3,
                template = new
                {
                    metadata = new { labels = new { app = "front" } },
                    spec = new
                    {
                        topologySpreadConstraints = new[]
                        {
                            new { maxSkew, topologyKey = $"topology.kubernetes.io/{key}", whenUnsatisfiable = "DoNotSchedule", labelSelector = new { matchLabels = new { app = "front" } } },
                        },
                    },
                },
            },
        });
        Assert.Equal(new Separation(expected, IsPreferred: false), Assert.Single(Of(graph)).Zones);
    }

    [Theory]
    [InlineData("1", 1)]
    [InlineData("100%", 3)]
    [InlineData("0", 0)]
    public void A_budget_is_as_strong_as_what_it_keeps(string maxUnavailable, int expected)
    {
        var graph = ThreeZones();
        graph.Resource("kubernetes:apps/v1:StatefulSet", "bitcoin", Set("chains", "bitcoin", 3, "DoNotSchedule", null));
        graph.Resource("kubernetes:policy/v1:PodDisruptionBudget", "bitcoin", new
        {
            metadata = new { name = "bitcoin", @namespace = "chains" },
            spec = new { maxUnavailable, selector = new { matchLabels = new { app = "bitcoin" } } },
        });
        Assert.Equal(expected, Assert.Single(Of(graph)).Evictions);
    }

    private static GraphBuilder ThreeZones()
    {
        var graph = new GraphBuilder();
        foreach (var zone in new[] { "a", "b", "c" })
            graph.Resource("aws:ec2/subnet:Subnet", zone, new { availabilityZone = zone, cidrBlock = "10.0.0.0/24" });
        return graph;
    }

    private static object Set(string place, string app, int replicas, string whenUnsatisfiable, string? volume) => new
    {
        metadata = new { name = app, @namespace = place },
        spec = new
        {
            replicas,
            template = new
            {
                metadata = new { labels = new { app } },
                spec = new { topologySpreadConstraints = new[] { new { topologyKey = "topology.kubernetes.io/zone", whenUnsatisfiable, labelSelector = new { matchLabels = new { app } } } } },
            },
            volumeClaimTemplates = volume is null ? [] : new[] { new { spec = new { resources = new { requests = new { storage = volume } } } } },
        },
    };

    private static object Budget(string place, string app) => new
    {
        metadata = new { name = app, @namespace = place },
        spec = new { maxUnavailable = 1, selector = new { matchLabels = new { app } } },
    };

    private static ImmutableArray<WorkloadFacts> Of(GraphBuilder graph) => Plan.Of(graph.Build(), ClusterModelReader.Of(graph.Build()), Settings(), TimeSpan.Zero).Workloads;

    private static StackSettings Settings() => new()
    {
        Stack = "test",
        StackFilePath = "Pulumi.test.yaml",
        Config = ImmutableSortedDictionary<string, string>.Empty,
        SecretKeys = [],
    };
}
