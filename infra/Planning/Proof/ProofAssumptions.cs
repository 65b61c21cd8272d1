using System.Collections.Immutable;
using HaCluster.Planning.Proof.Losses;
using HaCluster.Planning.Proof.Report;

namespace HaCluster.Planning.Proof;

/// <summary>What a proof takes as given: of the model, of the clock, and of the method.</summary>
internal static class ProofAssumptions
{
    private static readonly Assumption[] OfMethod =
    [
        new("\"Lost\" means terminated: EC2 says so, and node objects go. A zone that is half dead can take longer; a zonal shift is the way out of it."),
        new("While one thing is lost AWS launches no instance; after two losses, a lost group, and in planned work it does."),
        new($"A preferred spread rule promises nothing: what rests on one alone is judged by the fullest zone and node of {SimulatedStarts.Number} simulated starts, in which workloads arrive in other orders and ties fall otherwise. kube-scheduler's default spreading is not counted as a rule."),
        new("After a zone has come back nothing moves pods back by itself."),
        new("What runs in kube-system is AWS' and Kubernetes' own: it may lack limits, and no quota bounds it.", "https://kubernetes.io/docs/concepts/policy/resource-quotas/"),
        new("The control plane of EKS runs over three zones by itself and is not part of the proof.", "https://docs.aws.amazon.com/eks/latest/userguide/disaster-recovery-resiliency.html"),
        new("Aurora promotes a reader within 60 s and makes a new instance within 10 minutes.", "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Concepts.AuroraHighAvailability.html"),
        new("OpenSearch Service puts dedicated masters into three zones, also where the data nodes are in two.", "https://docs.aws.amazon.com/opensearch-service/latest/developerguide/managedomains-multiaz.html"),
        new("Two nodes: a pair is the same in either order; pairs whose displaced pods do not meet on a node or under a rule add up from the two single losses; only the rest is scheduled again."),
        new("Load, network latency, data consistency and bugs of the software that runs are not modelled."),
        new("Nor are: autoscaling of pods by load, removal of nodes, spot interruptions, launches that AWS refuses in one zone only, restarts of a container in place, evictions by a kubelet short of memory or disk beyond the one pod of a scenario."),
        new("Nor are: health checks of load balancers and DNS caches of clients, updates by OnDelete, Recreate or partition, surge of daemon sets."),
    ];

    public static ImmutableArray<Assumption> Of(ProofContext context) =>
    [
        .. OfMethod,
        .. context.Model.Assumptions.Select(text => new Assumption(text)),
        .. context.RunOptions.Timers.All.Select(timer => new Assumption($"{timer.Name} {Wording.Time(timer.Value)}{(timer.IsAssumed ? " (assumed)" : "")}", timer.Source)),
    ];
}
