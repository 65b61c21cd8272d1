using HaCluster.Operations.Kubernetes;
using HaCluster.Operations.Workloads;

namespace HaCluster.Operations.Tests.LocalTwins;

/// <summary>Two twins of one stack and seed are alike in everything but in being two clusters.</summary>
public sealed class TwinIdentityTests
{
    [Fact]
    public async Task An_operation_of_one_twin_is_refused_on_the_next_twin_of_the_same_name()
    {
        var id = "";
        await using var first = await OperatedTwin.StartAsync();
        var scale = new ScaleWorkload(new(SmallStack.WorkloadNamespace, SmallStack.Workload), 4, TimeSpan.FromMinutes(10));
        await using (var killed = await first.ConnectAsync(KillPoints.Only($"after entry scale/Deployment/{SmallStack.WorkloadNamespace}/{SmallStack.Workload} begun")))
        {
            first.Wire.Victim = killed;
            await Assert.ThrowsAnyAsync<Exception>(() => killed.Runner.RunAsync(scale, TwinProcess.Force, killed.Killed));
            first.Wire.Victim = null;
        }
        await using var second = await OperatedTwin.StartAsync();
        await using (var process = await second.ConnectAsync(journals: first.Journals))
        {
            await using var before = await first.ConnectAsync();
            id = Assert.Single(await before.Runner.ListAsync(default)).Id;
            Assert.Equal(before.Session.ClusterName, process.Session.ClusterName);
            Assert.Equal(await UidAsync(before, "default"), await UidAsync(process, "default"));

            Assert.Empty(await process.Runner.ListAsync(default));
            var failure = await Assert.ThrowsAsync<HaClusterException>(() => process.Runner.ResumeAsync(id, TwinProcess.Force, default));
            Assert.Contains("is an operation of another cluster", failure.Message, StringComparison.Ordinal);
            Assert.Equal(3, (await process.Session.Kubernetes.FindAsync(Kinds.Deployments, SmallStack.WorkloadNamespace, SmallStack.Workload, default))!.Spec.Replicas);
        }
        await using var next = await first.ConnectAsync();
        Assert.Equal(OperationState.Succeeded, (await next.Runner.ResumeAsync(id, TwinProcess.Force, default)).State);
    }

    private static async Task<string> UidAsync(TwinProcess process, string @namespace) =>
        (await process.Session.Kubernetes.FindAsync(Kinds.Namespaces, null, @namespace, default))!.Metadata.Uid;
}
