using HaCluster.Simulation.Model;
using HaCluster.Simulation.Scheduling.Counting;

namespace HaCluster.Simulation.Scheduling;

/// <content>
/// Counters that are updated as pods and nodes come and go. They are created lazily: a counter is computed when
/// it is first requested,
/// and kept from then on.
/// </content>
public sealed partial class ClusterState
{
    private readonly Dictionary<string, long[]> _freeExtended = new(StringComparer.Ordinal);
    private Topology?[] _topologies = [];
    private NodeSet?[] _sets = [];
    private NodeCondition?[] _conditions = [];
    private DomainNodes?[] _domainNodes = [];
    private DomainScope?[] _scopes = [];
    private DomainCounts?[] _counts = [];
    private int[] _groupPods = [];
    private int _softlyTainted;

    /// <summary>Whether a node has a taint that scoring must consider.</summary>
    internal bool HasSoftTaints => _softlyTainted > 0;

    /// <summary>Pods of the group that are bound.</summary>
    internal int PodsOf(PodGroup group) => group.Id < _groupPods.Length ? _groupPods[group.Id] : 0;

    internal long FreeExtended(string name, int node) =>
        _freeExtended.TryGetValue(name, out var free) && node < free.Length ? free[node]
            : _byIndex[node]!.Node.Extended.GetValueOrDefault(name);

    internal Topology TopologyOf(TopologyKey key)
    {
        Reserve(ref _topologies, key.Id);
        if (_topologies[key.Id] is { } known)
            return known;
        var topology = new Topology(_owner, key);
        foreach (var node in _nodes)
            topology.Add(node);
        return _topologies[key.Id] = topology;
    }

    internal NodeSet SetOf(NodeCondition condition)
    {
        Reserve(ref _sets, condition.Id);
        Reserve(ref _conditions, condition.Id);
        if (_sets[condition.Id] is { } known)
            return known;
        var set = new NodeSet(_owner, new ulong[(_rows.Length + 63) / 64]);
        foreach (var node in _nodes)
        {
            if (condition.Holds(node))
                set.Set(node.Index, true);
        }

        _conditions[condition.Id] = condition;
        return _sets[condition.Id] = set;
    }

    internal DomainNodes NodesOf(DomainScope scope)
    {
        Reserve(ref _domainNodes, scope.Id);
        Reserve(ref _scopes, scope.Id);
        if (_domainNodes[scope.Id] is { } known)
            return known;
        var (set, topology, nodes) = (SetOf(scope.Condition), TopologyOf(scope.Key), new DomainNodes(_owner));
        foreach (var node in _nodes)
        {
            if (set[node.Index] && topology.DomainOf[node.Index] is var domain and >= 0)
                nodes.Add(domain, 1);
        }

        _scopes[scope.Id] = scope;
        return _domainNodes[scope.Id] = nodes;
    }

    internal DomainCounts CountsOf(Counter counter)
    {
        Reserve(ref _counts, counter.Id);
        if (_counts[counter.Id] is { } known)
            return known;
        TopologyOf(counter.Key);
        if (counter.Scope is { } scope)
            NodesOf(scope);
        _counts[counter.Id] = new DomainCounts(_owner);
        foreach (var source in Catalog.SourcesOf(counter))
        {
            if (PodsOf(source) == 0)
                continue;
            CountAll(counter);
            break;
        }

        return _counts[counter.Id]!;
    }

    private static void Reserve<T>(ref T[] items, int index)
    {
        if (index >= items.Length)
            Array.Resize(ref items, Math.Max(16, Math.Max(items.Length * 2, index + 1)));
    }

    private void CountAll(Counter counter)
    {
        foreach (var (_, placement) in _placements.All)
        {
            foreach (var one in placement.Template.Group.CountedBy)
            {
                if (ReferenceEquals(one, counter) && !(placement.IsEnding && counter.IsOfSpread))
                    Add(counter, placement.Node, 1);
            }

            foreach (var carried in placement.Template.Carried)
            {
                if (ReferenceEquals(carried.Counter, counter))
                    Add(counter, placement.Node, carried.Amount);
            }
        }
    }

    /// <summary>Everything that changes when a pod of the template comes (1) or goes (-1).</summary>
    private void Count(PodTemplate template, NodeState node, int times, bool isEnding = false)
    {
        var (spec, group) = (template.Spec, template.Group);
        ref var row = ref _rows[node.Index];
        row.FreeCpu -= spec.Requests.MilliCpu * times;
        row.FreeMemory -= spec.Requests.MemoryBytes * times;
        row.FreeEphemeral -= spec.Requests.EphemeralBytes * times;
        row.NonZeroCpu += template.NonZeroRequests.MilliCpu * times;
        row.NonZeroMemory += template.NonZeroRequests.MemoryBytes * times;
        row.FreePods -= times;
        row.HostPortPods += spec.HostPorts.IsEmpty ? 0 : times;
        if (!spec.Extended.IsEmpty)
            CountExtended(spec, node, times);
        Reserve(ref _groupPods, group.Id);
        _groupPods[group.Id] += times;
        CountDomains(template, node.Index, times, isEnding);
    }

    private void CountDomains(PodTemplate template, int node, int times, bool isEnding)
    {
        foreach (var counter in template.Group.CountedBy)
        {
            if (!(isEnding && counter.IsOfSpread))
                Add(counter, node, times);
        }

        foreach (var carried in template.Carried)
            Add(carried.Counter, node, carried.Amount * times);
    }

    private void Add(Counter counter, int node, int amount)
    {
        if (counter.Id >= _counts.Length || _counts[counter.Id] is null)
            return;
        if (counter.Scope is { } scope && !_sets[scope.Condition.Id]![node])
            return;
        var domain = _topologies[counter.Key.Id]!.DomainOf[node];
        if (domain >= 0)
            Own(ref _counts[counter.Id]!).Add(domain, amount);
    }

    private void CountExtended(PodSpec spec, NodeState node, int times)
    {
        foreach (var (name, amount) in spec.Extended)
        {
            if (!_freeExtended.TryGetValue(name, out var free) || node.Index >= free.Length)
                _freeExtended[name] = free = ExtendedWithout(name, free ?? []);
            free[node.Index] -= amount * times;
        }
    }

    /// <summary>Adds capacity for new nodes; nothing of theirs is used yet.</summary>
    private long[] ExtendedWithout(string name, long[] before)
    {
        var free = new long[_rows.Length];
        before.CopyTo(free, 0);
        foreach (var node in _nodes)
        {
            if (node.Index >= before.Length)
                free[node.Index] = node.Node.Extended.GetValueOrDefault(name);
        }

        return free;
    }
}
