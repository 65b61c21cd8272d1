using System.Collections.Immutable;
using HaCluster.Simulation.Model;
using HaCluster.Simulation.Scenarios;

namespace HaCluster.Planning.Proof.Report;

/// <summary>A minimal counterexample: the smallest scenario found that breaks an invariant for one subject.</summary>
/// <param name="Text">A readable description.</param>
public sealed record Violation(Invariant Invariant, Cause Cause, Scenario Scenario, Subject Subject, string Text)
{
    /// <summary>The other scenarios in which the same cause shows for the same subject, smallest first.</summary>
    public ImmutableArray<Scenario> AlsoIn { get; init; } = [];

    /// <summary>The resources that a pool lacks; null when capacity is not the cause.</summary>
    public Resources? Lack { get; init; }

    /// <summary>Advice when no fix can be tried on the model; null when fixes are searched.</summary>
    public string? Advice { get; init; }

    /// <summary>Two violations with one key are one.</summary>
    public (Subject, Cause) Key => (Subject, Cause);

    /// <summary>Whether the other may be there already and show only once this one is fixed: a workload that does not run cannot fail in other ways.</summary>
    internal bool MayHide(Violation other) => Cause == Cause.NotRunning && other.Subject == Subject && other.Key != Key;
}
