using System.Text.Json;
using HaCluster.Stack.Tests.Graph;

namespace HaCluster.Stack.Tests.Edge;

public class EdgeControllersTests
{
    private const string Release = "kubernetes:helm.sh/v3:Release";
    private const string Policy = "aws:iam/rolePolicy:RolePolicy";
    private const string WithZone =
        """{"edge":{"hostedZones":{"shop.com":"Z0ABC"}},"sites":{"blog":{"image":"blog:1.0","domain":"blog.shop.com"},"news":{"image":"news:1.0","domain":"news.net"}}}""";

    [Fact]
    public async Task The_load_balancer_controller_is_told_what_it_cannot_ask_the_instance()
    {
        var values = (await DeclaredCluster.FromAsync("{}")).One(Release, "load-balancer-controller");

        Assert.Equal("network-id", values.At("values.vpcId"));
        Assert.Equal("eu-central-1", values.At("values.region"));
        Assert.Equal("ha-cluster-test", values.At("values.clusterName"));
    }

    [Fact]
    public async Task No_service_waits_for_the_load_balancer_controller_and_its_certificate_outlives_an_update()
    {
        var values = (await DeclaredCluster.FromAsync("{}")).One(Release, "load-balancer-controller");

        Assert.Equal(false, values.At("values.enableServiceMutatorWebhook"));
        Assert.Equal(true, values.At("values.enableCertManager"));
    }

    [Theory]
    [InlineData("load-balancer-controller", "values.replicaCount", "values.topologySpreadConstraints", "values.priorityClassName", "values.resources")]
    [InlineData("gateway-controller", "values.deployment.replicas", "values.deployment.pod.topologySpreadConstraints", "values.deployment.priorityClassName", "values.deployment.envoyGateway.resources")]
    public async Task Controllers_are_in_several_zones_within_limits(string release, string replicas, string spread, string priority, string resources)
    {
        var values = (await DeclaredCluster.FromAsync("{}")).One(Release, release);

        Assert.True(Convert.ToInt32(values.At(replicas), null) >= 2);
        Assert.Equal("topology.kubernetes.io/zone", values.At($"{spread}.0.topologyKey"));
        Assert.Equal("high", values.At(priority));
        Assert.Equal(["cpu", "ephemeral-storage", "memory"], values.Map($"{resources}.limits").Keys.Order(StringComparer.Ordinal));
        Assert.Equal(1, Convert.ToInt32(values.At("values.podDisruptionBudget.maxUnavailable"), null));
    }

    [Fact]
    public async Task Every_chart_of_the_edge_is_pinned_and_in_the_namespace_of_the_platform()
    {
        var releases = (await DeclaredCluster.FromAsync(WithZone)).Of(Release)
            .Where(release => release.Name is "load-balancer-controller" or "gateway-controller" or "external-dns").ToArray();

        Assert.Equal(3, releases.Length);
        Assert.All(releases, release =>
        {
            Assert.Matches(@"^v?\d+\.\d+\.\d+\z", release.Text("version"));
            Assert.Equal("platform", release.At("namespace"));
        });
    }

    [Fact]
    public async Task The_load_balancer_controller_changes_what_is_of_this_cluster_only()
    {
        var statements = Statements((await DeclaredCluster.FromAsync("{}")).One(Policy, "load-balancer-controller"));

        const string Own = "aws:ResourceTag/elbv2.k8s.aws/cluster", Requested = "aws:RequestTag/elbv2.k8s.aws/cluster";
        foreach (var (action, key) in new[]
                 {
                     ("elasticloadbalancing:DeleteLoadBalancer", Own), ("elasticloadbalancing:ModifyLoadBalancerAttributes", Own),
                     ("elasticloadbalancing:DeleteTargetGroup", Own), ("ec2:DeleteSecurityGroup", Own), ("ec2:DeleteTags", Own),
                     ("elasticloadbalancing:CreateLoadBalancer", Requested), ("elasticloadbalancing:CreateTargetGroup", Requested),
                 })
        {
            var statement = Assert.Single(statements, each => Strings(each.GetProperty("Action")).Contains(action));
            Assert.Equal("ha-cluster-test", statement.GetProperty("Condition").GetProperty("StringEquals").GetProperty(key).GetString());
        }
    }

    [Fact]
    public async Task Nothing_becomes_the_clusters_own_by_being_tagged()
    {
        var statements = Statements((await DeclaredCluster.FromAsync("{}")).One(Policy, "load-balancer-controller"));

        var tagging = statements.Where(each => Strings(each.GetProperty("Action")).Any(action => action is "elasticloadbalancing:AddTags" or "ec2:CreateTags"))
            .ToArray();
        Assert.Equal(5, tagging.Length);
        Assert.All(tagging, each => Assert.Contains("elbv2.k8s.aws/cluster\":\"ha-cluster-test", each.GetProperty("Condition").GetRawText(), StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_load_balancer_controller_changes_nothing_without_a_tag_or_the_vpc_of_the_cluster()
    {
        var statements = Statements((await DeclaredCluster.FromAsync("{}")).One(Policy, "load-balancer-controller"));
        var vpc = $"arn:aws-test:ec2:eu-central-1:{ClusterMocks.Account}:vpc/network-id";

        foreach (var action in new[] { "ec2:AuthorizeSecurityGroupIngress", "ec2:RevokeSecurityGroupIngress", "ec2:DeleteSecurityGroup" })
        {
            var ofGroups = Assert.Single(statements, each => Strings(each.GetProperty("Action")).Contains(action)
                && Strings(each.GetProperty("Resource")).Any(arn => arn.Contains(":security-group/", StringComparison.Ordinal)));
            Assert.Equal(vpc, ofGroups.GetProperty("Condition").GetProperty("ArnLike").GetProperty("ec2:Vpc").GetString());
        }

        // Creating a group needs both: the VPC by its ARN, and the new group with the cluster's tag.
        var creating = statements.Where(each => Strings(each.GetProperty("Action")).Contains("ec2:CreateSecurityGroup")).ToArray();
        Assert.Equal(2, creating.Length);
        Assert.Contains(creating, each => Strings(each.GetProperty("Resource")).SequenceEqual([vpc]));
        Assert.Contains(creating, each => each.TryGetProperty("Condition", out var condition) && condition.GetRawText().Contains("ha-cluster-test", StringComparison.Ordinal));
        Assert.All(
            statements.Where(each => Strings(each.GetProperty("Action")).Any(action => action.StartsWith("elasticloadbalancing:", StringComparison.Ordinal))
                && !Strings(each.GetProperty("Resource")).Contains("*")),
            each => Assert.Contains("\"ha-cluster-test\"", each.GetProperty("Condition").GetRawText(), StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_target_group_of_the_firewall_has_the_tag_that_targets_are_changed_by()
    {
        var resources = await DeclaredCluster.FromAsync(
            """{"edge":{"hostedZones":{"shop.com":"Z0SHOP"},"waf":{"enabled":true}},"sites":{"shop":{"image":"shop:1.0","domain":"shop.com"}}}""");

        Assert.NotEmpty(resources.Of("aws:lb/targetGroup:TargetGroup"));
        Assert.All(resources.Of("aws:lb/targetGroup:TargetGroup"), group => Assert.Equal("ha-cluster-test", group.Map("tags")["Cluster"]));
        Assert.Equal("ha-cluster-test", resources.One(Release, "load-balancer-controller").Map("values.defaultTags")["Cluster"]);
    }

    [Fact]
    public async Task The_load_balancer_controller_stays_in_its_account_and_region()
    {
        var statements = Statements((await DeclaredCluster.FromAsync("{}")).One(Policy, "load-balancer-controller"));

        var wide = Assert.Single(statements, each => Strings(each.GetProperty("Resource")).Contains("*"));
        Assert.All(Strings(wide.GetProperty("Action")), action => Assert.Matches("^(ec2|elasticloadbalancing):Describe", action));
        Assert.All(
            statements.Where(each => !Strings(each.GetProperty("Resource")).Contains("*")).SelectMany(each => Strings(each.GetProperty("Resource"))),
            arn => Assert.Matches($"^arn:aws-test:(ec2:eu-central-1|elasticloadbalancing:eu-central-1|iam:):{ClusterMocks.Account}:.+", arn));
        Assert.DoesNotContain(statements.SelectMany(each => Strings(each.GetProperty("Action"))), action => action.StartsWith("waf", StringComparison.Ordinal) || action.StartsWith("shield", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Names_are_written_into_the_given_zones_only_and_never_deleted()
    {
        var resources = await DeclaredCluster.FromAsync(WithZone);
        var write = Assert.Single(Statements(resources.One(Policy, "external-dns")), each => each.GetProperty("Sid").GetString() == "ChangeRecords");
        var values = resources.One(Release, "external-dns");

        Assert.Equal(["arn:aws-test:route53:::hostedzone/Z0ABC"], Strings(write.GetProperty("Resource")));
        var conditions = write.GetProperty("Condition").GetProperty("ForAllValues:StringEquals");
        Assert.DoesNotContain("DELETE", Strings(conditions.GetProperty("route53:ChangeResourceRecordSetsActions")));
        Assert.Equal("upsert-only", values.At("values.policy"));
        Assert.Equal("ha-cluster-test", values.At("values.txtOwnerId"));
        Assert.Equal(["shop.com"], values.List("values.domainFilters"));
        Assert.Equal(["--zone-id-filter=Z0ABC"], values.List("values.extraArgs"));
    }

    [Fact]
    public async Task The_load_balancer_is_named_after_the_sites_in_those_zones()
    {
        const string Hostname = "external-dns.alpha.kubernetes.io/hostname";
        var named = (await DeclaredCluster.FromAsync(WithZone)).One("kubernetes:core/v1:Service", "edge-load-balancer");
        var unnamed = await DeclaredCluster.FromAsync("""{"sites":{"blog":{"image":"blog:1.0","domain":"blog.shop.com"}}}""");

        Assert.Equal("blog.shop.com", named.Map("metadata.annotations")[Hostname]);
        Assert.False(unnamed.One("kubernetes:core/v1:Service", "edge-load-balancer").Map("metadata.annotations").ContainsKey(Hostname));
        Assert.DoesNotContain(unnamed.Of(Release), release => release.Name == "external-dns");
    }

    private static JsonElement[] Statements(RecordedResource policy) =>
        [.. JsonDocument.Parse(policy.Text("policy")).RootElement.GetProperty("Statement").EnumerateArray()];

    private static string[] Strings(JsonElement element) => element.ValueKind == JsonValueKind.String
        ? [element.GetString()!]
        : [.. element.EnumerateArray().Select(item => item.GetString()!)];
}
