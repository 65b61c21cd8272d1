namespace HaCluster.Planning.Proof;

/// <summary>How far a proof is.</summary>
/// <param name="IsMending">Changes are sought that mend violations; before that, scenarios are tried.</param>
/// <param name="Done">Classes of scenarios tried, or violations that an answer was found for.</param>
/// <param name="Total">Of how many.</param>
public sealed record ProofProgress(bool IsMending, int Done, int Total);
