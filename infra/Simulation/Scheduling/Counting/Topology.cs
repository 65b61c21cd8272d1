namespace HaCluster.Simulation.Scheduling.Counting;

/// <summary>Which domain each node is in, for one topology key. Grows with the nodes.</summary>
internal sealed class Topology(object owner, TopologyKey key)
{
    private readonly Dictionary<string, int> _domains = new(StringComparer.Ordinal);
    private int[] _domainOf = [];

    private Topology(object owner, Topology source)
        : this(owner, source.Key)
    {
        _domains = new Dictionary<string, int>(source._domains, StringComparer.Ordinal);
        _domainOf = [.. source._domainOf];
    }

    /// <summary>The state that may change it; others copy it first.</summary>
    public object Owner { get; } = owner;

    public TopologyKey Key { get; } = key;

    /// <summary>By index of the node; -1 when it does not have the label.</summary>
    public int[] DomainOf => _domainOf;

    public int Count => _domains.Count;

    public Topology CopyFor(object owner) => new(owner, this);

    public void Add(NodeState node)
    {
        if (node.Index >= _domainOf.Length)
        {
            var filled = _domainOf.Length;
            Array.Resize(ref _domainOf, Math.Max(16, Math.Max(_domainOf.Length * 2, node.Index + 1)));
            Array.Fill(_domainOf, -1, filled, _domainOf.Length - filled);
        }

        _domainOf[node.Index] = -1;
        if (!node.Node.Labels.TryGetValue(Key.Name, out var value))
            return;
        if (!_domains.TryGetValue(value, out var domain))
            _domains.Add(value, domain = _domains.Count);
        _domainOf[node.Index] = domain;
    }
}
