using System.Globalization;
using System.Text.Json.Nodes;
using HaCluster.Operations.Kubernetes;
using HaCluster.Operations.Nodes;
using HaCluster.Operations.Running;

namespace HaCluster.Operations.Workloads;

/// <summary>Restarts a workload as <c>kubectl rollout restart</c> does, and waits until the rollout is complete.</summary>
/// <param name="Stamp">Written into the pod template; by it a run that goes on knows its own restart.</param>
internal sealed record RestartStep(string Kind, string Namespace, string Name, string Stamp, TimeSpan Timeout) : Step
{
    private const string Annotation = "kubectl.kubernetes.io/restartedAt";

    public static RestartStep Of(WorkloadReading workload, StepContext context, TimeSpan timeout) =>
        new(workload.Kind, workload.Namespace, workload.Name, context.Time.GetUtcNow().ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture), timeout);

    public override string Id => $"restart/{Kind}/{Namespace}/{Name}";

    public override string Title => $"Restart {Kind} {Namespace}/{Name}";

    public override string Subject => $"{Kind.ToLowerInvariant()}/{Namespace}/{Name}";

    public override TimeSpan Expected => TimeSpan.FromSeconds(90);

    public override async Task<StepCheck> CheckAsync(StepContext context, CancellationToken cancellationToken)
    {
        var workload = await WorkloadReading.ReadAsync(context, Kind, Namespace, Name, cancellationToken);
        var last = workload.Template.Metadata?.Annotations?.TryGetValue(Annotation, out var at) == true ? at : "never";
        var found = Facts(("restarted", last));
        if (last != Stamp)
            return StepCheck.ToDo(found);
        var missing = await MissingAsync(context, cancellationToken);
        return missing is null ? StepCheck.Done(found, "it was restarted") : StepCheck.UnderWay(found, missing);
    }

    public override async Task DoAsync(StepContext context, CancellationToken cancellationToken)
    {
        var workload = await WorkloadReading.ReadAsync(context, Kind, Namespace, Name, cancellationToken);
        await workload.PatchAsync(context, new JsonObject
        {
            ["spec"] = new JsonObject { ["template"] = new JsonObject { ["metadata"] = new JsonObject { ["annotations"] = new JsonObject { [Annotation] = Stamp } } } },
        }, cancellationToken);
    }

    public override async Task<IReadOnlyDictionary<string, string>> VerifyAsync(StepContext context, CancellationToken cancellationToken)
    {
        await context.UntilAsync(this, Timeout, async token =>
        {
            await ReplaceNextAsync(context, token);
            return await MissingAsync(context, token);
        }, cancellationToken);
        return Facts(("restarted", Stamp));
    }

    private async Task<string?> MissingAsync(StepContext context, CancellationToken cancellationToken)
    {
        var workload = await WorkloadReading.ReadAsync(context, Kind, Namespace, Name, cancellationToken);
        if (workload.IsStuck)
            throw context.NotReached(this, $"its rollout has given up ({workload.Progress}); {await PodTrouble.DescribeAsync(context, workload, cancellationToken)}");
        if (workload.Progress is not null || !workload.UpdatesOnDelete)
            return workload.Progress;
        var old = await OldAsync(context, workload, cancellationToken);
        return old.Count == 0 ? null : $"{old.Count} pods to replace";
    }

    /// <summary>A set that updates on deletion: its pods are evicted here, one when all others are ready.</summary>
    private async Task ReplaceNextAsync(StepContext context, CancellationToken cancellationToken)
    {
        var workload = await WorkloadReading.ReadAsync(context, Kind, Namespace, Name, cancellationToken);
        if (!workload.UpdatesOnDelete || workload.Progress is not null || await OldAsync(context, workload, cancellationToken) is not [{ } next, ..])
            return;
        var answer = await context.Kubernetes.EvictAsync(Namespace, next.Metadata.Name, next.Metadata.Uid, cancellationToken);
        context.Progress(answer.Outcome == EvictionOutcome.Refused ? $"budget {answer.Budget} does not allow the eviction of pod {Drainage.NameOf(next)}" : $"pod {Drainage.NameOf(next)} evicted", null);
    }

    private async Task<IReadOnlyList<k8s.Models.V1Pod>> OldAsync(StepContext context, WorkloadReading workload, CancellationToken cancellationToken) =>
    [
        .. (await workload.PodsAsync(context, cancellationToken))
            .Where(pod => pod.Metadata.Annotations?.TryGetValue(Annotation, out var at) != true || at != Stamp)
            .OrderByDescending(pod => pod.Metadata.Name, StringComparer.Ordinal),
    ];
}
