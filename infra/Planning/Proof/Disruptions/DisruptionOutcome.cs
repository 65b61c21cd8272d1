using System.Collections.Immutable;
using HaCluster.Planning.Proof.Report;
using HaCluster.Simulation.Model;
using HaCluster.Simulation.Running;
using HaCluster.Simulation.Running.Status;
using HaCluster.Simulation.Scenarios;

namespace HaCluster.Planning.Proof.Disruptions;

/// <summary>A disruption that was simulated to its end.</summary>
internal sealed class DisruptionOutcome(IReadOnlyList<RunEvent> events, ImmutableArray<KeyValuePair<Workload, WorkloadStatus>> statuses)
{
    public IReadOnlyList<RunEvent> Events => events;

    public IEnumerable<KeyValuePair<Workload, WorkloadStatus>> Replicated =>
        statuses.Where(entry => entry.Key.Kind is WorkloadKind.Deployment or WorkloadKind.StatefulSet);

    /// <summary>The replica with the longest recovery; null when none had to recover.</summary>
    public RecoveryPhases? Slowest => Replicated.Select(entry => entry.Value.Slowest).OfType<RecoveryPhases>().MaxBy(phases => phases.Total);

    /// <summary>Replicas that recovered later than their objective.</summary>
    public IEnumerable<Violation> Late(Scenario scenario, Objectives objectives)
    {
        foreach (var (workload, status) in Replicated)
        {
            var objective = workload.RecoveryObjective ?? (workload.Pods.Volumes.IsEmpty ? objectives.Stateless : objectives.Stateful);
            if (status.Slowest is { } phases && phases.Total > objective)
            {
                yield return new Violation(
                    Invariant.RecoveryTime, Cause.Slow, scenario, Subject.Of(workload),
                    $"{phases.Pod} is ready again after {Wording.Time(phases.Total)}; objective {Wording.Time(objective)}: {Phases(phases)}");
            }
        }
    }

    /// <summary>Workloads that fell below their objective meanwhile.</summary>
    public IEnumerable<Violation> Short(Scenario scenario)
    {
        foreach (var (workload, status) in Replicated)
        {
            if (status.LeastReady < workload.MinServing && status.Desired > 0)
            {
                var preemption = PreemptionOf(workload);
                var cause = workload.Replicas - 1 < workload.MinServing ? Cause.TooFewReplicas : preemption is null ? Cause.Disrupted : Cause.Preempted;
                yield return new Violation(
                    Invariant.Serving, cause, scenario, Subject.Of(workload),
                    $"falls to {status.LeastReady} of {Wording.Count(status.Desired, "replica")} for {Wording.Time(status.BelowMinServing)}; objective {workload.MinServing} ({workload.ServingReason}){preemption}");
            }
        }
    }

    private string? PreemptionOf(Workload workload) =>
        events.OfType<RunEvent.PodsPreempted>().FirstOrDefault(one => one.Victims.Split(", ").Any(victim => victim.StartsWith(workload.Id + "-", StringComparison.Ordinal))) is { } happened
            ? $": {happened.Subject}, of a higher priority, preempts {happened.Victims} on {happened.Node}"
            : null;

    /// <summary>Such as <c>detected after 50 s, recreated after 5 min, volume attached after 25 s, ready after 30 s</c>.</summary>
    public static string Phases(RecoveryPhases phases) => string.Join(", ", new (string Name, TimeSpan Time)[]
    {
        ("detected after", phases.Detected), ("recreated after", phases.Evicted), ("scheduled after", phases.Scheduled), ("volume attached after", phases.VolumeAttached), ("ready after", phases.Started),
    }.Where(phase => phase.Time > TimeSpan.Zero).Select(phase => $"{phase.Name} {Wording.Time(phase.Time)}"));
}
