using System.Collections.Immutable;
using HaCluster.Simulation.Model;

namespace HaCluster.Planning.Modelling;

/// <summary>
/// How many replicas of a workload must be ready at any single failure: the objective in the settings, otherwise the majority of a quorum, otherwise one.
/// </summary>
internal sealed class ServingRule(ImmutableSortedDictionary<string, int> objectives)
{
    public static readonly ServingRule Default = new(ImmutableSortedDictionary.Create<string, int>(StringComparer.Ordinal));

    // Software that stops writing (or stops entirely) without a majority, by the last part of the image name. According to its
    // documentation:
    // https://etcd.io/docs/latest/faq/, https://zookeeper.apache.org/doc/current/zookeeperAdmin.html,
    // https://developer.hashicorp.com/consul/docs/architecture/consensus,
    // https://www.rabbitmq.com/docs/quorum-queues, https://www.cockroachlabs.com/docs/stable/architecture/replication-layer,
    // https://developer.hashicorp.com/vault/docs/internals/integrated-storage
    private static readonly ImmutableArray<string> QuorumSoftware = ["etcd", "zookeeper", "consul", "rabbitmq", "cockroach", "vault"];

    public Workload Apply(Workload workload, ImmutableArray<string> images)
    {
        if (objectives.TryGetValue(workload.Id, out var least))
            return workload with { MinServing = least, ServingReason = "set by ha-cluster:objectives.serving" };
        if (workload.Kind == WorkloadKind.Job)
            return workload with { MinServing = 0, ServingReason = "a failed job is started again" };
        if (workload.Kind == WorkloadKind.DaemonSet)
            return workload with { MinServing = 0, ServingReason = "each pod serves its own node" };
        if (workload.Replicas == 0)
            return workload with { MinServing = 0, ServingReason = "it has no replicas" };
        if (workload.Kind == WorkloadKind.StatefulSet && workload.Replicas > 2 && Quorum(images) is { } software)
            return workload with { MinServing = (workload.Replicas / 2) + 1, ServingReason = $"the majority that {software} needs" };
        return workload;
    }

    private static string? Quorum(ImmutableArray<string> images) =>
        images.Select(NameOf).SelectMany(name => QuorumSoftware.Where(software => name == software)).FirstOrDefault();

    // registry:5000/project/etcd:v3.6.4@sha256:... is called etcd.
    private static string NameOf(string image) => image.Split('@')[0].Split('/')[^1].Split(':')[0];
}
