using HaCluster.Planning.Proof.Report;
using HaCluster.Simulation.Model;
using HaCluster.Simulation.Scenarios;

namespace HaCluster.Planning.Proof.Invariants;

/// <summary>
/// New pods of an update must not wait for a volume that old pods hold. kube-scheduler knows only its zone: on any other node in it the new pod waits with
/// Multi-Attach, and the old one, which an update keeps until the new one is ready, never releases it.
/// </summary>
internal static class VolumesInUpdates
{
    public static IEnumerable<Violation> Of(ClusterModel model, Scenario scenario, Workload workload)
    {
        if (workload.Kind != WorkloadKind.Deployment || workload.MaxUnavailable >= workload.Replicas || IsKeptTogether(workload)
            || model.Storage.NodeBoundClaimOf(workload) is not { } claim)
            yield break;
        yield return new Violation(
            Invariant.Volumes, Cause.VolumeInUse, scenario, Subject.Of(workload),
            $"claim {claim.Name} ({claim.Access}) can be attached to one node at a time, and the update keeps {workload.Replicas - workload.MaxUnavailable} old "
            + $"{(workload.Replicas - workload.MaxUnavailable == 1 ? "pod" : "pods")} that use it while the new one starts: unless it lands on the same node it waits with "
            + "Multi-Attach, and the update never completes");
    }

    /// <summary>Whether an affinity rule puts the pods of the workload on one node.</summary>
    private static bool IsKeptTogether(Workload workload) => workload.Pods.NodeSelector.ContainsKey(Labels.Host)
        || workload.Pods.Affinity.Near.Any(term => term.TopologyKey == Labels.Host && term.Selects(workload.Namespace, workload.Namespace, workload.Pods.Labels));
}
