using HaCluster.Stack.Settings;

namespace HaCluster.Stack.Tests.Graph;

public class GuardrailTests
{
    private const string NetworkPolicy = "kubernetes:networking.k8s.io/v1:NetworkPolicy";
    private const string WithShop = """{"namespaces":{"shop":{}}}""";

    [Fact]
    public async Task Every_namespace_has_a_quota_limits_and_closed_doors()
    {
        var resources = await DeclaredCluster.FromAsync(WithShop);

        var namespaces = resources.Of("kubernetes:core/v1:Namespace");
        Assert.Equal(["chains", "delivery", "logging", "monitoring", "payments", "platform", "shop", "signing"], namespaces.Select(each => each.Name));
        Assert.All(namespaces, each =>
        {
            resources.One("kubernetes:core/v1:ResourceQuota", each.Name);
            resources.One("kubernetes:core/v1:LimitRange", each.Name);
            var deny = resources.One(NetworkPolicy, $"{each.Name}-default-deny");
            Assert.Equal(["Ingress", "Egress"], deny.List("spec.policyTypes"));
            Assert.Empty(deny.Map("spec.podSelector"));
            Assert.Null(deny.At("spec.ingress"));
            Assert.Null(deny.At("spec.egress"));
            resources.One(NetworkPolicy, $"{each.Name}-allow-dns");
        });
    }

    [Fact]
    public async Task Quota_and_limits_cover_the_same_resources_and_fit_each_other()
    {
        var resources = await DeclaredCluster.FromAsync(WithShop);

        foreach (var quota in WholeQuotas(resources).Where(quota => quota.Name != "default"))
        {
            var hard = quota.Map("spec.hard");
            var container = resources.One("kubernetes:core/v1:LimitRange", quota.Name);
            var pods = decimal.Parse((string)hard["pods"], System.Globalization.CultureInfo.InvariantCulture);
            foreach (var resource in new[] { "cpu", "memory", "ephemeral-storage" })
            {
                var request = Amount(container.Map("spec.limits.0.defaultRequest")[resource]);
                var limit = Amount(container.Map("spec.limits.0.default")[resource]);
                var most = Amount(container.Map("spec.limits.0.max")[resource]);
                Assert.True(request <= limit && limit <= most, $"{quota.Name} {resource}");
                Assert.True(most <= Amount(hard[$"limits.{resource}"]), $"{quota.Name} {resource}: one container may ask for more than all may");
                Assert.True(pods * request <= Amount(hard[$"requests.{resource}"]), $"{quota.Name} {resource}: requests");
                Assert.True(pods * limit <= Amount(hard[$"limits.{resource}"]), $"{quota.Name} {resource}: limits");
            }

            Assert.True(Amount(container.Map("spec.limits.1.max")["storage"]) <= Amount(hard["requests.storage"]));
        }
    }

    // 512Mi, half a core and 1Gi without a limit are what charts ask for every day.
    [Fact]
    public async Task A_container_without_limits_may_request_what_charts_request()
    {
        var defaults = (await DeclaredCluster.FromAsync(WithShop)).One("kubernetes:core/v1:LimitRange", "shop").Map("spec.limits.0.default");

        Assert.True(Amount(defaults["cpu"]) >= 1);
        Assert.True(Amount(defaults["memory"]) >= Amount("1Gi"));
        Assert.True(Amount(defaults["ephemeral-storage"]) >= Amount("1Gi"));
    }

    [Fact]
    public async Task Defaults_of_a_container_stay_below_a_small_maximum()
    {
        var resources = await DeclaredCluster.FromAsync("""{"namespaces":{"shop":{"quota":{"container":{"cpu":"250m","memory":"300Mi"}}}}}""");

        var limits = resources.One("kubernetes:core/v1:LimitRange", "shop");
        Assert.Equal("250m", limits.Map("spec.limits.0.default")["cpu"]);
        Assert.Equal("300Mi", limits.Map("spec.limits.0.default")["memory"]);
        Assert.Equal("1Gi", limits.Map("spec.limits.0.default")["ephemeral-storage"]);
        Assert.Equal("256Mi", limits.Map("spec.limits.0.defaultRequest")["memory"]);
    }

    [Fact]
    public async Task Objects_that_a_loop_could_make_are_counted()
    {
        var resources = await DeclaredCluster.FromAsync("""{"namespaces":{"shop":{"quota":{"objects":50}}}}""");

        var hard = resources.One("kubernetes:core/v1:ResourceQuota", "shop").Map("spec.hard");
        foreach (var kind in new[] { "configmaps", "secrets", "services", "jobs.batch", "deployments.apps", "cronjobs.batch" })
            Assert.Equal("50", hard[$"count/{kind}"]);

        // Evicted pods stay for a while, and would keep out their own successors.
        Assert.DoesNotContain("count/pods", hard.Keys);
    }

    [Theory]
    [InlineData("payments", "")]
    [InlineData("chains", "critical")]
    [InlineData("platform", "critical")]
    [InlineData("delivery", "critical high")]
    [InlineData("shop", "critical high")]
    [InlineData("till", "")]
    public async Task Only_some_namespaces_may_use_the_higher_priority_classes(string name, string kept)
    {
        var resources = await DeclaredCluster.FromAsync("""{"namespaces":{"shop":{},"till":{"priority":"critical"}}}""");

        var quota = resources.Of("kubernetes:core/v1:ResourceQuota").SingleOrDefault(quota => quota.Name == $"{name}-priority");

        if (kept.Length == 0)
        {
            Assert.Null(quota);
            return;
        }

        Assert.Equal("0", quota!.Map("spec.hard")["pods"]);
        Assert.Equal("PriorityClass", quota.At("spec.scopeSelector.matchExpressions.0.scopeName"));
        Assert.Equal(kept.Split(' '), quota.List("spec.scopeSelector.matchExpressions.0.values"));
    }

    [Fact]
    public async Task Only_namespaces_that_publish_something_may_have_load_balancers()
    {
        var quotas = WholeQuotas(await DeclaredCluster.FromAsync(WithShop)).ToArray();

        Assert.Equal(
            ["platform"],
            quotas.Where(quota => (string)quota.Map("spec.hard")["services.loadbalancers"] != "0").Select(quota => quota.Name));
        Assert.All(
            quotas.Where(quota => (string)quota.Map("spec.hard")["services.loadbalancers"] == "0"),
            quota => Assert.Equal("0", quota.Map("spec.hard")["services.nodeports"]));
    }

    [Fact]
    public async Task Nothing_runs_in_the_default_namespace()
    {
        var quota = (await DeclaredCluster.FromAsync("{}")).One("kubernetes:core/v1:ResourceQuota", "default");

        Assert.Equal("default", quota.At("metadata.namespace"));
        Assert.Equal("0", quota.Map("spec.hard")["pods"]);
    }

    [Fact]
    public async Task The_api_is_reached_by_its_service_and_by_its_endpoints()
    {
        var policies = (await DeclaredCluster.FromAsync("""{"network":{"serviceCidr":"172.21.0.0/16"}}""")).Of(NetworkPolicy);

        var ways = policies.Where(policy => policy.Name.EndsWith("-allow-control-plane", StringComparison.Ordinal)).ToArray();
        Assert.Equal(7, ways.Length);
        Assert.All(ways, policy =>
        {
            Assert.Equal(
                ["172.21.0.1/32", "10.0.216.0/22", "10.0.220.0/22", "10.0.248.0/22"],
                policy.Texts().Where(text => text.Path.EndsWith(".cidr", StringComparison.Ordinal)).Select(text => text.Value));
            Assert.Equal(443d, Convert.ToDouble(policy.At("spec.egress.0.ports.0.port"), System.Globalization.CultureInfo.InvariantCulture));
        });
    }

    [Fact]
    public async Task The_api_server_reaches_webhooks_where_there_are_any_and_nothing_else()
    {
        var policies = (await DeclaredCluster.FromAsync(WithShop)).Of(NetworkPolicy);

        // The load balancers have a door of their own, from the public subnets.
        var doors = policies
            .Where(policy => policy.At("spec.ingress.0.from.0.ipBlock") is not null && policy.Name != "edge-load-balancer")
            .ToArray();
        Assert.Equal(["monitoring-allow-webhooks", "platform-allow-webhooks"], doors.Select(policy => policy.Name));
        Assert.All(doors, policy =>
        {
            Assert.Equal("10.0.216.0/22", policy.At("spec.ingress.0.from.0.ipBlock.cidr"));
            Assert.Equal(4, policy.List("spec.ingress.0.ports").Count);
        });
    }

    // S3 has a gateway endpoint, and its addresses are not in the private subnets.
    [Fact]
    public async Task Whoever_calls_services_of_aws_reaches_S3_too()
    {
        var names = (await DeclaredCluster.FromAsync("{}")).Of(NetworkPolicy).Select(policy => policy.Name).ToHashSet();

        foreach (var name in new[] { "chains", "delivery", "logging", "monitoring", "payments", "platform" })
            Assert.Superset(new HashSet<string> { $"{name}-allow-control-plane", $"{name}-allow-internet" }, names);
    }

    [Fact]
    public async Task The_internet_never_means_private_space()
    {
        var blocks = (await DeclaredCluster.FromAsync(WithShop)).Of(NetworkPolicy)
            .Where(policy => policy.Texts().Any(text => text.Value == "0.0.0.0/0"))
            .ToArray();

        Assert.NotEmpty(blocks);
        Assert.All(blocks, policy => Assert.Superset(
            new HashSet<object> { "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16" },
            policy.List("spec.egress.0.to.0.ipBlock.except").ToHashSet()));
    }

    [Fact]
    public async Task Databases_can_be_reached_by_payments_and_their_signer_only()
    {
        var policies = (await DeclaredCluster.FromAsync(WithShop)).Of(NetworkPolicy);

        var data = policies.Where(policy => policy.Name.EndsWith("-allow-data", StringComparison.Ordinal)).ToArray();
        Assert.Equal(["payments-allow-data", "signing-allow-data"], data.Select(policy => policy.Name));
        Assert.All(data, policy => Assert.Equal("10.0.224.0/21", policy.At("spec.egress.0.to.0.ipBlock.cidr")));
    }

    [Fact]
    public async Task Payments_and_namespaces_of_users_are_held_to_the_restricted_level()
    {
        var resources = await DeclaredCluster.FromAsync(WithShop);

        foreach (var name in new[] { "payments", "shop" })
        {
            var labels = resources.One("kubernetes:core/v1:Namespace", name).Map("metadata.labels");
            Assert.Equal("restricted", labels["pod-security.kubernetes.io/enforce"]);
            Assert.Equal("v1.35", labels["pod-security.kubernetes.io/enforce-version"]);
        }
    }

    // What each says of which request is in tests/Conformance/Cel.
    [Fact]
    public async Task Every_admission_policy_refuses_or_warns_and_never_fails_open()
    {
        var resources = await DeclaredCluster.FromAsync(WithShop);

        var policies = resources.Of("kubernetes:admissionregistration.k8s.io/v1:ValidatingAdmissionPolicy");
        Assert.Equal(
            [
                "refuse-endless-tokens", "refuse-external-ips", "refuse-node-access", "refuse-node-volumes", "refuse-other-namespaces",
                "refuse-overcommit", "refuse-privileged", "refuse-system-priority", "refuse-unpinned-images", "require-limits", "warn-default-limits",
            ],
            policies.Select(policy => policy.Name));
        Assert.All(policies, policy => Assert.Equal("Fail", policy.At("spec.failurePolicy")));
        Assert.All(resources.Of("kubernetes:admissionregistration.k8s.io/v1:ValidatingAdmissionPolicyBinding"), binding =>
        {
            var isOfTemplates = binding.Name.EndsWith("-templates", StringComparison.Ordinal);
            Assert.Equal(isOfTemplates ? binding.Name[..^"-templates".Length] : binding.Name, binding.At("spec.policyName"));
            Assert.Equal([isOfTemplates ? "Warn" : "Deny", "Audit"], binding.List("spec.validationActions"));
        });
    }

    [Fact]
    public async Task Nothing_runs_in_a_namespace_that_the_program_did_not_make()
    {
        var resources = await DeclaredCluster.FromAsync(WithShop);

        var binding = resources.One("kubernetes:admissionregistration.k8s.io/v1:ValidatingAdmissionPolicyBinding", "refuse-other-namespaces");

        Assert.Equal("NotIn", binding.At("spec.matchResources.namespaceSelector.matchExpressions.0.operator"));
        Assert.Equal(
            resources.Of("kubernetes:core/v1:Namespace").Select(each => each.Name).Append("kube-system").Order(StringComparer.Ordinal),
            binding.List("spec.matchResources.namespaceSelector.matchExpressions.0.values"));
    }

    [Fact]
    public async Task One_storage_class_is_the_default_and_all_are_encrypted_and_zonal()
    {
        var classes = (await DeclaredCluster.FromAsync("{}")).Of("kubernetes:storage.k8s.io/v1:StorageClass");

        Assert.Equal(["chain-data", "gp3"], classes.Select(each => each.Name));
        Assert.Single(classes, each => (string)each.Map("metadata.annotations")["storageclass.kubernetes.io/is-default-class"] == "true");
        Assert.All(classes, each =>
        {
            Assert.Equal("WaitForFirstConsumer", each.At("volumeBindingMode"));
            Assert.Equal(true, each.At("allowVolumeExpansion"));
            Assert.Equal("true", each.At("parameters.encrypted"));
        });
        Assert.Equal("Retain", classes[0].At("reclaimPolicy"));
    }

    [Fact]
    public async Task One_priority_class_is_the_default_and_batch_preempts_nobody()
    {
        var resources = await DeclaredCluster.FromAsync("{}");

        Assert.Equal("standard", Assert.Single(resources.Of("kubernetes:scheduling.k8s.io/v1:PriorityClass"), each => Equals(each.At("globalDefault"), true)).Name);
        Assert.Equal("Never", resources.One("kubernetes:scheduling.k8s.io/v1:PriorityClass", "batch").At("preemptionPolicy"));
    }

    private static IEnumerable<RecordedResource> WholeQuotas(IEnumerable<RecordedResource> resources) =>
        resources.Of("kubernetes:core/v1:ResourceQuota").Where(quota => quota.At("spec.scopeSelector") is null);

    private static decimal Amount(object quantity) => Quantity.Parse((string)quantity).Value;
}
