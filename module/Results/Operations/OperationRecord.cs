namespace HaCluster;

/// <summary>An operation as its journal tells it, here or in the cluster: what <c>Get-HaOperation</c> shows.</summary>
public sealed record OperationRecord
{
    public required string Id { get; init; }

    public required string Command { get; init; }

    public required string Target { get; init; }

    public required OperationState State { get; init; }

    /// <summary><c>USER@HOST</c> of who began it.</summary>
    public required string By { get; init; }

    /// <summary>Who holds the cluster's lease with it now; null when nobody works on it.</summary>
    public string? HeldBy { get; init; }

    public required DateTimeOffset Started { get; init; }

    /// <summary>Time of the last entry.</summary>
    public required DateTimeOffset Updated { get; init; }

    public required IReadOnlyList<OperationStep> Steps { get; init; }

    /// <summary>Steps that ended well, of all.</summary>
    public int StepsDone => Steps.Count(step => step.State is StepState.Done or StepState.Unneeded);

    /// <summary>Why it failed or stopped; empty otherwise.</summary>
    public string Error { get; init; } = "";

    /// <summary>What force has overridden.</summary>
    public IReadOnlyList<Refusal> Overridden { get; init; } = [];

    /// <summary>The folder of its journal on this machine; null when only the cluster has it.</summary>
    public string? Folder { get; init; }
}
