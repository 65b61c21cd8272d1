using HaCluster.Simulation.Model;

namespace HaCluster.Simulation.Scheduling;

/// <content>Updates when nodes are added, removed or changed.</content>
public sealed partial class ClusterState
{
    private int[]? _order;

    /// <summary>Where the search for nodes continues, and the number of decisions: part of the state, so that a clone continues identically.</summary>
    internal SearchCursor Cursor { get; set; }

    /// <summary>Indexes in the order in which the scheduler looks at the nodes.</summary>
    internal ReadOnlySpan<int> Order => _order ??= NodeOrder.Of(_nodes, _rows, Catalog.ZoneCount);

    private void OnNodeAdded(NodeState node)
    {
        _order = null;
        foreach (ref var topology in _topologies.AsSpan())
        {
            if (topology is not null)
                Own(ref topology!).Add(node);
        }

        foreach (var free in _freeExtended)
        {
            if (node.Index < free.Value.Length)
                free.Value[node.Index] = node.Node.Extended.GetValueOrDefault(free.Key);
        }

        Classify(node, isPresent: true);
        _softlyTainted += HasSoftTaint(node) ? 1 : 0;
    }

    private void OnNodeRemoved(NodeState node)
    {
        _order = null;
        Classify(node, isPresent: false);
        _softlyTainted -= HasSoftTaint(node) ? 1 : 0;
    }

    /// <summary>Its pods are subtracted before and added again after, because some counters include only nodes that a pod tolerates.</summary>
    private void Reclassify(NodeState node, Action change)
    {
        CountDomains(node, -1);
        _softlyTainted -= HasSoftTaint(node) ? 1 : 0;
        change();
        _softlyTainted += HasSoftTaint(node) ? 1 : 0;
        Classify(node, isPresent: true);
        CountDomains(node, 1);
    }

    private void CountDomains(NodeState node, int times)
    {
        foreach (var pod in node.PodsNow)
        {
            var placement = PlacementOf(pod);
            CountDomains(placement.Template, node.Index, times, placement.IsEnding);
        }
    }

    /// <summary>Evaluates all conditions on the node again.</summary>
    private void Classify(NodeState node, bool isPresent)
    {
        Count(node, -1);
        for (var id = 0; id < _sets.Length; id++)
        {
            if (_conditions[id] is not { } condition)
                continue;
            var holds = isPresent && condition.Holds(node);
            if (_sets[id]![node.Index] != holds)
                Own(ref _sets[id]!).Set(node.Index, holds);
        }

        Count(node, 1);
    }

    private void Count(NodeState node, int times)
    {
        for (var id = 0; id < _scopes.Length; id++)
        {
            if (_scopes[id] is { } scope && _sets[scope.Condition.Id]![node.Index]
                && _topologies[scope.Key.Id]!.DomainOf[node.Index] is var domain and >= 0)
                Own(ref _domainNodes[id]!).Add(domain, times);
        }
    }

    private static bool HasSoftTaint(NodeState node)
    {
        foreach (var taint in node.Taints)
        {
            if (taint.Effect == TaintEffect.PreferNoSchedule)
                return true;
        }

        return false;
    }
}
