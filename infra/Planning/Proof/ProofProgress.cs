namespace HaCluster.Planning.Proof;

/// <summary>How far a proof is.</summary>
/// <param name="IsFixing">Fixes are looked for; before that, scenarios are tried.</param>
/// <param name="Done">Classes of scenarios tried, or violations that fixes were looked for.</param>
/// <param name="Total">Of how many.</param>
public sealed record ProofProgress(bool IsFixing, int Done, int Total);
