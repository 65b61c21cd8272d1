using HaCluster.Simulation.Model;
using HaCluster.Simulation.Running;
using HaCluster.Simulation.Running.Status;

namespace HaCluster.Planning.Proof.Disruptions;

/// <summary>Simulates a disruption in virtual time, from the steady state until nothing more happens.</summary>
internal sealed class DisruptionRunner(ProofContext context)
{
    /// <summary>Longer than any process that completes by itself.</summary>
    private static readonly TimeSpan Horizon = TimeSpan.FromHours(3);

    public DisruptionOutcome Run(Disruption disruption, bool canLaunch)
    {
        var run = context.SteadyState.Fork(context.RunOptions with { CanLaunch = canLaunch });
        run.Apply(disruption);
        run.RunUntilQuiet(Horizon);
        return new DisruptionOutcome(run.Events, [.. context.Model.Workloads.Select((workload, index) => KeyValuePair.Create(workload, StatusIn(run, workload, index)))]);
    }

    /// <summary>A complete workload that was not affected keeps its steady state status.</summary>
    private WorkloadStatus StatusIn(ClusterRun run, Workload workload, int index) =>
        !run.MayHaveChanged(index) && context.SteadyStatuses[index] is { RestoredAt: not null } whole ? whole : run.StatusOf(workload);
}
