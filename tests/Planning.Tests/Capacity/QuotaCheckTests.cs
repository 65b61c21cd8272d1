using HaCluster.Planning.Capacity;
using HaCluster.Planning.Modelling;
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
            ["namespace payments: what is declared needs 3 of requests.cpu, the quota allows 2; raise quotas.payments or declare less"],
            QuotaCheck.Shortfalls(ClusterModelReader.Of(graph.Build())));
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
            ["namespace payments: what is declared needs 1.17 GiB of limits.ephemeral-storage, the quota allows 1 GiB; raise quotas.payments or declare less"],
            QuotaCheck.Shortfalls(ClusterModelReader.Of(graph.Build())));
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
        Assert.Equal(["requests.storage", "services.loadbalancers"], QuotaCheck.Shortfalls(ClusterModelReader.Of(graph.Build())).Select(message => message.Split(" of ")[1].Split(',')[0]));
    }

    [Fact]
    public void The_older_spelling_of_requests_binds_as_well()
    {
        var graph = Payments(new Dictionary<string, object?> { ["cpu"] = "1" });
        Deployment(graph, replicas: 2, new { requests = new { cpu = "1" } });
        Assert.Single(QuotaCheck.Shortfalls(ClusterModelReader.Of(graph.Build())));
    }

    [Fact]
    public void Pods_of_other_namespaces_do_not_count()
    {
        var graph = Payments(new Dictionary<string, object?> { ["pods"] = "0" });
        graph.Resource("kubernetes:core/v1:Pod", "elsewhere", new { metadata = new { @namespace = "monitoring" } });
        Assert.Empty(QuotaCheck.Shortfalls(ClusterModelReader.Of(graph.Build())));
    }

    [Fact]
    public void Sidecars_agents_of_nodes_and_jobs_of_a_schedule_count_as_at_admission()
    {
        var graph = Payments(new Dictionary<string, object?> { ["requests.cpu"] = "5", ["pods"] = "6" });
        Group(graph, max: 3);
        object one = new { name = "app", resources = new { requests = new { cpu = "500m" } } };
        object sidecar = new { name = "proxy", restartPolicy = "Always", resources = new { requests = new { cpu = "1" } } };
        var metadata = new { @namespace = "payments" };
        // 2 x (500m + 1), 3 nodes x 500m, 1 x 500m.
        graph.Resource("kubernetes:apps/v1:Deployment", "web", new
        {
            metadata,
            spec = new { replicas = 2, template = new { spec = new { containers = new[] { one }, initContainers = new[] { sidecar } } } },
        });
        graph.Resource("kubernetes:apps/v1:DaemonSet", "agent", new { metadata, spec = new { template = new { spec = new { containers = new[] { one } } } } });
        graph.Resource("kubernetes:batch/v1:CronJob", "nightly", new
        {
            metadata,
            spec = new { jobTemplate = new { spec = new { template = new { spec = new { containers = new[] { one } } } } } },
        });
        Assert.Empty(QuotaCheck.Shortfalls(ClusterModelReader.Of(graph.Build())));
        graph.Resource("kubernetes:core/v1:Pod", "more", new { metadata, spec = new { containers = new[] { one } } });
        Assert.Equal(["5.5 of requests.cpu", "7 of pods"], QuotaCheck.Shortfalls(ClusterModelReader.Of(graph.Build())).Select(Need).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("In", "critical", 1)]
    [InlineData("In", "batch", 0)]
    [InlineData("NotIn", "batch", 1)]
    [InlineData("Exists", null, 1)]
    [InlineData("DoesNotExist", null, 0)]
    public void A_quota_by_priority_class_counts_the_pods_of_that_class(string @operator, string? value, int shortfalls)
    {
        var graph = new GraphBuilder();
        graph.Resource("kubernetes:scheduling.k8s.io/v1:PriorityClass", "critical", new { metadata = new { name = "critical" }, value = 1000 });
        graph.Resource("kubernetes:core/v1:ResourceQuota", "quota", new
        {
            metadata = new { name = "critical", @namespace = "payments" },
            spec = new
            {
                hard = new { pods = "0" },
                scopeSelector = new { matchExpressions = new[] { new { scopeName = "PriorityClass", @operator, values = value is null ? [] : new[] { value } } } },
            },
        });
        graph.Resource("kubernetes:core/v1:Pod", "it", new { metadata = new { @namespace = "payments" }, spec = new { priorityClassName = "critical", containers = Array.Empty<object>() } });
        Assert.Equal(shortfalls, QuotaCheck.Shortfalls(ClusterModelReader.Of(graph.Build())).Count);
    }

    [Fact]
    public void Objects_count_by_their_resource()
    {
        var graph = Payments(new Dictionary<string, object?> { ["count/deployments.apps"] = "1", ["count/secrets"] = "1", ["configmaps"] = "0", ["services.nodeports"] = "0" });
        var metadata = new { @namespace = "payments" };
        foreach (var name in new[] { "a", "b" })
            graph.Resource("kubernetes:apps/v1:Deployment", name, new { metadata, spec = new { template = new { spec = new { containers = Array.Empty<object>() } } } });
        graph.Resource("kubernetes:core/v1:Secret", "s", new { metadata });
        graph.Resource("kubernetes:core/v1:ConfigMap", "c", new { metadata });
        graph.Resource("kubernetes:core/v1:Service", "n", new { metadata, spec = new { type = "NodePort", ports = new[] { new { port = 80 } } } });
        Assert.Equal(
            ["1 of configmaps", "1 of services.nodeports", "2 of count/deployments.apps"],
            QuotaCheck.Shortfalls(ClusterModelReader.Of(graph.Build())).Select(Need).Order(StringComparer.Ordinal));
    }

    private static string Need(string message) => message.Split(" needs ")[1].Split(',')[0];

    private static void Group(GraphBuilder graph, int max)
    {
        graph.Resource("aws:ec2/subnet:Subnet", "a", new { availabilityZone = "a", cidrBlock = "10.0.0.0/24" });
        graph.Resource("aws:eks/nodeGroup:NodeGroup", "all", new
        {
            subnetIds = new[] { "a-id" },
            instanceTypes = new[] { "m7i.large" },
            scalingConfig = new { minSize = 1, desiredSize = 1, maxSize = max },
        });
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
