using HaCluster.Simulation.Scenarios;

namespace HaCluster.Planning.Proof.Report;

/// <summary>What came out for one class of scenarios.</summary>
/// <param name="Tried">How many there are, all of them tried.</param>
/// <param name="Failed">In how many some invariant broke.</param>
/// <param name="Worst">The hardest of them, in plain words: what moved, what paused, how long until all was as before. Empty when there was none.</param>
/// <param name="Recovery">The longest time until all was as before; null where nothing had to recover, or time was not simulated.</param>
/// <param name="Skipped">Why the class was not tried; null when it was.</param>
public sealed record ClassVerdict(ScenarioClass Class, int Tried, int Failed, string Worst, TimeSpan? Recovery = null, string? Skipped = null)
{
    public bool Holds => Failed == 0 && Skipped is null;
}
