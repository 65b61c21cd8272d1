using System.Globalization;
using System.Text.Json;
using HaCluster.Stack.Settings;
using HaCluster.Stack.Tests.Graph;

namespace HaCluster.Stack.Tests.Platform;

public class PlatformTests
{
    private const string Release = "kubernetes:helm.sh/v3:Release";

    // Where each chart keeps the values of its deployments; empty for the main one.
    private static readonly (string Release, string[] Components)[] Controllers =
    [
        ("cert-manager", ["values", "values.webhook", "values.cainjector"]),
        ("external-secrets", ["values", "values.webhook", "values.certController"]),
    ];

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task Every_controller_survives_the_loss_of_a_zone(int zones)
    {
        var resources = await DeclaredCluster.FromAsync($$"""{"zones":{{zones}},"vpcCidr":"10.0.0.0/16"}""");

        foreach (var (release, at) in Components(resources))
        {
            Assert.InRange(Number(release, $"{at}.replicaCount"), 2, zones);
            Assert.Equal(true, release.At($"{at}.podDisruptionBudget.enabled"));
            Assert.Equal(1d, Number(release, $"{at}.podDisruptionBudget.maxUnavailable"));
            Assert.Equal("topology.kubernetes.io/zone", release.At($"{at}.topologySpreadConstraints.0.topologyKey"));
            Assert.NotEmpty(release.Map($"{at}.topologySpreadConstraints.0.labelSelector.matchLabels"));
        }
    }

    [Fact]
    public async Task No_two_controllers_are_counted_for_each_other_when_they_are_spread()
    {
        var selectors = Components(await DeclaredCluster.FromAsync("{}"))
            .Select(each => string.Join(',', each.Release.Map($"{each.At}.topologySpreadConstraints.0.labelSelector.matchLabels").OrderBy(pair => pair.Key)))
            .ToArray();

        Assert.Equal(6, selectors.Distinct().Count());
    }

    [Fact]
    public async Task All_pods_fit_the_quota_also_while_they_are_replaced()
    {
        var resources = await DeclaredCluster.FromAsync("{}");
        var hard = resources.One("kubernetes:core/v1:ResourceQuota", "platform").Map("spec.hard");

        foreach (var resource in new[] { "cpu", "memory", "ephemeral-storage" })
        {
            // A rolling update adds a pod to each, and the check of cert-manager runs once. Others share the namespace: half of it is enough.
            var sum = Components(resources).Sum(each => Limit(each.Release, each.At, resource) * (decimal)(Number(each.Release, $"{each.At}.replicaCount") + 1))
                + Limit(resources.One(Release, "cert-manager"), "values.startupapicheck", resource);
            Assert.InRange(sum, 0.001m, Quantity.Parse((string)hard[$"limits.{resource}"]).Value / 2);
        }
    }

    [Fact]
    public async Task Webhooks_listen_where_the_api_server_may_call()
    {
        var resources = await DeclaredCluster.FromAsync("{}");
        var open = resources.One("kubernetes:networking.k8s.io/v1:NetworkPolicy", "platform-allow-webhooks").List("spec.ingress.0.ports")
            .Select(port => Convert.ToDouble(((IReadOnlyDictionary<string, object>)port)["port"], CultureInfo.InvariantCulture));

        Assert.Contains(Number(resources.One(Release, "cert-manager"), "values.webhook.securePort"), open);
        Assert.Contains(Number(resources.One(Release, "external-secrets"), "values.webhook.port"), open);
    }

    [Fact]
    public async Task No_chart_asks_for_what_admission_refuses()
    {
        var resources = await DeclaredCluster.FromAsync("{}");
        var classes = resources.Of("kubernetes:scheduling.k8s.io/v1:PriorityClass").Select(each => each.Name).ToHashSet();

        Assert.Contains(resources.One(Release, "cert-manager").Text("values.global.priorityClassName"), classes);
        foreach (var at in new[] { "values", "values.webhook", "values.certController" })
            Assert.Contains(resources.One(Release, "external-secrets").Text($"{at}.priorityClassName"), classes);
    }

    [Fact]
    public async Task Editors_of_a_namespace_get_neither_foreign_secrets_nor_foreign_certificates()
    {
        var resources = await DeclaredCluster.FromAsync("{}");

        Assert.Equal(false, resources.One(Release, "external-secrets").At("values.rbac.aggregateToEdit"));
        Assert.Equal(false, resources.One(Release, "cert-manager").At("values.global.rbac.aggregateClusterRoles"));
    }

    [Fact]
    public async Task Secrets_are_read_from_this_cluster_only_and_never_those_of_master_users()
    {
        var resources = await DeclaredCluster.FromAsync("{}");
        var statements = JsonDocument.Parse(resources.One("aws:iam/rolePolicy:RolePolicy", "external-secrets").Text("policy"))
            .RootElement.GetProperty("Statement").EnumerateArray().ToDictionary(statement => statement.GetProperty("Sid").GetString()!);

        Assert.Equal(["DecryptSecrets", "ReadSecretsOfThisCluster"], statements.Keys.Order());
        Assert.Equal(
            "arn:aws-test:secretsmanager:eu-central-1:123456789012:secret:ha-cluster-test/*", statements["ReadSecretsOfThisCluster"].GetProperty("Resource").GetString());
        Assert.Equal(
            "secretsmanager.eu-central-1.test.example",
            statements["DecryptSecrets"].GetProperty("Condition").GetProperty("StringEquals").GetProperty("kms:ViaService").GetString());
        Assert.EndsWith("/databases", statements["DecryptSecrets"].GetProperty("Resource").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_store_serves_guarded_namespaces_with_the_role_of_its_pods()
    {
        var resources = await DeclaredCluster.FromAsync("""{"namespaces":{"shop":{}}}""");
        var store = resources.One("kubernetes:external-secrets.io/v1:ClusterSecretStore", "aws");

        Assert.Equal("SecretsManager", store.At("spec.provider.aws.service"));
        Assert.Equal("eu-central-1", store.At("spec.provider.aws.region"));
        Assert.Null(store.At("spec.provider.aws.auth"));
        var (label, value) = Assert.Single(store.Map("spec.conditions.0.namespaceSelector.matchLabels"));
        Assert.All(resources.Of("kubernetes:core/v1:Namespace"), each => Assert.Equal(value, each.Map("metadata.labels")[label]));
    }

    [Fact]
    public async Task The_authority_keeps_its_key_when_its_certificate_is_renewed()
    {
        var resources = await DeclaredCluster.FromAsync("{}");
        var authority = resources.One("kubernetes:cert-manager.io/v1:Certificate", "internal-ca");

        Assert.Equal(true, authority.At("spec.isCA"));
        Assert.Equal("Never", authority.At("spec.privateKey.rotationPolicy"));
        Assert.Equal(resources.One("kubernetes:cert-manager.io/v1:ClusterIssuer", "self-signed").At("metadata.name"), authority.At("spec.issuerRef.name"));
        var issuer = resources.One("kubernetes:cert-manager.io/v1:ClusterIssuer", "internal-ca-issuer");
        Assert.Equal("internal-ca", issuer.At("metadata.name"));
        Assert.Equal(authority.At("spec.secretName"), issuer.At("spec.ca.secretName"));
        Assert.Equal(authority.At("metadata.namespace"), resources.One(Release, "cert-manager").At("values.clusterResourceNamespace"));
    }

    private static IEnumerable<(RecordedResource Release, string At)> Components(IReadOnlyList<RecordedResource> resources) =>
        from controller in Controllers
        from at in controller.Components
        select (resources.One(Release, controller.Release), at);

    private static decimal Limit(RecordedResource release, string at, string resource) =>
        Quantity.Parse((string)release.Map($"{at}.resources.limits")[resource]).Value;

    private static double Number(RecordedResource resource, string path) => Convert.ToDouble(resource.At(path), CultureInfo.InvariantCulture);
}
