using HaCluster.Operations.Journal;
using HaCluster.Operations.Nodes;
using HaCluster.Operations.Running;
using HaCluster.Operations.Tests.Operating;
using HaCluster.Operations.Tests.Worlds;

namespace HaCluster.Operations.Tests.Running;

/// <summary>Operations that are killed, cancelled, stopped by others or cut off from their lease.</summary>
public sealed class InterruptionTests : OperatingTests
{
    [Fact]
    public async Task An_operation_whose_process_was_killed_here_can_be_resumed_before_its_lease_expires()
    {
        var killed = Process(new Faults { KillAfterChange = 1 });
        await Assert.ThrowsAnyAsync<Exception>(() => killed.Runner.RunAsync(new DrainNode("node-a1", Limit), RunOptions.Default, default));
        var next = Process();
        Assert.True(LeaseReading.IsHeldNow(await OperationLease.FindAsync(next.Session.Kubernetes, default), next.Time));
        Assert.Equal(OperationState.Interrupted, Assert.Single(await next.Runner.ListAsync(default)).State);
        // Of somebody else's process nobody here knows whether it lives.
        Assert.Equal(OperationState.Running, Assert.Single(await Process(@operator: "bob@desk").Runner.ListAsync(default)).State);
    }

    [Fact]
    public async Task Cancelling_it_ends_it_within_a_second_and_leaves_an_operation_that_can_be_resumed()
    {
        FakeCluster.Budget(World, "web", 3);
        FakeControllers.Step(World);
        var process = Process();
        using var cancel = new CancellationTokenSource();
        var request = new DrainNode(NodeOf("web"), TimeSpan.FromDays(1));
        var run = process.Runner.RunAsync(request, new RunOptions { Force = true, OnEvent = happened => { if (happened is StepProgress progress && progress.Message.Contains("budget shop/web", StringComparison.Ordinal)) cancel.Cancel(); } }, cancel.Token);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
        var open = Assert.Single(await process.Runner.ListAsync(default));
        Assert.Equal(OperationState.Stopped, open.State);
        World.Find("poddisruptionbudgets", "shop", "web")!["spec"]!["minAvailable"] = 1;
        Assert.Equal(OperationState.Succeeded, (await process.Runner.ResumeAsync(open.Id, RunOptions.Default, default)).State);
    }

    [Fact]
    public async Task Another_person_stops_it_through_the_cluster()
    {
        FakeCluster.Budget(World, "web", 3);
        FakeControllers.Step(World);
        var waiting = new TaskCompletionSource();
        var run = Process().Runner.RunAsync(new DrainNode(NodeOf("web"), TimeSpan.FromDays(1)), new RunOptions { Force = true, OnEvent = happened => { if (happened is StepProgress) waiting.TrySetResult(); } }, default);
        await waiting.Task;
        var other = new FakeProcess(World, $"{Journals}-bob", @operator: "bob@desk");
        var id = Assert.Single(await other.Runner.ListAsync(default)).Id;
        var refused = await Assert.ThrowsAsync<OperationHeldException>(() => other.Runner.RunAsync(new SuspendNode("node-c1"), RunOptions.Default, default));
        Assert.Equal("ada@laptop", refused.Holder);
        var stopped = await other.Runner.StopAsync(id, default);
        Assert.Equal(OperationState.Stopped, stopped.State);
        Assert.Equal(OperationState.Stopped, (await run).State);
    }

    [Fact]
    public async Task A_step_that_takes_many_times_as_long_as_the_lease_lasts_keeps_it()
    {
        FakeCluster.Budget(World, "web", 3);
        FakeControllers.Step(World);
        var time = new FastTime(FakeProcess.Faster);
        var process = new FakeProcess(World, Journals, time: time);
        var waiting = new TaskCompletionSource();
        var run = process.Runner.RunAsync(
            new DrainNode(NodeOf("web"), TimeSpan.FromDays(1)),
            new RunOptions { Force = true, OnEvent = happened => { if (happened is StepProgress progress && progress.Message.Contains("budget shop/web", StringComparison.Ordinal)) waiting.TrySetResult(); } }, default);
        await waiting.Task;
        var first = (await OperationLease.FindAsync(process.Session.Kubernetes, default))!;
        var start = time.GetTimestamp();

        await Waiting.UntilAsync("the step has taken four leases", () => time.GetElapsedTime(start) > 4 * OperationLease.Duration || run.IsCompleted);

        var now = (await OperationLease.FindAsync(process.Session.Kubernetes, default))!;
        Assert.Equal(first.Spec.HolderIdentity, now.Spec.HolderIdentity);
        Assert.Equal(first.Spec.LeaseTransitions, now.Spec.LeaseTransitions);
        Assert.True(now.Spec.RenewTime - first.Spec.RenewTime > 2 * OperationLease.Duration, $"renewed at {first.Spec.RenewTime:O} and last at {now.Spec.RenewTime:O}");
        // Even who waits for a whole lease does not get it.
        var other = new FakeProcess(World, $"{Journals}-bob", @operator: "bob@desk", time: time);
        await Assert.ThrowsAsync<OperationHeldException>(() => OperationLease.AcquireAsync(
            other.Session.Kubernetes, time, new LeaseHolder("bob@desk", "operation-2", "Suspend-HaNode", "node node-c1"), false, patient: true, take: false, _ => { }, default));
        FakeAccess.Change(() =>
        {
            World.Find("poddisruptionbudgets", "shop", "web")!["spec"]!["minAvailable"] = 1;
            FakeControllers.Step(World);
        });
        Assert.Equal(OperationState.Succeeded, (await run).State);
        Assert.Empty((await OperationLease.FindAsync(process.Session.Kubernetes, default))!.Spec.HolderIdentity);
    }

    [Fact]
    public async Task A_step_whose_lease_cannot_be_renewed_any_more_is_left_and_the_operation_can_be_resumed()
    {
        FakeCluster.Budget(World, "web", 3);
        FakeControllers.Step(World);
        var isCut = false;
        var process = new FakeProcess(World, Journals, new Faults
        {
            BeforeCall = (_, call) => isCut && call.Contains("leases", StringComparison.Ordinal) ? FakeKubernetes.Failure(FailureKind.Unreachable, call, "api", "no route") : null,
        });
        var run = process.Runner.RunAsync(
            new DrainNode(NodeOf("web"), TimeSpan.FromDays(1)),
            new RunOptions { Force = true, OnEvent = happened => { if (happened is StepProgress progress && progress.Message.Contains("budget shop/web", StringComparison.Ordinal)) isCut = true; } }, default);

        var lost = await Assert.ThrowsAsync<HaClusterException>(() => run);

        Assert.Equal(FailureKind.Unreachable, lost.Kind);
        Assert.Contains("could not renew its lease", lost.Message, StringComparison.Ordinal);
        isCut = false;
        var open = Assert.Single(await process.Runner.ListAsync(default));
        Assert.Equal(OperationState.Interrupted, open.State);
        World.Find("poddisruptionbudgets", "shop", "web")!["spec"]!["minAvailable"] = 1;
        Assert.Equal(OperationState.Succeeded, (await Process().Runner.ResumeAsync(open.Id, RunOptions.Default, default)).State);
    }
}
