using HaCluster.Operations.Databases;
using HaCluster.Operations.Journal;
using HaCluster.Operations.Nodes;
using HaCluster.Operations.Running;
using HaCluster.Operations.Tests.Operating;
using HaCluster.Operations.Tests.Worlds;
using HaCluster.Operations.Zones;

namespace HaCluster.Operations.Tests.Running;

public sealed class RunnerTests : OperatingTests
{
    [Fact]
    public async Task A_plan_names_the_steps_with_their_durations_and_changes_nothing()
    {
        var before = World.Summary();
        var plan = await Process().Runner.PlanAsync(new SwitchZone("eu-central-1a", TimeSpan.FromHours(1)), default);
        Assert.Empty(plan.Refusals);
        Assert.Equal("Switch-HaZone", plan.Command);
        Assert.Contains("2 shifts, 2 nodes, 1 database writers", plan.Summary, StringComparison.Ordinal);
        Assert.All(plan.Steps, step => Assert.True(step.Expected > TimeSpan.Zero));
        Assert.Equal(Enumerable.Range(1, plan.Steps.Count), plan.Steps.Select(step => step.Number));
        Assert.Equal(plan.Steps.Select(step => step.Id).Distinct().Count(), plan.Steps.Count);
        Assert.Empty(World.Log);
        Assert.Equal(before, World.Summary());
        Assert.False(Directory.Exists(Journals));
    }

    [Fact]
    public async Task Traffic_leaves_first_then_nodes_are_cordoned_and_writers_moved_and_pods_without_state_leave_before_those_with()
    {
        var plan = await Process().Runner.PlanAsync(new SwitchZone("eu-central-1a", TimeSpan.FromHours(1)), default);
        var kinds = plan.Steps.Select(step => step.Id.Split('/')[0]).Distinct().ToList();
        Assert.Equal(["shift", "cordon", "failover", "evict-stateless", "evict-set", "verify-empty", "verify-strength"], kinds);
    }

    [Fact]
    public async Task A_result_says_what_was_before_and_what_is_after()
    {
        var result = await Process().Runner.RunAsync(new FailOverDatabase("payments", null, Limit), RunOptions.Default, default);
        Assert.Equal(OperationState.Succeeded, result.State);
        Assert.Contains(new OperationChange("database/payments", "writer", "payments-a", "payments-b"), result.Changes);
    }

    [Fact]
    public async Task What_is_done_already_is_not_done_again_and_not_undone()
    {
        var process = Process();
        await process.Runner.RunAsync(new SuspendNode("node-a1"), RunOptions.Default, default);
        World.Log.Clear();
        var again = await process.Runner.RunAsync(new SuspendNode("node-a1"), RunOptions.Default, default);
        Assert.Equal(StepState.Unneeded, Assert.Single(again.Steps).State);
        Assert.Empty(World.Log);
        await process.Runner.UndoAsync(again.Id, RunOptions.Default, default);
        Assert.Empty(World.Log);
    }

    [Fact]
    public async Task Undo_returns_to_what_was_before_the_last_step_first()
    {
        var before = World.Summary();
        var process = Process();
        var done = await process.Runner.RunAsync(new SwitchZone("eu-central-1a", TimeSpan.FromHours(1)), RunOptions.Default, default);
        var undone = await process.Runner.UndoAsync(done.Id, RunOptions.Default, default);
        Assert.Equal(OperationState.Undone, undone.State);
        for (var i = 0; i < 20; i++)
            FakeControllers.Step(World);
        Assert.Equal(before, World.Summary());
        var refused = await Assert.ThrowsAsync<HaClusterException>(() => process.Runner.UndoAsync(done.Id, RunOptions.Default, default));
        Assert.Contains("Undone", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refusal_stops_it_before_the_journal_and_force_overrides_it_and_is_recorded()
    {
        var process = Process();
        process.Prover.Blockers.Add(new SafetyBlocker("shop/api", "shop/api-1", "shop/api", "shop/api would have 1 of 6 pods"));
        var request = new DrainNode("node-a1", Limit);
        var refused = await Assert.ThrowsAsync<OperationRefusedException>(() => process.Runner.RunAsync(request, RunOptions.Default, default));
        Assert.Equal(("RestWouldNotHold", "shop/api-1", "shop/api"), (refused.Refusal.Code, refused.Refusal.Pod, refused.Refusal.Budget));
        Assert.Empty(World.Log);
        Assert.Empty(await process.Runner.ListAsync(default));
        var forced = await process.Runner.RunAsync(request, new RunOptions { Force = true }, default);
        Assert.Equal("RestWouldNotHold", Assert.Single(forced.Overridden).Code);
        Assert.Equal("RestWouldNotHold", Assert.Single(Assert.Single(await process.Runner.ListAsync(default)).Overridden).Code);
    }

    [Fact]
    public async Task Pods_in_the_way_for_one_reason_are_one_refusal_and_a_long_list_is_cut()
    {
        var process = Process();
        for (var pod = 0; pod < 9; pod++)
            process.Prover.Blockers.Add(new SafetyBlocker("shop/api", $"api-{pod}", "", "does not fit on the remaining nodes: 0/6 nodes are available."));
        for (var workload = 0; workload < 4; workload++)
            process.Prover.Blockers.Add(new SafetyBlocker($"shop/web-{workload}", "", "", $"{workload} of 9 replicas would stay ready"));
        var refused = await Assert.ThrowsAsync<OperationRefusedException>(() => process.Runner.RunAsync(new DrainNode("node-a1", Limit), RunOptions.Default, default));
        Assert.Equal(5, refused.Plan.Refusals.Count);
        Assert.Contains(": pod shop/api-0, pod shop/api-1, pod shop/api-2, pod shop/api-3 and 5 more: does not fit on the remaining nodes: 0/6 nodes are available;", refused.Problem, StringComparison.Ordinal);
        Assert.EndsWith("; and 2 more, which -WhatIf shows", refused.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_pod_is_waited_for_as_long_as_its_grace_period_lets_it_take()
    {
        var node = NodeOf("web");
        foreach (var pod in World.All("pods").Where(pod => (string?)pod["spec"]!["nodeName"] == node))
        {
            pod["spec"]!["terminationGracePeriodSeconds"] = 3600;
            (pod["metadata"]!["annotations"] ??= new System.Text.Json.Nodes.JsonObject())[FakeControllers.StepsToEnd] = "60";
        }

        var waited = new List<string>();
        // A second is for what a budget keeps, not for pods that are ending.
        var result = await Process().Runner.RunAsync(
            new DrainNode(node, TimeSpan.FromSeconds(1)), new RunOptions { Force = true, OnEvent = happened => { if (happened is StepProgress progress) waited.Add(progress.Message); } }, default);
        Assert.Equal(OperationState.Succeeded, result.State);
        Assert.Contains(waited, message => message.Contains(" left: shop/", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_name_that_does_not_exist_is_said_before_who_is_at_work()
    {
        await using var held = await OperationLease.AcquireAsync(
            Process().Session.Kubernetes, Process().Time, new LeaseHolder("bob@desk", "drain-1", "Invoke-HaNodeDrain", "node-b1"), false, false, false, _ => { }, default);
        var mistyped = await Process().Runner.PlanAsync(new DrainNode("node-z9", Limit), default);
        Assert.Contains("node-z9", mistyped.Refusals[0].Reason, StringComparison.Ordinal);
        Assert.Contains(mistyped.Refusals, refusal => refusal.Reason.Contains("bob@desk", StringComparison.Ordinal));
        Assert.Contains("bob@desk", (await Process().Runner.PlanAsync(new DrainNode("node-a1", Limit), default)).Refusals[0].Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_last_healthy_zone_is_not_left_and_no_force_overrides_it()
    {
        var process = Process();
        await process.Runner.RunAsync(new SwitchZone("eu-central-1a", TimeSpan.FromHours(1)), RunOptions.Default, default);
        var second = await Assert.ThrowsAsync<OperationRefusedException>(() => process.Runner.RunAsync(new SwitchZone("eu-central-1b", TimeSpan.FromHours(1)), RunOptions.Default, default));
        Assert.Contains(second.Plan.Refusals, refusal => refusal is { Code: "AnotherZoneDown", Forceable: true });
        foreach (var node in World.All("nodes").Where(node => FakeWorld.ZoneOf(node) == "eu-central-1b"))
            node["spec"]!["unschedulable"] = true;
        var last = await Assert.ThrowsAsync<OperationRefusedException>(() => process.Runner.RunAsync(new SwitchZone("eu-central-1c", TimeSpan.FromHours(1)), new RunOptions { Force = true }, default));
        Assert.Equal("LastHealthyZone", last.Refusal.Code);
    }

    [Fact]
    public async Task A_zone_that_does_not_exist_is_refused_with_those_that_do()
    {
        var refused = await Assert.ThrowsAsync<OperationRefusedException>(() => Process().Runner.RunAsync(new StartZoneShift("eu-central-1x", TimeSpan.FromHours(1)), RunOptions.Default, default));
        Assert.Equal(FailureKind.NotFound, refused.Kind);
        Assert.Contains("eu-central-1a (euc1-az2), eu-central-1b (euc1-az3), eu-central-1c (euc1-az1)", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_shift_is_started_and_stopped()
    {
        var process = Process();
        var started = await process.Runner.RunAsync(new StartZoneShift("euc1-az2", TimeSpan.FromHours(1), "slow disks"), RunOptions.Default, default);
        Assert.Equal(2, World.Shifts.Count(shift => shift.Status == "ACTIVE" && shift.ZoneId == "euc1-az2"));
        Assert.All(World.Shifts, shift => Assert.Contains("slow disks", shift.Comment, StringComparison.Ordinal));
        await process.Runner.RunAsync(new StopZoneShift("eu-central-1a"), RunOptions.Default, default);
        Assert.DoesNotContain(World.Shifts, shift => shift.Status == "ACTIVE");
        Assert.Equal(OperationState.Succeeded, started.State);
    }

    [Fact]
    public async Task A_pod_that_its_budget_keeps_fails_the_drain_with_both_names()
    {
        FakeCluster.Budget(World, "web", 3);
        FakeControllers.Step(World);
        var node = NodeOf("web");
        var plan = await Process().Runner.PlanAsync(new DrainNode(node, Limit), default);
        var refusal = Assert.Single(plan.Refusals, refusal => refusal.Code == "BudgetAllowsNone");
        Assert.Equal("shop/web", refusal.Budget);
        Assert.StartsWith("shop/web-", refusal.Pod, StringComparison.Ordinal);
        var failure = await Assert.ThrowsAsync<OperationFailedException>(() => Process().Runner.RunAsync(new DrainNode(node, TimeSpan.FromSeconds(30)), new RunOptions { Force = true }, default));
        Assert.Contains("budget shop/web does not allow the eviction of pod shop/web-", failure.Message, StringComparison.Ordinal);
        Assert.Contains("Resume-HaOperation", failure.Advice, StringComparison.Ordinal);
        Assert.Equal(OperationState.Failed, failure.Result.State);
    }

    [Theory]
    [InlineData("running", false)]
    [InlineData("stopping", false)]
    [InlineData("stopped", true)]
    [InlineData("terminated", true)]
    public async Task A_node_that_does_not_answer_is_fenced_only_when_ec2_says_that_it_is_off(string state, bool isFenced)
    {
        World.Find("nodes", null, "node-a1")!["status"]!["conditions"]![0]!["status"] = "Unknown";
        World.Instances.Single(instance => instance.Id == "i-a1").State = state;
        await Process().Runner.RunAsync(new DrainNode("node-a1", TimeSpan.FromMinutes(1)), new RunOptions { Force = true }, default);
        Assert.Equal(isFenced, World.Find("nodes", null, "node-a1")!["spec"]!["taints"]?.ToJsonString().Contains("out-of-service", StringComparison.Ordinal) == true);
    }

    [Fact]
    public async Task Expected_durations_come_from_earlier_operations_of_this_user()
    {
        var process = Process();
        var request = new FailOverDatabase("payments", "payments-b", Limit);
        var first = Assert.Single((await process.Runner.PlanAsync(request, default)).Steps).Expected;
        var done = await process.Runner.RunAsync(request, RunOptions.Default, default);
        var next = Assert.Single((await Process().Runner.PlanAsync(new FailOverDatabase("payments", "payments-c", Limit), default)).Steps).Expected;
        Assert.Equal(TimeSpan.FromSeconds(60), first);
        Assert.Equal(Assert.Single(done.Steps).Took, next);
    }

    [Fact]
    public async Task An_operation_of_another_cluster_or_with_a_bad_id_is_not_resumed()
    {
        var process = Process();
        Assert.Equal(FailureKind.NotFound, (await Assert.ThrowsAsync<HaClusterException>(() => process.Runner.ResumeAsync("20260101-000000-x", RunOptions.Default, default))).Kind);
        Assert.Equal(FailureKind.InvalidInput, (await Assert.ThrowsAsync<HaClusterException>(() => process.Runner.ResumeAsync("../../etc", RunOptions.Default, default))).Kind);
        var done = await process.Runner.RunAsync(new SuspendNode("node-a1"), RunOptions.Default, default);
        var ended = await Assert.ThrowsAsync<HaClusterException>(() => process.Runner.ResumeAsync(done.Id, RunOptions.Default, default));
        Assert.Contains("has ended: Succeeded", ended.Message, StringComparison.Ordinal);
    }
}
