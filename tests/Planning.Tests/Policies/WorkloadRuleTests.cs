using HaCluster.Engine.Values;
using HaCluster.Planning.Tests.Graphs;

namespace HaCluster.Planning.Tests.Policies;

public sealed class WorkloadRuleTests
{
    private const string Spread = "replicas-spread";
    private const string Budgets = "disruption-budgets";
    private const string Limits = "requests-and-limits";
    private const string Deployment = "kubernetes:apps/v1:Deployment";
    private const string Release = "kubernetes:helm.sh/v3:Release";
    private const string TooWeak = "whose rules allow all of them on one node: a maxSkew as large as their number, or a selector that does not match them";
    private const string Constraint =
        """{"maxSkew":1,"topologyKey":"topology.kubernetes.io/zone","whenUnsatisfiable":"ScheduleAnyway","labelSelector":{"matchLabels":{"app":"it"}}}""";

    private const string Own = """ "labelSelector":{"matchLabels":{"app":"it"}},"topologyKey" """;

    [Theory]
    [InlineData(1, "{}", null)]
    [InlineData(2, "{}", "without a spread over zones or nodes")]
    [InlineData(2, $$"""{"topologySpreadConstraints":[{{Constraint}}]}""", null)]
    [InlineData(2, $$"""{"topologySpreadConstraints":[{"maxSkew":1,{{Own}}:"topology.kubernetes.io/zone"}]}""", null)]
    [InlineData(2, $$"""{"topologySpreadConstraints":[{"maxSkew":2,{{Own}}:"topology.kubernetes.io/zone"}]}""", TooWeak)]
    [InlineData(3, $$"""{"topologySpreadConstraints":[{"maxSkew":2,{{Own}}:"topology.kubernetes.io/zone"}]}""", null)]
    [InlineData(2, $$"""{"topologySpreadConstraints":[{"maxSkew":1,{{Own}}:"example.com/rack"}]}""", TooWeak)]
    [InlineData(2, """{"topologySpreadConstraints":[{"maxSkew":1,"labelSelector":{"matchLabels":{"app":"other"}},"topologyKey":"topology.kubernetes.io/zone"}]}""", TooWeak)]
    [InlineData(2, $$"""{"affinity":{"podAntiAffinity":{"requiredDuringSchedulingIgnoredDuringExecution":[{ {{Own}}:"kubernetes.io/hostname"}]} } }""", null)]
    [InlineData(2, $$"""{"affinity":{"podAntiAffinity":{"preferredDuringSchedulingIgnoredDuringExecution":[{"weight":1,"podAffinityTerm":{ {{Own}}:"kubernetes.io/hostname"} }]} } }""", null)]
    [InlineData(2, $$"""{"affinity":{"podAffinity":{"requiredDuringSchedulingIgnoredDuringExecution":[{ {{Own}}:"kubernetes.io/hostname"}]} } }""", "without a spread over zones or nodes")]
    public void Replicas_of_a_workload_keep_apart(int replicas, string pod, string? problem)
    {
        var workload = Json.Of($$$"""{"spec":{"replicas":{{{replicas}}},"template":{"metadata":{"labels":{"app":"it"} },"spec":{{{pod}}} } } }""");
        Assert.Equal(problem is null ? [] : [$"Deployment it: {replicas} replicas {problem}"], Checked.Problems(Spread, Deployment, workload));
        Assert.Equal(problem is null ? [] : [$"StatefulSet it: {replicas} replicas {problem}"], Checked.Problems(Spread, "kubernetes:apps/v1:StatefulSet", workload));
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
    [InlineData("""{"replicaCount":1}""")]
    [InlineData("""{"replicaCount":3}""", "platform/it-cert-manager: 3")]
    [InlineData("""{"webhook":{"replicaCount":2}}""", "platform/it-cert-manager-webhook: 2")]
    [InlineData("""
        {"replicaCount":2,"affinity":{"podAntiAffinity":{"requiredDuringSchedulingIgnoredDuringExecution":[{
          "topologyKey":"kubernetes.io/hostname","labelSelector":{"matchLabels":{"app.kubernetes.io/component":"controller"}}}]}}}
        """)]
    public void Pods_of_a_chart_are_seen_and_its_release_is_named(string values, string? problem = null)
    {
        var release = Json.Of($$"""{"name":"it","namespace":"platform","chart":"cert-manager","version":"v1.21.1","values":{{values}} }""");
        Assert.Equal(problem is null ? [] : [$"Release it: Deployment {problem} replicas without a spread over zones or nodes"], Checked.Problems(Spread, Release, release));
    }

    [Fact]
    public void The_proxies_of_a_gateway_and_an_add_on_are_seen()
    {
        var problem = Assert.Single(Checked.Problems(Spread, Gateway));
        Assert.StartsWith("EnvoyProxy fleet: Deployment platform/envoy-", problem, StringComparison.Ordinal);
        Assert.EndsWith("3 replicas without a spread over zones or nodes", problem, StringComparison.Ordinal);
        var addon = new { addonName = "metrics-server", configurationValues = """{"replicas":2,"affinity":{"nodeAffinity":{}},"topologySpreadConstraints":[]}""" };
        Assert.Equal(
            ["Addon it: Deployment kube-system/metrics-server: 2 replicas without a spread over zones or nodes"], Checked.Problems(Spread, "aws:eks/addon:Addon", addon));
    }

    [Fact]
    public void A_budget_beside_a_chart_covers_its_pods()
    {
        var without = Checked.Problems(Budgets, graph => graph.Resource(Release, "it", CertManager()));
        Assert.Equal(["Release it: Deployment platform/it-cert-manager: 2 replicas without a disruption budget"], without);
        Assert.Empty(Checked.Problems(Budgets, graph =>
        {
            graph.Resource(Release, "it", CertManager());
            graph.Resource("kubernetes:policy/v1:PodDisruptionBudget", "it", Json.Of(
                """{"metadata":{"name":"it","namespace":"platform"},"spec":{"maxUnavailable":1,"selector":{"matchLabels":{"app.kubernetes.io/component":"controller"}}}}"""));
        }));
    }

    [Fact]
    public void What_is_not_modelled_is_not_inspected()
    {
        var graph = new GraphBuilder();
        graph.Resource(Release, "closed", new { name = "loki", chart = "loki", @namespace = "logging", values = new { replicas = 3 } });
        graph.Resource(Release, "open", CertManager());
        graph.Resource("aws:eks/addon:Addon", "mesh", new { addonName = "somebodys-mesh" });
        graph.Resource("kubernetes:batch.volcano.sh/v1alpha1:Job", "train", new { metadata = new { name = "train", @namespace = "web" } });
        string[] hidden = ["Job web/train", "add-on somebodys-mesh", "chart logging/loki"];
        Assert.All(new[] { Spread, Budgets, Limits }, policy => Assert.Equal(hidden, Checked.Of(policy, graph.Build()).NotInspected.AsEnumerable()));
    }

    [Theory]
    [InlineData("a", "b", true, true)]
    [InlineData("a", "a", true, false)]
    [InlineData("a", "b", false, false)]
    public void Databases_and_search_are_in_more_than_one_zone(string first, string second, bool isAware, bool holds)
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
                $$$"""{"metadata":{"name":"shop","namespace":"{{{place}}}"},"spec":{"maxUnavailable":1,"selector":{{{selector}}} }}"""));
        }));

    [Theory]
    [InlineData("""{"maxUnavailable":1}""", null)]
    [InlineData("""{"minAvailable":"50%"}""", null)]
    [InlineData("""{"maxUnavailable":2}""", "and a budget, shop, that allows evicting all of them at once")]
    [InlineData("""{"minAvailable":0}""", "and a budget, shop, that allows evicting all of them at once")]
    [InlineData("""{"maxUnavailable":0}""", "and a budget, shop, that never allows an eviction: drains do not end")]
    [InlineData("""{"minAvailable":"100%"}""", "and a budget, shop, that never allows an eviction: drains do not end")]
    public void A_budget_lets_some_go_and_not_all(string bound, string? problem) =>
        Assert.Equal(problem is null ? [] : [$"Deployment shop: 2 replicas {problem}"], Checked.Problems(Budgets, graph =>
        {
            graph.Resource(Deployment, "shop", Json.Of(
                """{"metadata":{"name":"shop","namespace":"web"},"spec":{"replicas":2,"template":{"metadata":{"labels":{"app":"shop"}}}}}"""));
            graph.Resource("kubernetes:policy/v1:PodDisruptionBudget", "shop", Json.Of(
                $$$"""{"metadata":{"name":"shop","namespace":"web"},"spec":{{{bound[..^1]}}},"selector":{"matchLabels":{"app":"shop"} } } }"""));
        }));

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
        graph.Resource(Release, "chart", new { name = "chart", chart = "velero", @namespace = "web", values = new { } });
        var result = Checked.Of(Limits, graph.Build());
        Assert.Equal(holds ? [] : ["Pod pod", "Release chart"], result.Violations.Select(violation => violation.Resource).Order(StringComparer.Ordinal));
    }

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

    private static PropertyValue CertManager() =>
        Json.Of("""{"name":"it","namespace":"platform","chart":"cert-manager","version":"v1.21.1","values":{"replicaCount":2}}""");

    private static void Gateway(GraphBuilder graph)
    {
        graph.Resource(Release, "envoy", Json.Of("""{"name":"envoy","namespace":"platform","chart":"gateway-helm","version":"v1.9.0","values":{} }"""));
        graph.Resource("kubernetes:gateway.networking.k8s.io/v1:GatewayClass", "class", Json.Of(
            """{"metadata":{"name":"edge"},"spec":{"controllerName":"gateway.envoyproxy.io/gatewayclass-controller","parametersRef":{"name":"fleet"}}}"""));
        graph.Resource("kubernetes:gateway.networking.k8s.io/v1:Gateway", "gateway", Json.Of(
            """{"metadata":{"name":"edge","namespace":"platform"},"spec":{"gatewayClassName":"edge"}}"""));
        graph.Resource("kubernetes:gateway.envoyproxy.io/v1alpha1:EnvoyProxy", "fleet", Json.Of(
            """{"metadata":{"name":"fleet","namespace":"platform"},"spec":{"provider":{"kubernetes":{"envoyHpa":{"minReplicas":3,"maxReplicas":4}}}}}"""));
    }
}
