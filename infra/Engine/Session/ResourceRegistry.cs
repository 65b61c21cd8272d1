using System.Collections.Immutable;
using HaCluster.Engine.Graph;
using HaCluster.Engine.Values;

namespace HaCluster.Engine.Session;

/// <summary>The resources of a run, by URN and in the order of their registration. Used from many threads.</summary>
internal sealed class ResourceRegistry
{
    /// <summary>Beyond this a program is taken to be running away: a deployment of this size would fail in any backend.</summary>
    public const int MaxResources = 100_000;

    /// <summary>Of the requests whose content is kept.</summary>
    public const long MaxRetainedBytes = 1L << 30;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, int> _positions = new(StringComparer.Ordinal);
    private readonly List<ResourceNode> _nodes = [];
    private readonly Dictionary<string, string> _urnsById = new(StringComparer.Ordinal);
    private long _retained;

    public int Count
    {
        get
        {
            lock (_lock)
                return _nodes.Count;
        }
    }

    public ResourceNode? Find(string urn)
    {
        lock (_lock)
            return _positions.TryGetValue(urn, out var position) ? _nodes[position] : null;
    }

    /// <summary>The resource that was answered with this id, if any: lets simulated resources look things up in what they refer to.</summary>
    public ResourceNode? FindById(string id)
    {
        lock (_lock)
            return _urnsById.TryGetValue(id, out var urn) ? _nodes[_positions[urn]] : null;
    }

    /// <returns>False when the URN is taken.</returns>
    /// <exception cref="InvalidOperationException">The program declares more than the engine is willing to hold.</exception>
    public bool TryAdd(ResourceNode node, int size, out int count)
    {
        lock (_lock)
        {
            count = _nodes.Count;
            if (_positions.ContainsKey(node.Urn))
                return false;
            if (count >= MaxResources)
                throw new InvalidOperationException($"the program declares more than {MaxResources} resources");
            if (_retained + size > MaxRetainedBytes)
                throw new InvalidOperationException($"the program's resources take more than {MaxRetainedBytes >> 20} MiB");
            _retained += size;
            _positions.Add(node.Urn, count);
            _nodes.Add(node);
            count++;
            if (!string.IsNullOrEmpty(node.Id))
                _urnsById.TryAdd(node.Id, node.Urn);
            return true;
        }
    }

    /// <returns>False if the resource does not exist.</returns>
    public bool TrySetOutputs(string urn, ImmutableSortedDictionary<string, PropertyValue> outputs)
    {
        lock (_lock)
        {
            if (!_positions.TryGetValue(urn, out var position))
                return false;
            _nodes[position] = _nodes[position] with { Outputs = outputs };
            return true;
        }
    }

    public ImmutableArray<ResourceNode> Snapshot()
    {
        lock (_lock)
            return [.. _nodes];
    }
}
