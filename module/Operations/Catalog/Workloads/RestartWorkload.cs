using HaCluster.Operations.Running;

namespace HaCluster.Operations.Workloads;

/// <summary>Restarts a workload, or all of a namespace one after another, by a rolling update without a change.</summary>
/// <param name="Name">Null: all Deployments, StatefulSets and DaemonSets of the namespace.</param>
public sealed record RestartWorkload(string Namespace, string? Name, string? Kind, TimeSpan Timeout) : OperationRequest
{
    public override string Command => "Restart-HaWorkload";

    public override string Target => Name is null ? $"all workloads of {Namespace}" : new WorkloadReference(Namespace, Name, Kind).ToString();

    internal override async Task<Draft> PlanAsync(StepContext context, CancellationToken cancellationToken)
    {
        if (Name is not null)
        {
            var (workload, refusal) = await WorkloadReading.ResolveAsync(context, new(Namespace, Name, Kind), cancellationToken);
            return workload is null ? Draft.Refused(refusal!) : Plan(context, $"Restart {workload}", [workload]);
        }
        var all = (await WorkloadReading.AllAsync(context, cancellationToken, Namespace)).Where(workload => workload.Replicas > 0).ToList();
        return all.Count > 0 ? Plan(context, $"Restart {all.Count} workloads of {Namespace}, one after another", all) : Draft.Refused(new Refusal
        {
            Code = "WorkloadUnknown",
            Kind = FailureKind.NotFound,
            Reason = $"namespace {Namespace} has no workload",
            Advice = "Get-HaWorkload lists them",
        });
    }

    private Draft Plan(StepContext context, string summary, IReadOnlyList<WorkloadReading> workloads) =>
        new(summary, [.. workloads.Select(workload => RestartStep.Of(workload, context, Timeout))])
        {
            Refusals = [.. workloads.Select(workload => workload.PausedRefusal).OfType<Refusal>()],
            Warnings =
            [
                .. workloads.Where(workload => workload.Ready < workload.Replicas).Select(workload => $"{workload} has {workload.Ready} of {workload.Replicas} pods ready"),
                .. workloads.Where(workload => workload is { Replicas: 1, Kind: "StatefulSet" }).Select(workload => $"{workload} has one replica and is down while it restarts"),
            ],
        };
}
