using System.Collections.Immutable;
using System.Globalization;
using HaCluster.Benchmarks.Scheduling;
using HaCluster.Simulation.Model;

namespace HaCluster.Benchmarks.Proving;

/// <summary>
/// The made-up cluster with all that the proof knows scenarios for: node groups that an autoscaler enlarges, stateful sets with volumes,
/// budgets, quotas, NAT gateways, databases, a search domain.
/// </summary>
internal static class ProvenCluster
{
    private const long Gibibyte = 1L << 30;

    /// <param name="pods">With those of the daemon sets and of the stateful sets.</param>
    public static ClusterModel Of(int nodes, int pods)
    {
        var stateful = Enumerable.Range(0, nodes / 25).Select(Stateful).ToImmutableArray();
        var cluster = SyntheticCluster.Of(nodes, pods - stateful.Sum(workload => workload.Replicas));
        ImmutableArray<Workload> workloads = [.. cluster.Pods.Select(pod => pod.Workload).Distinct().Select(Guarded), .. stateful];
        ImmutableArray<string> zones = [.. cluster.Nodes.Select(node => node.Zone).Distinct().Order(StringComparer.Ordinal)];
        return new ClusterModel
        {
            Name = "synthetic",
            Zones = zones,
            NodeGroups = cluster.Groups,
            IsAutoscaled = true,
            Workloads = workloads,
            Namespaces = [.. workloads.Select(workload => workload.Namespace).Distinct().Order(StringComparer.Ordinal)],
            Budgets = [.. workloads.Where(workload => workload.Kind is WorkloadKind.Deployment or WorkloadKind.StatefulSet).Select(BudgetOf)],
            Quotas = [.. workloads.Where(workload => workload.Kind != WorkloadKind.DaemonSet).GroupBy(workload => workload.Namespace).Select(QuotaOf)],
            NatGateways = [.. zones.Select(zone => new NatGateway($"nat-{zone}", zone, [zone]))],
            Databases = [DatabaseOf("orders", zones), DatabaseOf("ledger", zones)],
            SearchDomains = [new SearchDomain("logs", DataNodes: 6, Masters: 3, zones.Length, HasStandby: true)],
        };
    }

    /// <summary>With limits, and replicas that a rule keeps apart: what the proof asks of everything.</summary>
    private static Workload Guarded(Workload workload)
    {
        var pods = workload.Pods with { Limits = workload.Pods.Requests + new Resources(0, 0, Gibibyte) };
        var isApart = workload.Kind == WorkloadKind.DaemonSet || pods.Spread.Any(spread => spread.TopologyKey == Labels.Zone);
        return workload with { Pods = isApart ? pods : pods with { Spread = [.. pods.Spread, Over(Labels.Zone, pods.Labels, isRequired: false)] } };
    }

    private static TopologySpread Over(string topology, ImmutableSortedDictionary<string, string> labels, bool isRequired) =>
        new() { TopologyKey = topology, MaxSkew = 1, IsRequired = isRequired, Selector = LabelSelector.Of(labels) };

    private static Workload Stateful(int number)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"store-{number}");
        var labels = Labels.Of(("app", name));
        return new Workload
        {
            Kind = WorkloadKind.StatefulSet,
            Namespace = string.Create(CultureInfo.InvariantCulture, $"team-{number % 40}"),
            Name = name,
            Replicas = 3,
            MinServing = 2,
            Source = new Origin.File("benchmark"),
            Pods = new PodSpec
            {
                Requests = new Resources(500, 2 * Gibibyte, 0),
                Limits = new Resources(500, 2 * Gibibyte, Gibibyte),
                Labels = labels,
                NodeSelector = Labels.Of(("pool", "memory")),
                Tolerations = [new Toleration("pool", Exists: false, "memory", TaintEffect.NoSchedule)],
                Volumes = [new VolumeClaim("data", 100 * Gibibyte, StorageClass: null)],
                Spread = [Over(Labels.Zone, labels, isRequired: true), Over(Labels.Host, labels, isRequired: true)],
            },
        };
    }

    private static DisruptionBudget BudgetOf(Workload workload) =>
        new(workload.Namespace, workload.Name, LabelSelector.Of(workload.Pods.Labels), null, new IntOrPercent(10, IsPercent: true));

    /// <summary>Room for all of the namespace, its surges and a tenth more.</summary>
    private static NamespaceQuota QuotaOf(IGrouping<string, Workload> workloads)
    {
        var pods = workloads.SelectMany(workload => Enumerable.Repeat(workload.Pods, workload.Replicas + workload.MaxSurge)).ToList();
        var requests = pods.Aggregate(Resources.None, (sum, pod) => sum + pod.Requests);
        var limits = pods.Aggregate(Resources.None, (sum, pod) => sum + pod.Limits);
        return new NamespaceQuota(workloads.Key, "room", ImmutableSortedDictionary.CreateRange(StringComparer.Ordinal, new Dictionary<string, decimal>
        {
            ["pods"] = Room(pods.Count),
            ["requests.cpu"] = Room(requests.MilliCpu) / 1000,
            ["requests.memory"] = Room(requests.MemoryBytes),
            ["limits.memory"] = Room(limits.MemoryBytes),
            ["limits.ephemeral-storage"] = Room(limits.EphemeralBytes),
        }));
    }

    private static decimal Room(long used) => decimal.Ceiling(used * 1.1m);

    private static Database DatabaseOf(string name, ImmutableArray<string> zones) => new(
        name, "aurora-postgresql", [.. zones.Select((zone, tier) => new DatabaseInstance(string.Create(CultureInfo.InvariantCulture, $"{name}-{tier}"), zone, tier))], HasProxy: true);
}
