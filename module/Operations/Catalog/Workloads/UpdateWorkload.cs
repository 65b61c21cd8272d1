using HaCluster.Operations.Running;

namespace HaCluster.Operations.Workloads;

/// <summary>
/// Changes the image of a workload and watches readiness, restarts and, where Prometheus has them, errors and latency. Rolls back automatically when they get
/// worse or when the update does not become ready in time.
/// </summary>
/// <param name="Container">Null: the only container.</param>
/// <param name="Timeout">How long the update may take to become ready.</param>
/// <param name="Observe">How long it is watched after it is ready.</param>
/// <param name="MaxErrorRatio">Share of requests that may fail: 0.01 is 1 %.</param>
/// <param name="MaxLatency">Of the percentile that the service's objective is about; null: not judged.</param>
public sealed record UpdateWorkload(
    WorkloadReference Workload, string Image, string? Container, TimeSpan Timeout, TimeSpan Observe, double MaxErrorRatio = 0.01, TimeSpan? MaxLatency = null)
    : OperationRequest
{
    public override string Command => "Update-HaWorkload";

    public override string Target => Workload.ToString();

    internal override bool RollsBack => true;

    internal override async Task<Draft> PlanAsync(StepContext context, CancellationToken cancellationToken)
    {
        var (workload, refusal) = await WorkloadReading.ResolveAsync(context, Workload, cancellationToken);
        if (workload is null)
            return Draft.Refused(refusal!);
        if (workload.PausedRefusal is { } paused)
            return Draft.Refused(paused);
        var names = workload.Template.Spec.Containers.Select(container => container.Name).ToList();
        var container = Container is null && names.Count == 1 ? names[0] : names.Find(name => name == Container);
        if (container is null)
        {
            return Draft.Refused(new Refusal
            {
                Code = "ContainerUnknown",
                Kind = FailureKind.InvalidInput,
                Reason = Container is null ? $"{workload} has {names.Count} containers" : $"{workload} has no container {Container}",
                Advice = $"Name one of {string.Join(", ", names)}",
            });
        }
        var pods = await workload.PodsAsync(context, cancellationToken);
        var errors = await ObserveStep.MeasureAsync(context, "service:errors:ratio_rate5m", workload.Namespace, workload.Name, cancellationToken);
        var present = workload.Template.Spec.Containers.First(other => other.Name == container).Image;
        return new Draft($"Update {container} of {workload} from {present} to {Image}; roll back automatically if it gets worse",
        [
            new ImageStep(workload.Kind, workload.Namespace, workload.Name, container, Image, Timeout),
            new RolloutStep(workload.Kind, workload.Namespace, workload.Name, [.. pods.Select(pod => pod.Metadata.Uid)], Timeout),
            new ObserveStep(workload.Kind, workload.Namespace, workload.Name, Observe, MaxErrorRatio, MaxLatency, errors, workload.Replicas),
        ])
        {
            Refusals =
            [
                .. workload.UpdatesOnDelete
                    ? new[] { new Refusal { Code = "UpdatesOnDelete", Kind = FailureKind.InvalidInput, Reason = $"{workload} replaces its pods only when they are deleted", Advice = "Change its image in the settings; its rollout job replaces them one at a time" } }
                    : [],
                .. workload.Progress is not null
                    ? new[] { new Refusal { Code = "RolloutUnderWay", Reason = $"{workload} is not steady: {workload.Progress}", Advice = "Wait for it or undo it (Undo-HaWorkload); -Force updates on top of it", Forceable = true } }
                    : [],
            ],
            Warnings = errors is null ? [$"Prometheus does not measure {workload}: only readiness and restarts decide"] : [],
        };
    }
}
