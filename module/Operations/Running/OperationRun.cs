using HaCluster.Operations.Journal;

namespace HaCluster.Operations.Running;

/// <summary>One process's work on one operation: forth, or back.</summary>
internal sealed class OperationRun(StepContext context, JournalFile journal, Func<Step, TimeSpan> expected, Action<OperationEvent>? onEvent)
{
    private readonly Lock speaking = new();

    private JournalState State => JournalState.From(journal.Snapshot())!;

    private DateTimeOffset Now => context.Time.GetUtcNow();

    /// <returns>How it ended; the last entry of the journal says the same.</returns>
    /// <exception cref="OperationFailedException">A step failed.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled; the journal says stopped.</exception>
    public async Task<OperationResult> GoAsync(bool undo, bool resumed, CancellationToken cancellationToken)
    {
        var steps = State.Steps(expected);
        Say(new OperationStarted
        {
            At = Now,
            Id = State.Begun.Id,
            Command = State.Begun.Request.Command,
            Target = State.Begun.Request.Target,
            Steps = steps,
            Expected = steps.Where(step => step.State == StepState.Pending).Aggregate(TimeSpan.Zero, (sum, step) => sum + step.Expected),
            Resumed = resumed,
            Undoing = undo,
        });
        if (undo)
            return await GoBackAsync(cancellationToken);
        foreach (var step in State.Begun.Steps.Where(step => State[step].State is not (StepState.Done or StepState.Unneeded)))
        {
            if (await TryAsync(step, undo: false, cancellationToken) is not { } failure)
                continue;
            // Back only from a goal that was not reached: where calls fail, going back fails too, and nothing says that the change is bad.
            if (State.Begun.Request.RollsBack && failure.Kind == FailureKind.StepFailed)
            {
                Warn($"{step.Title} failed and is rolled back: {failure.Message}");
                journal.Append(new RunBegun(Now, context.Session.Operator, Undo: true, Automatic: true));
                return await GoBackAsync(cancellationToken);
            }
            throw Fail(step, failure);
        }
        return End(OperationState.Succeeded);
    }

    public OperationResult End(OperationState state, string error = "")
    {
        journal.Append(new RunEnded(Now, state, error));
        var result = Result();
        Say(new OperationEnded { At = Now, Result = result });
        return result;
    }

    public OperationResult Result()
    {
        var state = State;
        return new OperationResult
        {
            Id = state.Begun.Id,
            Command = state.Begun.Request.Command,
            Target = state.Begun.Request.Target,
            State = state.Ended ?? OperationState.Interrupted,
            Steps = state.Steps(expected),
            Changes = state.Changes(),
            Warnings = [.. state.Notes],
            Overridden = state.Begun.Overridden,
            By = state.Begun.By,
            Started = state.Begun.At,
            Ended = state.Updated,
        };
    }

    public void Warn(string message)
    {
        journal.Append(new Noted(Now, message));
        Say(new OperationWarning { At = Now, Message = message });
    }

    public void Say(OperationEvent happened)
    {
        if (onEvent is null)
            return;
        lock (speaking)
            onEvent(happened);
    }

    private async Task<OperationResult> GoBackAsync(CancellationToken cancellationToken)
    {
        foreach (var step in State.Begun.Steps.Reverse().Where(step => State[step] is { Before: not null, State: not StepState.Undone }))
        {
            if (await TryAsync(step, undo: true, cancellationToken) is { } failure)
                throw Fail(step, failure);
        }
        return End(State.IsAutomatic ? OperationState.RolledBack : OperationState.Undone);
    }

    /// <returns>Null when it ended well.</returns>
    private async Task<HaClusterException?> TryAsync(Step step, bool undo, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var own = context.For(step, Say, Warn);
        var runner = new StepRunner(own, journal, (failed, message, after) => Say(new CallRetried { At = Now, StepId = failed.Id, Message = message, After = after }));
        Say(Changed(step, StepState.Started));
        try
        {
            // A call that does not look at its token is left behind: what it did is checked by whoever resumes.
            await (undo ? runner.UndoAsync(step, State[step], cancellationToken) : runner.DoAsync(step, State[step], cancellationToken)).WaitAsync(cancellationToken);
        }
        catch (HaClusterException e) when (e.Kind != FailureKind.JournalNotUsable)
        {
            journal.Append(new StepFailed(Now, step.Id, undo, e.Message));
            Say(Changed(step, StepState.Failed));
            return e;
        }
        Say(Changed(step, State[step].State));
        return null;
    }

    private OperationFailedException Fail(Step step, HaClusterException failure)
    {
        var result = End(OperationState.Failed, $"{step.Title}: {failure.Message}");
        return new(
            result, step.Title, $"failed: {failure.Message}", $"Once the cause is fixed: Resume-HaOperation {result.Id}; to revert: Undo-HaOperation {result.Id}", failure);
    }

    private StepChanged Changed(Step step, StepState state)
    {
        var steps = State.Steps(expected);
        var index = steps.ToList().FindIndex(other => other.Id == step.Id);
        return new()
        {
            At = Now,
            Step = steps[index] with { State = state },
            Of = steps.Count,
            Left = steps.Where(other => other.State is StepState.Pending or StepState.Started).Aggregate(TimeSpan.Zero, (sum, other) => sum + other.Expected),
        };
    }
}
