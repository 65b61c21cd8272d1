using HaCluster.Operations.Proving;
using HaCluster.Operations.Running;

namespace HaCluster.Operations.Safety;

/// <summary>Turns the prover's answer into refusals. All of them can be overruled: a person may know better than a model.</summary>
internal static class SafetyCheck
{
    public static async Task<IReadOnlyList<Refusal>> AskAsync(StepContext context, Departure departure, CancellationToken cancellationToken)
    {
        SafetyAnswer answer;
        try
        {
            answer = await context.Prover.AskAsync(departure, cancellationToken);
        }
        catch (HaClusterException e)
        {
            return [NotKnown($"whether the rest would hold could not be found out: {e.Message}")];
        }
        if (answer.Holds)
            return [];
        IReadOnlyList<Refusal> blockers =
        [
            .. answer.Blockers.Select(blocker => new Refusal
            {
                Code = "RestWouldNotHold",
                Reason = $"without {answer.Question}: {blocker.Reason}",
                Pod = blocker.Pod.Length > 0 ? blocker.Pod : null,
                Budget = blocker.Budget.Length > 0 ? blocker.Budget : null,
                Advice = "Add capacity or replicas first; -Force overrules, and is recorded",
                Forceable = true,
            }),
            .. answer.Unknown.Select(part => NotKnown($"{part.Part} could not be read: {part.Reason}")),
        ];
        return blockers.Count > 0 ? blockers : [NotKnown($"whether the rest holds without {answer.Question} is not known")];
    }

    private static Refusal NotKnown(string reason) => new() { Code = "NotProven", Reason = reason, Advice = "Resolve it, or overrule with -Force, which is recorded", Forceable = true };
}
