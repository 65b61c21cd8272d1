using System.Collections.Immutable;
using HaCluster.Planning.Facts;
using HaCluster.Planning.Plans;
using HaCluster.Planning.Stacks;
using HaCluster.Planning.Tests.Graphs;

namespace HaCluster.Planning.Tests.Plans;

public sealed class WorkloadTests
{
    [Fact]
    public void A_set_with_volumes_is_shown_with_its_spread_and_its_budget()
    {
        var graph = new GraphBuilder();
        var chains = graph.Component("ha-cluster:chains:Chains", "chains");
        var bitcoin = graph.Component("ha-cluster:chains:Bitcoin", "bitcoin", chains);
        graph.Resource("kubernetes:apps/v1:StatefulSet", "bitcoin", Set("chains", "bitcoin", 3, "DoNotSchedule", "900Gi"), parent: bitcoin);
        graph.Resource("kubernetes:policy/v1:PodDisruptionBudget", "bitcoin", Budget("chains", "bitcoin"), parent: bitcoin);
        Assert.Equal(
            new WorkloadFacts("chains", "bitcoin", "StatefulSet", 3, WorkloadSpread.Required, "900Gi", HasBudget: true),
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
        Assert.False(workload.HasBudget);
        Assert.Equal((WorkloadSpread.Preferred, null), (workload.Spread, workload.Volume));
    }

    [Fact]
    public void What_has_no_number_of_its_own_shows_none()
    {
        var graph = new GraphBuilder();
        graph.Resource("kubernetes:apps/v1:DaemonSet", "agent", new { metadata = new { name = "agent", @namespace = "logging" } });
        graph.Resource("kubernetes:helm.sh/v3:Release", "chart", new { name = "prometheus", @namespace = "monitoring" });
        Assert.Equal(
            [("agent", "DaemonSet", null, WorkloadSpread.None), ("prometheus", "chart", null, WorkloadSpread.Inside)],
            Of(graph).Select(workload => (workload.Name, workload.Kind, workload.Replicas, workload.Spread)));
    }

    [Theory]
    [InlineData("b", WorkloadSpread.Required)]
    [InlineData("a", WorkloadSpread.None)]
    public void A_database_is_spread_when_its_instances_are_in_different_zones(string zoneOfReader, WorkloadSpread expected)
    {
        var graph = new GraphBuilder();
        graph.Resource("aws:rds/cluster:Cluster", "db", new { clusterIdentifier = "shop", engine = "aurora-postgresql" });
        graph.Resource("aws:rds/clusterInstance:ClusterInstance", "writer", new { clusterIdentifier = "shop", availabilityZone = "a" });
        graph.Resource("aws:rds/clusterInstance:ClusterInstance", "reader", new { clusterIdentifier = "shop", availabilityZone = zoneOfReader });
        graph.Resource("aws:rds/clusterInstance:ClusterInstance", "foreign", new { clusterIdentifier = "other", availabilityZone = "c" });
        var workload = Assert.Single(Of(graph));
        Assert.Equal(("database", 2, expected), (workload.Kind, workload.Replicas, workload.Spread));
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
        Assert.Equal(("domain", 3, WorkloadSpread.Required, "200Gi"), (workload.Kind, workload.Replicas, workload.Spread, workload.Volume));
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
                spec = new { topologySpreadConstraints = new[] { new { topologyKey = "topology.kubernetes.io/zone", whenUnsatisfiable } } },
            },
            volumeClaimTemplates = volume is null ? [] : new[] { new { spec = new { resources = new { requests = new { storage = volume } } } } },
        },
    };

    private static object Budget(string place, string app) => new
    {
        metadata = new { name = app, @namespace = place },
        spec = new { selector = new { matchLabels = new { app } } },
    };

    private static ImmutableArray<WorkloadFacts> Of(GraphBuilder graph) => Plan.Of(graph.Build(), Settings(), TimeSpan.Zero).Workloads;

    private static StackSettings Settings() => new()
    {
        Stack = "test",
        StackFilePath = "Pulumi.test.yaml",
        Config = ImmutableSortedDictionary<string, string>.Empty,
        SecretKeys = [],
    };
}
