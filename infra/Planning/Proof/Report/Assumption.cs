namespace HaCluster.Planning.Proof.Report;

/// <summary>Something the proof takes as given.</summary>
/// <param name="Source">Where it is written; null for a judgement of ours.</param>
public sealed record Assumption(string Text, string? Source = null);
