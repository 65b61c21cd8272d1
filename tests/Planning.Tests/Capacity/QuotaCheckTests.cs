using HaCluster.Planning.Capacity;
using HaCluster.Planning.Tests.Graphs;

namespace HaCluster.Planning.Tests.Capacity;

public sealed class QuotaCheckTests
{
    [Fact]
    public void A_quota_smaller_than_the_declared_pods_is_named_with_need_and_limit()
    {
        var graph = Payments(new Dictionary<string, object?> { ["requests.cpu"] = "2", ["limits.memory"] = "4Gi", ["pods"] = "10" });
        Deployment(graph, replicas: 3, new { requests = new { cpu = "1" }, limits = new { cpu = "2", memory = "1Gi" } });
        Assert.Equal(
            ["namespace payments: the declared pods need 3 of requests.cpu, the quota allows 2; raise the quota or declare less"],
            QuotaCheck.Shortfalls(graph.Build()));
    }

    [Fact]
    public void What_pods_leave_out_comes_from_the_limit_range()
    {
        var graph = Payments(new Dictionary<string, object?> { ["limits.ephemeral-storage"] = "1Gi", ["requests.cpu"] = "1" });
        graph.Resource("kubernetes:core/v1:LimitRange", "limits", new
        {
            metadata = new { @namespace = "payments" },
            spec = new { limits = new[] { new { type = "Container", @default = new Dictionary<string, object?> { ["ephemeral-storage"] = "600Mi" }, defaultRequest = new { cpu = "100m" } } } },
        });
        Deployment(graph, replicas: 2, new { });
        Assert.Equal(
            ["namespace payments: the declared pods need 1.17 GiB of limits.ephemeral-storage, the quota allows 1 GiB; raise the quota or declare less"],
            QuotaCheck.Shortfalls(graph.Build()));
    }

    [Fact]
    public void Volumes_and_load_balancers_count_too()
    {
        var graph = Payments(new Dictionary<string, object?> { ["requests.storage"] = "100Gi", ["services.loadbalancers"] = "0", ["persistentvolumeclaims"] = 3 });
        graph.Resource("kubernetes:apps/v1:StatefulSet", "chain", new
        {
            metadata = new { @namespace = "payments" },
            spec = new
            {
                replicas = 3,
                template = new { spec = new { containers = Array.Empty<object>() } },
                volumeClaimTemplates = new[] { new { spec = new { resources = new { requests = new { storage = "50Gi" } } } } },
            },
        });
        graph.Resource("kubernetes:core/v1:Service", "edge", new { metadata = new { @namespace = "payments" }, spec = new { type = "LoadBalancer" } });
        Assert.Equal(["requests.storage", "services.loadbalancers"], QuotaCheck.Shortfalls(graph.Build()).Select(message => message.Split(" of ")[1].Split(',')[0]));
    }

    [Fact]
    public void The_older_spelling_of_requests_binds_as_well()
    {
        var graph = Payments(new Dictionary<string, object?> { ["cpu"] = "1" });
        Deployment(graph, replicas: 2, new { requests = new { cpu = "1" } });
        Assert.Single(QuotaCheck.Shortfalls(graph.Build()));
    }

    [Fact]
    public void Pods_of_other_namespaces_do_not_count()
    {
        var graph = Payments(new Dictionary<string, object?> { ["pods"] = "0" });
        graph.Resource("kubernetes:core/v1:Pod", "elsewhere", new { metadata = new { @namespace = "monitoring" } });
        Assert.Empty(QuotaCheck.Shortfalls(graph.Build()));
    }

    private static GraphBuilder Payments(Dictionary<string, object?> hard)
    {
        var graph = new GraphBuilder();
        graph.Resource("kubernetes:core/v1:ResourceQuota", "quota", new { metadata = new { name = "quota", @namespace = "payments" }, spec = new { hard } });
        return graph;
    }

    private static void Deployment(GraphBuilder graph, int replicas, object resources) =>
        graph.Resource("kubernetes:apps/v1:Deployment", "app", new
        {
            metadata = new { name = "app", @namespace = "payments" },
            spec = new { replicas, template = new { spec = new { containers = new[] { new { name = "app", resources } } } } },
        });
}
