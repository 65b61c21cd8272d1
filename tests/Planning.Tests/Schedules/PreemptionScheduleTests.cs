namespace HaCluster.Planning.Tests.Schedules;

/// <summary>Where pods of a cluster that is read from its objects would go. Who goes first, and who makes room for whom.</summary>
public sealed class PreemptionScheduleTests : TwoNodes
{
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
}
