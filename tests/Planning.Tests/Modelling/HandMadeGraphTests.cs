using System.Text;
using HaCluster.Planning.Modelling;
using HaCluster.Planning.Stacks;
using HaCluster.Planning.Tests.Graphs;
using HaCluster.Simulation.Model;

namespace HaCluster.Planning.Tests.Modelling;

public sealed class HandMadeGraphTests
{
    private const string UserData = """
        MIME-Version: 1.0
        Content-Type: multipart/mixed; boundary="LINE"

        --LINE
        Content-Type: application/node.eks.aws

        ---
        kind: NodeConfig
        spec:
          kubelet:
            config:
              maxPods: 50
              systemReserved: {cpu: 200m, memory: 512Mi}
              evictionHard: {memory.available: 5%}

        --LINE--
        """;

    [Fact]
    public void Nodes_without_user_data_have_what_nodeadm_leaves()
    {
        var group = Assert.Single(Groups(new { amiType = "AL2023_ARM_64_STANDARD", diskSize = 100 }).NodeGroups);
        // m5.large: 29 pods without prefixes, 27 attachments shared with interfaces.
        Assert.Equal(2000 - 70, group.Template.Allocatable.MilliCpu);
        Assert.Equal((long)(8192 * 0.925m * 1024 * 1024) - ((574L + 100) * 1024 * 1024), group.Template.Allocatable.MemoryBytes);
        Assert.Equal((29, 26), (group.Template.MaxPods, group.Template.MaxEbsVolumes!.Value));
        Assert.Equal("arm64", group.Template.Labels["kubernetes.io/arch"]);
        Assert.Equal((2, 1), (group.Desired, group.UpdatedAtOnce));
    }

    [Fact]
    public void User_data_adds_to_the_reserves_and_clears_thresholds_it_does_not_name()
    {
        var template = Convert.ToBase64String(Encoding.UTF8.GetBytes(UserData.ReplaceLineEndings("\n")));
        var group = Assert.Single(Groups(new { launchTemplate = new { id = "lt-1" }, updateConfig = new { maxUnavailablePercentage = 60 } }, template).NodeGroups);
        var memory = (long)(8192 * 0.925m * 1024 * 1024);
        Assert.Equal(2000 - 70 - 200, group.Template.Allocatable.MilliCpu);
        Assert.Equal(memory - ((574L + 512) * 1024 * 1024) - (memory * 5 / 100), group.Template.Allocatable.MemoryBytes);
        // No threshold for the disk is left: only nodeadm's 1 GiB.
        Assert.Equal((long)(40 * 0.99m * 1024 * 1024 * 1024) - (1L << 30), group.Template.Allocatable.EphemeralBytes);
        Assert.Equal((50, 2), (group.Template.MaxPods, group.UpdatedAtOnce));
    }

    [Fact]
    public void An_instance_type_nobody_knows_is_reported()
    {
        var model = Groups(new { }, types: ["zz9.large"]);
        Assert.Empty(model.NodeGroups);
        Assert.Contains(model.Unknown, unknown => unknown.Subject == "node group workers");
    }

    [Fact]
    public void Updates_follow_the_strategy()
    {
        var graph = new GraphBuilder();
        Deployment(graph, "quarter", new { replicas = 6 });
        Deployment(graph, "recreate", new { replicas = 2, strategy = new { type = "Recreate" } });
        Deployment(graph, "none", new { replicas = 1, strategy = new { rollingUpdate = new { maxSurge = 0, maxUnavailable = "10%" } } });
        var model = Model(graph);
        Assert.Equal(
            [("none", 0, 1), ("quarter", 2, 1), ("recreate", 0, 2)],
            model.Workloads.Select(workload => (workload.Name, workload.MaxSurge, workload.MaxUnavailable)));
    }

    [Fact]
    public void An_autoscaler_says_how_many_run_at_quiet_times()
    {
        var graph = new GraphBuilder();
        Deployment(graph, "web", new { });
        graph.Resource("kubernetes:autoscaling/v2:HorizontalPodAutoscaler", "web", new
        {
            metadata = new { name = "web", @namespace = "payments" },
            spec = new { minReplicas = 4, maxReplicas = 9, scaleTargetRef = new { kind = "Deployment", name = "web" } },
        });
        var web = Assert.Single(Model(graph).Workloads);
        Assert.Equal((4, 9), (web.Replicas, web.MaxReplicas));
    }

    [Fact]
    public void Jobs_run_at_their_widest_and_suspended_ones_do_not()
    {
        var graph = new GraphBuilder();
        var template = new { spec = new { containers = new[] { new { name = "a" } } } };
        graph.Resource("kubernetes:batch/v1:Job", "wide", new { metadata = new { name = "wide" }, spec = new { parallelism = 5, completions = 3, template } });
        graph.Resource("kubernetes:batch/v1:CronJob", "nightly", new { metadata = new { name = "nightly" }, spec = new { jobTemplate = new { spec = new { template } } } });
        graph.Resource("kubernetes:batch/v1:CronJob", "off", new { metadata = new { name = "off" }, spec = new { suspend = true, jobTemplate = new { spec = new { template } } } });
        Assert.Equal([("default/nightly", 1), ("default/off", 0), ("default/wide", 3)], Model(graph).Workloads.Select(workload => (workload.Id, workload.Replicas)));
    }

    [Fact]
    public void Members_of_a_quorum_serve_by_majority_unless_the_settings_say_otherwise()
    {
        var graph = new GraphBuilder();
        graph.Resource("kubernetes:apps/v1:StatefulSet", "etcd", new
        {
            metadata = new { name = "etcd", @namespace = "payments" },
            spec = new { replicas = 5, podManagementPolicy = "Parallel", template = new { spec = new { containers = new[] { new { name = "etcd", image = "quay.io/coreos/etcd:v3.6.4" } } } } },
        });
        var members = Assert.Single(Model(graph).Workloads);
        Assert.Equal((3, "the majority that etcd needs", true), (members.MinServing, members.ServingReason, members.IsParallel));
        var promised = Assert.Single(Model(graph, """{"serving":{"payments/etcd":4}}""").Workloads);
        Assert.Equal(4, promised.MinServing);
    }

    [Theory]
    [InlineData("payments/etdc", "did you mean payments/etcd? Otherwise remove it")]
    [InlineData("payments/wallet", "namespace payments has payments/etcd: choose one of these or remove it")]
    public void A_promise_for_a_workload_that_is_not_there_is_refused(string name, string hint)
    {
        var graph = new GraphBuilder();
        graph.Resource("kubernetes:apps/v1:StatefulSet", "etcd", new
        {
            metadata = new { name = "etcd", @namespace = "payments" },
            spec = new { replicas = 3, template = new { spec = new { containers = new[] { new { name = "etcd", image = "quay.io/coreos/etcd:v3.6.4" } } } } },
        });
        var errors = Assert.Throws<RefusedSettingsException>(() => Model(graph, $$$"""{"serving":{"{{{name}}}":2}}""")).Errors;
        Assert.Equal($"ha-cluster:objectives.serving.{name} is 2; the cluster has no workload of this name; {hint}", Assert.Single(errors));
    }

    [Fact]
    public void Objectives_are_the_settings_or_their_defaults()
    {
        var model = Model(new GraphBuilder(), """{"recovery":{"stateless":"90s","database":"1h"},"serving":{"payments/absent":2}}""");
        Assert.Equal(new Objectives(TimeSpan.FromSeconds(90), TimeSpan.FromMinutes(20), TimeSpan.FromHours(1)), model.Objectives);
        Assert.Contains(model.Unknown, unknown => unknown.Subject == "ha-cluster:objectives.serving.payments/absent");
    }

    [Theory]
    [InlineData("kafka.strimzi.io/v1", "Kafka", true)]
    [InlineData("karpenter.sh/v1", "NodePool", true)]
    [InlineData("monitoring.coreos.com/v1", "ThanosRuler", true)]
    [InlineData("monitoring.coreos.com/v1", "ServiceMonitor", false)]
    [InlineData("cert-manager.io/v1", "Certificate", false)]
    [InlineData("networking.istio.io/v1", "VirtualService", false)]
    [InlineData("install.istio.io/v1alpha1", "IstioOperator", true)]
    [InlineData("cilium.io/v2", "CiliumNetworkPolicy", false)]
    [InlineData("kyverno.io/v1", "ClusterPolicy", false)]
    public void What_may_make_pods_is_reported(string apiVersion, string kind, bool isUnknown)
    {
        var graph = new GraphBuilder();
        graph.Resource($"kubernetes:{apiVersion}:{kind}", "one", new { apiVersion, kind, metadata = new { name = "one", @namespace = "payments" } });
        Assert.Equal(isUnknown, Model(graph).Unknown.Any());
    }

    [Fact]
    public void An_addon_that_is_not_modelled_is_reported()
    {
        var graph = new GraphBuilder();
        graph.Resource("aws:eks/addon:Addon", "efs", new { addonName = "aws-efs-csi-driver" });
        Assert.Equal("add-on aws-efs-csi-driver", Assert.Single(Model(graph).Unknown).Subject);
    }

    [Fact]
    public void Quotas_are_read_in_base_units_and_those_with_scopes_reported()
    {
        var graph = new GraphBuilder();
        graph.Resource("kubernetes:core/v1:ResourceQuota", "all", new { metadata = new { name = "all", @namespace = "payments" }, spec = new { hard = new Dictionary<string, object?> { ["requests.cpu"] = "500m", ["pods"] = 10 } } });
        graph.Resource("kubernetes:core/v1:ResourceQuota", "some", new { metadata = new { name = "some", @namespace = "payments" }, spec = new { hard = new { pods = "1" }, scopes = new[] { "VolumeAttributesClass" } } });
        graph.Resource("kubernetes:core/v1:ResourceQuota", "best", new { metadata = new { name = "best", @namespace = "payments" }, spec = new { hard = new { pods = "1" }, scopes = new[] { "BestEffort" } } });
        var model = Model(graph);
        Assert.Equal(["all", "best"], model.Quotas.Select(one => one.Name));
        var (quota, best) = (model.Quotas[0], model.Quotas[1]);
        Assert.Equal((1m, 0m), (best.UseOf(new PodSpec(), "pods"), best.UseOf(new PodSpec { Requests = new Resources(100, 0, 0) }, "pods")));
        Assert.Equal((0.5m, 10m, "quotas.payments"), (quota.Hard["requests.cpu"], quota.Hard["pods"], quota.Setting));
        Assert.Contains(model.Unknown, unknown => unknown.Subject == "ResourceQuota payments/some");
    }

    private static void Deployment(GraphBuilder graph, string name, object spec) => graph.Resource("kubernetes:apps/v1:Deployment", name, new
    {
        metadata = new { name, @namespace = "payments" },
        spec = ((Engine.Values.PropertyValue.Map)Values.Of(spec)).Entries.Add("template", Values.Of(new { spec = new { containers = new[] { new { name = "a" } } } }))
            .ToDictionary(entry => entry.Key, entry => (object?)entry.Value),
    });

    private static ClusterModel Model(GraphBuilder graph, string? objectives = null) =>
        ClusterModelReader.Of(graph.Build(), objectives is null ? Settings.Of() : Settings.Of(("ha-cluster:objectives", objectives)));

    private static ClusterModel Groups(object more, string? userData = null, params string[] types)
    {
        var graph = new GraphBuilder();
        graph.Resource("aws:ec2/subnet:Subnet", "a", new { availabilityZone = "zone-a" }, id: "subnet-a");
        graph.Resource("aws:ec2/launchTemplate:LaunchTemplate", "workers", new { userData, blockDeviceMappings = new[] { new { deviceName = "/dev/xvda", ebs = new { volumeSize = 40 } } } }, id: "lt-1");
        var inputs = Values.Entries(more)
            .SetItem("subnetIds", Values.Of(new[] { "subnet-a" }))
            .SetItem("instanceTypes", Values.Of(types.Length == 0 ? ["m5.large"] : types))
            .SetItem("scalingConfig", Values.Of(new { minSize = 2, maxSize = 4, desiredSize = 2 }))
            .ToDictionary(entry => entry.Key, entry => (object?)entry.Value);
        graph.Resource("aws:eks/nodeGroup:NodeGroup", "workers", inputs);
        return Model(graph);
    }
}
