namespace HaCluster;

/// <summary>One step of an operation: in its plan, while it runs, and in its result.</summary>
public sealed record OperationStep
{
    /// <summary>Unique within the operation, the same whenever it is planned: <c>cordon/ip-10-0-1-5.ec2.internal</c>.</summary>
    public required string Id { get; init; }

    /// <summary>From 1.</summary>
    public required int Number { get; init; }

    /// <summary>What it does, in a few words: <c>Cordon node ip-10-0-1-5.ec2.internal</c>.</summary>
    public required string Title { get; init; }

    /// <summary>How long it takes as a rule: from earlier operations of this user, otherwise from the proof's timers.</summary>
    public required TimeSpan Expected { get; init; }

    public StepState State { get; init; }

    /// <summary>Why it is blocked, unneeded or failed; empty otherwise.</summary>
    public string Detail { get; init; } = "";

    /// <summary>What it found before it acted, by name.</summary>
    public IReadOnlyDictionary<string, string> Before { get; init; } = new Dictionary<string, string>();

    /// <summary>What it left, by name.</summary>
    public IReadOnlyDictionary<string, string> After { get; init; } = new Dictionary<string, string>();

    /// <summary>How long it took; null while it has not ended.</summary>
    public TimeSpan? Took { get; init; }

    public override string ToString() => Title;
}
