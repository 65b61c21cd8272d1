using HaCluster.Operations.Connecting;
using HaCluster.Operations.Databases;
using HaCluster.Operations.Kubernetes;
using HaCluster.Operations.Nodes;
using HaCluster.Operations.Running;
using HaCluster.Operations.Tests.Worlds;
using HaCluster.Operations.Workloads;
using HaCluster.Operations.Zones;
using Xunit.Abstractions;

namespace HaCluster.Operations.Tests.LocalTwins;

/// <summary>Operations over the real wire: the production stack on the local twin, its AWS and its Kubernetes.</summary>
public sealed class TwinOperationTests(ProductionTwin twin, ITestOutputHelper output) : IClassFixture<ProductionTwin>
{
    [Fact]
    public async Task A_zone_is_evacuated_by_processes_that_are_killed_and_returned_to()
    {
        var zone = (await twin.ConnectAsync()).Session is var session ? (await session.Aws!.Ec2.ListZonesAsync(default))[0].Name : "";
        var request = new SwitchZone(zone, TimeSpan.FromHours(1));
        var plan = await (await twin.ConnectAsync()).Runner.PlanAsync(request, default);
        output.WriteLine(plan.Summary);
        output.WriteLine(string.Join('\n', plan.Refusals));
        var entries = new[] { 3, 9, 20, 33 };
        var id = "";
        foreach (var entry in entries)
        {
            var (_, runner) = await twin.ConnectAsync(new Faults { KillAfterWrite = entry });
            var options = new RunOptions { Force = true };
            var failure = await Record.ExceptionAsync(() => id.Length == 0 ? runner.RunAsync(request, options, default) : runner.ResumeAsync(id, options, default));
            output.WriteLine($"killed after entry {entry}: {failure?.Message}");
            if (failure is null)
                break;
            id = (await (await twin.ConnectAsync()).Runner.ListAsync(default)).First(operation => operation.Command == request.Command).Id;
        }
        var (_, last) = await twin.ConnectAsync();
        var operation = (await last.ListAsync(default)).First(operation => operation.Id == id);
        if (operation.State != OperationState.Succeeded)
            Assert.Equal(OperationState.Succeeded, (await last.ResumeAsync(id, new RunOptions { Force = true, OnEvent = Say }, default)).State);
        Assert.Empty(await PodsInAsync(session, zone));
        Assert.NotEmpty((await session.Aws!.ZonalShifts.ListActiveAsync(null, default)).Where(shift => shift.Status == "ACTIVE"));
        Assert.All(await session.Aws.Databases.ListAsync(session.ClusterName, [], default), database => Assert.NotEqual(zone, database.Writer!.Zone));

        var back = await last.RunAsync(new RestoreZone(zone), RunOptions.Default, default);
        Assert.Equal(OperationState.Succeeded, back.State);
        Assert.Empty((await session.Aws.ZonalShifts.ListActiveAsync(null, default)).Where(shift => shift.Status == "ACTIVE"));
        Assert.DoesNotContain((await session.Kubernetes.ListAsync(Kinds.Nodes, ListScope.All, default)).Items, node => node.IsCordoned());
    }

    [Fact]
    public async Task A_node_is_replaced_by_its_group()
    {
        var (session, runner) = await twin.ConnectAsync();
        var node = (await session.Kubernetes.ListAsync(Kinds.Nodes, ListScope.All, default)).Items.Where(node => node.IsReady() && !node.IsCordoned()).OrderBy(node => node.Metadata.Name, StringComparer.Ordinal).Last();
        var result = await runner.RunAsync(new ReplaceNode(node.Metadata.Name, Limit), new RunOptions { Force = true, OnEvent = Say }, default);
        Assert.Equal(OperationState.Succeeded, result.State);
        Assert.Equal("terminated", Assert.Single(await session.Aws!.Ec2.FindInstancesAsync([node.InstanceId()], default)).State);
        Assert.NotEmpty(result.Steps[^1].After["replacement"]);
    }

    [Fact]
    public async Task A_writer_is_moved_and_back_by_undo()
    {
        var (session, runner) = await twin.ConnectAsync();
        var database = (await session.Aws!.Databases.ListAsync(session.ClusterName, [], default))[0];
        var done = await runner.RunAsync(new FailOverDatabase(database.Identifier, null, Limit), new RunOptions { OnEvent = Say }, default);
        var moved = (await session.Aws.Databases.FindAsync(database.Identifier, default))!.Writer!.Identifier;
        Assert.NotEqual(database.Writer!.Identifier, moved);
        await runner.UndoAsync(done.Id, new RunOptions { OnEvent = Say }, default);
        Assert.Equal(database.Writer.Identifier, (await session.Aws.Databases.FindAsync(database.Identifier, default))!.Writer!.Identifier);
    }

    [Fact]
    public async Task A_workload_is_scaled_restarted_and_scaled_back()
    {
        var (session, runner) = await twin.ConnectAsync();
        var owned = (await session.Kubernetes.ListAsync(Kinds.Autoscalers, ListScope.All, default)).Items.Select(autoscaler => (autoscaler.Metadata.NamespaceProperty, autoscaler.Spec.ScaleTargetRef.Name)).ToHashSet();
        var found = (await session.Kubernetes.ListAsync(Kinds.Deployments, ListScope.All, default)).Items
            .First(one => one.Spec.Replicas is 2 or 3 && one.Status?.ReadyReplicas == one.Spec.Replicas && !owned.Contains((one.Metadata.NamespaceProperty, one.Metadata.Name)));
        output.WriteLine($"{found.Metadata.NamespaceProperty}/{found.Metadata.Name}");
        var workload = new WorkloadReference(found.Metadata.NamespaceProperty, found.Metadata.Name, "Deployment");
        var down = await runner.RunAsync(new ScaleWorkload(workload, found.Spec.Replicas!.Value - 1, Limit), new RunOptions { OnEvent = Say }, default);
        Assert.Equal(OperationState.Succeeded, (await runner.RunAsync(new RestartWorkload(workload.Namespace, workload.Name, null, Limit), new RunOptions { OnEvent = Say }, default)).State);
        Assert.Equal(OperationState.Undone, (await runner.UndoAsync(down.Id, new RunOptions { OnEvent = Say }, default)).State);
        Assert.Equal(found.Spec.Replicas, (await session.Kubernetes.FindAsync(Kinds.Deployments, workload.Namespace, workload.Name, default))!.Spec.Replicas);
    }

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);

    private void Say(OperationEvent happened)
    {
        if (happened is StepChanged { Step: { State: StepState.Done or StepState.Failed } step })
            output.WriteLine($"{step.Number} {step.Title}: {step.State} {step.Took?.TotalSeconds:0.0} s {step.Detail}");
    }

    private static async Task<IReadOnlyList<string>> PodsInAsync(ClusterSession session, string zone)
    {
        var nodes = (await session.Kubernetes.ListAsync(Kinds.Nodes, ListScope.All, default)).Items.Where(node => node.Zone() == zone).Select(node => node.Metadata.Name).ToHashSet();
        return
        [
            .. from pod in (await session.Kubernetes.ListAsync(Kinds.Pods, ListScope.All, default)).Items
               where pod.Spec.NodeName is not null && nodes.Contains(pod.Spec.NodeName) && Drainage.Owner(pod)?.Kind != "DaemonSet"
               where pod.Status?.Phase is "Running" or "Pending"
               select Drainage.NameOf(pod),
        ];
    }
}
