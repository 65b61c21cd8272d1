using System.Collections.Immutable;
using System.Globalization;
using HaCluster.Simulation.Model;
using HaCluster.Simulation.Scheduling;

namespace HaCluster.Benchmarks.Scheduling;

/// <summary>
/// A cluster such as a company has: four pools in three zones, three of them tainted, in groups no larger than EKS takes; 40 workloads for
/// every 50 nodes, a third spread over zones (half of those without exception), a tenth apart by hosts; five daemon sets. The same for the
/// same size.
/// </summary>
internal sealed class SyntheticCluster
{
    private const long Gibibyte = 1L << 30;

    private static readonly ImmutableArray<string> Zones = ["eu-central-1a", "eu-central-1b", "eu-central-1c"];

    private static readonly ImmutableArray<(string Name, int Percent)> Pools =
        [("general", 60), ("compute", 20), ("memory", 15), ("edge", 5)];

    /// <summary>Nodes of a managed group, at most: https://docs.aws.amazon.com/eks/latest/userguide/service-quotas.html</summary>
    private const int LargestGroup = 450;

    /// <summary>Of a group that may be away at once while it is updated.</summary>
    private const int UpdatedPercent = 25;

    private SyntheticCluster(ImmutableArray<NodeGroup> groups, ImmutableArray<Node> nodes, ImmutableArray<Pod> pods, int workloads) =>
        (Groups, Nodes, Pods, Workloads) = (groups, nodes, pods, workloads);

    public ImmutableArray<NodeGroup> Groups { get; }

    /// <summary>Those of the groups.</summary>
    public ImmutableArray<Node> Nodes { get; }

    /// <summary>Daemon sets first, then workload after workload.</summary>
    public ImmutableArray<Pod> Pods { get; }

    public int Workloads { get; }

    /// <param name="pods">With those of the daemon sets.</param>
    public static SyntheticCluster Of(int nodes, int pods)
    {
        var random = new Random(4);
        var groups = Pools.SelectMany(pool => GroupsOf(pool.Name, nodes * pool.Percent / 100)).ToImmutableArray();
        var machines = groups.SelectMany(group => Enumerable.Range(0, group.Desired).Select(group.NodeAt)).ToImmutableArray();
        var all = Enumerable.Range(0, 5).SelectMany(number => PodFactory.Of(Daemon(number), machines)).ToList();
        var workloads = nodes * 4 / 5;
        for (var number = 0; number < workloads; number++)
        {
            // Between a quarter and seven quarters of the mean; the last one makes up the number.
            var mean = (pods - all.Count) / (workloads - number);
            var replicas = number == workloads - 1 ? mean : Math.Max(1, mean * random.Next(25, 176) / 100);
            all.AddRange(PodFactory.Of(Service(number, replicas, random), machines));
        }

        return new SyntheticCluster(groups, machines, [.. all], workloads + 5);
    }

    private static IEnumerable<NodeGroup> GroupsOf(string pool, int count)
    {
        for (var number = 0; count > 0; number++, count -= LargestGroup)
            yield return GroupOf(pool, number, Math.Min(count, LargestGroup));
    }

    private static NodeGroup GroupOf(string pool, int number, int count) => new()
    {
        Name = string.Create(CultureInfo.InvariantCulture, $"{pool}-{number}"),
        Zones = Zones,
        Min = count,
        Desired = count,
        Max = LargestGroup,
        UpdatedAtOnce = Math.Max(1, count * UpdatedPercent / 100),
        RepairsNodes = true,
        Template = new Node
        {
            Name = "",
            Zone = "",
            Allocatable = new Resources(15_890, 58 * Gibibyte, 80 * Gibibyte),
            Labels = Labels.Of(("pool", pool)),
            Taints = pool == "general" ? [] : [new Taint("pool", pool, TaintEffect.NoSchedule)],
        },
    };

    private static Workload Daemon(int number)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"agent-{number}");
        return new Workload
        {
            Kind = WorkloadKind.DaemonSet,
            Namespace = "kube-system",
            Name = name,
            Source = new Origin.File("benchmark"),
            Pods = new PodSpec
            {
                Requests = new Resources(50, Gibibyte / 8, 0),
                Labels = Labels.Of(("app", name)),
                Tolerations = [new Toleration(null, Exists: true, "", Effect: null)],
            },
        };
    }

    private static Workload Service(int number, int replicas, Random random)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"service-{number}");
        var labels = Labels.Of(("app", name), ("team", string.Create(CultureInfo.InvariantCulture, $"team-{number % 40}")));
        var pool = PoolOf(random.Next(100));
        return new Workload
        {
            Kind = WorkloadKind.Deployment,
            Namespace = string.Create(CultureInfo.InvariantCulture, $"team-{number % 40}"),
            Name = name,
            Replicas = replicas,
            Source = new Origin.File("benchmark"),
            Pods = new PodSpec
            {
                Requests = new Resources(random.Next(1, 8) * 50, random.Next(1, 9) * (Gibibyte / 8), 0),
                Labels = labels,
                NodeSelector = Labels.Of(("pool", pool)),
                Tolerations = pool == "general" ? [] : [new Toleration("pool", Exists: false, pool, TaintEffect.NoSchedule)],
                Spread = number % 3 == 0 ? [ZoneSpread(labels, isRequired: number % 2 == 0)] : [],
                Affinity = number % 10 == 1 ? Apart(labels, isRequired: number % 20 == 1 && replicas <= 40) : Affinity.None,
            },
        };
    }

    private static string PoolOf(int percent)
    {
        foreach (var (name, share) in Pools)
        {
            if ((percent -= share) < 0)
                return name;
        }

        return Pools[0].Name;
    }

    private static TopologySpread ZoneSpread(ImmutableSortedDictionary<string, string> labels, bool isRequired) => new()
    {
        TopologyKey = Labels.Zone,
        MaxSkew = 1,
        IsRequired = isRequired,
        Selector = LabelSelector.Of(labels),
    };

    private static Affinity Apart(ImmutableSortedDictionary<string, string> labels, bool isRequired)
    {
        var term = new PodAffinityTerm(LabelSelector.Of(labels), Labels.Host, []);
        return isRequired ? new Affinity { Apart = [term] } : new Affinity { PreferredApart = [new PreferredPods(100, term)] };
    }
}
