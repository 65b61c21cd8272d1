using System.Globalization;
using HaCluster.Stack.Settings;
using HaCluster.Stack.Tests.Graph;

namespace HaCluster.Stack.Tests.Chains;

public partial class ChainGraphTests
{
    private const string StatefulSet = "kubernetes:apps/v1:StatefulSet";
    private const string CronJob = "kubernetes:batch/v1:CronJob";
    private const string Job = "kubernetes:batch/v1:Job";

    private static readonly Lazy<Task<IReadOnlyList<RecordedResource>>> Default = new(() => DeclaredCluster.FromAsync("{}"));

    [Fact]
    public async Task Nodes_never_share_a_host_and_are_held_to_their_share_of_every_zone()
    {
        var sets = Sets(await Default.Value);

        Assert.Equal(["bitcoin", "ethereum-geth", "ethereum-reth"], sets.Select(set => set.Name));
        foreach (var (set, chain) in sets.Zip(new[] { "bitcoin", "ethereum", "ethereum" }))
        {
            var spread = set.List("spec.template.spec.topologySpreadConstraints").Cast<IReadOnlyDictionary<string, object>>().ToArray();
            Assert.Equal(["topology.kubernetes.io/zone", "kubernetes.io/hostname"], spread.Select(constraint => constraint["topologyKey"]));
            Assert.All(spread, constraint => Assert.Equal("DoNotSchedule", constraint["whenUnsatisfiable"]));
            Assert.Equal(3, Convert.ToInt32(spread[0]["minDomains"], CultureInfo.InvariantCulture));
            // Of the chain, not of the set: two sets that know nothing of each other would meet in one zone.
            Assert.All(spread, constraint => Assert.Equal(Nodes(chain), Labels(constraint["labelSelector"])));
            Assert.Equal(
                Nodes(chain),
                Labels(set.At("spec.template.spec.affinity.podAntiAffinity.requiredDuringSchedulingIgnoredDuringExecution.0.labelSelector")!));
            Assert.Equal(["stateful"], set.Map("spec.template.spec.nodeSelector").Values);
        }
    }

    [Fact]
    public async Task Every_node_has_a_volume_of_its_own_that_outlives_it()
    {
        var sets = Sets(await Default.Value);

        Assert.All(sets, set =>
        {
            Assert.Equal("chain-data", set.At("spec.volumeClaimTemplates.0.spec.storageClassName"));
            Assert.Equal("Retain", set.At("spec.persistentVolumeClaimRetentionPolicy.whenScaled"));
            Assert.Equal("Retain", set.At("spec.persistentVolumeClaimRetentionPolicy.whenDeleted"));
        });
        Assert.Equal(
            ["1200Gi", "2560Gi", "2560Gi"],
            sets.Select(set => set.At("spec.volumeClaimTemplates.0.spec.resources.requests.storage")));
    }

    [Fact]
    public async Task A_node_has_minutes_to_stop_and_days_to_start_and_the_sentinel_decides_the_rest()
    {
        var resources = await Default.Value;

        foreach (var pod in Pods(resources).Where(pod => pod.Labels["ha-cluster/role"] is "node"))
        {
            Assert.True(Convert.ToInt32(pod.Spec["terminationGracePeriodSeconds"], CultureInfo.InvariantCulture) >= 300, pod.Workload);
            Assert.Equal("Always", pod.Container("sentinel")["restartPolicy"]);
            Assert.All(pod.Containers, container =>
            {
                var startup = Probe(container, "startupProbe");
                var liveness = Probe(container, "livenessProbe");
                Assert.StartsWith("/live", startup.Path, StringComparison.Ordinal);
                Assert.StartsWith("/live", liveness.Path, StringComparison.Ordinal);
                Assert.Equal((9800, 9800), (startup.Port, liveness.Port));
                Assert.True(startup.Budget >= TimeSpan.FromDays(7), pod.Workload);
                Assert.True(liveness.Budget >= TimeSpan.FromMinutes(5), pod.Workload);
            });
            Assert.Equal("/ready", Probe(pod.Containers[0], "readinessProbe").Path);
        }

        Assert.Equal("600", Sets(resources)[0].At("spec.template.spec.terminationGracePeriodSeconds")!.ToString());
    }

    [Fact]
    public async Task A_node_runs_as_the_first_process_of_its_container()
    {
        var programs = Pods(await Default.Value)
            .Where(pod => pod.Labels["ha-cluster/role"] is "node")
            .SelectMany(pod => pod.Containers)
            .Select(container => string.Join(' ', ((System.Collections.IEnumerable)container["command"]).Cast<string>()));

        Assert.Equal(["btcd", "geth", "lighthouse", "lighthouse", "reth"], programs.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task The_engine_api_never_leaves_its_pod_and_its_token_is_made_there()
    {
        var pods = Pods(await Default.Value).Where(pod => pod.Workload is "ethereum-geth" or "ethereum-reth").ToArray();

        Assert.Equal(2, pods.Length);
        Assert.All(pods, pod =>
        {
            var execution = pod.Arguments(pod.Workload[^4..]);
            Assert.Contains("--authrpc.addr=127.0.0.1", execution);
            Assert.Contains("--authrpc.jwtsecret=/run/engine/jwt.hex", execution);
            Assert.Contains("--execution-endpoint=http://127.0.0.1:8551", pod.Arguments("lighthouse"));
            Assert.Contains("--execution-jwt=/run/engine/jwt.hex", pod.Arguments("lighthouse"));
            Assert.DoesNotContain(8551d, pod.Containers.SelectMany(Ports));
            var volume = ((System.Collections.IEnumerable)pod.Spec["volumes"]).Cast<IReadOnlyDictionary<string, object>>().Single(volume => (string)volume["name"] == "engine-token");
            Assert.Equal("Memory", ((IReadOnlyDictionary<string, object>)volume["emptyDir"])["medium"]);
        });
    }

    [Fact]
    public async Task Bitcoin_uses_tls_with_mounted_certificates_and_its_password_appears_nowhere()
    {
        var resources = await Default.Value;
        var pod = Pods(resources).Single(pod => pod.Workload == "bitcoin");

        var arguments = pod.Arguments("btcd");
        Assert.Contains("--rpccert=/etc/btcd/tls/tls.crt", arguments);
        Assert.Contains("--rpclisten=0.0.0.0:8334", arguments);
        Assert.Contains("--configfile=/etc/btcd/credentials/btcd.conf", arguments);
        Assert.Contains("--txindex", arguments);
        Assert.DoesNotContain(arguments, argument => argument.Contains("rpcpass", StringComparison.Ordinal) || argument == "--notls");
        Assert.True(int.Parse(arguments.Single(argument => argument.StartsWith("--rpcmaxclients=", StringComparison.Ordinal))["--rpcmaxclients=".Length..], CultureInfo.InvariantCulture) > 10);
    }

    [Theory]
    [InlineData("mainnet", null, "8333", "8334")]
    [InlineData("testnet", "--testnet", "18333", "18334")]
    [InlineData("signet", "--signet", "38333", "38332")]
    [InlineData("regtest", "--regtest", "18444", "18334")]
    public async Task Each_network_has_its_flag_and_ports(string network, string? flag, string peers, string rpc)
    {
        var resources = await DeclaredCluster.FromAsync($$$$"""{"chains":{"bitcoin":{"network":"{{{{network}}}}","txIndex":false},"ethereum":{"enabled":false}}}""");
        var arguments = Pods(resources).Single(pod => pod.Workload == "bitcoin").Arguments("btcd");

        Assert.Equal(flag is null ? Array.Empty<string>() : new[] { flag }, arguments.Where(argument => argument is "--testnet" or "--signet" or "--regtest" or "--txindex"));
        Assert.Contains($"--listen=0.0.0.0:{peers}", arguments);
        Assert.Contains($"--rpclisten=0.0.0.0:{rpc}", arguments);
        Assert.Equal(network == "regtest" ? 3 : 0, arguments.Count(argument => argument.StartsWith("--addpeer=", StringComparison.Ordinal)));
        Assert.DoesNotContain(Sets(resources), set => set.Name.StartsWith("ethereum", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_sentinel_knows_all_nodes_of_its_chain_and_comes_from_the_account_s_registry()
    {
        var pod = Pods(await Default.Value).Single(pod => pod.Workload == "ethereum-reth");

        Assert.Equal(
            ["ethereum-geth-0", "ethereum-geth-1", "ethereum-reth-0"],
            pod.Arguments("sentinel").Where(argument => argument.StartsWith("--node=", StringComparison.Ordinal)).Select(argument => argument["--node=http://".Length..].Split('.')[0]));
        Assert.Equal("123456789012.dkr.ecr.eu-central-1.test.example/ha-cluster-test/sentinel:1.0.0", pod.Container("sentinel")["image"]);
    }

    [Fact]
    public async Task A_sentinel_measures_the_data_volume_and_cannot_write_it()
    {
        var sentinels = Pods(await Default.Value).Where(pod => pod.Labels["ha-cluster/role"] is "node").Select(pod => (Arguments: pod.Arguments("sentinel"), Mounts: pod.Container("sentinel")["volumeMounts"])).ToList();

        Assert.NotEmpty(sentinels);
        Assert.All(sentinels, sentinel =>
        {
            var mount = ((IEnumerable<object>)sentinel.Mounts).Cast<IReadOnlyDictionary<string, object>>().Single(mount => Equals(mount["name"], "data"));
            Assert.Contains($"--data={mount["mountPath"]}", sentinel.Arguments);
            Assert.Equal(true, mount["readOnly"]);
        });
    }

    [Fact]
    public async Task Names_cover_nodes_that_are_not_ready_and_the_rpc_service_does_not()
    {
        var services = (await Default.Value).Of("kubernetes:core/v1:Service").Where(service => Equals(service.At("metadata.namespace"), "chains")).ToArray();

        Assert.Equal(["bitcoin-nodes", "bitcoin-rpc", "ethereum-nodes", "ethereum-rpc"], services.Select(service => service.Name));
        Assert.Equal([true, null, true, null], services.Select(service => service.At("spec.publishNotReadyAddresses")));
        Assert.Equal(["None", null, "None", null], services.Select(service => service.At("spec.clusterIP")));
        Assert.All(services, service => Assert.Null(service.At("spec.type")));
    }

    [Fact]
    public async Task One_node_of_a_chain_may_be_disturbed_whatever_set_it_is_in()
    {
        var resources = await Default.Value;

        var budgets = resources.Of("kubernetes:policy/v1:PodDisruptionBudget").Where(budget => Equals(budget.At("metadata.namespace"), "chains")).ToArray();
        Assert.Equal(["bitcoin-front", "bitcoin-nodes", "ethereum-front", "ethereum-nodes"], budgets.Select(budget => budget.Name));
        Assert.All(budgets, budget => Assert.Equal(1d, Convert.ToDouble(budget.At("spec.maxUnavailable"), CultureInfo.InvariantCulture)));
        Assert.Equal(Nodes("ethereum"), Labels(budgets[3].At("spec.selector")!));
        Assert.Equal(["RollingUpdate", "OnDelete", "OnDelete"], Sets(resources).Select(set => set.At("spec.updateStrategy.type")));
        Assert.Equal("Forbid", resources.One(CronJob, "ethereum-rollout").At("spec.concurrencyPolicy"));
    }

    [Fact]
    public async Task No_account_may_do_everything_to_anything()
    {
        var roles = (await Default.Value).Of("kubernetes:rbac.authorization.k8s.io/v1:Role").Where(role => Equals(role.At("metadata.namespace"), "chains")).ToArray();

        Assert.Equal(5, roles.Length);
        Assert.DoesNotContain(roles.SelectMany(role => role.Texts()), text => text.Value == "*");
        Assert.DoesNotContain(roles.SelectMany(role => role.Texts()), text => text.Value == "secrets");
    }

    [Fact]
    public async Task Every_container_is_limited_and_gives_up_what_the_restricted_level_asks()
    {
        var pods = Pods(await Default.Value);

        Assert.Equal(14, pods.Length);
        Assert.All(pods, pod =>
        {
            var context = (IReadOnlyDictionary<string, object>)pod.Spec["securityContext"];
            Assert.Equal(true, context["runAsNonRoot"]);
            Assert.Equal(false, pod.Spec["enableServiceLinks"]);
            Assert.Equal("high", pod.Spec["priorityClassName"]);
            Assert.All(pod.Containers.Concat(pod.InitContainers), container =>
            {
                foreach (var resource in new[] { "cpu", "memory", "ephemeral-storage" })
                    Assert.True(DeclaredPod.Amount(container, "limits", resource) > 0);
                Assert.Equal(true, ((IReadOnlyDictionary<string, object>)container["securityContext"])["readOnlyRootFilesystem"]);
                Assert.Matches(@"(:[^/]*[0-9][^/]*|@sha256:.*)\z", (string)container["image"]);
                Assert.DoesNotContain(":latest", (string)container["image"], StringComparison.Ordinal);
            });
        });
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"ethereum":{"enabled":false}}""")]
    [InlineData("""{"bitcoin":{"replicas":5,"size":{"cpu":3,"memory":"32Gi"}},"front":{"replicas":8}}""")]
    [InlineData("""{"ethereum":{"clients":{"geth":4,"reth":4}}}""")]
    public async Task The_quota_holds_everything_and_one_more_of_each(string chains)
    {
        var resources = await DeclaredCluster.FromAsync($$"""{"chains":{{chains}}}""");
        var hard = resources.One("kubernetes:core/v1:ResourceQuota", "chains").Map("spec.hard");
        var most = resources.One("kubernetes:core/v1:LimitRange", "chains").Map("spec.limits.0.max");
        var pods = Pods(resources);

        foreach (var side in new[] { "requests", "limits" })
        {
            foreach (var resource in new[] { "cpu", "memory", "ephemeral-storage" })
            {
                var declared = pods.Sum(pod => (pod.Copies + (pod.IsJob ? 0 : 1)) * pod.Takes(side, resource));
                Assert.True(declared <= Quantity.Parse((string)hard[$"{side}.{resource}"]).Value, $"{side}.{resource}: {declared} of {hard[$"{side}.{resource}"]}");
            }
        }

        Assert.All(
            pods.SelectMany(pod => pod.Containers.Concat(pod.InitContainers)),
            container => Assert.All(most, pair => Assert.True(DeclaredPod.Amount(container, "limits", pair.Key) <= Quantity.Parse((string)pair.Value).Value, pair.Key)));

        var volumes = Sets(resources).Select(set => (
            Count: Convert.ToInt32(set.At("spec.replicas"), CultureInfo.InvariantCulture) + 1,
            Size: Quantity.Parse(set.Text("spec.volumeClaimTemplates.0.spec.resources.requests.storage")).Value)).ToArray();
        Assert.True(volumes.Sum(volume => volume.Count * volume.Size) <= Quantity.Parse((string)hard["requests.storage"]).Value);
        Assert.True(volumes.Sum(volume => volume.Count) <= int.Parse((string)hard["persistentvolumeclaims"], CultureInfo.InvariantCulture));
        Assert.True(pods.Sum(pod => pod.Copies) < int.Parse((string)hard["pods"], CultureInfo.InvariantCulture));
    }

    [Fact]
    public async Task Every_part_is_measured_whether_it_is_ready_or_not()
    {
        var monitors = (await Default.Value).Of("kubernetes:monitoring.coreos.com/v1:PodMonitor").Where(monitor => Equals(monitor.At("metadata.namespace"), "chains")).ToArray();

        Assert.Equal(
            [
                "bitcoin-front metrics/metrics", "bitcoin sentinel/metrics", "ethereum-front metrics/metrics",
                "ethereum-geth sentinel/metrics metrics/debug/metrics/prometheus cl-metrics/metrics", "ethereum-reth sentinel/metrics metrics/ cl-metrics/metrics",
            ],
            monitors.Select(monitor => $"{monitor.At("metadata.name")} " + string.Join(
                ' ',
                monitor.List("spec.podMetricsEndpoints").Cast<IReadOnlyDictionary<string, object>>().Select(endpoint => $"{endpoint["port"]}{endpoint["path"]}"))));
    }

    [Fact]
    public async Task Switched_off_chains_declare_nothing()
    {
        var resources = await DeclaredCluster.FromAsync("""{"chains":{"enabled":false}}""");

        Assert.Empty(Pods(resources));
        Assert.DoesNotContain(resources, resource => resource.Type.StartsWith("ha-cluster:chains:", StringComparison.Ordinal));
    }

    private static RecordedResource[] Sets(IReadOnlyList<RecordedResource> resources) =>
        [.. resources.Of(StatefulSet).Where(set => Equals(set.At("metadata.namespace"), "chains"))];

    private static DeclaredPod[] Pods(IReadOnlyList<RecordedResource> resources) => [.. DeclaredPod.In("chains", resources)];

    private static string Nodes(string chain) => $"ha-cluster/chain={chain} ha-cluster/role=node";

    private static string Labels(object selector) => string.Join(
        ' ',
        ((IReadOnlyDictionary<string, object>)((IReadOnlyDictionary<string, object>)selector)["matchLabels"])
            .OrderBy(label => label.Key, StringComparer.Ordinal).Select(label => $"{label.Key}={label.Value}"));

    private static IEnumerable<double> Ports(IReadOnlyDictionary<string, object> container) =>
        ((System.Collections.IEnumerable)container["ports"]).Cast<IReadOnlyDictionary<string, object>>().Select(port => Convert.ToDouble(port["containerPort"], CultureInfo.InvariantCulture));

    private static (string Path, int Port, TimeSpan Budget) Probe(IReadOnlyDictionary<string, object> container, string name)
    {
        var probe = (IReadOnlyDictionary<string, object>)container[name];
        var get = (IReadOnlyDictionary<string, object>)probe["httpGet"];
        var budget = Convert.ToDouble(probe["periodSeconds"], CultureInfo.InvariantCulture) * Convert.ToDouble(probe["failureThreshold"], CultureInfo.InvariantCulture);
        return ((string)get["path"], Convert.ToInt32(get["port"], CultureInfo.InvariantCulture), TimeSpan.FromSeconds(budget));
    }
}
