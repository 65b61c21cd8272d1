using HaCluster.Stack.Settings;
using HaCluster.Stack.Tests.Graph;

namespace HaCluster.Stack.Tests.Delivery;

public class GitLabRunnerTests
{
    private const string Release = "kubernetes:helm.sh/v3:Release";
    private const string NetworkPolicy = "kubernetes:networking.k8s.io/v1:NetworkPolicy";
    private const string WithRunner = """{"delivery":{"gitlab":{"runnerSecret":"ha-cluster-test/gitlab-runner"}}}""";

    [Fact]
    public async Task There_is_none_without_a_token() =>
        Assert.DoesNotContain((await DeclaredCluster.FromAsync("{}")).Of(Release), each => each.Name == "gitlab-runner");

    [Fact]
    public async Task Managers_are_spread_over_zones_and_go_one_at_a_time()
    {
        var resources = await DeclaredCluster.FromAsync(WithRunner);

        var runner = resources.One(Release, "gitlab-runner");
        Assert.Equal("delivery", runner.At("namespace"));
        Assert.Equal(2d, runner.At("values.replicas"));
        Assert.Equal(
            ["topology.kubernetes.io/zone", "kubernetes.io/hostname"],
            runner.List("values.topologySpreadConstraints").Cast<IReadOnlyDictionary<string, object>>().Select(each => each["topologyKey"]));
        Assert.Equal("gitlab-runner", runner.At("values.topologySpreadConstraints.0.labelSelector.matchLabels.app"));
        var budget = resources.One("kubernetes:policy/v1:PodDisruptionBudget", "gitlab-runner");
        Assert.Equal("gitlab-runner", budget.At("spec.selector.matchLabels.app"));
        Assert.Equal(1d, Convert.ToDouble(budget.At("spec.maxUnavailable"), System.Globalization.CultureInfo.InvariantCulture));
    }

    [Fact]
    public async Task One_manager_alone_has_no_budget_that_would_hold_its_node()
    {
        var resources = await DeclaredCluster.FromAsync("""{"delivery":{"gitlab":{"runnerSecret":"c/r"},"runner":{"replicas":1}}}""");

        Assert.DoesNotContain(resources.Of("kubernetes:policy/v1:PodDisruptionBudget"), each => each.Name == "gitlab-runner");
    }

    [Fact]
    public async Task Jobs_go_out_over_http_and_ssh_only_where_the_settings_say_so()
    {
        Assert.DoesNotContain((await DeclaredCluster.FromAsync(WithRunner)).Of(NetworkPolicy), policy => policy.Name.StartsWith("pipeline-jobs", StringComparison.Ordinal));

        var resources = await DeclaredCluster.FromAsync(
            """{"delivery":{"gitlab":{"runnerSecret":"c/r"},"runner":{"httpTo":["0.0.0.0/0"],"sshTo":["10.20.0.0/24"]}}}""");

        var http = resources.One(NetworkPolicy, "pipeline-jobs-http");
        Assert.Equal("delivery", http.At("metadata.namespace"));
        Assert.Equal(80d, Convert.ToDouble(http.At("spec.egress.0.ports.0.port"), System.Globalization.CultureInfo.InvariantCulture));
        Assert.Contains("169.254.0.0/16", http.List("spec.egress.0.to.0.ipBlock.except"));
        Assert.Contains("10.0.0.0/8", http.List("spec.egress.0.to.0.ipBlock.except"));
        var ssh = resources.One(NetworkPolicy, "pipeline-jobs-ssh");
        Assert.Equal("10.20.0.0/24", ssh.At("spec.egress.0.to.0.ipBlock.cidr"));
        Assert.Equal(22d, Convert.ToDouble(ssh.At("spec.egress.0.ports.0.port"), System.Globalization.CultureInfo.InvariantCulture));

        // Jobs only: the runner's configuration gives their pods the label that both choose by.
        var label = Assert.Single(ssh.Map("spec.podSelector.matchLabels"));
        Assert.Contains($"\"{label.Key}\" = \"{label.Value}\"", resources.One(Release, "gitlab-runner").Text("values.runners.config"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_container_of_a_job_has_limits_that_the_job_cannot_change()
    {
        var config = Config(await DeclaredCluster.FromAsync(WithRunner));

        foreach (var container in new[] { "", "helper_", "service_" })
        {
            foreach (var resource in new[] { "cpu", "memory", "ephemeral_storage" })
            {
                Assert.Contains($"{container}{resource}_request", config.Keys);
                Assert.Contains($"{container}{resource}_limit", config.Keys);
            }
        }

        Assert.DoesNotContain(config.Keys, key => key.Contains("overwrite", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Jobs_have_no_privileges_no_token_and_the_lowest_priority()
    {
        var resources = await DeclaredCluster.FromAsync(WithRunner);
        var config = Config(resources);

        Assert.Equal("false", config["privileged"]);
        Assert.Equal("\"build\"", config["service_account"]);
        Assert.Equal("false", config["automount_service_account_token"]);
        Assert.Equal("\"batch\"", config["priority_class_name"]);
        Assert.Equal("\"delivery\"", config["namespace"]);
        Assert.Matches(@":[0-9.]+""\z", config["image"]);
        var account = resources.One("kubernetes:core/v1:ServiceAccount", "build");
        Assert.Equal(false, account.At("automountServiceAccountToken"));
        Assert.DoesNotContain(
            resources.Of("aws:eks/podIdentityAssociation:PodIdentityAssociation"), each => Equals(each.At("namespace"), "delivery"));
    }

    [Fact]
    public async Task A_manager_may_do_what_the_executor_needs_in_its_namespace_and_no_more()
    {
        var runner = (await DeclaredCluster.FromAsync(WithRunner)).One(Release, "gitlab-runner");

        Assert.Null(runner.At("values.rbac.clusterWideAccess"));
        var rules = runner.List("values.rbac.rules").Cast<IReadOnlyDictionary<string, object>>().ToArray();
        Assert.Contains(rules, rule => ((IEnumerable<object>)rule["resources"]).Contains("pods"));
        Assert.DoesNotContain(runner.Texts().Where(text => text.Path.StartsWith(".values.rbac", StringComparison.Ordinal)), text => text.Value.Contains('*', StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_token_comes_from_a_secret_and_its_manager_is_measured()
    {
        var runner = (await DeclaredCluster.FromAsync(WithRunner)).One(Release, "gitlab-runner");

        Assert.Equal("gitlab-runner-token", runner.At("values.runners.secret"));
        Assert.Null(runner.At("values.runnerToken"));
        Assert.Equal(true, runner.At("values.metrics.podMonitor.enabled"));
        Assert.Equal("https://gitlab.com/", runner.At("values.gitlabUrl"));
    }

    [Fact]
    public async Task All_jobs_at_once_and_a_third_manager_fit_the_quota_as_it_is_declared()
    {
        var resources = await DeclaredCluster.FromAsync(WithRunner);
        var config = Config(resources);
        var hard = resources.One("kubernetes:core/v1:ResourceQuota", "delivery").Map("spec.hard");
        var manager = resources.One(Release, "gitlab-runner").Map("values.resources.limits");

        foreach (var (toml, resource) in new[] { ("cpu", "cpu"), ("memory", "memory"), ("ephemeral_storage", "ephemeral-storage") })
        {
            var job = new[] { "", "helper_", "service_" }.Sum(container => Quantity.Parse(config[$"{container}{toml}_limit"].Trim('"')).Value);
            Assert.True(4 * job + 3 * Quantity.Parse((string)manager[resource]).Value <= Quantity.Parse((string)hard[$"limits.{resource}"]).Value, resource);
        }
    }

    // Keys of all tables, whose names do not repeat.
    private static Dictionary<string, string> Config(IEnumerable<RecordedResource> resources) => resources.One(Release, "gitlab-runner").Text("values.runners.config")
        .Split('\n')
        .Select(line => line.Split(" = ", 2))
        .Where(parts => parts.Length == 2)
        .ToDictionary(parts => parts[0].Trim(), parts => parts[1]);
}
