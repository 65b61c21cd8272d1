namespace HaCluster;

/// <summary>Where one step of an operation is.</summary>
public enum StepState
{
    /// <summary>Not begun.</summary>
    Pending,

    /// <summary>Already as wanted when it was checked: not acted on, and not undone later.</summary>
    Unneeded,

    /// <summary>Cannot be done as things are; <see cref="OperationStep.Detail"/> says why.</summary>
    Blocked,

    /// <summary>Begun, and its end is not recorded: running now, or its process was killed.</summary>
    Started,

    Done,

    Failed,

    Undone,
}
