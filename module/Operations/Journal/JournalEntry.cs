using HaCluster.Operations.Connecting;
using HaCluster.Operations.Running;

namespace HaCluster.Operations.Journal;

/// <summary>One line of a journal. Entries are added, never changed.</summary>
/// <param name="At">Time of the machine that wrote it. For people: nothing is decided by it.</param>
internal abstract record JournalEntry(DateTimeOffset At);

/// <summary>The first line: what was asked for and the steps that it was planned into.</summary>
/// <param name="Schema">Version of this format. A reader refuses a newer one.</param>
/// <param name="Cluster">Name of the cluster, for people.</param>
internal sealed record OperationBegun(
    DateTimeOffset At, int Schema, string Id, string Cluster, string By, OperationRequest Request, IReadOnlyList<Step> Steps, IReadOnlyList<Refusal> Overridden)
    : JournalEntry(At)
{
    /// <summary>The cluster; a journal is resumed on no other. Null in one of a version that knew clusters by their names only.</summary>
    public ClusterIdentity? Identity { get; init; }

    /// <summary>Raised when an older version could not understand a journal, or would act wrongly on it.</summary>
    public const int CurrentSchema = 1;
}

/// <summary>A process begins, or goes on, to do or to undo the steps.</summary>
/// <param name="Undo">The direction; after an undo has begun, the operation only goes back.</param>
/// <param name="Automatic">The operation rolls back automatically after a step failed.</param>
/// <param name="LeaseTakenFrom">Holder whose lease was taken by force; null as a rule.</param>
internal sealed record RunBegun(DateTimeOffset At, string By, bool Undo, bool Automatic = false, string? LeaseTakenFrom = null) : JournalEntry(At);

/// <summary>The step is about to act. Written, and on disk, before its first call that changes something.</summary>
/// <param name="Before">What it found; undo returns to it.</param>
internal sealed record StepBegun(DateTimeOffset At, string Step, bool Undo, IReadOnlyDictionary<string, string> Before) : JournalEntry(At);

/// <summary>The step ended well: it acted and verified, or found nothing to do.</summary>
internal sealed record StepEnded(DateTimeOffset At, string Step, StepState State, IReadOnlyDictionary<string, string> After, TimeSpan? Took, string Detail) : JournalEntry(At);

/// <summary>The step failed. What it left is unknown until it is checked.</summary>
internal sealed record StepFailed(DateTimeOffset At, string Step, bool Undo, string Error) : JournalEntry(At);

/// <summary>Something a person should know; it stopped nothing.</summary>
internal sealed record Noted(DateTimeOffset At, string Message) : JournalEntry(At);

/// <summary>The process ended its work.</summary>
internal sealed record RunEnded(DateTimeOffset At, OperationState State, string Error) : JournalEntry(At);
