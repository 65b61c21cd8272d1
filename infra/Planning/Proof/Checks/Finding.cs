using System.Collections.Immutable;
using HaCluster.Planning.Proof.Report;

namespace HaCluster.Planning.Proof.Checks;

/// <summary>What one scenario came to.</summary>
/// <param name="Severity">Orders findings of a class by how hard the scenario is; only the hardest is shown.</param>
/// <param name="Story">What happened, in plain words.</param>
internal sealed record Finding(ImmutableArray<Violation> Violations, double Severity, string Story, TimeSpan? Recovery = null, string? Note = null);
