using HaCluster.Operations.Proving;
using HaCluster.Operations.Running;

namespace HaCluster.Operations.Safety;

/// <summary>Turns the prover's answer into refusals. All of them can be overridden: a person may know better than a model.</summary>
internal static class SafetyCheck
{
    private const int MostNames = 4;

    public static async Task<IReadOnlyList<Refusal>> AskAsync(StepContext context, Departure departure, CancellationToken cancellationToken)
    {
        SafetyAnswer answer;
        try
        {
            answer = await context.Prover.AskAsync(departure, cancellationToken);
        }
        catch (HaClusterException e)
        {
            return [NotKnown($"could not determine whether the cluster would survive this: {e.Message}")];
        }
        if (answer.Holds)
            return [];
        IReadOnlyList<Refusal> blockers =
        [
            // Many pods that have no place have none for the same reason.
            .. answer.Blockers.GroupBy(blocker => blocker.Reason).Select(same => new Refusal
            {
                Code = "RestWouldNotHold",
                Reason = $"without {answer.Question}: {Subject([.. same])}{same.Key.TrimEnd('.')}",
                Pod = same.Select(blocker => blocker.Pod).FirstOrDefault(pod => pod.Length > 0),
                Budget = same.Select(blocker => blocker.Budget).FirstOrDefault(budget => budget.Length > 0),
                Advice = "Add capacity or replicas first; -Force overrides this, and is recorded",
                Forceable = true,
            }),
            .. answer.Unknown.Select(part => NotKnown($"{part.Part} could not be read: {part.Reason}")),
        ];
        return blockers.Count > 0 ? blockers : [NotKnown($"could not determine whether the cluster would survive without {answer.Question}")];
    }

    /// <summary><c>shop/web (pod web-0, budget shop/web): </c>, as far as it is about these.</summary>
    private static string Subject(SafetyBlocker blocker)
    {
        if (blocker.Workload.Length == 0)
            return "";
        var parts = new[] { blocker.Pod.Length > 0 ? $"pod {blocker.Pod}" : "", blocker.Budget.Length > 0 ? $"budget {blocker.Budget}" : "" }.Where(part => part.Length > 0).ToList();
        return $"{blocker.Workload}{(parts.Count > 0 ? $" ({string.Join(", ", parts)})" : "")}: ";
    }

    private static string Subject(IReadOnlyList<SafetyBlocker> blockers)
    {
        if (blockers is [var only])
            return Subject(only);
        var names = blockers.Select(blocker => blocker.Pod.Length > 0 ? $"pod {blocker.Workload.Split('/')[0]}/{blocker.Pod}" : blocker.Workload).Where(name => name.Length > 0).ToList();
        return names.Count == 0 ? "" : $"{string.Join(", ", names.Take(MostNames))}{(names.Count > MostNames ? $" and {names.Count - MostNames} more" : "")}: ";
    }

    private static Refusal NotKnown(string reason) => new() { Code = "NotProven", Reason = reason, Advice = "Resolve it, or override with -Force, which is recorded", Forceable = true };
}
