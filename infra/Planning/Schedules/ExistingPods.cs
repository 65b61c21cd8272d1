using HaCluster.Simulation.Model;
using HaCluster.Simulation.Scheduling;

namespace HaCluster.Planning.Schedules;

/// <summary>A pod of a cluster that is described by its objects: see <see cref="PodPlacement"/>.</summary>
internal sealed record ExistingPod(Pod Pod, string? Node, bool IsEnding = false, bool IsPreempted = false, string? NominatedNode = null);

/// <summary>The pods of a cluster that is described by its objects.</summary>
internal static class ExistingPods
{
    /// <summary>In order of creation, followed by the pods of workloads without any, which their controllers are about to create.</summary>
    public static IReadOnlyList<ExistingPod> Of(ClusterModel model)
    {
        var workloads = model.Workloads.ToLookup(workload => workload.Id);
        var counts = new Dictionary<Workload, int>(ReferenceEqualityComparer.Instance);
        var pods = new List<ExistingPod>();
        foreach (var placement in model.Placements)
        {
            var named = workloads[placement.Workload];
            var workload = named.FirstOrDefault(one => one.ObjectKind == placement.WorkloadKind) ?? named.First();
            var ordinal = counts.GetValueOrDefault(workload);
            counts[workload] = ordinal + 1;
            pods.Add(new ExistingPod(
                new Pod(workload, ordinal, placement.Spec, placement.Pod),
                placement.Node, placement.IsEnding, placement.IsPreempted, placement.NominatedNode));
        }

        foreach (var workload in model.Workloads.Where(workload => !counts.ContainsKey(workload)))
            pods.AddRange(PodFactory.Of(workload, model.InitialNodes()).Select(pod => new ExistingPod(pod, null)));
        return pods;
    }
}
