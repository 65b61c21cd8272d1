namespace HaCluster;

/// <summary>Something that happened while an operation ran, for a progress bar or a log.</summary>
public abstract record OperationEvent
{
    public required DateTimeOffset At { get; init; }
}

/// <summary>The operation has its lease and its journal, and begins.</summary>
public sealed record OperationStarted : OperationEvent
{
    public required string Id { get; init; }

    public required string Command { get; init; }

    public required string Target { get; init; }

    public required IReadOnlyList<OperationStep> Steps { get; init; }

    public required TimeSpan Expected { get; init; }

    /// <summary>Whether it goes on where an earlier run stopped.</summary>
    public bool Resumed { get; init; }

    /// <summary>Whether it undoes its steps, the last first.</summary>
    public bool Undoing { get; init; }
}

/// <summary>A step begins, or ended.</summary>
public sealed record StepChanged : OperationEvent
{
    public required OperationStep Step { get; init; }

    /// <summary>How many steps there are.</summary>
    public required int Of { get; init; }

    /// <summary>Expected time of the steps that are left, this one included.</summary>
    public required TimeSpan Left { get; init; }
}

/// <summary>What a step is doing or waiting for.</summary>
public sealed record StepProgress : OperationEvent
{
    public required string StepId { get; init; }

    /// <summary><c>3 of 7 pods evicted</c>, <c>payments/db-0 waits for its budget payments/db</c>.</summary>
    public required string Message { get; init; }

    /// <summary>0 to 1; null where it cannot be told.</summary>
    public double? Fraction { get; init; }
}

/// <summary>A call failed and is tried again.</summary>
public sealed record CallRetried : OperationEvent
{
    public required string StepId { get; init; }

    /// <summary>The call, its target and the error.</summary>
    public required string Message { get; init; }

    public required TimeSpan After { get; init; }
}

/// <summary>What a person should know, and what stops nothing.</summary>
public sealed record OperationWarning : OperationEvent
{
    public required string Message { get; init; }
}

public sealed record OperationEnded : OperationEvent
{
    public required OperationResult Result { get; init; }
}
