using System.Globalization;
using HaCluster.Operations.Running;

namespace HaCluster.Operations.Workloads;

/// <summary>Sets the replicas of a workload, and waits until they are ready.</summary>
internal sealed record ScaleStep(string Kind, string Namespace, string Name, int Replicas, TimeSpan Timeout) : Step
{
    public override string Id => $"scale/{Kind}/{Namespace}/{Name}";

    public override string Title => $"Scale {Kind} {Namespace}/{Name} to {Replicas}";

    public override string Subject => $"{Kind.ToLowerInvariant()}/{Namespace}/{Name}";

    public override TimeSpan Expected => TimeSpan.FromSeconds(45);

    public override async Task<StepCheck> CheckAsync(StepContext context, CancellationToken cancellationToken)
    {
        var workload = await WorkloadReading.ReadAsync(context, Kind, Namespace, Name, cancellationToken);
        var found = Facts(("replicas", workload.Replicas.ToString(CultureInfo.InvariantCulture)));
        if (workload.Replicas != Replicas)
            return StepCheck.ToDo(found);
        return workload.Ready == Replicas ? StepCheck.Done(found, $"it has {Replicas} replicas") : StepCheck.UnderWay(found, $"{workload.Ready} of {Replicas} replicas ready");
    }

    public override Task DoAsync(StepContext context, CancellationToken cancellationToken) => SetAsync(context, Replicas, cancellationToken);

    public override async Task<IReadOnlyDictionary<string, string>> VerifyAsync(StepContext context, CancellationToken cancellationToken)
    {
        await context.UntilAsync(this, Timeout, async token =>
        {
            var workload = await WorkloadReading.ReadAsync(context, Kind, Namespace, Name, token);
            return workload.Replicas != Replicas ? $"{workload} was scaled to {workload.Replicas} by someone else"
                : workload.Ready == Replicas ? null
                : $"{workload.Ready} of {Replicas} replicas ready; {await PodTrouble.DescribeAsync(context, workload, token)}";
        }, cancellationToken);
        return Facts(("replicas", Replicas.ToString(CultureInfo.InvariantCulture)));
    }

    public override async Task UndoAsync(StepContext context, IReadOnlyDictionary<string, string> before, CancellationToken cancellationToken)
    {
        var workload = await WorkloadReading.ReadAsync(context, Kind, Namespace, Name, cancellationToken);
        if (workload.Replicas == Replicas)
            await SetAsync(context, int.Parse(before["replicas"], CultureInfo.InvariantCulture), cancellationToken);
        else
            context.Warn($"{workload} has {workload.Replicas} replicas and not the {Replicas} that were set: left as it is");
    }

    private async Task SetAsync(StepContext context, int replicas, CancellationToken cancellationToken) =>
        await (await WorkloadReading.ReadAsync(context, Kind, Namespace, Name, cancellationToken)).SetScaleAsync(context, replicas, cancellationToken);
}
