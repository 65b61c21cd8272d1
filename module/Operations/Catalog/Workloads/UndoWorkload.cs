using System.Text.Json.Nodes;
using HaCluster.Operations.Running;

namespace HaCluster.Operations.Workloads;

/// <summary>Returns a workload to an earlier revision of its pod template.</summary>
/// <param name="Revision">Null: the one that it was at before the present one, if that was not rolled back.</param>
public sealed record UndoWorkload(WorkloadReference Workload, long? Revision, TimeSpan Timeout) : OperationRequest
{
    public override string Command => "Undo-HaWorkload";

    public override string Target => Workload.ToString();

    internal override async Task<Draft> PlanAsync(StepContext context, CancellationToken cancellationToken)
    {
        var (workload, refusal) = await WorkloadReading.ResolveAsync(context, Workload, cancellationToken);
        if (workload is null)
            return Draft.Refused(refusal!);
        if (workload.PausedRefusal is { } paused)
            return Draft.Refused(paused);
        var history = await RevisionHistory.ListAsync(context, workload.Kind, workload.Namespace, workload.Name, cancellationToken);
        var template = await RevisionHistory.PresentAsync(context, workload.Kind, workload.Namespace, workload.Name, cancellationToken);
        var present = history.FirstOrDefault(kept => JsonNode.DeepEquals(kept.Template, template));
        if (present is null)
        {
            return Draft.Refused(new Refusal
            {
                Code = "RevisionUnknown",
                Kind = FailureKind.NotFound,
                Reason = $"the current template of {workload} is in none of its revisions yet",
                Advice = "Its controller is behind: try again in a moment",
            });
        }
        var target = Revision is null ? RevisionHistory.Before(history, present) : history.FirstOrDefault(kept => kept.Number == Revision);
        if (target is null)
        {
            return Draft.Refused(new Refusal
            {
                Code = "RevisionUnknown",
                Kind = FailureKind.NotFound,
                Reason = Revision is not null ? $"{workload} has no revision {Revision}"
                    : history.Count == 1 ? $"{workload} has no earlier revision than {present.Number} ({present.Images})"
                    : $"{workload} has no revision from before {present.Number} ({present.Images}) that was not rolled back",
                Advice = history.Count > 1
                    ? $"It has {string.Join(", ", history)}; the current one is {present.Number}. Name one with -Revision if you mean it"
                    : $"It has {present.Number} only. An image can be released again: Update-HaWorkload",
            });
        }
        return new Draft($"Return {workload} from revision {present.Number} ({present.Images}) to {target.Number} ({target.Images})", [new RevisionStep(workload.Kind, workload.Namespace, workload.Name, present.Id, target.Id, Timeout)])
        {
            Warnings =
            [
                .. target.RolledBackBy is { } operation ? [$"revision {target.Number} ({target.Images}) was rolled back by operation {operation}"] : Array.Empty<string>(),
                "the next pulumi up or release moves it forward again, unless its settings are changed as well",
            ],
        };
    }
}
