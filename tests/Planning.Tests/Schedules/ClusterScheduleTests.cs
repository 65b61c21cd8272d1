using System.Text.Json;
using HaCluster.Planning.Schedules;

namespace HaCluster.Planning.Tests.Schedules;

/// <summary>Where pods of a cluster that is read from its objects would go. New pods, and those that are left alone.</summary>
public sealed class ClusterScheduleTests : TwoNodes
{
    [Fact]
    public void What_no_node_takes_stays_pending_in_the_words_of_kube_scheduler()
    {
        var schedule = Schedule(Pod("big", "3"));
        Assert.Equal("0/2 nodes are available: 2 Insufficient cpu.", Assert.Single(schedule.Pods).Reason);
        Assert.Equal(1, schedule.Pending);
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

    private static byte[] Document(ClusterSchedule schedule)
    {
        using var stream = new MemoryStream();
        ScheduleDocumentWriter.Write(stream, schedule);
        return stream.ToArray();
    }
}
