using HaCluster.Planning.Tests.Graphs;

namespace HaCluster.Planning.Tests.Policies;

public sealed class WorkloadRuleTests
{
    private const string Spread = "replicas-spread";
    private const string Budgets = "disruption-budgets";
    private const string Limits = "requests-and-limits";
    private const string Deployment = "kubernetes:apps/v1:Deployment";
    private const string Release = "kubernetes:helm.sh/v3:Release";
    private const string Constraint = """{"topologyKey":"topology.kubernetes.io/zone","whenUnsatisfiable":"ScheduleAnyway"}""";

    [Theory]
    [InlineData(1, "{}", true)]
    [InlineData(2, "{}", false)]
    [InlineData(2, $$"""{"topologySpreadConstraints":[{{Constraint}}]}""", true)]
    [InlineData(2, """{"topologySpreadConstraints":[{"topologyKey":"example.com/rack"}]}""", false)]
    [InlineData(2, """{"affinity":{"podAntiAffinity":{"requiredDuringSchedulingIgnoredDuringExecution":[{"topologyKey":"kubernetes.io/hostname"}]}}}""", true)]
    [InlineData(2, """{"affinity":{"podAntiAffinity":{"preferredDuringSchedulingIgnoredDuringExecution":[{"weight":1,"podAffinityTerm":{"topologyKey":"kubernetes.io/hostname"}}]}}}""", true)]
    [InlineData(2, """{"affinity":{"podAffinity":{"requiredDuringSchedulingIgnoredDuringExecution":[{"topologyKey":"kubernetes.io/hostname"}]}}}""", false)]
    public void Replicas_of_a_workload_keep_apart(int replicas, string pod, bool holds)
    {
        var workload = Json.Of($$$"""{"spec":{"replicas":{{{replicas}}},"template":{"spec":{{{pod}}} } } }""");
        Assert.Equal(holds ? [] : ["Deployment it: 2 replicas without a spread over zones or nodes"], Checked.Problems(Spread, Deployment, workload));
        Assert.Equal(holds ? [] : ["StatefulSet it: 2 replicas without a spread over zones or nodes"], Checked.Problems(Spread, "kubernetes:apps/v1:StatefulSet", workload));
    }

    [Theory]
    [InlineData("shop", true)]
    [InlineData("other", false)]
    public void An_autoscaler_makes_replicas_too(string target, bool isMeant) =>
        Assert.Equal(isMeant ? ["Deployment shop: 4 replicas without a spread over zones or nodes"] : [], Checked.Problems(Spread, graph =>
        {
            graph.Resource(Deployment, "shop", new { metadata = new { name = "shop", @namespace = "web" }, spec = new { } });
            graph.Resource("kubernetes:autoscaling/v2:HorizontalPodAutoscaler", "shop", new
            {
                metadata = new { name = "shop", @namespace = "web" },
                spec = new { minReplicas = 4, scaleTargetRef = new { kind = "Deployment", name = target } },
            });
        }));

    [Theory]
    [InlineData($$"""{"replicaCount":3,"topologySpreadConstraints":[{{Constraint}}]}""")]
    [InlineData($$"""{"deployment":{"replicas":2,"pod":{"topologySpreadConstraints":[{{Constraint}}]} } }""")]
    [InlineData($$"""{"topologySpreadConstraints":[{{Constraint}}],"deployment":{"replicas":2} }""")]
    [InlineData($$"""{"replicaCount":2,"autoscaling":{"minReplicas":2},"topologySpreadConstraints":[{{Constraint}}]}""")]
    [InlineData("""{"prometheusSpec":{"replicas":2,"podAntiAffinity":"hard"}}""")]
    [InlineData("""{"autoscaling":{"enabled":false,"minReplicas":2},"replicas":1}""")]
    [InlineData("""{"replicaCount":3,"topologySpreadConstraints":[]}""", "3 replicas (values)")]
    [InlineData($$"""{"replicaCount":3,"webhook":{"replicaCount":2,"topologySpreadConstraints":[{{Constraint}}]} }""", "3 replicas (values)")]
    [InlineData($$"""{"replicaCount":3,"topologySpreadConstraints":[{{Constraint}}],"webhook":{"replicaCount":2} }""", "2 replicas (values.webhook)")]
    public void Values_of_a_chart_spread_what_they_replicate(string values, string? problem = null) =>
        Assert.Equal(
            problem is null ? [] : [$"Release it: {problem} without a spread over zones or nodes"],
            Checked.Problems(Spread, Release, Json.Of($$"""{"values":{{values}} }""")));

    [Fact]
    public void The_proxies_of_a_gateway_and_an_add_on_are_looked_into()
    {
        Assert.Equal(["EnvoyProxy it: 3 replicas without a spread over zones or nodes"], Checked.Problems(
            Spread, "kubernetes:gateway.envoyproxy.io/v1alpha1:EnvoyProxy", Json.Of("""{"spec":{"provider":{"kubernetes":{"envoyHpa":{"minReplicas":3}}}}}""")));
        Assert.Equal(["Addon it: 2 replicas (configurationValues) without a spread over zones or nodes"], Checked.Problems(
            Spread, "aws:eks/addon:Addon", new { configurationValues = """{"replicas":2}""" }));
    }

    [Fact]
    public void A_chart_that_shows_no_replicas_is_reported_as_not_inspected()
    {
        var graph = new GraphBuilder();
        graph.Resource(Release, "closed", new { values = new { image = new { tag = "1" } } });
        graph.Resource(Release, "open", new { values = new { replicas = 1 } });
        graph.Resource("aws:eks/addon:Addon", "proxy", new { addonName = "kube-proxy" });
        Assert.Equal(["add-on proxy", "chart closed"], Checked.Of(Spread, graph.Build()).NotInspected.AsEnumerable());
        Assert.Equal(["add-on proxy", "chart closed"], Checked.Of(Budgets, graph.Build()).NotInspected.AsEnumerable());
    }

    [Theory]
    [InlineData("a", "b", true, true)]
    [InlineData("a", "a", true, false)]
    [InlineData("a", "b", false, false)]
    public void Databases_and_search_stand_in_more_than_one_zone(string first, string second, bool isAware, bool holds)
    {
        var problems = Checked.Problems(Spread, graph =>
        {
            graph.Resource("aws:rds/cluster:Cluster", "db", new { clusterIdentifier = "db" });
            graph.Resource("aws:rds/clusterInstance:ClusterInstance", "1", new { clusterIdentifier = "db", availabilityZone = first });
            graph.Resource("aws:rds/clusterInstance:ClusterInstance", "2", new { clusterIdentifier = "db", availabilityZone = second });
            graph.Resource("aws:opensearch/domain:Domain", "logs", new { clusterConfig = new { instanceCount = 3, zoneAwarenessEnabled = isAware } });
        });
        Assert.Equal(
            holds ? [] : isAware ? ["Cluster db: 2 instances in one zone"] : ["Domain logs: 3 data nodes, and clusterConfig.zoneAwarenessEnabled is not true"],
            problems);
    }

    [Theory]
    [InlineData("""{"matchLabels":{"app":"shop"}}""", "web", true)]
    [InlineData("""{"matchExpressions":[{"key":"app","operator":"In","values":["shop"]}]}""", "web", true)]
    [InlineData("{}", "web", true)]
    [InlineData("""{"matchExpressions":[{"key":"app","operator":"NotIn","values":["shop"]}]}""", "web", false)]
    [InlineData("""{"matchLabels":{"app":"other"}}""", "web", false)]
    [InlineData("""{"matchLabels":{"app":"shop"}}""", "elsewhere", false)]
    public void What_runs_more_than_once_has_a_budget(string selector, string place, bool holds) =>
        Assert.Equal(holds ? [] : ["Deployment shop: 2 replicas without a disruption budget"], Checked.Problems(Budgets, graph =>
        {
            graph.Resource(Deployment, "shop", Json.Of(
                """{"metadata":{"name":"shop","namespace":"web"},"spec":{"replicas":2,"template":{"metadata":{"labels":{"app":"shop"}}}}}"""));
            graph.Resource("kubernetes:policy/v1:PodDisruptionBudget", "shop", Json.Of(
                $$$"""{"metadata":{"name":"shop","namespace":"{{{place}}}"},"spec":{"selector":{{{selector}}} }}"""));
        }));

    [Theory]
    [InlineData("""{"replicas":2,"podDisruptionBudget":{"maxUnavailable":1}}""", true)]
    [InlineData("""{"replicas":2,"podDisruptionBudget":{"enabled":true}}""", true)]
    [InlineData("""{"replicas":2,"podDisruptionBudget":{"enabled":false,"maxUnavailable":1}}""", false)]
    [InlineData("""{"replicas":2}""", false)]
    public void Values_of_a_chart_have_a_budget_for_what_they_replicate(string values, bool holds) =>
        Assert.Equal(
            holds ? [] : ["Release it: 2 replicas (values) without a disruption budget"],
            Checked.Problems(Budgets, Release, Json.Of($$"""{"values":{{values}} }""")));

    [Theory]
    [InlineData("""{"requests":{"cpu":"1"},"limits":{"memory":"1Gi","ephemeral-storage":"1Gi"}}""", null)]
    [InlineData("""{"limits":{"cpu":"1","memory":"1Gi","ephemeral-storage":"1Gi"}}""", null)]
    [InlineData("""{"requests":{"cpu":"1","memory":"1Gi"},"limits":{"ephemeral-storage":"1Gi"}}""", "limits.memory")]
    [InlineData("""{"requests":{"cpu":"1"},"limits":{"memory":"0","ephemeral-storage":"1Gi"}}""", "limits.memory")]
    [InlineData("{}", "requests.cpu, limits.memory, limits.ephemeral-storage")]
    public void Every_container_is_limited(string resources, string? missing)
    {
        foreach (var list in new[] { "containers", "initContainers" })
        {
            var pod = $$"""{"{{list}}":[{"name":"app","resources":{{resources}} }]}""";
            string[] expected = missing is null ? [] : [$"container app has no {missing}"];
            Assert.Equal(expected.Select(one => $"Deployment it: {one}"), Checked.Problems(Limits, Deployment, Json.Of($$$$"""{"spec":{"template":{"spec":{{{{pod}}}} }}}""")));
            Assert.Equal(
                expected.Select(one => $"CronJob it: {one}"),
                Checked.Problems(Limits, "kubernetes:batch/v1:CronJob", Json.Of($$$$"""{"spec":{"jobTemplate":{"spec":{"template":{"spec":{{{{pod}}}} } } } } }""")));
        }
    }

    [Theory]
    [InlineData("web", true)]
    [InlineData("elsewhere", false)]
    public void Defaults_of_the_namespace_count(string place, bool holds)
    {
        var graph = new GraphBuilder();
        graph.Resource("kubernetes:core/v1:LimitRange", "limits", Json.Of(
            $$$"""{"metadata":{"namespace":"{{{place}}}"},"spec":{"limits":[{"type":"Container","default":{"memory":"1Gi","ephemeral-storage":"1Gi"},"defaultRequest":{"cpu":"1"}}]}}"""));
        graph.Resource("kubernetes:core/v1:Pod", "pod", Json.Of("""{"metadata":{"namespace":"web"},"spec":{"containers":[{"name":"app"}]}}"""));
        graph.Resource(Release, "chart", new { @namespace = "web", values = new { } });
        var result = Checked.Of(Limits, graph.Build());
        Assert.Equal(holds ? 0 : 1, result.Violations.Length);
        Assert.Equal(holds ? [] : ["chart chart"], result.NotInspected.AsEnumerable());
    }

    [Theory]
    [InlineData("""{"resources":{"requests":{"cpu":"1"},"limits":{"memory":"1Gi","ephemeral-storage":"1Gi"}}}""", null)]
    [InlineData("""{"resources":{"requests":{"storage":"1Gi"}}}""", null)]
    [InlineData("""{"resources":{}}""", null)]
    [InlineData("""{"webhook":{"resources":{"requests":{"cpu":"1"}}}}""", "values.webhook.resources has no limits.memory, limits.ephemeral-storage")]
    public void What_values_say_of_resources_is_all_of_it(string values, string? problem) =>
        Assert.Equal(problem is null ? [] : [$"Release it: {problem}"], Checked.Problems(Limits, Release, Json.Of($$"""{"values":{{values}} }""")));

    [Theory]
    [InlineData("ghcr.io/shop/app:1.4.2", true)]
    [InlineData("registry.example.com:5000/shop/app:v1", true)]
    [InlineData("ghcr.io/shop/app@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef", true)]
    [InlineData("ghcr.io/shop/app:latest", false)]
    [InlineData("ghcr.io/shop/app", false)]
    [InlineData("registry.example.com:5000/shop/app", false)]
    public void Images_have_a_version(string image, bool holds)
    {
        var pod = Json.Of($$$"""{"spec":{"containers":[{"name":"app","image":"{{{image}}}"}]}}""");
        Assert.Equal(holds ? [] : ["Pod it: image of container app has no version"], Checked.Problems("pinned-versions", "kubernetes:core/v1:Pod", pod));
        Assert.Equal(
            holds ? [] : ["Release it: values.image has no version"],
            Checked.Problems("pinned-versions", Release, new { version = "1.0.0", values = new { image } }));
    }

    [Theory]
    [InlineData(Release, "version", "v1.21.1", true)]
    [InlineData(Release, "version", null, false)]
    [InlineData(Release, "version", "^1.2.0", false)]
    [InlineData(Release, "version", "1.x", false)]
    [InlineData("aws:eks/cluster:Cluster", "version", "1.35", true)]
    [InlineData("aws:eks/addon:Addon", "addonVersion", "v1.59.0-eksbuild.1", true)]
    [InlineData("aws:eks/addon:Addon", "addonVersion", "latest", false)]
    [InlineData("aws:rds/cluster:Cluster", "engineVersion", "8.0.mysql_aurora.3.10.5", true)]
    [InlineData("aws:opensearch/domain:Domain", "engineVersion", "OpenSearch_3.5", true)]
    [InlineData("aws:opensearch/domain:Domain", "engineVersion", null, false)]
    public void Releases_and_engines_have_one_version(string type, string property, string? version, bool holds) =>
        Assert.Equal(
            holds ? [] : [$"{type[(type.LastIndexOf(':') + 1)..]} it: {property} is not one version"],
            Checked.Problems("pinned-versions", type, new Dictionary<string, object?> { [property] = version }));
}
