using System.Collections.Immutable;
using FsCheck;
using FsCheck.Xunit;
using HaCluster.Planning.Modelling.Pods;
using HaCluster.Planning.Tests.Graphs;
using HaCluster.Simulation.Model;

namespace HaCluster.Planning.Tests.Modelling;

public sealed class PodSpecReaderTests
{
    private const long Mebi = 1024 * 1024;

    // https://kubernetes.io/docs/concepts/workloads/pods/init-containers/#resource-sharing-within-containers and
    // https://kubernetes.io/docs/concepts/workloads/pods/sidecar-containers/#resource-sharing-within-containers
    [Fact]
    public void The_start_counts_with_the_sidecars_that_run_by_then()
    {
        var pod = Read(new
        {
            initContainers = new object[]
            {
                new { name = "first", resources = new { requests = new { cpu = "900m" } } },
                new { name = "mesh", restartPolicy = "Always", resources = new { requests = new { cpu = "200m" } } },
                new { name = "second", resources = new { requests = new { cpu = "800m" } } },
            },
            containers = new[] { new { name = "app", resources = new { requests = new { cpu = "300m" } } }, new { name = "log", resources = new { requests = new { cpu = "100m" } } } },
        });
        // first alone 900, mesh and second 1000, mesh with both containers 600.
        Assert.Equal(1000, pod.Requests.MilliCpu);
    }

    [Fact]
    public void Overhead_comes_on_top_and_a_whole_pods_resources_replace_the_sum()
    {
        var containers = new[] { new { name = "app", resources = new { requests = new { cpu = "300m", memory = "64Mi" } } } };
        Assert.Equal(new Resources(550, 84 * Mebi, 0), Read(new { containers, overhead = new { cpu = "250m", memory = "20Mi" } }).Requests);
        Assert.Equal(new Resources(1000, 64 * Mebi, 0), Read(new { containers, resources = new { requests = new { cpu = "1" } } }).Requests);
    }

    [Fact]
    public void Scoring_assumes_something_for_each_container_that_says_nothing()
    {
        var pod = Read(new
        {
            initContainers = new object[] { new { name = "mesh", restartPolicy = "Always" } },
            containers = new object[]
            {
                new { name = "app", resources = new { requests = new { cpu = "300m" } } },
                new { name = "zero", resources = new { requests = new { cpu = "0", memory = "64Mi" } } },
            },
        });
        Assert.Equal(new Resources(300, 64 * Mebi, 0), pod.Requests);
        // 100m and 200Mi of the sidecar, 200Mi of app; the zero was meant.
        Assert.Equal(new Resources(400, 464 * Mebi, 0), pod.AssumedRequests);
    }

    [Fact]
    public void What_a_container_leaves_out_comes_from_its_limit_and_then_from_the_namespace()
    {
        var defaults = new ContainerDefaults([Values.Of(new { type = "Container", @default = new { memory = "256Mi", cpu = "400m" }, defaultRequest = new { cpu = "100m" } })]);
        var pod = Read(new { containers = new object[] { new { name = "a", resources = new { limits = new { cpu = "700m" } } }, new { name = "b" } } }, defaults);
        Assert.Equal(new Resources(800, 512 * Mebi, 0), pod.Requests);
        Assert.Equal(new Resources(1100, 512 * Mebi, 0), pod.Limits);
        Assert.True(pod.LimitsMemory);
        Assert.False(pod.LimitsEphemeral);
    }

    [Fact]
    public void A_limit_range_fills_its_own_gaps()
    {
        var defaults = new ContainerDefaults([Values.Of(new { type = "Container", max = new { memory = "1Gi" }, min = new { cpu = "10m" } })]);
        var pod = Read(new { containers = new[] { new { name = "a" } } }, defaults);
        Assert.Equal((10L, 1024 * Mebi, 1024 * Mebi), (pod.Requests.MilliCpu, pod.Requests.MemoryBytes, pod.Limits.MemoryBytes));
    }

    [Fact]
    public void One_container_without_a_memory_limit_is_enough_to_leak()
    {
        var pod = Read(new { containers = new object[] { new { name = "a", resources = new { limits = new { memory = "1Gi" } } }, new { name = "b" } } });
        Assert.False(pod.LimitsMemory);
    }

    [Fact]
    public void Rules_of_place_are_read()
    {
        var pod = Read(new
        {
            containers = new[] { new { name = "a", ports = new[] { new { containerPort = 80, hostPort = 8080 } } } },
            nodeSelector = new { disk = "ssd" },
            tolerations = new object[] { new { key = "pool", value = "x", effect = "NoExecute", tolerationSeconds = 30 }, new { @operator = "Exists" } },
            topologySpreadConstraints = new[] { new { maxSkew = 2, topologyKey = "zone", whenUnsatisfiable = "DoNotSchedule", minDomains = 3, nodeTaintsPolicy = "Honor", labelSelector = new { matchLabels = new { app = "a" } } } },
            affinity = new
            {
                nodeAffinity = new { requiredDuringSchedulingIgnoredDuringExecution = new { nodeSelectorTerms = new[] { new { matchExpressions = new[] { new { key = "k", @operator = "Gt", values = new[] { "3" } } } } } } },
                podAntiAffinity = new { requiredDuringSchedulingIgnoredDuringExecution = new[] { new { topologyKey = "host", labelSelector = new { matchLabels = new { app = "a" } }, matchLabelKeys = new[] { "rev" } } } },
            },
            terminationGracePeriodSeconds = 5,
        });
        Assert.Equal([new HostPort(8080, "TCP", "0.0.0.0")], pod.HostPorts.AsEnumerable());
        Assert.Equal("ssd", pod.NodeSelector["disk"]);
        Assert.Equal(
            [new Toleration("pool", false, "x", TaintEffect.NoExecute, TimeSpan.FromSeconds(30)), new Toleration(null, true, "", null)], pod.Tolerations.AsEnumerable());
        var spread = Assert.Single(pod.Spread);
        Assert.Equal((2, true, 3, true), (spread.MaxSkew, spread.IsRequired, spread.MinDomains, spread.HonorsTaints));
        Assert.Equal(LabelOperator.Gt, Assert.Single(Assert.Single(pod.Affinity.Nodes).Labels).Operator);
        Assert.Equal(["app", "rev"], Assert.Single(pod.Affinity.Apart).For(pod.Labels).Selector!.Requirements.Select(requirement => requirement.Key));
        Assert.Equal(TimeSpan.FromSeconds(5), pod.GracePeriod);
    }

    [Fact]
    public void A_namespace_selector_is_the_namespaces_that_it_selects_besides_those_named()
    {
        var namespaces = new Dictionary<string, ImmutableSortedDictionary<string, string>> { ["shop"] = Labels.Of(("team", "x")), ["pay"] = Labels.None, ["ops"] = Labels.Of(("team", "y")) };
        Assert.Equal((false, "pay,shop", true), Term(new { matchLabels = new { team = "x" } }));
        Assert.Equal((false, "ops,pay,shop", true), Term(new { matchExpressions = new[] { new { key = "team", @operator = "Exists" } } }));
        Assert.Equal((true, "pay", true), Term(new { }));
        Assert.Equal((false, "", false), Term(new { matchLabels = new { team = "nobody" } }, named: []));

        (bool All, string Namespaces, bool Selects) Term(object selector, string[]? named = null)
        {
            var term = new { topologyKey = "zone", labelSelector = new { }, namespaceSelector = selector, namespaces = named ?? ["pay"] };
            var spec = new { affinity = new { podAffinity = new { requiredDuringSchedulingIgnoredDuringExecution = new[] { term } } } };
            var near = Assert.Single(PodSpecReader.Read(Values.Of(new { spec }), NamespaceContext.Empty with { Namespaces = namespaces }).Affinity.Near);
            return (near.AllNamespaces, string.Join(',', near.Namespaces.Order(StringComparer.Ordinal)), near.Selector is not null);
        }
    }

    [Fact]
    public void A_limit_of_the_pod_stands_for_its_request_only_where_no_container_asks()
    {
        var whole = new { limits = new { cpu = "2", memory = "1Gi" } };
        var containers = new[] { new { name = "a", resources = new { requests = new { cpu = "250m" } } } };
        var pod = Read(new { resources = whole, containers });
        Assert.Equal(new Resources(250, 1L << 30, 0), pod.Requests);
        Assert.Equal(new Resources(2000, 1L << 30, 0), pod.Limits);
        // The pod speaks for its containers: nothing is assumed for the second one.
        Assert.Equal(250, Read(new { resources = whole, containers = new object[] { containers[0], new { name = "b" } } }).AssumedRequests!.Value.MilliCpu);
    }

    [Fact]
    public void Huge_pages_of_a_whole_pod_replace_those_of_its_containers()
    {
        var containers = new[] { new { name = "a", resources = new { requests = new Dictionary<string, object?> { ["cpu"] = "100m", ["hugepages-2Mi"] = "4Mi" } } } };
        Assert.Equal(4 * Mebi, Read(new { containers }).Extended["hugepages-2Mi"]);
        var pages = new Dictionary<string, object?> { ["hugepages-2Mi"] = "10Mi" };
        Assert.Equal(10 * Mebi, Read(new { containers, resources = new { requests = pages, limits = pages } }).Extended["hugepages-2Mi"]);
        Assert.Equal(10 * Mebi, Read(new { containers = new[] { new { name = "a" } }, resources = new { limits = pages } }).Extended["hugepages-2Mi"]);
    }

    [Fact]
    public void A_resize_of_a_whole_pod_counts_what_it_has_without_the_overhead()
    {
        var spec = new
        {
            containers = new[] { new { name = "a" } },
            overhead = new { cpu = "250m" },
            resources = new { requests = new { cpu = "500m" } },
        };
        var status = new { phase = "Running", allocatedResources = new { cpu = "1250m" }, resources = new { requests = new { cpu = "750m" } } };
        Assert.Equal(1250, PodSpecReader.Read(Values.Of(new { spec, status }), NamespaceContext.Empty).Requests.MilliCpu);
    }

    [Fact]
    public void Sidecars_that_are_resized_count_like_containers()
    {
        var pod = PodSpecReader.Read(
            Values.Of(new
            {
                spec = new
                {
                    initContainers = new object[] { new { name = "mesh", restartPolicy = "Always", resources = new { requests = new { cpu = "100m" } } } },
                    containers = new[] { new { name = "app", resources = new { requests = new { cpu = "300m" } } } },
                },
                status = new { phase = "Running", initContainerStatuses = new[] { new { name = "mesh", allocatedResources = new { cpu = "400m" } } } },
            }),
            NamespaceContext.Empty);
        Assert.Equal(700, pod.Requests.MilliCpu);
    }

    [Theory]
    [InlineData("kata", null, null, null)]
    [InlineData("kata", "250m", null, null)]
    [InlineData("kata", "1", null, "its overhead is not that of its runtime class kata")]
    [InlineData("kata", null, "runc", "its nodeSelector asks for runtime=runc, its runtime class kata for runtime=kata")]
    [InlineData("gvisor", null, null, "its runtime class gvisor does not exist")]
    [InlineData(null, "1", null, "it sets overhead without a runtime class")]
    [InlineData(null, null, "runc", null)]
    public void Admission_refuses_what_contradicts_the_runtime_class(string? runtimeClassName, string? overhead, string? selected, string? refusal)
    {
        var kata = RuntimeTable.Read("kata", Values.Of(new { overhead = new { podFixed = new { cpu = "250m" } }, scheduling = new { nodeSelector = new { runtime = "kata" } } }));
        var pod = PodSpecReader.Read(
            Values.Of(new { spec = new { runtimeClassName, overhead = overhead is null ? null : new { cpu = overhead }, nodeSelector = selected is null ? null : new { runtime = selected } } }),
            NamespaceContext.Empty with { Runtimes = new RuntimeTable([kata]) });
        Assert.True(refusal is null ? pod.Refused is null : pod.Refused?.StartsWith(refusal, StringComparison.Ordinal), pod.Refused);
    }

    [Fact]
    public void On_the_nodes_network_every_port_is_the_nodes() =>
        Assert.Equal([new HostPort(9100, "TCP", "0.0.0.0")], Read(new { hostNetwork = true, containers = new[] { new { name = "a", ports = new[] { new { containerPort = 9100 } } } } }).HostPorts.AsEnumerable());

    [Fact]
    public void Priorities_are_found_by_name_or_are_the_clusters_default()
    {
        var priorities = new PriorityTable([new PriorityClass("low", -5, false, Preempts: false), new PriorityClass("usual", 1000, true, true)]);
        var context = NamespaceContext.Empty with { Priorities = priorities };
        Assert.Equal((1000, true), Priority(new { containers = Array.Empty<object>() }));
        Assert.Equal((-5, false), Priority(new { priorityClassName = "low" }));
        Assert.Equal((2_000_001_000, true), Priority(new { priorityClassName = "system-node-critical" }));

        (int, bool) Priority(object spec)
        {
            var pod = PodSpecReader.Read(Values.Of(new { spec }), context);
            return (pod.Priority, pod.Preempts);
        }
    }

    private static readonly StorageClass Gp3 = new() { Name = "gp3", Driver = VolumeDriver.Ebs, IsDefault = true };

    [Fact]
    public void Claims_by_reference_and_of_the_moment_count_and_volumes_of_the_node_do_not()
    {
        var context = NamespaceContext.Empty with
        {
            Claims = new Dictionary<string, PersistentVolumeClaim> { ["data"] = new("shop", "data", new VolumeClaim("data", 10L << 30, "gp3")) },
            Storage = ClusterStorage.Empty with { Classes = [Gp3] },
        };
        var spec = new
        {
            volumes = new object[]
            {
                new { name = "d", persistentVolumeClaim = new { claimName = "data" } },
                new { name = "e", ephemeral = new { volumeClaimTemplate = new { spec = new { resources = new { requests = new { storage = "1Gi" } } } } } },
                new { name = "t", emptyDir = new { medium = "Memory", sizeLimit = "1Gi" } },
            },
        };
        var pod = PodSpecReader.Read(Values.Of(new { spec }), context);
        Assert.Equal(
            [
                new VolumeClaim("data", 10L << 30, "gp3") { Owner = ClaimOwner.Other },
                new VolumeClaim("e", 1L << 30, "gp3") { Owner = ClaimOwner.Pod, Class = Gp3, Access = VolumeAccess.None },
            ],
            pod.Volumes.AsEnumerable());
        Assert.Equal(0, pod.Requests.MemoryBytes);
    }

    [Fact]
    public void A_pod_is_not_ready_before_its_probes_say_so()
    {
        var plain = Read(new { containers = new[] { new { name = "a" } } }).StartsWithin;
        var probed = Read(new
        {
            containers = new[] { new { name = "a", startupProbe = new { periodSeconds = 15 }, readinessProbe = new { initialDelaySeconds = 20, periodSeconds = 5 } } },
            initContainers = new[] { new { name = "i" } },
        }).StartsWithin;
        Assert.Equal(TimeSpan.FromSeconds(10 + 15 + 25), probed - plain);
    }

    [Property]
    public void Plain_containers_add_up_however_they_are_written(PositiveInt[] amounts)
    {
        var containers = amounts.Select((amount, index) => new
        {
            name = $"c{index}",
            resources = new { requests = new { cpu = index % 2 == 0 ? $"{amount.Get}m" : (amount.Get / 1000m).ToString(System.Globalization.CultureInfo.InvariantCulture), memory = $"{amount.Get}Ki" } },
        });
        var pod = Read(new { containers });
        Assert.Equal(new Resources(amounts.Sum(amount => (long)amount.Get), amounts.Sum(amount => 1024L * amount.Get), 0), pod.Requests);
    }

    [Property]
    public void An_init_container_never_makes_a_pod_smaller(NonNegativeInt running, NonNegativeInt starting)
    {
        var containers = new[] { new { name = "a", resources = new { requests = new { cpu = $"{running.Get}m" } } } };
        var initContainers = new[] { new { name = "i", resources = new { requests = new { cpu = $"{starting.Get}m" } } } };
        Assert.Equal(Math.Max(running.Get, starting.Get), Read(new { containers, initContainers }).Requests.MilliCpu);
    }

    private static PodSpec Read(object spec, ContainerDefaults? defaults = null) =>
        PodSpecReader.Read(Values.Of(new { metadata = new { labels = new { app = "a", rev = "1" } }, spec }), NamespaceContext.Empty with { Defaults = defaults ?? ContainerDefaults.None });
}
