using HaCluster.Operations.Running;
using k8s.Models;

namespace HaCluster.Operations.Workloads;

/// <summary>Waits until a rollout is complete, and fails as soon as it cannot be.</summary>
/// <param name="Known">Pods that were there before: what is wrong with them is not the update's fault.</param>
internal sealed record RolloutStep(string Kind, string Namespace, string Name, IReadOnlyList<string> Known, TimeSpan Timeout) : Step
{
    private const int MostRestarts = 2;

    public override bool FollowsEarlier => true;

    public override string Id => $"rollout/{Kind}/{Namespace}/{Name}";

    public override string Title => $"Wait until {Kind} {Namespace}/{Name} is rolled out";

    public override string Subject => $"{Kind.ToLowerInvariant()}/{Namespace}/{Name}";

    public override TimeSpan Expected => TimeSpan.FromSeconds(90);

    public override async Task<StepCheck> CheckAsync(StepContext context, CancellationToken cancellationToken)
    {
        var workload = await WorkloadReading.ReadAsync(context, Kind, Namespace, Name, cancellationToken);
        var found = Facts((".ready", $"{workload.Ready} of {workload.Replicas}"));
        return workload.Progress is null ? StepCheck.Done(found, "it is rolled out") : StepCheck.UnderWay(found, workload.Progress);
    }

    public override Task DoAsync(StepContext context, CancellationToken cancellationToken) => Task.CompletedTask;

    public override async Task<IReadOnlyDictionary<string, string>> VerifyAsync(StepContext context, CancellationToken cancellationToken)
    {
        await context.UntilAsync(this, Timeout, async token =>
        {
            var workload = await WorkloadReading.ReadAsync(context, Kind, Namespace, Name, token);
            var pods = await NewPodsAsync(context, workload, token);
            if (pods.Select(PodTrouble.PermanentState).FirstOrDefault(state => state is not null) is { } hopeless)
                throw context.NotReached(this, hopeless);
            if (pods.FirstOrDefault(pod => PodTrouble.Restarts(pod) > MostRestarts) is { } restarting)
                throw context.NotReached(this, $"pod {Namespace}/{restarting.Metadata.Name} restarted {PodTrouble.Restarts(restarting)} times");
            if (workload.IsStuck)
                throw context.NotReached(this, $"its rollout has given up: {await PodTrouble.DescribeAsync(context, workload, token)}");
            return workload.Progress is null ? null : $"{workload.Progress}; {await PodTrouble.DescribeAsync(context, workload, token)}";
        }, cancellationToken);
        return Facts();
    }

    private async Task<IReadOnlyList<V1Pod>> NewPodsAsync(StepContext context, WorkloadReading workload, CancellationToken cancellationToken) =>
        [.. (await workload.PodsAsync(context, cancellationToken)).Where(pod => !Known.Contains(pod.Metadata.Uid))];
}
