using System.Globalization;
using HaCluster.Planning.Proof.Report;
using HaCluster.Simulation.Model;

namespace HaCluster.Planning.Proof.Repairs;

/// <summary>A rule that keeps replicas apart, more replicas, or both.</summary>
internal static class WorkloadChanges
{
    private const int MostMore = 2;

    public static IEnumerable<Candidate> Of(ClusterModel model, Workload workload, bool isGuarded)
    {
        if (workload.Kind is not (WorkloadKind.Deployment or WorkloadKind.StatefulSet))
            yield break;
        var spread = isGuarded ? workload : Spread(workload, required: false);
        if (!isGuarded && workload.Replicas > 1)
            yield return new Candidate(new Repair($"topologySpreadConstraints of {workload.Id}", "none", $"one over {Labels.Zone}", IsVerified: false), model.With(workload, spread));
        for (var more = 1; more <= MostMore; more++)
        {
            var repair = new Repair(
                (workload.ReplicasSetting ?? $"the replicas of {workload.Id}") + (isGuarded ? "" : $" (and spread them over {Labels.Zone})"),
                Text(workload.Replicas), Text(workload.Replicas + more), IsVerified: false);
            yield return new Candidate(repair, model.With(workload, spread with { Replicas = workload.Replicas + more }));
        }

        if (isGuarded)
            yield return new Candidate(new Repair($"whenUnsatisfiable of {workload.Id}", "ScheduleAnyway", "DoNotSchedule", IsVerified: false), model.With(workload, Spread(workload, required: true)));
    }

    private static Workload Spread(Workload workload, bool required)
    {
        var rule = new TopologySpread { TopologyKey = Labels.Zone, MaxSkew = 1, IsRequired = required, Selector = LabelSelector.Of(workload.Pods.Labels) };
        return workload with { Pods = workload.Pods with { Spread = [.. workload.Pods.Spread.Where(one => one.TopologyKey != Labels.Zone), rule] } };
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
