using HaCluster.Planning.Modelling;
using HaCluster.Planning.Schedules;

namespace HaCluster.Planning.Tests.Schedules;

/// <summary>What the API server refuses before kube-scheduler sees it. Expectations are answers of a Kubernetes 1.36.2 control plane.</summary>
public sealed class AdmissionScheduleTests : IDisposable
{
    private const string Node = """
        apiVersion: v1
        kind: Node
        metadata: {name: node-a, labels: {topology.kubernetes.io/zone: a, kubernetes.io/hostname: node-a}}
        spec: {taints: [{key: sla, value: "950", effect: NoSchedule}]}
        status: {allocatable: {cpu: "8", memory: 8Gi, pods: "20"}}
        ---
        apiVersion: v1
        kind: Node
        metadata: {name: node-b, labels: {topology.kubernetes.io/zone: b, kubernetes.io/hostname: node-b}}
        status: {allocatable: {cpu: "8", memory: 8Gi, pods: "20"}}

        """;

    private readonly Scratch _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void A_cron_job_makes_no_pods_before_its_time_comes()
    {
        var schedule = Schedule("""
            ---
            apiVersion: batch/v1
            kind: CronJob
            metadata: {name: nightly}
            spec: {schedule: 0 3 * * *, jobTemplate: {spec: {template: {spec: {containers: [{name: a, resources: {requests: {cpu: "9"}}}]}}}}}
            """);
        Assert.Empty(schedule.Pods);
        Assert.Contains(schedule.Cluster.Notes, note => note.Subject == "CronJob default/nightly");
    }

    [Fact]
    public void A_cron_job_whose_job_runs_has_the_pods_of_that()
    {
        const string Spec = "{template: {spec: {containers: [{name: a}]}}}";
        var schedule = Schedule($$"""
            ---
            apiVersion: batch/v1
            kind: CronJob
            metadata: {name: nightly}
            spec: {schedule: 0 3 * * *, jobTemplate: {spec: {{Spec}} } }
            ---
            apiVersion: batch/v1
            kind: Job
            metadata: {name: nightly-1, ownerReferences: [{kind: CronJob, name: nightly, controller: true}]}
            spec: {{Spec}}
            """);
        Assert.Equal("default/nightly", Assert.Single(schedule.Pods).Workload);
    }

    [Fact]
    public void A_quota_binds_new_pods_and_counts_those_that_exist()
    {
        var schedule = Schedule("""
            ---
            apiVersion: v1
            kind: ResourceQuota
            metadata: {name: few}
            spec: {hard: {pods: "3"}}
            ---
            apiVersion: v1
            kind: Pod
            metadata: {name: old, uid: u-1}
            spec: {containers: [{name: a}]}
            ---
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: web}
            spec: {replicas: 4, template: {metadata: {labels: {app: web}}, spec: {containers: [{name: a}]}}}
            """);
        Assert.Equal((3, 2), (schedule.Placed, schedule.Pending));
        Assert.All(schedule.Pods.Where(pod => pod.Node is null), pod => Assert.Equal("not created: quota default/few: pods needs 1, 3 of 3 is used", pod.Reason));
    }

    [Theory]
    [InlineData("requests.cpu", "", "quota default/few limits requests.cpu, which every container must then state")]
    [InlineData("cpu", "", "quota default/few limits cpu")]
    [InlineData("limits.memory", "requests: {memory: 1Gi}", "quota default/few limits limits.memory")]
    [InlineData("limits.memory", "limits: {memory: 1Gi}", null)]
    [InlineData("requests.memory", "limits: {memory: 1Gi}", null)]
    [InlineData("requests.ephemeral-storage", "", null)]
    public void A_quota_of_cpu_or_memory_wants_every_container_to_state_it(string limit, string resources, string? reason)
    {
        var schedule = Schedule($$"""
            ---
            apiVersion: v1
            kind: ResourceQuota
            metadata: {name: few}
            spec: {hard: { {{limit}}: 4Gi } }
            ---
            apiVersion: v1
            kind: Pod
            metadata: {name: new}
            spec: {containers: [{name: a, resources: { {{resources}} } }] }
            """);
        Assert.StartsWith(reason is null ? "" : $"not created: {reason}", Assert.Single(schedule.Pods).Reason ?? "", StringComparison.Ordinal);
        Assert.Equal(reason is null ? 0 : 1, schedule.Pending);
    }

    [Theory]
    [InlineData("{type: Container, max: {cpu: 500m}}", "requests: {cpu: 600m}", "container a requests 0.6 of cpu, above its limit of 0.5")]
    [InlineData("{type: Container, max: {cpu: 500m}}", "limits: {cpu: 600m}", "container a has a cpu limit of 0.6, and 0.5 is the maximum")]
    [InlineData("{type: Container, max: {cpu: 500m}}", "", null)]
    [InlineData("{type: Container, min: {cpu: 200m}}", "requests: {cpu: 100m}", "container a requests 0.1 of cpu, and 0.2 is the minimum")]
    [InlineData("{type: Container, maxLimitRequestRatio: {cpu: 2}}", "requests: {cpu: 100m}, limits: {cpu: 300m}", "container a has a cpu limit of 3 times its request, and 2 is the maximum")]
    [InlineData("{type: Container, maxLimitRequestRatio: {cpu: 2}}", "", "container a has no cpu request and limit")]
    [InlineData("{type: Pod, max: {memory: 1Gi}}", "limits: {memory: 2Gi}", "the pod has a memory limit of 2 GiB, and 1 GiB is the maximum")]
    [InlineData("{type: Pod, max: {memory: 1Gi}}", "", "the pod has no memory limit, and 1 GiB is the maximum")]
    [InlineData("{type: Pod, max: {memory: 1Gi}}", "limits: {memory: 1Gi}", null)]
    [InlineData("{type: PersistentVolumeClaim, max: {storage: 1Gi}}", "", null)]
    [InlineData("{type: Container}", "requests: {cpu: 2}, limits: {cpu: 1}", "container a requests 2 of cpu, above its limit of 1")]
    public void A_limit_range_refuses_what_is_out_of_its_bounds(string limit, string resources, string? reason)
    {
        var range = $$"""
            ---
            apiVersion: v1
            kind: LimitRange
            metadata: {name: range}
            spec: {limits: [{{limit}}]}

            """;
        var schedule = Schedule(range + Pod("new", $"containers: [{{name: a, resources: {{ {resources} }} }}]"));
        Assert.StartsWith(reason is null ? "" : $"not created: {reason}", Assert.Single(schedule.Pods).Reason ?? "", StringComparison.Ordinal);
        Assert.Equal(reason is null ? 0 : 1, schedule.Pending);
    }

    [Fact]
    public void What_exists_is_not_judged_again()
    {
        var schedule = Schedule("""
            ---
            apiVersion: v1
            kind: LimitRange
            metadata: {name: range}
            spec: {limits: [{type: Container, max: {cpu: 500m}}]}
            ---
            apiVersion: v1
            kind: Pod
            metadata: {name: old, uid: u-1}
            spec: {priority: 7, priorityClassName: gone, containers: [{name: a, resources: {requests: {cpu: "1"}}}]}
            """);
        Assert.Equal("node-b", Assert.Single(schedule.Pods).Node);
    }

    [Theory]
    [InlineData("Gt", "900", "node-a")]
    [InlineData("Gt", "950", null)]
    [InlineData("Lt", "1000", "node-a")]
    [InlineData("Lt", "words", null)]
    public void Tolerations_that_compare_are_refused_by_default_and_kept_where_the_cluster_took_them(string compares, string value, string? node)
    {
        var pod = Pod("p", $"nodeSelector: {{kubernetes.io/hostname: node-a}}, tolerations: [{{key: sla, operator: {compares}, value: \"{value}\"}}], containers: [{{name: a}}]");
        Assert.StartsWith($"not created: its toleration of sla has the operator {compares}", Assert.Single(Schedule(pod).Pods).Reason, StringComparison.Ordinal);
        Assert.Equal(node, Assert.Single(Schedule(pod.Replace("{name: p }", "{name: p, uid: u-1}", StringComparison.Ordinal)).Pods).Node);
    }

    [Fact]
    public void A_pod_without_an_owner_is_spread_by_the_services_that_select_it()
    {
        const string Service = """
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: web}
            spec: {selector: {app: web}, ports: [{port: 80}]}

            """;
        var pods = Pod("fill", "nodeName: node-b, containers: [{name: a, resources: {requests: {cpu: 200m, memory: 300Mi}}}]")
            + Pod("web-1", "nodeName: node-c, containers: [{name: a, resources: {requests: {cpu: 100m}}}]").Replace("{name: web-1 }", "{name: web-1, labels: {app: web}}", StringComparison.Ordinal)
            + Pod("web-2", "containers: [{name: a, resources: {requests: {cpu: 100m, memory: 100Mi}}}]").Replace("{name: web-2 }", "{name: web-2, labels: {app: web}}", StringComparison.Ordinal)
            + Node.Replace("node-b", "node-c", StringComparison.Ordinal).Replace("zone: b", "zone: c", StringComparison.Ordinal).Split("---")[1].Insert(0, "---");
        Assert.Equal("node-c", Schedule(pods).Pods.Single(pod => pod.Name == "web-2").Node);
        Assert.Equal("node-b", Schedule(pods + Service).Pods.Single(pod => pod.Name == "web-2").Node);
    }

    private static string Pod(string name, string spec) => $$"""
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: {{name}} }
        spec: { {{spec}} }

        """;

    private ClusterSchedule Schedule(string objects)
    {
        _scratch.Write("nodes.yaml", Node);
        _scratch.Write("objects.yaml", objects);
        return ClusterSchedule.Of(ClusterDirectory.Read(_scratch.Path), seed: 0);
    }
}
