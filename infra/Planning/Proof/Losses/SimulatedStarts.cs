using System.Collections.Concurrent;
using System.Collections.Immutable;
using HaCluster.Simulation.Model;
using HaCluster.Simulation.Running;
using HaCluster.Simulation.Scheduling;

namespace HaCluster.Planning.Proof.Losses;

/// <summary>
/// How many replicas one zone or node may hold: the maximum that required rules allow, and, since preferred rules guarantee nothing, the maximum in several
/// simulated starts of the cluster, with different orders of arrival and different tie-breaks.
/// </summary>
internal sealed class SimulatedStarts
{
    /// <summary>Including the steady state that all other checks use.</summary>
    public const int Others = 4;

    private readonly ProofContext _context;
    private readonly Lazy<ImmutableArray<Dictionary<(Workload Workload, string Topology), int>>> _fullest;
    private readonly ConcurrentDictionary<Workload, (int Zones, int Nodes)> _domains = new(ReferenceEqualityComparer.Instance);
    private readonly Lazy<ClusterState> _empty;

    public SimulatedStarts(ProofContext context)
    {
        _context = context;
        _fullest = new(() => [.. Enumerable.Range(0, Number).AsParallel().AsOrdered().Select(number => FullestIn(number == 0 ? context.SteadyState : Start(number)))]);
        _empty = new(() => new ClusterState(context.Nodes.Select(node => node.Node)));
    }

    public static int Number => Others + 1;

    /// <summary>The separation of replicas that the required rules guarantee.</summary>
    public Separation SeparationOf(Workload workload, string topology)
    {
        var (zones, nodes) = DomainsOf(workload);
        var overZones = Separation.Of(workload, Labels.Zone, zones);
        if (topology == Labels.Zone)
            return overZones;
        var overNodes = Separation.Of(workload, Labels.Host, nodes, overZones);
        return overNodes with { IsPreferred = overNodes.IsPreferred || (overNodes.AtWorst > 1 && overZones.IsPreferred) };
    }

    /// <summary>The minimum number of replicas in the fullest zone (node) of any placement.</summary>
    public int AtBest(Workload workload, string topology)
    {
        var (zones, nodes) = DomainsOf(workload);
        var domains = Math.Max(1, topology == Labels.Zone ? zones : nodes);
        return (workload.Replicas + domains - 1) / domains;
    }

    /// <summary>Replicas in the fullest zone (node) of each start.</summary>
    public ImmutableArray<int> FullestOf(Workload workload, string topology) =>
        [.. _fullest.Value.Select(start => start.GetValueOrDefault((workload, topology)))];

    /// <summary>Domains where an empty node could take one of its pods. All nodes of a group in one zone are alike.</summary>
    private (int Zones, int Nodes) DomainsOf(Workload workload) => _domains.GetOrAdd(workload, _ =>
    {
        var scheduler = new Scheduler(_context.SchedulerOptions);
        var pod = new Pod(workload, 0, workload.Pods);
        // Locked, because the state is not thread-safe.
        lock (_empty)
        {
            var usable = _empty.Value.Nodes.GroupBy(node => (node.Node.Group ?? node.Node.Name, node.Node.Zone))
                .Where(alike => scheduler.Fits(_empty.Value, pod, alike.First())).ToList();
            return (usable.Select(alike => alike.Key.Zone).Distinct(StringComparer.Ordinal).Count(), usable.Sum(alike => alike.Count()));
        }
    });

    private ClusterRun Start(int number)
    {
        var order = _context.Model.Workloads.ToArray();
        new Random(number).Shuffle(order);
        return ClusterRun.InSteadyState(_context.Model with { Workloads = [.. order] }, _context.RunOptions with { Seed = _context.RunOptions.Seed + number });
    }

    private static Dictionary<(Workload Workload, string Topology), int> FullestIn(ClusterRun run)
    {
        var spread = run.State.Nodes.SelectMany(node => node.Pods
            .Where(pod => pod.Workload is { Replicas: > 1, Kind: WorkloadKind.Deployment or WorkloadKind.StatefulSet })
            .Select(pod => (pod.Workload, node.Node))).ToList();
        return FullestOver(Labels.Zone, node => node.Zone).Concat(FullestOver(Labels.Host, node => node.Name)).ToDictionary();

        IEnumerable<KeyValuePair<(Workload, string), int>> FullestOver(string topology, Func<Node, string> domain) => spread
            .CountBy(one => (one.Workload, Domain: domain(one.Node)))
            .GroupBy(count => count.Key.Workload, (workload, counts) => KeyValuePair.Create((workload, topology), counts.Max(count => count.Value)));
    }
}
