using HaCluster.Operations.Kubernetes;
using HaCluster.Operations.Running;
using HaCluster.Operations.Workloads;

namespace HaCluster.Operations.Tests.LocalTwins;

/// <summary>Releases and returns with the ReplicaSets that a Deployment controller makes and numbers.</summary>
public sealed class TwinReleaseTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(30);
    private static readonly WorkloadReference Hello = new(SmallStack.WorkloadNamespace, SmallStack.Workload);

    [Fact]
    public async Task After_a_release_that_was_rolled_back_undo_goes_to_what_was_healthy_before_and_never_to_the_bad_one()
    {
        await using var twin = await OperatedTwin.StartAsync();
        await using var process = await twin.ConnectAsync();
        var first = await ImageAsync(process);
        Assert.Equal(OperationState.Succeeded, (await RunAsync(Update("registry.example.com/hello:2"))).State);
        // The tag by which the twin knows an image that does not work.
        var bad = await RunAsync(Update("registry.example.com/hello:never-ready"));
        Assert.Equal(OperationState.RolledBack, bad.State);
        Assert.Equal("registry.example.com/hello:2", await ImageAsync(process));

        var done = await RunAsync(new UndoWorkload(Hello, null, Limit));
        Assert.Equal((OperationState.Succeeded, first), (done.State, await ImageAsync(process)));

        var refused = await Assert.ThrowsAsync<OperationRefusedException>(() => RunAsync(new UndoWorkload(Hello, null, Limit)));
        Assert.Equal("RevisionUnknown", refused.Refusal.Code);
        Assert.Contains($"hello:never-ready, rolled back by operation {bad.Id}", refused.Refusal.Advice, StringComparison.Ordinal);

        // Undoing the undo is forward again.
        await process.Runner.UndoAsync(done.Id, TwinProcess.Force, default);
        Assert.Equal("registry.example.com/hello:2", await ImageAsync(process));
        Assert.Contains($"({first})", (await process.Runner.PlanAsync(new UndoWorkload(Hello, null, Limit), default)).Summary[^(first.Length + 2)..], StringComparison.Ordinal);

        Task<OperationResult> RunAsync(OperationRequest request) => process.Runner.RunAsync(request, TwinProcess.Force, default);
    }

    private static UpdateWorkload Update(string image) => new(Hello, image, null, Limit, TimeSpan.FromSeconds(5));

    private static async Task<string> ImageAsync(TwinProcess process) =>
        (await process.Session.Kubernetes.FindAsync(Kinds.Deployments, Hello.Namespace, Hello.Name, default))!.Spec.Template.Spec.Containers[0].Image;
}
