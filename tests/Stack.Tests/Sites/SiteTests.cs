using HaCluster.Stack.Tests.Graph;

namespace HaCluster.Stack.Tests.Sites;

public class SiteTests
{
    private const string Name = "site-shop";
    private const string Container = "spec.template.spec.containers.0";
    private const string Shop =
        """{"sites":{"shop":{"image":"ghcr.io/us/shop:1.4.2","domain":"shop.us.com","port":9000,"healthPath":"/up","env":{"MODE":"live"}}}}""";

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Replicas_are_spread_over_zones_and_none_goes_before_the_next_is_there(int zones)
    {
        var resources = await DeclaredCluster.FromAsync($$$"""{"zones":{{{zones}}},"sites":{"shop":{"image":"shop:1","domain":"shop.us.com"} } }""");
        var deployment = resources.One("kubernetes:apps/v1:Deployment", Name);
        var autoscaler = resources.One("kubernetes:autoscaling/v2:HorizontalPodAutoscaler", Name);

        Assert.Equal(zones, Number(deployment.At("spec.replicas")));
        Assert.Equal(zones, Number(autoscaler.At("spec.minReplicas")));
        Assert.Equal("shop", autoscaler.At("spec.scaleTargetRef.name"));
        Assert.Equal(0, Number(deployment.At("spec.strategy.rollingUpdate.maxUnavailable")));
        Assert.Equal("topology.kubernetes.io/zone", deployment.At("spec.template.spec.topologySpreadConstraints.0.topologyKey"));
        Assert.Equal(deployment.Map("spec.selector.matchLabels"), deployment.Map("spec.template.spec.topologySpreadConstraints.0.labelSelector.matchLabels"));
    }

    [Fact]
    public async Task Everything_of_it_finds_its_pods()
    {
        var resources = await DeclaredCluster.FromAsync(Shop);
        var pods = resources.One("kubernetes:apps/v1:Deployment", Name).Map("spec.template.metadata.labels");

        Assert.Equal(pods, resources.One("kubernetes:core/v1:Service", Name).Map("spec.selector"));
        var budget = resources.One("kubernetes:policy/v1:PodDisruptionBudget", Name);
        Assert.Equal(pods, budget.Map("spec.selector.matchLabels"));
        Assert.Equal(1, Number(budget.At("spec.maxUnavailable")));
    }

    [Fact]
    public async Task A_replica_has_limits_and_no_rights()
    {
        var resources = await DeclaredCluster.FromAsync(Shop);
        var deployment = resources.One("kubernetes:apps/v1:Deployment", Name);

        foreach (var kind in new[] { "requests", "limits" })
            Assert.Equal(["cpu", "ephemeral-storage", "memory"], deployment.Map($"{Container}.resources.{kind}").Keys.Order(StringComparer.Ordinal));
        Assert.Equal(deployment.Map($"{Container}.resources.requests")["memory"], deployment.Map($"{Container}.resources.limits")["memory"]);
        Assert.Equal(true, deployment.At("spec.template.spec.securityContext.runAsNonRoot"));
        Assert.Equal("RuntimeDefault", deployment.At("spec.template.spec.securityContext.seccompProfile.type"));
        Assert.Equal(true, deployment.At($"{Container}.securityContext.readOnlyRootFilesystem"));
        Assert.Equal(["ALL"], deployment.List($"{Container}.securityContext.capabilities.drop"));
        Assert.Equal(false, deployment.At("spec.template.spec.automountServiceAccountToken"));
        Assert.Equal(false, resources.One("kubernetes:core/v1:ServiceAccount", Name).At("automountServiceAccountToken"));
        Assert.NotNull(deployment.At("spec.template.spec.volumes.0.emptyDir.sizeLimit"));
    }

    [Fact]
    public async Task It_is_asked_before_it_gets_requests_and_told_before_it_goes()
    {
        var deployment = (await DeclaredCluster.FromAsync(Shop)).One("kubernetes:apps/v1:Deployment", Name);

        Assert.Equal("/up", deployment.At($"{Container}.readinessProbe.httpGet.path"));
        Assert.Equal("/up", deployment.At($"{Container}.startupProbe.httpGet.path"));

        // A restart does not help a site whose database is away.
        Assert.Null(deployment.At($"{Container}.livenessProbe.httpGet"));
        Assert.Equal("http", deployment.At($"{Container}.livenessProbe.tcpSocket.port"));
        var told = Number(deployment.At($"{Container}.lifecycle.preStop.sleep.seconds"));
        Assert.True(told >= 10);
        Assert.True(Number(deployment.At("spec.template.spec.terminationGracePeriodSeconds")) >= told + 30);
        Assert.Equal(9000, Number(deployment.At($"{Container}.ports.0.containerPort")));
        Assert.Equal("live", deployment.At($"{Container}.env.0.value"));
    }

    [Fact]
    public async Task Its_route_leads_from_its_own_listener_to_its_service()
    {
        var resources = await DeclaredCluster.FromAsync(Shop);
        var route = resources.Single(resource => resource.Name == $"{Name}-route" && resource.Type.EndsWith(":HTTPRoute", StringComparison.Ordinal));
        var service = resources.One("kubernetes:core/v1:Service", Name);

        Assert.Equal(Name, route.At("spec.parentRefs.0.sectionName"));
        Assert.Equal("platform", route.At("spec.parentRefs.0.namespace"));
        Assert.Equal(["shop.us.com"], route.List("spec.hostnames"));
        Assert.Equal(service.At("metadata.name"), route.At("spec.rules.0.backendRefs.0.name"));
        Assert.Equal(Number(service.At("spec.ports.0.port")), Number(route.At("spec.rules.0.backendRefs.0.port")));

        // The name of the metrics of the gateway: httproute/NAMESPACE/NAME/rule/0.
        Assert.Equal(Name, route.At("metadata.namespace"));
        Assert.Equal("shop", route.At("metadata.name"));
        Assert.Single(route.List("spec.rules"));
    }

    [Fact]
    public async Task Its_key_is_out_of_its_reach()
    {
        var resources = await DeclaredCluster.FromAsync(Shop);
        var certificate = resources.Single(resource => resource.Type.EndsWith(":Certificate", StringComparison.Ordinal) && resource.Name == $"{Name}-certificate");
        var gateway = resources.Single(resource => resource.Type.EndsWith(":Gateway", StringComparison.Ordinal) && resource.Name == "gateway" && resource.Inputs.ContainsKey("spec"));

        Assert.Equal("platform", certificate.At("metadata.namespace"));
        Assert.Equal(["shop.us.com"], certificate.List("spec.dnsNames"));
        Assert.Equal(gateway.At("spec.listeners.1.tls.certificateRefs.0.name"), certificate.At("spec.secretName"));
        Assert.Equal("public", certificate.At("spec.issuerRef.name"));
    }

    [Fact]
    public async Task Its_namespace_is_closed_but_for_the_gateway_and_monitoring()
    {
        var policies = (await DeclaredCluster.FromAsync(Shop)).Of("kubernetes:networking.k8s.io/v1:NetworkPolicy")
            .Where(policy => policy.Name.StartsWith($"{Name}-", StringComparison.Ordinal))
            .Select(policy => policy.Name[(Name.Length + 1)..]);

        Assert.Equal(
            ["allow-dns", "allow-internet", "allow-monitoring", "allow-namespace-in", "allow-namespace-out", "allow-platform", "default-deny"],
            policies.Order(StringComparer.Ordinal));
    }

    private static int Number(object? value) => Convert.ToInt32(value, System.Globalization.CultureInfo.InvariantCulture);
}
