namespace HaCluster.Simulation.Running.State;

/// <summary>The writer of a database in a run.</summary>
/// <param name="Writer">The name of the instance.</param>
public sealed record DatabaseRun(string Writer)
{
    /// <summary>The instance that becomes the writer; null when no failover is in progress.</summary>
    public string? Next { get; init; }
}
