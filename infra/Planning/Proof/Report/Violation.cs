using System.Collections.Immutable;
using HaCluster.Simulation.Scenarios;

namespace HaCluster.Planning.Proof.Report;

/// <summary>A minimal counterexample: the smallest event found that breaks an invariant for one subject, and what mends it.</summary>
/// <param name="Subject">Workload, pool, budget or AWS part that the invariant fails for.</param>
/// <param name="Text">What happens, in plain words.</param>
public sealed record Violation(Invariant Invariant, Scenario Scenario, string Subject, string Text)
{
    public Repair? Repair { get; init; }

    /// <summary>Names of the other scenarios in which the same subject breaks the same invariant.</summary>
    public ImmutableArray<string> AlsoIn { get; init; } = [];
}
