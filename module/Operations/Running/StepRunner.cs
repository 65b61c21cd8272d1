using HaCluster.Operations.Journal;

namespace HaCluster.Operations.Running;

/// <summary>Does or undoes one step, with its entries in the journal.</summary>
internal sealed class StepRunner(StepContext context, JournalFile journal, Action<Step, string, TimeSpan> retried)
{
    private const int Attempts = 6;
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(8);

    public async Task DoAsync(Step step, StepRecord record, CancellationToken cancellationToken)
    {
        var start = context.Time.GetTimestamp();
        var begun = record.HasActed;
        var isOverridden = false;
        await RepeatAsync(step, async () =>
        {
            var check = await step.CheckAsync(context, cancellationToken);
            if (check.Need == StepNeed.Done && !begun)
            {
                journal.Append(new StepEnded(Now, step.Id, StepState.Unneeded, check.Found, null, check.Detail));
                return;
            }
            if (check is { Need: StepNeed.Blocked, Refusal: { } refusal } && !isOverridden)
            {
                if (!context.Overrides(refusal))
                    throw new HaClusterException(refusal.Kind, "", step.Subject, refusal.Reason, refusal.Advice);
                isOverridden = true;
                // What a plan found is recorded with it.
                if (context.Force)
                    context.Warn($"-Force of {context.Session.Operator} overrode: {refusal.Reason}");
            }
            // Whoever was cancelled while a call did not look at its token has been left behind, and must not act any more.
            cancellationToken.ThrowIfCancellationRequested();
            if (!begun)
            {
                journal.Append(new StepBegun(Now, step.Id, Undo: false, check.Found));
                begun = true;
            }
            if (check.Need is StepNeed.ToDo or StepNeed.Blocked)
                await step.DoAsync(context, cancellationToken);
            var after = await step.VerifyAsync(context, cancellationToken);
            cancellationToken.ThrowIfCancellationRequested();
            journal.Append(new StepEnded(Now, step.Id, StepState.Done, after, context.Time.GetElapsedTime(start), ""));
        }, cancellationToken);
    }

    public async Task UndoAsync(Step step, StepRecord record, CancellationToken cancellationToken)
    {
        var start = context.Time.GetTimestamp();
        journal.Append(new StepBegun(Now, step.Id, Undo: true, record.Before!));
        await RepeatAsync(step, () => step.UndoAsync(context, record.Before!, cancellationToken), cancellationToken);
        cancellationToken.ThrowIfCancellationRequested();
        journal.Append(new StepEnded(Now, step.Id, StepState.Undone, record.Before!, context.Time.GetElapsedTime(start), ""));
    }

    private DateTimeOffset Now => context.Time.GetUtcNow();

    /// <summary>
    /// Repeats what failed for a reason that passes, each time from the check: a call whose response was lost may have had its effect. A conflict is
    /// such a reason too, since the next check reads what the other one wrote.
    /// </summary>
    private async Task RepeatAsync(Step step, Func<Task> action, CancellationToken cancellationToken)
    {
        for (var (attempt, pause) = (1, FirstPause); ; attempt++, pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            try
            {
                await action();
                return;
            }
            catch (HaClusterException e) when ((e.IsTransient || e.Kind == FailureKind.Conflict) && attempt < Attempts)
            {
                var wait = Jitter(e.RetryAfter is { } asked && asked < LongestPause ? asked : pause);
                retried(step, e.Message, wait);
                await Task.Delay(wait, context.Time, cancellationToken);
            }
        }
    }

    /// <summary>Half to all of it, so that many operators who were refused together do not come back together.</summary>
    private static TimeSpan Jitter(TimeSpan pause) => pause * (0.5 + Random.Shared.NextDouble() / 2);
}
