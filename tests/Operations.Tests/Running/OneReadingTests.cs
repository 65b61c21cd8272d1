using System.Text.Json.Nodes;
using HaCluster.Operations.Kubernetes;
using HaCluster.Operations.Nodes;
using HaCluster.Operations.Tests.Operating;
using HaCluster.Operations.Tests.Worlds;
using HaCluster.Operations.Zones;
using k8s.Models;

namespace HaCluster.Operations.Tests.Running;

/// <summary>A plan reads the cluster once.</summary>
public sealed class OneReadingTests : OperatingTests
{
    [Fact]
    public async Task A_plan_of_an_evacuation_lists_each_kind_once_however_many_steps_look_at_it()
    {
        var calls = new List<string>();
        var plan = await Counting(calls).Runner.PlanAsync(new SwitchZone("eu-central-1a", TimeSpan.FromHours(1)), default);

        Assert.True(plan.Steps.Count(step => step.Id.StartsWith("evict", StringComparison.Ordinal)) >= 2, "steps that look at pods");
        Assert.Equal(1, calls.Count(call => call == "GET nodes, all"));
        Assert.Equal(1, calls.Count(call => call == "GET pods, all"));
        Assert.Equal(1, calls.Count(call => call == "GET deployments, all"));
    }

    [Fact]
    public async Task Two_plans_are_two_readings()
    {
        var calls = new List<string>();
        var process = Counting(calls);
        Assert.Empty((await process.Runner.PlanAsync(new SuspendNode("node-a1"), default)).Refusals);
        World.Remove("nodes", Find("nodes", null, "node-a1")!);
        Assert.Equal("NodeUnknown", Assert.Single((await process.Runner.PlanAsync(new SuspendNode("node-a1"), default)).Refusals).Code);
    }

    [Fact]
    public async Task A_plan_cannot_change_anything()
    {
        var reading = new OneReading(Process().Session.Kubernetes);
        World.Log.Clear();
        var patch = new JsonObject { ["spec"] = new JsonObject { ["unschedulable"] = true } };
        Func<Task>[] changes =
        [
            () => reading.PatchAsync(Kinds.Nodes, null, "node-a1", patch, default),
            () => reading.DeleteAsync(Kinds.Nodes, null, "node-a1", default),
            () => reading.CreateAsync(Kinds.Namespaces, null, new V1Namespace { Metadata = new V1ObjectMeta { Name = "new" } }, default),
            () => reading.SetScaleAsync(Kinds.Deployments, "shop", "web", 0, default),
            () => reading.EvictAsync("shop", "web-1", null, default),
        ];
        foreach (var change in changes)
            await Assert.ThrowsAsync<NotSupportedException>(change);
        Assert.Empty(World.Log);
    }

    /// <summary>Takes down each list that crosses the wire.</summary>
    private FakeProcess Counting(List<string> calls) => Process(new Faults
    {
        BeforeCall = (_, call) =>
        {
            calls.Add(call);
            return null;
        },
    });
}
