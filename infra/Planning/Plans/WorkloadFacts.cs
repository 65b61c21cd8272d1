using System.Collections.Immutable;
using HaCluster.Engine.Graph;
using HaCluster.Planning.Facts;
using HaCluster.Simulation.Model;

namespace HaCluster.Planning.Plans;

/// <summary>A workload, and the strength of its redundancy.</summary>
/// <param name="Place">Namespace in the cluster, or the AWS service.</param>
/// <param name="Kind">Kind of the Kubernetes object; what AWS calls it.</param>
/// <param name="Replicas">Replicas; null when they follow from the nodes or are not known.</param>
/// <param name="Zones">How far its rules keep the replicas apart over zones; null when that does not apply.</param>
/// <param name="Volume">Size of the volume of each replica; null for none.</param>
/// <param name="Evictions">Pods that its budget allows to evict at once; null without a budget.</param>
public sealed record WorkloadFacts(
    string Place, string Name, string Kind, int? Replicas, Separation? Zones, string? Volume, int? Evictions)
{
    internal static ImmutableArray<WorkloadFacts> Of(ResourceGraph graph, ClusterModel cluster) =>
    [
        .. cluster.Workloads.Where(workload => workload.Kind is WorkloadKind.Deployment or WorkloadKind.StatefulSet or WorkloadKind.DaemonSet)
            .Select(workload => OfPods(workload, cluster))
            .Concat(cluster.Unknown.Where(unknown => unknown.HidesPods).Select(unknown => OfUnknown(unknown.Subject)))
            .Concat(graph.Resources.Where(resource => resource.Type == "aws:opensearch/domain:Domain").Select(OfSearch))
            .Concat(cluster.Databases.Select(OfDatabase))
            .OrderBy(workload => workload.Place, StringComparer.Ordinal)
            .ThenBy(workload => workload.Name, StringComparer.Ordinal),
    ];

    private static WorkloadFacts OfPods(Workload workload, ClusterModel cluster)
    {
        var isDaemon = workload.Kind == WorkloadKind.DaemonSet;
        var room = EvictionRoom.Of(cluster, workload);
        return new WorkloadFacts(
            workload.Namespace,
            workload.Name,
            workload.Kind.ToString(),
            isDaemon ? null : workload.Replicas,
            isDaemon ? null : Separation.Of(workload, Labels.Zone, cluster.Zones.Length),
            workload.Pods.Volumes.FirstOrDefault() is { } volume ? QuotaUse.Show("requests.storage", volume.Bytes) : null,
            isDaemon || room.Budgets.IsEmpty ? null : room.Allowed);
    }

    private static WorkloadFacts OfUnknown(string subject)
    {
        var parts = subject.Split(' ', 2);
        return new WorkloadFacts("not inspected", parts[^1], parts[0], null, null, null, null);
    }

    private static WorkloadFacts OfDatabase(Database database)
    {
        var mostInOneZone = database.Instances.CountBy(instance => instance.Zone ?? instance.Name).Select(zone => zone.Value).DefaultIfEmpty().Max();
        return new WorkloadFacts(
            "RDS", database.Name, "database", database.Instances.Length, new Separation(mostInOneZone, IsPreferred: false), null, null);
    }

    private static WorkloadFacts OfSearch(ResourceNode domain)
    {
        var config = domain.Inputs.At("clusterConfig");
        var nodes = config.At("instanceCount").Integer() ?? 1;
        // Zone awareness without a number of zones means two (https://docs.aws.amazon.com/opensearch-service/latest/APIReference/API_ZoneAwarenessConfig.html).
        var zones = config.At("zoneAwarenessEnabled").IsTrue() ? config.At("zoneAwarenessConfig", "availabilityZoneCount").Integer() ?? 2 : 1;
        return new WorkloadFacts(
            "OpenSearch", domain.Inputs.At("domainName").Text() ?? domain.Name, "domain", nodes,
            new Separation((nodes + zones - 1) / zones, IsPreferred: false),
            domain.Inputs.At("ebsOptions", "volumeSize").Integer() is { } size ? $"{size}Gi" : null,
            null);
    }
}
