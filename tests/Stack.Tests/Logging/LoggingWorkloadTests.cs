using HaCluster.Stack.Guardrails;
using HaCluster.Stack.Logging.Agent;
using HaCluster.Stack.Settings;
using HaCluster.Stack.Software;
using HaCluster.Stack.Tests.Graph;

namespace HaCluster.Stack.Tests.Logging;

public class LoggingWorkloadTests
{
    private const string Job = "kubernetes:batch/v1:Job";
    private const string Release = "kubernetes:helm.sh/v3:Release";
    private const string NetworkPolicy = "kubernetes:networking.k8s.io/v1:NetworkPolicy";

    [Fact]
    public async Task The_agent_runs_on_every_node_pinned_limited_and_unprivileged()
    {
        var release = (await DeclaredCluster.FromAsync("{}")).One(Release, "log-agent");

        Assert.Equal("fluent-bit", release.Text("chart"));
        Assert.Equal(Pins.FluentBit.Version, release.Text("version"));
        Assert.Equal(Pins.FluentBitTag, release.Text("values.image.tag"));
        Assert.Equal("Exists", release.Text("values.tolerations.0.operator"));
        Assert.Equal(PriorityClasses.High, release.Text("values.priorityClassName"));
        Assert.Equal(false, release.At("values.testFramework.enabled"));
        Assert.Equal(true, release.At("values.serviceMonitor.enabled"));
        Assert.Equal(true, release.At("values.securityContext.readOnlyRootFilesystem"));
        Assert.Equal("ALL", release.Text("values.securityContext.capabilities.drop.0"));
        foreach (var resource in new[] { "cpu", "memory", "ephemeral-storage" })
            Assert.NotEmpty(release.Text($"values.resources.limits.{resource}"));
    }

    [Fact]
    public async Task Buffers_and_positions_are_on_the_nodes_disk_and_logs_cannot_be_written()
    {
        var release = (await DeclaredCluster.FromAsync("{}")).One(Release, "log-agent");

        var volumes = release.List("values.daemonSetVolumes").Cast<IReadOnlyDictionary<string, object>>().ToDictionary(each => (string)each["name"]);
        var mounts = release.List("values.daemonSetVolumeMounts").Cast<IReadOnlyDictionary<string, object>>().ToDictionary(each => (string)each["name"]);
        Assert.Equal(FluentBitConfig.State, ((IReadOnlyDictionary<string, object>)volumes["state"]["hostPath"])["path"]);
        Assert.Equal(FluentBitConfig.State, mounts["state"]["mountPath"]);
        Assert.False(mounts["state"].ContainsKey("readOnly"));
        Assert.Equal(true, mounts["varlog"]["readOnly"]);
    }

    [Fact]
    public async Task Excluded_namespaces_are_not_read_and_neither_is_the_agent_itself()
    {
        var release = (await DeclaredCluster.FromAsync("""{"logging":{"agent":{"excludedNamespaces":["chatty"],"bufferGiB":7}}}""")).One(Release, "log-agent");

        var exclusion = release.Text("values.config.inputs").Split('\n').Single(line => line.Contains("Exclude_Path", StringComparison.Ordinal));
        Assert.Contains("/var/log/containers/*_chatty_*.log", exclusion, StringComparison.Ordinal);
        Assert.Contains("/var/log/containers/fluent-bit-*_logging_*.log", exclusion, StringComparison.Ordinal);
        Assert.Contains("storage.total_limit_size 7G", release.Text("values.config.outputs"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_setup_runs_again_when_what_it_says_changes_and_only_then()
    {
        static async Task<string> NameOf(string settings) => (await DeclaredCluster.FromAsync(settings)).One(Job, "search-setup").Text("metadata.name");

        var name = await NameOf("{}");
        Assert.Equal(name, await NameOf("""{"logging":{"search":{"volumeGiB":400}}}"""));
        Assert.NotEqual(name, await NameOf("""{"logging":{"application":{"days":7}}}"""));
        Assert.Matches(@"^search-setup-[0-9a-f]{10}\z", name);
    }

    [Fact]
    public async Task The_setup_is_pinned_limited_and_mounts_the_files_of_its_hash()
    {
        var resources = await DeclaredCluster.FromAsync("{}");
        var job = resources.One(Job, "search-setup");
        var files = resources.One("kubernetes:core/v1:ConfigMap", "search-setup");

        Assert.Equal(Pins.CurlImage, job.Text("spec.template.spec.containers.0.image"));
        Assert.Equal("search-setup", job.Text("spec.template.spec.serviceAccountName"));
        Assert.Equal(files.Text("metadata.name"), job.Text("spec.template.spec.volumes.0.configMap.name"));
        Assert.Equal(job.Text("metadata.name"), files.Text("metadata.name"));
        Assert.Equal(true, files.At("immutable"));
        Assert.NotEmpty(job.Map("spec.template.spec.containers.0.resources.limits"));
        Assert.Equal(true, job.At("spec.template.spec.containers.0.securityContext.readOnlyRootFilesystem"));
        Assert.All(
            ((string)files.Map("data")["steps.txt"]).Split('\n', StringSplitOptions.RemoveEmptyEntries),
            line => Assert.True(files.Map("data").ContainsKey(line.Split(' ')[2]), line));
    }

    [Fact]
    public async Task Pods_reach_OpenSearch_and_no_database_beside_it()
    {
        var policy = (await DeclaredCluster.FromAsync("{}")).One(NetworkPolicy, "logging-search");

        Assert.Equal("logging", policy.Text("metadata.namespace"));
        Assert.Equal(["fluent-bit", "search-setup", "finance-log"], policy.List("spec.podSelector.matchExpressions.0.values"));
        Assert.Equal(3, policy.List("spec.egress.0.to").Count);
        Assert.Equal(443d, Convert.ToDouble(policy.At("spec.egress.0.ports.0.port"), System.Globalization.CultureInfo.InvariantCulture));
    }

    [Fact]
    public async Task Payment_services_alone_reach_the_finance_log()
    {
        var resources = await DeclaredCluster.FromAsync("""{"logging":{"finance":{"serviceAccount":"ledger-log","port":9000}}}""");
        var policy = resources.One(NetworkPolicy, "finance-log-producers");
        var source = Assert.IsAssignableFrom<IReadOnlyDictionary<string, object>>(Assert.Single(policy.List("spec.ingress.0.from")));

        Assert.Equal("ledger-log", policy.Map("spec.podSelector.matchLabels")["app.kubernetes.io/name"]);
        Assert.False(source.ContainsKey("podSelector"));
        Assert.Equal("payments", policy.Map("spec.ingress.0.from.0.namespaceSelector.matchLabels")["kubernetes.io/metadata.name"]);
        Assert.Equal(9000d, Convert.ToDouble(policy.At("spec.ingress.0.ports.0.port"), System.Globalization.CultureInfo.InvariantCulture));
        Assert.Equal("ledger-log", resources.One("kubernetes:core/v1:ServiceAccount", "finance-log").Text("metadata.name"));
        Assert.Equal("ledger-log", resources.One("aws:eks/podIdentityAssociation:PodIdentityAssociation", "finance-log").Text("serviceAccount"));
    }

    // The largest default pools (6 system, 3 x 3 stateful, 12 general, 12 spot), one agent more while they are replaced, the replicas of the finance log and
    // one more while they are.
    [Fact]
    public async Task The_quota_holds_an_agent_on_every_node_and_the_finance_log()
    {
        const int Agents = 6 + 9 + 12 + 12 + 1;
        const int Replicas = 3 + 1;
        var resources = await DeclaredCluster.FromAsync(FinanceServiceTests.Running);
        var hard = resources.One("kubernetes:core/v1:ResourceQuota", "logging").Map("spec.hard");
        var release = resources.One(Release, "log-agent");
        var job = resources.One(Job, "search-setup");
        var service = resources.One("kubernetes:apps/v1:Deployment", "finance-log");

        foreach (var key in new[] { "requests.cpu", "limits.cpu", "requests.memory", "limits.memory", "requests.ephemeral-storage", "limits.ephemeral-storage" })
        {
            var (kind, resource) = (key.Split('.')[0], key.Split('.')[1]);
            var used = Agents * Quantity.Parse(release.Text($"values.resources.{kind}.{resource}")).Value + Of(job) + Replicas * Of(service);
            Assert.InRange(used, 0, Quantity.Parse((string)hard[key]).Value);

            decimal Of(RecordedResource workload) =>
                Quantity.Parse((string)workload.Map($"spec.template.spec.containers.0.resources.{kind}")[resource]).Value;
        }

        Assert.True(Quantity.Parse((string)hard["pods"]).Value >= Agents + Replicas + 1);
    }
}
