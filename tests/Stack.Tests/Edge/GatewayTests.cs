using HaCluster.Stack.Settings;
using HaCluster.Stack.Settings.Edge;
using HaCluster.Stack.Tests.Graph;
using HaCluster.Stack.Tests.Settings;

namespace HaCluster.Stack.Tests.Edge;

public class GatewayTests
{
    private const string TwoSites =
        """{"sites":{"blog":{"image":"blog:1.0","domain":"blog.shop.com"},"shop":{"image":"shop:1.0","domain":"shop.com"}}}""";

    [Fact]
    public async Task Each_site_has_a_listener_that_takes_routes_from_its_own_namespace_only()
    {
        var gateway = Object(await DeclaredCluster.FromAsync(TwoSites), "Gateway", "gateway");

        Assert.Equal("platform", gateway.At("metadata.namespace"));
        Assert.Equal(["http", "site-blog", "site-shop"], gateway.List("spec.listeners").Select((_, index) => gateway.At($"spec.listeners.{index}.name")));
        Assert.Equal("Same", gateway.At("spec.listeners.0.allowedRoutes.namespaces.from"));
        for (var index = 1; index <= 2; index++)
        {
            var listener = $"spec.listeners.{index}";
            Assert.Equal("HTTPS", gateway.At($"{listener}.protocol"));
            Assert.Equal("Selector", gateway.At($"{listener}.allowedRoutes.namespaces.from"));
            Assert.Equal(gateway.At($"{listener}.name"), gateway.Map($"{listener}.allowedRoutes.namespaces.selector.matchLabels")["kubernetes.io/metadata.name"]);
            Assert.Equal($"{gateway.At($"{listener}.name")}-tls", gateway.At($"{listener}.tls.certificateRefs.0.name"));
        }

        Assert.Equal("shop.com", gateway.At("spec.listeners.2.hostname"));
    }

    [Fact]
    public async Task Plain_http_only_redirects()
    {
        var routes = (await DeclaredCluster.FromAsync(TwoSites)).Where(resource => resource.Type.EndsWith(":HTTPRoute", StringComparison.Ordinal)).ToArray();

        var http = Assert.Single(routes, route => Equals(route.At("spec.parentRefs.0.sectionName"), "http"));
        Assert.Equal("https", http.At("spec.rules.0.filters.0.requestRedirect.scheme"));
        Assert.Null(http.At("spec.rules.0.backendRefs"));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Proxies_are_in_every_zone_and_leave_one_at_a_time(int zones)
    {
        var proxies = Object(await DeclaredCluster.FromAsync($$"""{"zones":{{zones}}}"""), "EnvoyProxy", "gateway-fleet");

        const string Provider = "spec.provider.kubernetes";
        Assert.Equal(zones, Number(proxies.At($"{Provider}.envoyHpa.minReplicas")));
        Assert.Equal(1, Number(proxies.At($"{Provider}.envoyPDB.maxUnavailable")));
        Assert.Equal(0, Number(proxies.At($"{Provider}.envoyDeployment.strategy.rollingUpdate.maxUnavailable")));
        Assert.Null(proxies.At($"{Provider}.envoyDeployment.replicas"));
        Assert.Equal("topology.kubernetes.io/zone", proxies.At($"{Provider}.envoyDeployment.pod.topologySpreadConstraints.0.topologyKey"));
        Assert.Equal("high", proxies.At($"{Provider}.envoyDeployment.pod.priorityClassName"));
        Assert.Equal(["cpu", "ephemeral-storage", "memory"], proxies.Map($"{Provider}.envoyDeployment.container.resources.limits").Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_new_proxy_is_targeted_before_an_old_one_goes_and_an_old_one_stays_until_it_is_not()
    {
        var resources = await DeclaredCluster.FromAsync("{}");
        var proxies = Object(resources, "EnvoyProxy", "gateway-fleet");
        var attributes = Pairs(Balancer(resources), "target-group-attributes");

        // A target is known after two good checks, and registration takes a minute or so before.
        Assert.True(Number(proxies.At("spec.provider.kubernetes.envoyDeployment.patch.value.spec.minReadySeconds")) >= 60 + 2 * 10);
        Assert.True(Seconds(proxies.Text("spec.shutdown.minDrainDuration")) >= 60);
        Assert.True(Seconds(proxies.Text("spec.shutdown.drainTimeout")) >= int.Parse(attributes["deregistration_delay.timeout_seconds"], null));
    }

    [Fact]
    public async Task The_load_balancer_is_ready_for_a_zonal_shift_and_not_easily_deleted()
    {
        var service = Balancer(await DeclaredCluster.FromAsync("{}"));

        var balancer = Pairs(service, "attributes");
        Assert.Equal("true", balancer["zonal_shift.config.enabled"]);
        Assert.Equal("true", balancer["load_balancing.cross_zone.enabled"]);
        Assert.Equal("true", balancer["deletion_protection.enabled"]);

        // With cross-zone balancing AWS refuses zonal shift otherwise.
        Assert.Equal("false", Pairs(service, "target-group-attributes")["target_health_state.unhealthy.connection_termination.enabled"]);
        Assert.Equal("service.k8s.aws/nlb", service.At("spec.loadBalancerClass"));
        Assert.Equal("ip", Annotation(service, "nlb-target-type"));
        Assert.Equal("internet-facing", Annotation(service, "scheme"));
        Assert.Equal(false, service.At("spec.allocateLoadBalancerNodePorts"));
        Assert.Equal("false", Pairs(Balancer(await DeclaredCluster.FromAsync("""{"edge":{"deletionProtection":false}}""")), "attributes")["deletion_protection.enabled"]);
    }

    [Fact]
    public async Task Only_the_load_balancer_gets_at_the_proxies_and_both_speak_the_proxy_protocol()
    {
        var resources = await DeclaredCluster.FromAsync("{}");
        var policy = resources.One("kubernetes:networking.k8s.io/v1:NetworkPolicy", "edge-load-balancer");
        var service = Balancer(resources);

        var plan = Configuration.Read("{}").Settings.Network.Plan;
        Assert.Equal(
            plan.Public.Select(cidr => cidr.ToString()),
            policy.List("spec.ingress.0.from").Select((_, index) => policy.Text($"spec.ingress.0.from.{index}.ipBlock.cidr")));
        var open = policy.List("spec.ingress.0.ports").Select((_, index) => Number(policy.At($"spec.ingress.0.ports.{index}.port"))).ToArray();
        var used = service.List("spec.ports").Select((_, index) => Number(service.At($"spec.ports.{index}.targetPort"))).ToArray();
        Assert.Equal(used, open);
        Assert.Contains(int.Parse(Annotation(service, "healthcheck-port"), null), used);
        Assert.Equal(Annotation(service, "healthcheck-path"), Object(resources, "ClientTrafficPolicy", "gateway-clients").At("spec.healthCheck.path"));
        Assert.Equal(policy.Map("spec.podSelector.matchLabels"), service.Map("spec.selector"));
        Assert.Equal("*", Annotation(service, "proxy-protocol"));
        Assert.Equal("false", Pairs(service, "target-group-attributes")["preserve_client_ip.enabled"]);
        Assert.Equal(false, Object(resources, "ClientTrafficPolicy", "gateway-clients").At("spec.proxyProtocol.optional"));
    }

    [Fact]
    public async Task Certificates_are_proven_through_the_plain_listener_and_cert_manager_may_look_itself()
    {
        var resources = await DeclaredCluster.FromAsync("""{"edge":{"acmeServer":"staging","acmeEmail":"ops@shop.com"}}""");
        var issuer = Object(resources, "ClusterIssuer", "public-issuer");
        var check = resources.One("kubernetes:networking.k8s.io/v1:NetworkPolicy", "public-issuer");

        const string Solver = "spec.acme.solvers.0.http01.gatewayHTTPRoute";
        Assert.Equal("http", issuer.At($"{Solver}.parentRefs.0.sectionName"));
        Assert.Equal("ClusterIP", issuer.At($"{Solver}.serviceType"));
        Assert.Equal("https://acme-staging-v02.api.letsencrypt.org/directory", issuer.At("spec.acme.server"));
        Assert.Equal("ops@shop.com", issuer.At("spec.acme.email"));
        Assert.Null(Object(await DeclaredCluster.FromAsync("{}"), "ClusterIssuer", "public-issuer").At("spec.acme.email"));
        Assert.Equal(80, Number(check.At("spec.egress.0.ports.0.port")));
        Assert.Contains("10.0.0.0/8", check.List("spec.egress.0.to.0.ipBlock.except"));
    }

    [Fact]
    public async Task The_quota_of_the_platform_holds_all_proxies_with_room_for_the_rest()
    {
        var resources = await DeclaredCluster.FromAsync("{}");
        var proxies = Object(resources, "EnvoyProxy", "gateway-fleet");
        var hard = resources.One("kubernetes:core/v1:ResourceQuota", "platform").Map("spec.hard");

        foreach (var kind in new[] { "requests", "limits" })
        {
            foreach (var (resource, each) in proxies.Map($"spec.provider.kubernetes.envoyDeployment.container.resources.{kind}"))
            {
                // One more in a rolling update, and half of the quota is for others.
                var needed = Quantity.Parse((string)each).Value * (EdgeSettings.ReplicasLimit + 1);
                var whole = Quantity.Parse((string)hard[$"{kind}.{resource}"]).Value;
                Assert.True(needed <= whole * 0.6m, $"{kind}.{resource}: {needed} of {whole}");
            }
        }
    }

    [Fact]
    public async Task Without_the_edge_nothing_of_it_is_there()
    {
        var resources = await DeclaredCluster.FromAsync("""{"edge":{"enabled":false}}""");

        Assert.DoesNotContain(resources, resource => resource.Type.StartsWith("kubernetes:gateway.", StringComparison.Ordinal) || resource.Type.StartsWith("ha-cluster:edge", StringComparison.Ordinal));
        Assert.DoesNotContain(resources, resource => Equals(resource.At("spec.type"), "LoadBalancer"));
    }

    private static RecordedResource Object(IReadOnlyList<RecordedResource> resources, string kind, string name) =>
        resources.Single(resource => resource.Name == name && resource.Type.StartsWith("kubernetes:", StringComparison.Ordinal) && resource.Type.EndsWith($":{kind}", StringComparison.Ordinal));

    private static RecordedResource Balancer(IReadOnlyList<RecordedResource> resources) =>
        resources.One("kubernetes:core/v1:Service", "edge-load-balancer");

    private static string Annotation(RecordedResource service, string name) =>
        (string)service.Map("metadata.annotations")[$"service.beta.kubernetes.io/aws-load-balancer-{name}"];

    private static Dictionary<string, string> Pairs(RecordedResource service, string annotation) =>
        Annotation(service, annotation).Split(',').Select(pair => pair.Split('=')).ToDictionary(pair => pair[0], pair => pair[1]);

    private static int Number(object? value) => Convert.ToInt32(value, System.Globalization.CultureInfo.InvariantCulture);

    private static int Seconds(string duration) => int.Parse(duration.TrimEnd('s'), null);
}
