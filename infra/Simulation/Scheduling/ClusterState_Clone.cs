using HaCluster.Simulation.Scheduling.Counting;

namespace HaCluster.Simulation.Scheduling;

/// <content>Copies: large parts are shared, and copied on the first change.</content>
public sealed partial class ClusterState
{
    private object _indexesOwner;

    private ClusterState(ClusterState source)
    {
        Catalog = source.Catalog;
        Storage = source.Storage;
        _placements = source._placements.Clone();
        _volumes = source._volumes;
        _indexes = source._indexes;
        _indexesOwner = source;
        _rows = [.. source._rows];
        _byIndex = new NodeState?[source._byIndex.Length];
        _nextIndex = source._nextIndex;
        _bindings = source._bindings;
        _nodes.Capacity = source._nodes.Capacity;
        foreach (var node in source._nodes)
        {
            var copy = new NodeState(this, node);
            _nodes.Add(copy);
            _byIndex[copy.Index] = copy;
        }

        _topologies = [.. source._topologies];
        _sets = [.. source._sets];
        _conditions = [.. source._conditions];
        _scopes = [.. source._scopes];
        _domainNodes = [.. source._domainNodes];
        _counts = [.. source._counts];
        _groupPods = [.. source._groupPods];
        foreach (var (name, free) in source._freeExtended)
            _freeExtended.Add(name, [.. free]);
        _order = source._order;
        _softlyTainted = source._softlyTainted;
        Cursor = source.Cursor;
    }

    /// <summary>
    /// An independent copy, cheap enough to be made for each scenario. Nodes are new objects with the same <see cref="NodeState.Index"/>;
    /// pods are shared.
    /// Several threads may clone one state at once, so long as none changes it.
    /// </summary>
    public ClusterState Clone()
    {
        _owner = new object();
        return new ClusterState(this);
    }

    private Dictionary<string, int> OwnIndexes()
    {
        if (_indexesOwner != _owner)
            (_indexes, _indexesOwner) = (new Dictionary<string, int>(_indexes, StringComparer.Ordinal), _owner);
        return _indexes;
    }

    private DomainCounts Own(ref DomainCounts counts) => counts.Owner == _owner ? counts : counts = counts.CopyFor(_owner);

    private NodeSet Own(ref NodeSet set) => set.Owner == _owner ? set : set = set.CopyFor(_owner);

    private DomainNodes Own(ref DomainNodes nodes) => nodes.Owner == _owner ? nodes : nodes = nodes.CopyFor(_owner);

    private Topology Own(ref Topology topology) => topology.Owner == _owner ? topology : topology = topology.CopyFor(_owner);
}
