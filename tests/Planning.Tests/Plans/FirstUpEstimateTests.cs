using HaCluster.Engine.Graph;
using HaCluster.Planning.Plans;
using HaCluster.Planning.Tests.Graphs;

namespace HaCluster.Planning.Tests.Plans;

public sealed class FirstUpEstimateTests
{
    private const string Cluster = "aws:eks/cluster:Cluster";
    private const string Nodes = "aws:eks/nodeGroup:NodeGroup";
    private const string Domain = "aws:opensearch/domain:Domain";
    private const string Job = "kubernetes:batch/v1:Job";

    [Fact]
    public void The_longest_path_decides_and_what_runs_beside_it_does_not()
    {
        var graph = new GraphBuilder();
        var cluster = graph.Resource(Cluster, "main");
        var nodes = graph.Resource(Nodes, "general");
        var domain = graph.Resource(Domain, "search");
        var job = graph.Resource(Job, "setup");

        var alone = Of(graph, (nodes, [cluster]), (job, [nodes]));
        var together = Of(graph, (nodes, [cluster]), (job, [nodes, domain]));

        // Nothing waits for the domain: it ends last nevertheless.
        Assert.Equal(["search"], alone.Path.Select(step => step.Resource.Name));
        Assert.Equal(["search", "setup"], together.Path.Select(step => step.Resource.Name));
        Assert.Equal(together.Path[0].Time + together.Path[1].Time, together.Time);
        Assert.True(together.Time > alone.Time);
    }

    [Fact]
    public void An_object_in_the_cluster_waits_for_its_provider_and_that_for_the_cluster()
    {
        var graph = new GraphBuilder();
        var cluster = graph.Resource(Cluster, "main");
        var provider = graph.Resource("pulumi:providers:kubernetes", "kubernetes");
        var release = graph.Resource("kubernetes:helm.sh/v3:Release", "monitoring", new { chart = "kube-prometheus-stack" });

        var estimate = FirstUpEstimate.Of(Change(graph.Build(), resource =>
            resource.Urn == release ? resource with { Provider = $"{provider}::id" }
            : resource.Urn == provider ? resource with { Dependencies = [cluster] }
            : resource));

        Assert.Equal(["main", "kubernetes", "monitoring"], estimate!.Path.Select(step => step.Resource.Name));
    }

    [Fact]
    public void What_nobody_waits_for_is_not_counted()
    {
        var graph = new GraphBuilder();
        var job = graph.Resource(Job, "setup");
        var nodes = graph.Resource("kubernetes:apps/v1:StatefulSet", "chain", new { metadata = new { annotations = new Dictionary<string, object?> { ["pulumi.com/skipAwait"] = "true" } } });

        Assert.Equal(["setup"], Of(graph, (nodes, [job])).Path.Select(step => step.Resource.Name));
    }

    [Fact]
    public void Its_summary_names_what_takes_a_minute_or_more()
    {
        var graph = new GraphBuilder();
        var role = graph.Resource("aws:iam/role:Role", "cluster");
        var cluster = graph.Resource(Cluster, "main");
        var nodes = graph.Resource(Nodes, "general");

        Assert.Equal(
            "about 13 min; longest path: Cluster main 10, NodeGroup general 3",
            Of(graph, (cluster, [role]), (nodes, [cluster])).Summary);
    }

    [Fact]
    public void A_graph_in_which_nothing_takes_a_minute_has_none()
    {
        var graph = new GraphBuilder();
        graph.Resource("aws:iam/role:Role", "cluster");

        Assert.Null(FirstUpEstimate.Of(graph.Build()));
        Assert.Null(FirstUpEstimate.Of(new GraphBuilder().Build()));
    }

    private static FirstUpEstimate Of(GraphBuilder graph, params (string Urn, string[] After)[] waits) => FirstUpEstimate.Of(Change(
        graph.Build(),
        resource => waits.Where(wait => wait.Urn == resource.Urn).Select(wait => resource with { Dependencies = [.. wait.After] }).FirstOrDefault() ?? resource))!;

    private static ResourceGraph Change(ResourceGraph graph, Func<ResourceNode, ResourceNode> change) =>
        graph with { Resources = [.. graph.Resources.Select(change)] };
}
