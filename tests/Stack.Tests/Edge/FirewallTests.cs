using HaCluster.Stack.Edge;
using HaCluster.Stack.Tests.Graph;
using HaCluster.Stack.Tests.Settings;

namespace HaCluster.Stack.Tests.Edge;

public class FirewallTests
{
    private const string Balancer = "aws:lb/loadBalancer:LoadBalancer";
    private const string Listener = "aws:lb/listener:Listener";
    private const string Alarm = "aws:cloudwatch/metricAlarm:MetricAlarm";
    private const string WebAcl = "aws:wafv2/webAcl:WebAcl";

    // Of two zones that hold a name the nearer one is where it is looked up.
    private const string Guarded =
        """
        {"edge":{"hostedZones":{"shop.com":"Z0SHOP","blog.shop.com":"Z0BLOG"},"waf":{"enabled":true}},
         "sites":{"blog":{"image":"blog:1.0","domain":"www.blog.shop.com"},"shop":{"image":"shop:1.0","domain":"shop.com"}}}
        """;

    private static readonly string Counting = Guarded.Replace("\"enabled\":true", "\"enabled\":true,\"action\":\"count\"", StringComparison.Ordinal);

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public async Task The_load_balancer_is_in_every_zone_and_ready_for_a_shift(int zones)
    {
        var balancer = (await DeclaredCluster.FromAsync($$"""{"zones":{{zones}},{{Guarded.Trim()[1..]}}""")).One(Balancer, "edge");

        Assert.Equal("application", balancer.Text("loadBalancerType"));
        Assert.Equal(zones, balancer.List("subnets").Distinct().Count());
        Assert.All(balancer.List("subnets"), subnet => Assert.Contains("public", (string)subnet, StringComparison.Ordinal));
        Assert.Equal(true, balancer.At("enableZonalShift"));
        Assert.Equal(true, balancer.At("enableDeletionProtection"));
        Assert.Equal(true, balancer.At("dropInvalidHeaderFields"));
        Assert.Equal(false, balancer.At("internal"));
        Assert.Equal(false, balancer.At("enableWafFailOpen"));
    }

    [Fact]
    public async Task Plain_http_is_redirected_and_TLS_is_modern()
    {
        var resources = await DeclaredCluster.FromAsync(Guarded);
        var http = resources.One(Listener, "edge-http");
        var https = resources.One(Listener, "edge-https");

        Assert.Equal("redirect", http.Text("defaultActions.0.type"));
        Assert.Equal("HTTPS", http.Text("defaultActions.0.redirect.protocol"));
        Assert.Equal("HTTP_301", http.Text("defaultActions.0.redirect.statusCode"));
        Assert.Equal("HTTPS", https.Text("protocol"));
        Assert.StartsWith("ELBSecurityPolicy-TLS13-1-2-", https.Text("sslPolicy"), StringComparison.Ordinal);
        Assert.Equal("forward", https.Text("defaultActions.0.type"));
    }

    [Fact]
    public async Task Each_site_has_a_proven_certificate_of_its_own()
    {
        var resources = await DeclaredCluster.FromAsync(Guarded);

        foreach (var (site, domain, zone) in new[] { ("site-blog", "www.blog.shop.com", "Z0BLOG"), ("site-shop", "shop.com", "Z0SHOP") })
        {
            Assert.Equal(domain, resources.One("aws:acm/certificate:Certificate", site).Text("domainName"));
            Assert.Equal("DNS", resources.One("aws:acm/certificate:Certificate", site).Text("validationMethod"));
            var record = resources.One("aws:route53/record:Record", site);
            Assert.Equal(zone, record.Text("zoneId"));
            Assert.Equal($"_proof.{domain}.", record.Text("name"));
            Assert.Equal($"_proof.{domain}.", Assert.Single(resources.One("aws:acm/certificateValidation:CertificateValidation", site).List("validationRecordFqdns")));
        }

        Assert.EndsWith("/site-blog", resources.One(Listener, "edge-https").Text("certificateArn"), StringComparison.Ordinal);
        Assert.EndsWith("/site-shop", Assert.Single(resources.Of("aws:lb/listenerCertificate:ListenerCertificate")).Text("certificateArn"), StringComparison.Ordinal);

        // No other authority is asked for what the load balancer has.
        Assert.DoesNotContain(resources, resource => resource.Name == "public-issuer");
        Assert.DoesNotContain(resources, resource => Equals(resource.At("spec.issuerRef.name"), "public"));
    }

    [Fact]
    public async Task Proxies_are_targets_over_TLS_and_drain_before_they_go()
    {
        var resources = await DeclaredCluster.FromAsync(Guarded);
        var targets = resources.One("aws:lb/targetGroup:TargetGroup", "edge");
        var binding = Object(resources, "TargetGroupBinding", "edge-balancer");
        var service = resources.One("kubernetes:core/v1:Service", "edge-balancer");

        Assert.Equal("ip", targets.Text("targetType"));
        Assert.Equal("HTTPS", targets.Text("protocol"));
        Assert.Equal(10443, Number(targets.At("port")));
        Assert.Equal("HTTPS", targets.Text("healthCheck.protocol"));
        Assert.Equal("traffic-port", targets.Text("healthCheck.port"));
        Assert.Equal(Object(resources, "ClientTrafficPolicy", "gateway-clients").At("spec.healthCheck.path"), targets.At("healthCheck.path"));
        Assert.True(Seconds(Object(resources, "EnvoyProxy", "gateway-fleet").Text("spec.shutdown.drainTimeout")) >= Number(targets.At("deregistrationDelay")));
        Assert.True(Seconds(Object(resources, "ClientTrafficPolicy", "gateway-clients").Text("spec.timeout.http.idleTimeout")) > Number(resources.One(Balancer, "edge").At("idleTimeout")));

        Assert.EndsWith("/edge", binding.Text("spec.targetGroupARN"), StringComparison.Ordinal);
        Assert.Equal(service.At("metadata.name"), binding.At("spec.serviceRef.name"));
        Assert.Equal(Number(service.At("spec.ports.0.port")), Number(binding.At("spec.serviceRef.port")));
        Assert.Equal(Number(targets.At("port")), Number(service.At("spec.ports.0.targetPort")));
        Assert.Equal(GatewayFleet.PodLabels.ToDictionary(label => label.Key, label => (object)label.Value), service.Map("spec.selector"));
    }

    [Fact]
    public async Task Only_the_load_balancer_gets_at_the_proxies_and_is_believed_whom_it_serves()
    {
        var resources = await DeclaredCluster.FromAsync(Guarded);
        var policy = resources.One("kubernetes:networking.k8s.io/v1:NetworkPolicy", "edge-balancer");
        var clients = Object(resources, "ClientTrafficPolicy", "gateway-clients");
        var subnets = Configuration.Read("{}").Settings.Network.Plan.Public.Select(cidr => cidr.ToString()).ToArray();

        Assert.Equal(subnets, policy.List("spec.ingress.0.from").Select((_, index) => policy.Text($"spec.ingress.0.from.{index}.ipBlock.cidr")));
        Assert.Equal(10443, Number(Assert.Single(policy.List("spec.ingress.0.ports").Select((_, index) => policy.At($"spec.ingress.0.ports.{index}.port")))));
        Assert.Equal(subnets, clients.List("spec.clientIPDetection.xForwardedFor.trustedCIDRs"));
        Assert.Null(clients.At("spec.proxyProtocol"));

        var proxies = resources.One("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", "edge-proxies");
        Assert.Equal(ClusterMocks.NodeGroup, proxies.Text("securityGroupId"));
        Assert.Equal("edge-id", proxies.Text("referencedSecurityGroupId"));
        Assert.Equal(10443, Number(proxies.At("fromPort")));
        Assert.Equal(10443, Number(proxies.At("toPort")));
        var outward = Assert.Single(resources.Of("aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule"), rule => Equals(rule.At("securityGroupId"), "edge-id"));
        Assert.Equal(ClusterMocks.NodeGroup, outward.Text("referencedSecurityGroupId"));
        Assert.Equal(
            [80, 443],
            resources.Of("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule").Where(rule => Equals(rule.At("securityGroupId"), "edge-id"))
                .Select(rule => Number(rule.At("fromPort"))).Order());
    }

    [Fact]
    public async Task Names_of_sites_lead_to_it()
    {
        var resources = await DeclaredCluster.FromAsync(Guarded);
        var annotations = resources.One("kubernetes:core/v1:Service", "edge-balancer").Map("metadata.annotations");

        Assert.Equal("www.blog.shop.com,shop.com", annotations["external-dns.alpha.kubernetes.io/hostname"]);
        Assert.Equal("edge-1.eu-central-1.elb.example", annotations["external-dns.alpha.kubernetes.io/target"]);
        Assert.Contains(resources, resource => resource.Name == "external-dns" && resource.Type == "kubernetes:helm.sh/v3:Release");
        Assert.DoesNotContain(resources, resource => Equals(resource.At("spec.type"), "LoadBalancer"));
    }

    [Fact]
    public async Task One_listener_serves_all_sites_and_none_takes_the_name_of_another()
    {
        var resources = await DeclaredCluster.FromAsync(Guarded);
        var gateway = Object(resources, "Gateway", "gateway");

        Assert.Single(gateway.List("spec.listeners"));
        Assert.Null(gateway.At("spec.listeners.0.hostname"));
        Assert.Equal("edge-tls", gateway.At("spec.listeners.0.tls.certificateRefs.0.name"));
        Assert.Equal(["site-blog", "site-shop"], gateway.List("spec.listeners.0.allowedRoutes.namespaces.selector.matchExpressions.0.values"));
        Assert.All(["site-blog", "site-shop"], site => Assert.Equal("https", Object(resources, "HTTPRoute", $"{site}-route").At("spec.parentRefs.0.sectionName")));
        Assert.Contains(resources, resource => Equals(resource.At("spec.secretName"), "edge-tls") && Equals(resource.At("spec.issuerRef.name"), "internal-ca"));

        var policy = resources.One("kubernetes:admissionregistration.k8s.io/v1:ValidatingAdmissionPolicy", "site-names");
        Assert.Equal(
            "has(object.spec.hostnames) && size(object.spec.hostnames) > 0 && object.spec.hostnames.all(name, name == "
            + "{'site-blog': 'www.blog.shop.com', 'site-shop': 'shop.com'}[object.metadata.namespace])",
            policy.Text("spec.validations.0.expression"));
        Assert.Equal("Fail", policy.Text("spec.failurePolicy"));
        var binding = resources.One("kubernetes:admissionregistration.k8s.io/v1:ValidatingAdmissionPolicyBinding", "site-names");
        Assert.Equal(["site-blog", "site-shop"], binding.List("spec.matchResources.namespaceSelector.matchExpressions.0.values"));
        Assert.Contains("Deny", binding.List("spec.validationActions"));
    }

    [Fact]
    public async Task The_firewall_has_the_rules_of_AWS_and_a_rate_limit_per_address()
    {
        var resources = await DeclaredCluster.FromAsync(Guarded);
        var list = resources.One(WebAcl, "edge-firewall");

        Assert.Equal("REGIONAL", list.Text("scope"));
        Assert.NotNull(list.At("defaultAction.allow"));
        Assert.Equal(2000, Number(list.At("rules.0.statement.rateBasedStatement.limit")));
        Assert.Equal(300, Number(list.At("rules.0.statement.rateBasedStatement.evaluationWindowSec")));
        Assert.Equal("IP", list.At("rules.0.statement.rateBasedStatement.aggregateKeyType"));
        Assert.Equal(
            ["AWSManagedRulesAmazonIpReputationList", "AWSManagedRulesKnownBadInputsRuleSet", "AWSManagedRulesCommonRuleSet"],
            Enumerable.Range(1, 3).Select(index => list.At($"rules.{index}.statement.managedRuleGroupStatement.name")));
        Assert.Equal([0, 1, 2, 3], Enumerable.Range(0, 4).Select(index => Number(list.At($"rules.{index}.priority"))));
        var association = Assert.Single(resources.Of("aws:wafv2/webAclAssociation:WebAclAssociation"));
        Assert.EndsWith("LoadBalancer/edge", association.Text("resourceArn"), StringComparison.Ordinal);
        Assert.EndsWith("WebAcl/edge-firewall", association.Text("webAclArn"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_blocks_or_counts_as_it_is_told()
    {
        var blocks = (await DeclaredCluster.FromAsync(Guarded)).One(WebAcl, "edge-firewall");
        var resources = await DeclaredCluster.FromAsync(Counting);
        var counts = resources.One(WebAcl, "edge-firewall");

        Assert.NotNull(blocks.At("rules.0.action.block"));
        Assert.NotNull(counts.At("rules.0.action.count"));
        for (var index = 1; index <= 3; index++)
        {
            Assert.NotNull(blocks.At($"rules.{index}.overrideAction.none"));
            Assert.Null(blocks.At($"rules.{index}.overrideAction.count"));
            Assert.NotNull(counts.At($"rules.{index}.overrideAction.count"));
            Assert.Null(counts.At($"rules.{index}.overrideAction.none"));
        }

        // A picture is larger than what the rule takes for an attack.
        Assert.Equal("SizeRestrictions_BODY", blocks.At("rules.3.statement.managedRuleGroupStatement.ruleActionOverrides.0.name"));
        Assert.NotNull(blocks.At("rules.3.statement.managedRuleGroupStatement.ruleActionOverrides.0.actionToUse.count"));
        Assert.Equal("CountedRequests", resources.One(Alarm, "edge-firewall-spike").Text("metricName"));
    }

    [Fact]
    public async Task What_it_finds_is_logged_without_passwords_and_sessions()
    {
        var resources = await DeclaredCluster.FromAsync(Guarded);
        var logging = Assert.Single(resources.Of("aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration"));
        var group = resources.One("aws:cloudwatch/logGroup:LogGroup", "edge-firewall");

        Assert.StartsWith("aws-waf-logs-", group.Text("name"), StringComparison.Ordinal);
        Assert.Contains(group.Text("name"), resources.One("aws:kms/key:Key", "logs").Text("policy"), StringComparison.Ordinal);
        Assert.Equal(30, Number(group.At("retentionInDays")));
        Assert.Equal(["authorization", "cookie"], Enumerable.Range(0, 2).Select(index => logging.At($"redactedFields.{index}.singleHeader.name")));
        Assert.Equal("DROP", logging.At("loggingFilter.defaultBehavior"));
        Assert.Equal(
            ["BLOCK", "COUNT", "EXCLUDED_AS_COUNT"],
            Enumerable.Range(0, 3).Select(index => logging.At($"loggingFilter.filters.0.conditions.{index}.actionCondition.action")));
        Assert.All(
            Enumerable.Range(0, 4).Select(index => resources.One(WebAcl, "edge-firewall").At($"rules.{index}.visibilityConfig.sampledRequestsEnabled")),
            sampled => Assert.Equal(false, sampled));
    }

    [Theory]
    [InlineData("edge-firewall-spike", "AWS/WAFV2", "BlockedRequests", 1000, "notBreaching")]
    [InlineData("edge-no-proxies", "AWS/ApplicationELB", "HealthyHostCount", 1, "breaching")]
    [InlineData("edge-failures", "AWS/ApplicationELB", "HTTPCode_ELB_5XX_Count", 10, "notBreaching")]
    public async Task Problems_are_alerted(string name, string space, string metric, int threshold, string silence)
    {
        var alarm = (await DeclaredCluster.FromAsync(Guarded)).One(Alarm, name);

        Assert.Equal(space, alarm.Text("namespace"));
        Assert.Equal(metric, alarm.Text("metricName"));
        Assert.Equal(threshold, Number(alarm.At("threshold")));
        Assert.Equal(silence, alarm.Text("treatMissingData"));
        Assert.Single(alarm.List("alarmActions"));
        Assert.All(alarm.Map("dimensions").Values, value => Assert.NotEmpty((string)value));
    }

    [Fact]
    public async Task Without_it_there_is_nothing_of_it()
    {
        var resources = await DeclaredCluster.FromAsync("""{"edge":{"hostedZones":{"shop.com":"Z0SHOP"}},"sites":{"shop":{"image":"shop:1.0","domain":"shop.com"}}}""");

        string[] types = ["aws:lb/", "aws:acm/", "aws:wafv2/", "aws:route53/"];
        Assert.DoesNotContain(resources, resource => types.Any(type => resource.Type.StartsWith(type, StringComparison.Ordinal)));
        Assert.DoesNotContain(resources, resource => resource.Name is "site-names" or "edge-firewall" || resource.Name.StartsWith("edge-balancer", StringComparison.Ordinal));
        Assert.Equal("LoadBalancer", resources.One("kubernetes:core/v1:Service", "edge-load-balancer").At("spec.type"));
    }

    private static RecordedResource Object(IReadOnlyList<RecordedResource> resources, string kind, string name) =>
        resources.Single(resource => resource.Name == name && resource.Type.StartsWith("kubernetes:", StringComparison.Ordinal) && resource.Type.EndsWith($":{kind}", StringComparison.Ordinal));

    private static int Number(object? value) => Convert.ToInt32(value, System.Globalization.CultureInfo.InvariantCulture);

    private static int Seconds(string duration) => int.Parse(duration.TrimEnd('s'), null);
}
