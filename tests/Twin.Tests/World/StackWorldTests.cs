using static HaCluster.Twin.Tests.World.SteppedWorld;

namespace HaCluster.Twin.Tests.World;

/// <summary>The worlds of the stacks of this checkout.</summary>
public sealed class StackWorldTests
{
    [Theory]
    [InlineData("dev")]
    [InlineData("prod")]
    public async Task Every_planned_pod_runs_from_the_start(string stack)
    {
        var world = await OfStackAsync(stack);

        var pods = world.Store.List(world.Store.Kinds["pods"]).Items;
        Assert.NotEmpty(pods);
        Assert.Empty(pods.Where(pod => !IsReady(pod)).Select(pod => pod.ToString()));
        Assert.Equal(world.World.Run.Model.Workloads.Sum(workload => world.World.Run.PodsOf(workload).Length), pods.Count);
        Assert.All(world.Nodes, node => Assert.True(IsReady(node)));
        var deployments = world.Store.List(world.Store.Kinds["deployments.apps"]).Items;
        Assert.NotEmpty(deployments);
        Assert.All(deployments, one => Assert.Equal(one.Number("status", "replicas") ?? 0, one.Number("status", "readyReplicas") ?? 0));
        // Nothing happens by itself but what is on a schedule.
        world.Pass(600);
        Assert.Equal(
            pods.Select(pod => (pod.Uid, pod.ResourceVersion)), world.Store.List(world.Store.Kinds["pods"]).Items.Where(pod => !pod.Labels.ContainsKey("job-name")).Select(pod => (pod.Uid, pod.ResourceVersion)));
    }
}
