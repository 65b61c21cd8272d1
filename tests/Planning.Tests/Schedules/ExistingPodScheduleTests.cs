namespace HaCluster.Planning.Tests.Schedules;

/// <summary>Where pods of a cluster that is read from its objects would go. What pods that exist take and keep, while they run, end or are resized.</summary>
public sealed class ExistingPodScheduleTests : TwoNodes
{
    [Fact]
    public void Running_pods_hold_their_room_and_the_next_goes_where_some_is_left()
    {
        var schedule = Schedule(Pod("old", "1500m", node: "node-a") + Pod("new", "1000m"));
        Assert.Equal((1, 1, 0), (schedule.Running, schedule.Placed, schedule.Pending));
        Assert.Equal(("default", "new", "node-b", "b"), (schedule.Pods[0].Namespace, schedule.Pods[0].Name, schedule.Pods[0].Node, schedule.Pods[0].Zone));
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
}
