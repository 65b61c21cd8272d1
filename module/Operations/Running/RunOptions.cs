namespace HaCluster.Operations.Running;

/// <summary>How an operation is run.</summary>
public sealed record RunOptions
{
    public static readonly RunOptions Default = new();

    /// <summary>Override refusals that allow it. Recorded in the journal with each refusal.</summary>
    public bool Force { get; init; }

    /// <summary>Take the lease from its holder although it may still run. Recorded. Two operations at once can do harm.</summary>
    public bool TakeLease { get; init; }

    /// <summary>Called for each event, on the thread that runs the operation; never two at once.</summary>
    public Action<OperationEvent>? OnEvent { get; init; }
}
