using System.Text.Json;
using HaCluster.Planning.Modelling;
using HaCluster.Planning.Schedules;
using HaCluster.Planning.Tests.Graphs;

namespace HaCluster.Planning.Tests.Schedules;

/// <summary>Where pods of a cluster that is read from its objects would go.</summary>
public sealed class ClusterScheduleTests : IDisposable
{
    private const string Nodes = """
        apiVersion: v1
        kind: List
        items:
        - apiVersion: v1
          kind: Node
          metadata: {name: node-a, labels: {topology.kubernetes.io/zone: a, kubernetes.io/hostname: node-a}}
          status: {allocatable: {cpu: "2", memory: 8Gi, pods: "20"}}
        - apiVersion: v1
          kind: Node
          metadata: {name: node-b, labels: {topology.kubernetes.io/zone: b, kubernetes.io/hostname: node-b}}
          status: {allocatable: {cpu: "2", memory: 8Gi, pods: "20"}}
        - apiVersion: scheduling.k8s.io/v1
          kind: PriorityClass
          metadata: {name: urgent}
          value: 1000

        """;

    private readonly Scratch _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void Running_pods_hold_their_room_and_the_next_goes_where_some_is_left()
    {
        var schedule = Schedule(Pod("old", "1500m", node: "node-a") + Pod("new", "1000m"));
        Assert.Equal((1, 1, 0), (schedule.Running, schedule.Placed, schedule.Pending));
        Assert.Equal(("default", "new", "node-b", "b"), (schedule.Pods[0].Namespace, schedule.Pods[0].Name, schedule.Pods[0].Node, schedule.Pods[0].Zone));
    }

    [Fact]
    public void What_no_node_takes_stays_pending_in_the_words_of_kube_scheduler()
    {
        var schedule = Schedule(Pod("big", "3"));
        Assert.Equal("0/2 nodes are available: 2 Insufficient cpu.", Assert.Single(schedule.Pods).Reason);
        Assert.Equal(1, schedule.Pending);
    }

    [Fact]
    public void A_job_that_has_ended_makes_no_more_pods()
    {
        var schedule = Schedule(
            Job("runs", "{}") + Job("done", "{conditions: [{type: Complete, status: 'True'}]}") + Job("failed", "{conditions: [{type: Failed, status: 'True'}]}")
            + Job("failing", "{conditions: [{type: FailureTarget, status: 'True'}]}")
            + """
            ---
            apiVersion: v1
            kind: Pod
            metadata: {name: failing-x1, ownerReferences: [{kind: Job, name: failing, controller: true}]}
            spec: {nodeName: node-a, containers: [{name: a}]}

            """);
        Assert.Equal("runs-0", Assert.Single(schedule.Pods).Name);
        Assert.Equal(1, schedule.Running);
    }

    [Fact]
    public void A_pod_that_is_ending_keeps_its_room_and_no_longer_counts_for_spread()
    {
        const string Spread = "topologySpreadConstraints: [{maxSkew: 1, topologyKey: topology.kubernetes.io/zone, whenUnsatisfiable: DoNotSchedule, labelSelector: {matchLabels: {app: web}}}], ";
        var running = Pod("full", "1500m", node: "node-a") + Ending("one", "nodeName: node-b, ") + Ending("two", "nodeName: node-b, ") + Ending("never", "");
        // In zone b there were two too many of them, had they counted; in zone a there is no room.
        var schedule = Schedule(running + Pod("new", "600m", more: Spread));
        Assert.Equal((3, "node-b"), (schedule.Running, Assert.Single(schedule.Pods).Node));
        Assert.Equal(1, Schedule(running + Pod("large", "1200m")).Pending);

        static string Ending(string name, string node) =>
            $"---\napiVersion: v1\nkind: Pod\nmetadata: {{name: {name}, labels: {{app: web}}, deletionTimestamp: '2026-01-01T00:00:00Z'}}\n"
            + $"spec: {{{node}containers: [{{name: a, resources: {{requests: {{cpu: 500m}}}}}}]}}\n";
    }

    [Fact]
    public void Pods_behind_gates_and_those_of_other_schedulers_are_named_and_left_alone()
    {
        var schedule = Schedule(
            Pod("gated", "100m", more: "schedulingGates: [{name: example.com/quota}], ") + Pod("foreign", "100m", more: "schedulerName: volcano, ")
            + Pod("ours", "100m", more: "schedulerName: default-scheduler, "));
        Assert.Equal("ours", Assert.Single(schedule.Pods).Name);
        Assert.Equal(
            ["Pod default/gated: it is not placed before its scheduling gates are gone: example.com/quota", "Pod default/foreign: it is placed by volcano, not by default-scheduler"],
            schedule.Cluster.Unknown.Select(unknown => $"{unknown.Subject}: {unknown.Reason}"));
    }

    [Fact]
    public void Pods_come_in_order_of_creation_and_priority_goes_first()
    {
        var schedule = Schedule(
            Pod("late", "1500m", created: "2026-01-02T00:00:00Z") + Pod("early", "1500m", created: "2026-01-01T00:00:00Z")
            + Pod("urgent", "1500m", created: "2026-01-03T00:00:00Z", more: "priorityClassName: urgent, "));
        Assert.Equal(["urgent", "early", "late"], schedule.Pods.Select(pod => pod.Name));
        Assert.Equal([true, true, false], schedule.Pods.Select(pod => pod.Node is not null));
    }

    [Fact]
    public void An_urgent_pod_preempts_a_lesser_one_that_nobody_recreates()
    {
        var schedule = Schedule(Pod("a", "2", node: "node-a") + Pod("b", "2", node: "node-b") + Pod("urgent", "1", more: "priorityClassName: urgent, "));
        var urgent = schedule.Pods.Single(pod => pod.Name == "urgent");
        var victim = Assert.Single(urgent.Preempts);
        Assert.Equal("preempted by default/urgent", schedule.Pods.Single(pod => $"default/{pod.Name}" == victim).Reason);
    }

    [Fact]
    public void The_room_that_a_pod_makes_by_preemption_goes_to_a_more_important_one_that_never_preempts()
    {
        var schedule = Schedule(
            Pod("low-1", "1", node: "node-a") + Pod("low-2", "1", node: "node-a") + Pod("low-3", "1", node: "node-b") + Pod("low-4", "1", node: "node-b")
            + Pod("high", "1", more: "priority: 1000, preemptionPolicy: Never, ") + Pod("mid-1", "1", more: "priority: 500, ")
            + Pod("meek", "1", more: "priority: 400, preemptionPolicy: Never, ") + Pod("mid-2", "1", more: "priority: 500, "));
        Assert.Equal(["high", "mid-1", "mid-2"], schedule.Pods.Where(pod => pod.Node is not null).Select(pod => pod.Name).Order());
        Assert.Equal("0/2 nodes are available: 2 Insufficient cpu.", schedule.Pods.Single(pod => pod.Name == "meek").Reason);
        Assert.Equal(3, schedule.Pods.Count(pod => pod.Reason?.StartsWith("preempted by default/mid-", StringComparison.Ordinal) == true));
    }

    [Fact]
    public void A_nominated_pod_waits_for_its_victims_and_keeps_its_room_meanwhile()
    {
        const string Victim = """
            ---
            apiVersion: v1
            kind: Pod
            metadata: {name: victim, deletionTimestamp: '2026-01-01T00:00:00Z'}
            spec: {nodeName: node-a, priority: 0, containers: [{name: a, resources: {requests: {cpu: "1"}}}]}
            status: {phase: Running, conditions: [{type: DisruptionTarget, status: "True", reason: PreemptionByScheduler}]}
            ---
            apiVersion: v1
            kind: Pod
            metadata: {name: nominated}
            spec: {priority: 1000, containers: [{name: a, resources: {requests: {cpu: "2"}}}]}
            status: {phase: Pending, nominatedNodeName: node-a}

            """;
        var schedule = Schedule(Victim + Pod("lesser", "1", node: "node-b") + Pod("full", "1", node: "node-b", more: "priority: 2000, ") + Pod("other", "500m"));
        // It does not preempt the lesser one as well, and the free half of node-a is not for the other one.
        Assert.All(schedule.Pods, pod => Assert.Null(pod.Node));
        Assert.Equal(["nominated", "other"], schedule.Pods.Select(pod => pod.Name).Order());
    }

    [Theory]
    [InlineData("status: {disruptionsAllowed: 0}", "job")]
    [InlineData("status: {disruptionsAllowed: 1}", "web")]
    [InlineData("status: {disruptionsAllowed: 0, disruptedPods: {web: '2026-01-01T00:00:00Z'}}", "web")]
    public void A_budget_allows_what_its_status_says(string status, string victim)
    {
        var schedule = Schedule(
            Pod("web", "2", node: "node-a", more: "priority: 0, ") + Pod("job", "2", node: "node-b", more: "priority: 10, ") + Pod("big", "2", more: "priorityClassName: urgent, ")
            + "---\napiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata: {name: web}\n"
            + "spec: {maxUnavailable: 1, selector: {matchExpressions: [{key: app, operator: In, values: [web]}]}}\n" + status + "\n");
        Assert.Equal($"default/{victim}", Assert.Single(schedule.Pods.Single(pod => pod.Name == "big").Preempts));
    }

    [Theory]
    [InlineData("allocatedResources: {cpu: '1500m'}", "", 1)]
    [InlineData("resources: {requests: {cpu: '1500m'}}", "", 1)]
    [InlineData("allocatedResources: {cpu: 200m}, resources: {requests: {cpu: 200m}}", "", 0)]
    [InlineData("allocatedResources: {cpu: 200m}", ", conditions: [{type: PodResizePending, status: 'True', reason: Infeasible}]", 0)]
    public void A_pod_that_is_resized_counts_for_the_largest_of_what_it_asks_for_and_what_it_has(string container, string conditions, int pending)
    {
        var resized = $"---\napiVersion: v1\nkind: Pod\nmetadata: {{name: old}}\nspec: {{nodeName: node-a, containers: [{{name: c, resources: {{requests: {{cpu: {(conditions.Length > 0 ? "8" : "500m")}}}}}}}]}}\n"
            + $"status: {{phase: Running, containerStatuses: [{{name: c, {container}}}]{conditions}}}\n";
        Assert.Equal(pending, Schedule(resized + Pod("full", "2", node: "node-b") + Pod("new", "1")).Pending);
    }

    [Fact]
    public void A_limit_range_changes_new_pods_only()
    {
        const string Range = "---\napiVersion: v1\nkind: LimitRange\nmetadata: {name: late}\nspec: {limits: [{type: Container, defaultRequest: {cpu: '2'}}]}\n";
        var existing = "---\napiVersion: v1\nkind: Pod\nmetadata: {name: old, uid: 1-2-3}\nspec: {nodeName: node-a, containers: [{name: c}]}\nstatus: {phase: Running}\n";
        var waiting = "---\napiVersion: v1\nkind: Pod\nmetadata: {name: waiting, creationTimestamp: '2026-01-01T00:00:00Z'}\nspec: {containers: [{name: c}]}\n";
        var fresh = "---\napiVersion: v1\nkind: Pod\nmetadata: {name: fresh}\nspec: {containers: [{name: c}]}\n";
        var full = Pod("full", "1500m", node: "node-b") + Pod("half", "1", node: "node-a");
        Assert.Equal(["fresh"], Schedule(Range + existing + waiting + fresh + full).Pods.Where(pod => pod.Node is null).Select(pod => pod.Name));
    }

    [Fact]
    public void A_runtime_class_adds_its_overhead_its_nodes_and_its_tolerations()
    {
        var schedule = Schedule("""
            ---
            apiVersion: v1
            kind: Node
            metadata: {name: node-k, labels: {topology.kubernetes.io/zone: a, kubernetes.io/hostname: node-k, runtime: kata}}
            spec: {taints: [{key: kata, effect: NoSchedule}]}
            status: {allocatable: {cpu: "2", memory: 8Gi, pods: "20"}}
            ---
            apiVersion: node.k8s.io/v1
            kind: RuntimeClass
            metadata: {name: kata}
            handler: kata
            overhead: {podFixed: {cpu: 500m}}
            scheduling: {nodeSelector: {runtime: kata}, tolerations: [{key: kata, operator: Exists, effect: NoSchedule}]}

            """ + New("one", "700m", more: "runtimeClassName: kata, ") + New("two", "900m", more: "runtimeClassName: kata, ") + Pod("plain", "700m"));
        Assert.Equal("node-k", schedule.Pods.Single(pod => pod.Name == "one").Node);
        Assert.Equal("0/3 nodes are available: 1 Insufficient cpu, 2 node(s) didn't match Pod's node affinity/selector.", schedule.Pods.Single(pod => pod.Name == "two").Reason);
        Assert.NotEqual("node-k", schedule.Pods.Single(pod => pod.Name == "plain").Node);
    }

    [Fact]
    public void A_pod_whose_runtime_class_does_not_exist_is_refused_and_one_that_exists_keeps_its_overhead()
    {
        const string Existing = "---\napiVersion: v1\nkind: Pod\nmetadata: {name: old}\nspec: {runtimeClassName: gone, overhead: {cpu: '1'}, containers: [{name: c, resources: {requests: {cpu: 1500m}}}]}\nstatus: {phase: Pending}\n";
        var schedule = Schedule(Existing + New("new", "100m", more: "runtimeClassName: gone, "));
        Assert.Equal("0/2 nodes are available: 2 Insufficient cpu.", schedule.Pods.Single(pod => pod.Name == "old").Reason);
        Assert.StartsWith("not created: its runtime class gone does not exist", schedule.Pods.Single(pod => pod.Name == "new").Reason, StringComparison.Ordinal);
        Assert.Equal(2, schedule.Pending);
    }

    [Fact]
    public void Pods_with_resource_claims_are_named_and_left_alone()
    {
        var schedule = Schedule(Pod("gpu", "100m", more: "resourceClaims: [{name: card, resourceClaimName: a}], ") + Pod("plain", "100m"));
        Assert.Equal("plain", Assert.Single(schedule.Pods).Name);
        var unknown = Assert.Single(schedule.Cluster.Unknown);
        Assert.Equal("Pod default/gpu", unknown.Subject);
        Assert.StartsWith("its resource claims (card) are not modelled", unknown.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Who_waits_for_another_is_tried_again_once_that_one_has_a_node()
    {
        const string Near = "affinity: {podAffinity: {requiredDuringSchedulingIgnoredDuringExecution: [{topologyKey: kubernetes.io/hostname, labelSelector: {matchLabels: {app: leader}}}]}}, ";
        var schedule = Schedule(Pod("follower", "100m", more: Near) + Pod("leader", "100m"));
        Assert.Equal(0, schedule.Pending);
        Assert.Single(schedule.Pods.Select(pod => pod.Node).Distinct());
    }

    [Theory]
    [InlineData("StatefulSet", "statefulset.kubernetes.io/pod-name: POD")]
    [InlineData("ReplicaSet", "color: red")]
    [InlineData("Deployment", "pod-template-hash: 5d4f8c")]
    public void Pods_that_exist_are_spread_by_what_selects_them_all(string kind, string label)
    {
        // Two run in zone a, which has much more room: only the wish to spread sends the third one to b.
        var schedule = Schedule(
            $"---\napiVersion: apps/v1\nkind: {kind}\nmetadata: {{name: web}}\nspec:\n  replicas: 3\n  selector: {{matchLabels: {{app: web}}}}\n"
            + "  template: {metadata: {labels: {app: web}}, spec: {containers: [{name: web, resources: {requests: {cpu: 10m, memory: 1Mi}}}]}}\n"
            + Owned("web-0", "node-a") + Owned("web-1", "node-a") + Owned("web-2") + Pod("other", "100m", node: "node-b"));
        Assert.Equal("node-b", Assert.Single(schedule.Pods).Node);

        string Owned(string name, string? node = null) =>
            $"---\napiVersion: v1\nkind: Pod\nmetadata: {{name: {name}, labels: {{app: web, {label.Replace("POD", name, StringComparison.Ordinal)}}}, ownerReferences: [{{"
            + (kind == "Deployment" ? "kind: ReplicaSet, name: web-5d4f8c" : $"kind: {kind}, name: web")
            + $", controller: true}}]}}\nspec: {{{(node is null ? "" : $"nodeName: {node}, ")}containers: [{{name: c, resources: {{requests: {{cpu: 10m, memory: 1Mi}}}}}}]}}\n";
    }

    [Fact]
    public void A_workload_without_pods_is_just_created_and_spread_as_a_deployment_is()
    {
        var schedule = Schedule("""
            ---
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: web}
            spec:
              replicas: 2
              template: {metadata: {labels: {app: web}}, spec: {containers: [{name: web, resources: {requests: {cpu: 100m}}}]}}
            """);
        Assert.Equal(["a", "b"], schedule.Pods.Select(pod => pod.Zone).Order(StringComparer.Ordinal));
        Assert.All(schedule.Pods, pod => Assert.Equal("default/web", pod.Workload));
    }

    [Fact]
    public void The_document_is_the_same_every_time()
    {
        var pods = Pod("one", "100m") + Pod("two", "3");
        var (first, second) = (Document(Schedule(pods)), Document(Schedule(pods)));
        Assert.Equal(first, second);
        using var json = JsonDocument.Parse(first);
        Assert.Equal("hacluster.schedule/1", json.RootElement.GetProperty("format").GetString());
        Assert.Equal((1, 1), (json.RootElement.GetProperty("placed").GetInt32(), json.RootElement.GetProperty("pending").GetInt32()));
    }

    private ClusterSchedule Schedule(string pods)
    {
        _scratch.File("nodes.yaml", Nodes);
        _scratch.File("pods.yaml", pods);
        return ClusterSchedule.Of(ClusterDirectory.Read(_scratch.Path), seed: 0);
    }

    private static byte[] Document(ClusterSchedule schedule)
    {
        using var stream = new MemoryStream();
        ScheduleDocumentWriter.Write(stream, schedule);
        return stream.ToArray();
    }

    private static string Job(string name, string status) => $$"""
        ---
        apiVersion: batch/v1
        kind: Job
        metadata: {name: {{name}} }
        spec: {template: {spec: {containers: [{name: a, resources: {requests: {cpu: 100m } } }] } } }
        status: {{status}}

        """;

    /// <summary>As in a manifest, not yet created.</summary>
    private static string New(string name, string cpu, string more = "") =>
        Pod(name, cpu, more: more).Replace(", creationTimestamp: \"2026-01-01T00:00:00Z\"", "", StringComparison.Ordinal);

    private static string Pod(string name, string cpu, string? node = null, string created = "2026-01-01T00:00:00Z", string more = "") => $$"""
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: {{name}}, labels: {app: {{name}}}, creationTimestamp: "{{created}}"}
        spec: { {{more}}{{(node is null ? "" : $"nodeName: {node}, ")}}containers: [{name: a, resources: {requests: {cpu: {{cpu}} } } }] }

        """;
}
