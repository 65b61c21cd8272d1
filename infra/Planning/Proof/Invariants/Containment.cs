using HaCluster.Planning.Proof.Report;
using HaCluster.Simulation.Model;
using HaCluster.Simulation.Scenarios;

namespace HaCluster.Planning.Proof.Invariants;

/// <summary>
/// A pod that uses all it can is stopped at its own limit, and its namespace at its quota. Between a pod's request and its limit the
/// kubelet first evicts pods that exceed their requests (https://kubernetes.io/docs/concepts/scheduling-eviction/node-pressure-eviction/):
/// the culprit itself.
/// </summary>
internal sealed class Containment(ProofContext context)
{
    // System pods from AWS and Kubernetes must not be refused by a quota.
    private const string SystemNamespace = "kube-system";

    private static readonly string[] MemoryBounds = ["limits.memory"];
    private static readonly string[] DiskBounds = ["limits.ephemeral-storage", "requests.ephemeral-storage"];

    public IEnumerable<Violation> OfMemory(Scenario scenario, Workload workload) =>
        Of(scenario, workload, workload.Pods.LimitsMemory, "memory", MemoryBounds);

    public IEnumerable<Violation> OfDisk(Scenario scenario, Workload workload) =>
        Of(scenario, workload, workload.Pods.LimitsEphemeral, "ephemeral-storage", DiskBounds);

    private IEnumerable<Violation> Of(Scenario scenario, Workload workload, bool isLimited, string resource, string[] bounds)
    {
        // A suspended job, or a workload scaled to zero, has no pod.
        if (workload.Namespace == SystemNamespace || workload is { Kind: not WorkloadKind.DaemonSet, Replicas: 0, MaxReplicas: null })
            yield break;
        if (!isLimited)
        {
            yield return new Violation(
                Invariant.BlastRadius, Cause.NoLimit, scenario, Subject.Of(workload),
                $"a container has no {resource} limit: it can use up the whole node"
                + (LargestCrowd(workload) is > 0 and var others ? $", and all {Wording.Count(others, "other pod")} there" : ""));
        }

        // A quota of zero pods limits all usage; a scoped quota limits the pods in its scope.
        if (!context.Model.Quotas.Any(quota => quota.Namespace == workload.Namespace && quota.Binds(workload.Pods)
            && (bounds.Any(quota.Hard.ContainsKey) || quota.Hard.GetValueOrDefault("pods", 1) == 0)))
        {
            yield return new Violation(
                Invariant.BlastRadius, Cause.NoQuota, scenario, new Subject(SubjectKind.Namespace, workload.Namespace),
                $"no quota limits {resource} in it: {workload} can be scaled until nothing is left for others");
        }
    }

    private int LargestCrowd(Workload workload) => context.Nodes
        .Where(node => node.Pods.Any(pod => pod.Workload == workload))
        .Select(node => node.PodCount - 1)
        .DefaultIfEmpty()
        .Max();
}
