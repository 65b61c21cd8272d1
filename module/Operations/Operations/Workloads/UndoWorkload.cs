using System.Text.Json.Nodes;
using HaCluster.Operations.Running;

namespace HaCluster.Operations.Workloads;

/// <summary>Returns a workload to an earlier revision of its pod template.</summary>
/// <param name="Revision">Null: the one before the present one.</param>
public sealed record UndoWorkload(WorkloadReference Workload, long? Revision, TimeSpan Timeout) : OperationRequest
{
    public override string Command => "Undo-HaWorkload";

    public override string Target => Workload.ToString();

    internal override async Task<Draft> PlanAsync(StepContext context, CancellationToken cancellationToken)
    {
        var (workload, refusal) = await WorkloadReading.ResolveAsync(context, Workload, cancellationToken);
        if (workload is null)
            return Draft.Refused(refusal!);
        var history = await RevisionHistory.ListAsync(context, workload.Kind, workload.Namespace, workload.Name, cancellationToken);
        var template = await RevisionHistory.PresentAsync(context, workload.Kind, workload.Namespace, workload.Name, cancellationToken);
        var present = history.FirstOrDefault(kept => JsonNode.DeepEquals(kept.Template, template));
        var target = Revision is null ? history.FirstOrDefault(kept => kept != present) : history.FirstOrDefault(kept => kept.Number == Revision);
        if (target is null || present is null)
        {
            return Draft.Refused(new Refusal
            {
                Code = "RevisionUnknown", Kind = FailureKind.NotFound,
                Reason = present is null ? $"the present template of {workload} is in none of its revisions yet" : Revision is null ? $"{workload} has no earlier revision" : $"{workload} has no revision {Revision}",
                Advice = present is null ? "Its controller is behind: try again in a moment" : $"It has {string.Join(", ", history.Select(kept => kept.Number))}; the present one is {present.Number}",
            });
        }
        return new Draft($"Return {workload} from revision {present.Number} to {target.Number}", [new RevisionStep(workload.Kind, workload.Namespace, workload.Name, present.Id, target.Id, Timeout)])
        {
            Warnings = ["the next pulumi up or release sets it forward again, unless its settings are changed too"],
        };
    }
}
