using System.Collections.Immutable;
using HaCluster.Simulation.Model;

namespace HaCluster.Planning.Proof.Report;

/// <summary>The answer to "does this cluster survive?", with everything it rests on.</summary>
public sealed record ProofReport
{
    public required ClusterModel Cluster { get; init; }

    /// <summary>Machines at rest.</summary>
    public required int Nodes { get; init; }

    /// <summary>Pods at rest.</summary>
    public required int Pods { get; init; }

    public required ImmutableArray<ClassVerdict> Classes { get; init; }

    public required ImmutableArray<Violation> Violations { get; init; }

    /// <summary>False where violations have no <see cref="Violation.Repair"/> because none was looked for.</summary>
    public required bool SoughtRepairs { get; init; }

    /// <summary>Not broken, and worth knowing: what pauses when two things fail, what waits by design.</summary>
    public required ImmutableArray<string> Notes { get; init; }

    public required ImmutableArray<Assumption> Assumptions { get; init; }

    /// <summary>Declared things that were left out, with the reason; a proof with any of them is incomplete.</summary>
    public ImmutableArray<UnknownObject> Unknown => Cluster.Unknown;

    /// <summary>Null for a cluster of fewer than two zones.</summary>
    public Failover? Failover { get; init; }

    public required TimeSpan Elapsed { get; init; }

    public int Scenarios => Classes.Sum(verdict => verdict.Tried);

    public bool IsComplete => Unknown.IsEmpty && Classes.All(verdict => verdict.Skipped is null);

    /// <summary>No invariant broke in any scenario that was tried.</summary>
    public bool Holds => Violations.IsEmpty;
}
