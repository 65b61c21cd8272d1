namespace HaCluster;

/// <summary>How an operation ended.</summary>
public sealed record OperationResult
{
    /// <summary>Names it in <c>Get-HaOperation</c>, <c>Resume-HaOperation</c> and <c>Undo-HaOperation</c>: <c>20261129-031500-switch-zone-4f2a</c>.</summary>
    public required string Id { get; init; }

    /// <summary><c>Switch-HaZone</c>.</summary>
    public required string Command { get; init; }

    /// <summary>What it acted on.</summary>
    public required string Target { get; init; }

    public required OperationState State { get; init; }

    public required IReadOnlyList<OperationStep> Steps { get; init; }

    /// <summary>What is different now: one line for each object and property that a step changed.</summary>
    public IReadOnlyList<OperationChange> Changes { get; init; } = [];

    /// <summary>What was found and does not count as a failure.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>What force has overridden.</summary>
    public IReadOnlyList<Refusal> Overridden { get; init; } = [];

    /// <summary><c>USER@HOST</c> of who began it.</summary>
    public required string By { get; init; }

    public required DateTimeOffset Started { get; init; }

    public required DateTimeOffset Ended { get; init; }

    public TimeSpan Took => Ended - Started;
}

/// <summary>A property of an object before and after an operation.</summary>
/// <param name="Object"><c>deployment/payments/api</c>, <c>node/ip-10-0-1-5</c>.</param>
/// <param name="Property"><c>replicas</c>, <c>writer</c>.</param>
public sealed record OperationChange(string Object, string Property, string Before, string After)
{
    public override string ToString() => $"{Object} {Property}: {Before} -> {After}";
}
