using System.Collections.Immutable;
using HaCluster.Simulation.Model;
using HaCluster.Simulation.Scenarios;

namespace HaCluster.Planning.Proof.Report;

/// <summary>The result of a proof, with its assumptions.</summary>
public sealed record ProofReport
{
    public required ClusterModel Cluster { get; init; }

    /// <summary>Nodes at rest.</summary>
    public required int Nodes { get; init; }

    /// <summary>Pods at rest.</summary>
    public required int Pods { get; init; }

    public required ImmutableArray<ClassVerdict> Classes { get; init; }

    public required ImmutableArray<Violation> Violations { get; init; }

    /// <summary>In the order of the first violation that each removes; those that only lower an objective come last.</summary>
    public ImmutableArray<Fix> Fixes { get; init; } = [];

    /// <summary>Numbers (from 1) of violations whose fixes were not all tried in the time that was given.</summary>
    public ImmutableArray<int> NotSearched { get; init; } = [];

    /// <summary>False when no fixes were looked for.</summary>
    public required bool SoughtFixes { get; init; }

    /// <summary>Notes that are not violations: workloads that are down when two things fail, or that wait by design.</summary>
    public required ImmutableArray<string> Notes { get; init; }

    public required ImmutableArray<Assumption> Assumptions { get; init; }

    /// <summary>Null for a cluster of fewer than two zones.</summary>
    public Failover? Failover { get; init; }

    /// <summary>Without looking for fixes.</summary>
    public required TimeSpan Elapsed { get; init; }

    /// <summary>Time that the search for fixes took.</summary>
    public TimeSpan FixElapsed { get; init; }

    public int Failed => Classes.Sum(verdict => verdict.Failed);

    public int Scenarios => Classes.Sum(verdict => verdict.Tried);

    /// <summary>Parts that the verdict does not cover, and why.</summary>
    public ImmutableArray<UnknownObject> Incomplete =>
    [
        .. Cluster.Unknown,
        .. Classes.Where(verdict => verdict.Skipped is not null).Select(verdict => new UnknownObject(ScenarioClasses.TitleOf(verdict.Class), verdict.Skipped!)),
    ];

    public bool IsComplete => Incomplete.IsEmpty;

    /// <summary>Fixes that the program did not refuse.</summary>
    public IEnumerable<Fix> UsableFixes => Fixes.Where(fix => fix.Refusal is null);

    /// <summary>Usable fixes of a violation, by its number from 1.</summary>
    public IEnumerable<Fix> FixesOf(int violation) => UsableFixes.Where(fix => fix.Violations.Contains(violation));

    /// <summary>Whether every invariant held in every scenario.</summary>
    public bool Holds => Violations.IsEmpty;
}

/// <summary>The verdict on one class of scenarios.</summary>
/// <param name="Tried">How many there are, all of them tried.</param>
/// <param name="Failed">In how many some invariant broke.</param>
/// <param name="Worst">A summary of the worst case: rescheduled pods, workloads that were down, time of recovery. Empty without a scenario.</param>
/// <param name="Recovery">The longest recovery; null when nothing had to recover, or time was not simulated.</param>
/// <param name="Skipped">Why the class was not tried; null when it was.</param>
public sealed record ClassVerdict(ScenarioClass Class, int Tried, int Failed, string Worst, TimeSpan? Recovery = null, string? Skipped = null)
{
    public bool Holds => Failed == 0 && Skipped is null;
}

/// <summary>An assumption of the proof.</summary>
/// <param name="Source">Where it is written; null for a judgement of ours.</param>
public sealed record Assumption(string Text, string? Source = null);
