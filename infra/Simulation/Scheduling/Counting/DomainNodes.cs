namespace HaCluster.Simulation.Scheduling.Counting;

/// <summary>The number of nodes of a <see cref="DomainScope"/> in each domain.</summary>
internal sealed class DomainNodes(object owner)
{
    private int[] _nodes = [];

    private DomainNodes(object owner, DomainNodes source)
        : this(owner)
    {
        _nodes = [.. source._nodes];
        Domains = source.Domains;
    }

    /// <summary>The state that may change it; others copy it first.</summary>
    public object Owner { get; } = owner;

    /// <summary>Those with a node.</summary>
    public int Domains { get; private set; }

    public DomainNodes CopyFor(object owner) => new(owner, this);

    public void Add(int domain, int amount)
    {
        if (domain >= _nodes.Length)
            Array.Resize(ref _nodes, Math.Max(4, Math.Max(_nodes.Length * 2, domain + 1)));
        Domains -= _nodes[domain] > 0 ? 1 : 0;
        _nodes[domain] += amount;
        Domains += _nodes[domain] > 0 ? 1 : 0;
    }
}
