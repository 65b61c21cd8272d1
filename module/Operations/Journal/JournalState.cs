using HaCluster.Operations.Running;

namespace HaCluster.Operations.Journal;

/// <summary>What a journal says, all its entries taken together.</summary>
internal sealed class JournalState
{
    private readonly Dictionary<string, StepRecord> records;

    private JournalState(OperationBegun begun, IReadOnlyList<JournalEntry> entries)
    {
        Begun = begun;
        records = begun.Steps.ToDictionary(step => step.Id, _ => StepRecord.Pending);
        Updated = entries[^1].At;
        foreach (var entry in entries)
            Take(entry);
    }

    public OperationBegun Begun { get; }

    public DateTimeOffset Updated { get; }

    /// <summary>An undo has begun: from now on the operation only goes back.</summary>
    public bool IsUndoing { get; private set; }

    /// <summary>The undo was begun by the operation itself.</summary>
    public bool IsAutomatic { get; private set; }

    /// <summary>How often a process began to work on it.</summary>
    public int Runs { get; private set; }

    /// <summary>How its last process ended; null: it did not, it runs or was killed.</summary>
    public OperationState? Ended { get; private set; }

    public string Error { get; private set; } = "";

    public List<string> Notes { get; } = [];

    public bool IsFinished => Ended is OperationState.Succeeded or OperationState.Undone or OperationState.RolledBack;

    public static JournalState? From(IReadOnlyList<JournalEntry> entries) => entries is [OperationBegun begun, ..] ? new(begun, entries) : null;

    /// <summary>Of two copies of a journal. Whoever resumes adds a run; within one run the longer has more of it.</summary>
    public static bool IsFurther(IReadOnlyList<JournalEntry> one, IReadOnlyList<JournalEntry> other) =>
        (one.OfType<RunBegun>().Count(), one.Count).CompareTo((other.OfType<RunBegun>().Count(), other.Count)) > 0;

    public StepRecord this[Step step] => records[step.Id];

    public IReadOnlyList<OperationStep> Steps(Func<Step, TimeSpan> expected) => [.. Begun.Steps.Select((step, index) => new OperationStep
    {
        Id = step.Id,
        Number = index + 1,
        Title = step.Title,
        Expected = expected(step),
        State = this[step].State,
        Detail = this[step].Detail,
        Before = this[step].Before ?? new Dictionary<string, string>(),
        After = this[step].After,
        Took = this[step].Took,
    })];

    public IReadOnlyList<OperationChange> Changes() =>
    [
        .. from step in Begun.Steps
           let record = this[step]
           where record is { State: StepState.Done, Before: not null }
           from after in record.After
           let before = record.Before!.GetValueOrDefault(after.Key, "")
           where before != after.Value && !after.Key.StartsWith('.')
           select new OperationChange(step.Subject, after.Key, before, after.Value),
    ];

    private void Take(JournalEntry entry)
    {
        switch (entry)
        {
            case RunBegun run:
                (Runs, Ended, Error, IsUndoing, IsAutomatic) = (Runs + 1, null, "", run.Undo, run.Automatic);
                break;
            case StepBegun begun:
                // The first check saw the state to return to; one after a kill may have seen our own half of a change.
                records[begun.Step] = records[begun.Step] with
                {
                    State = StepState.Started,
                    WasUndoing = begun.Undo,
                    Detail = "",
                    Before = records[begun.Step].Before ?? begun.Before,
                };
                break;
            case StepEnded ended:
                records[ended.Step] = records[ended.Step] with
                {
                    State = ended.State,
                    Detail = ended.Detail,
                    After = ended.After,
                    Took = ended.Took,
                    WasUndoing = ended.State == StepState.Undone,
                };
                break;
            case StepFailed failed:
                records[failed.Step] = records[failed.Step] with { State = StepState.Failed, Detail = failed.Error, WasUndoing = failed.Undo };
                break;
            case Noted noted:
                Notes.Add(noted.Message);
                break;
            case RunEnded run:
                (Ended, Error) = (run.State, run.Error);
                break;
        }
    }
}

/// <param name="Before">What its first check found; null while it was never about to act.</param>
/// <param name="WasUndoing">Its last entry is of its undo.</param>
internal sealed record StepRecord(
    StepState State, IReadOnlyDictionary<string, string>? Before, IReadOnlyDictionary<string, string> After, TimeSpan? Took, string Detail, bool WasUndoing)
{
    public static readonly StepRecord Pending = new(StepState.Pending, null, new Dictionary<string, string>(), null, "", false);

    /// <summary>It may have changed something.</summary>
    public bool HasActed => Before is not null && State is StepState.Started or StepState.Done or StepState.Failed;
}
