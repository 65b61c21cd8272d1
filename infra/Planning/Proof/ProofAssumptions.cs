using System.Collections.Immutable;
using HaCluster.Planning.Proof.Losses;
using HaCluster.Planning.Proof.Report;

namespace HaCluster.Planning.Proof;

/// <summary>The assumptions of a proof: of the model, the delays and the method.</summary>
internal static class ProofAssumptions
{
    private static readonly Assumption[] OfMethod =
    [
        new("\"Lost\" means terminated: EC2 reports it, and the node objects are deleted. Recovery from a partial zone failure can take longer; use a zonal shift for it."),
        new("After a single loss AWS launches no instance; after two losses, a lost node group, and in planned work it does."),
        new($"A preferred spread rule guarantees nothing: workloads with only such a rule are judged by the fullest zone and node of {SimulatedStarts.Number} simulated starts with different orders of arrival and different tie-breaks. kube-scheduler's default spreading is not counted as a rule."),
        new("After a lost zone has recovered, nothing moves pods back to it automatically."),
        new("Workloads in kube-system come from AWS and Kubernetes: they may lack limits, and no quota limits them.", "https://kubernetes.io/docs/concepts/policy/resource-quotas/"),
        new("The control plane of EKS runs over three zones by itself and is not part of the proof.", "https://docs.aws.amazon.com/eks/latest/userguide/disaster-recovery-resiliency.html"),
        new("Aurora promotes a reader within 60 s and creates a new instance within 10 minutes.", "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Concepts.AuroraHighAvailability.html"),
        new("OpenSearch Service places dedicated masters in three zones, even if the data nodes are in two.", "https://docs.aws.amazon.com/opensearch-service/latest/developerguide/managedomains-multiaz.html"),
        new("Two nodes: the order of the losses does not matter. If the displaced pods of the two nodes share no target node and no rule, the outcome is the sum of the two single losses; all other pairs are scheduled again."),
        new("Load, network latency, data consistency and bugs of the running software are not modelled."),
        new("Also not modelled: autoscaling of pods by load, removal of nodes, spot interruptions, launches that AWS refuses in one zone only, restarts of a container in place, kubelet evictions (node pressure) of pods other than the one in a scenario."),
        new("Also not modelled: health checks of load balancers and DNS caches of clients, updates by OnDelete, Recreate or partition, surge of daemon sets."),
    ];

    public static ImmutableArray<Assumption> Of(ProofContext context) =>
    [
        .. OfMethod,
        .. context.Model.Assumptions.Select(text => new Assumption(text)),
        .. context.RunOptions.Timers.All.Select(timer => new Assumption($"{timer.Name} {Wording.Time(timer.Value)}{(timer.IsAssumed ? " (assumed)" : "")}", timer.Source)),
    ];
}
