namespace HaCluster.Operations.Running;

/// <summary>Plans a request and asks the steps' checks what is to be done and what would block. Reads only.</summary>
internal static class Planner
{
    private const int ChecksAtOnce = 8;

    public static async Task<(Draft Draft, OperationPlan Plan)> PlanAsync(
        OperationRequest request, StepContext context, Func<Step, TimeSpan> expected, CancellationToken cancellationToken)
    {
        var reading = context.ForPlan();
        var draft = await request.PlanAsync(reading, cancellationToken);
        var checks = new StepCheck[draft.Steps.Count];
        await Parallel.ForEachAsync(
            Enumerable.Range(0, checks.Length),
            new ParallelOptions { MaxDegreeOfParallelism = ChecksAtOnce, CancellationToken = cancellationToken },
            async (index, token) => checks[index] = await draft.Steps[index].CheckAsync(reading, token));
        return (draft, new OperationPlan
        {
            Command = request.Command,
            Target = request.Target,
            Summary = draft.Summary,
            Steps = [.. draft.Steps.Select((step, index) => ToStep(step, index, checks[index], expected(step)))],
            Refusals = [.. draft.Refusals, .. checks.Select(check => check.Refusal).OfType<Refusal>()],
            Warnings = draft.Warnings,
        });
    }

    private static OperationStep ToStep(Step step, int index, StepCheck check, TimeSpan expected) => new()
    {
        Id = step.Id,
        Number = index + 1,
        Title = step.Title,
        Expected = expected,
        State = check.Need switch { StepNeed.Done when !step.FollowsEarlier => StepState.Unneeded, StepNeed.Blocked => StepState.Blocked, _ => StepState.Pending },
        Detail = step.FollowsEarlier ? "" : check.Detail,
        Before = check.Found,
    };
}
