using System.Collections.Immutable;
using HaCluster.Engine.Graph;

namespace HaCluster.Engine;

/// <summary>Result of a run. The graph has everything that was declared until the end, also after a failure.</summary>
public sealed record DeploymentResult
{
    public required ResourceGraph Graph { get; init; }

    public required ProgramOutcome Outcome { get; init; }

    /// <summary>Null when the program was stopped by the engine before it exited.</summary>
    public int? ExitCode { get; init; }

    /// <summary>Every problem found, in order; empty after <see cref="ProgramOutcome.Succeeded"/>.</summary>
    public ImmutableArray<Diagnostic> Diagnostics { get; init; } = [];

    /// <summary>What the program wrote to standard output and standard error, at most its last 1,000 lines.</summary>
    public ImmutableArray<string> ProgramOutput { get; init; } = [];

    public required TimeSpan Elapsed { get; init; }
}

public enum ProgramOutcome
{
    /// <summary>Exit 0 and nothing to complain about.</summary>
    Succeeded,

    /// <summary>The program ran, but said or did something invalid: an error it logged, a registration or settings the engine refuses.</summary>
    Refused,

    /// <summary>The program could not be started, crashed, hung or broke the protocol.</summary>
    Failed,
}

/// <summary>One problem. <paramref name="Urn"/> and <paramref name="Property"/> say where, when that is known.</summary>
public sealed record Diagnostic(string Message, string? Urn = null, string? Property = null);
