using System.Runtime.CompilerServices;

namespace HaCluster.Simulation.Scheduling.Counting;

/// <summary>The numbers of a counter as an array by domain, for fast reads for hundreds of nodes. Reused.</summary>
internal sealed class DomainView
{
    private int[] _domainOf = [];
    private int[] _amounts = [];
    private int[] _touched = [];
    private int[] _loaded = [];
    private int _count;

    public int Limit { get; set; }

    /// <summary>-1 when the node does not have the label.</summary>
    public int DomainOf(int node) => _domainOf[node];

    public int this[int domain] => _amounts[domain];

    /// <summary>For loops over nodes.</summary>
    public ReadOnlySpan<int> Domains => _domainOf;

    /// <summary>By domain.</summary>
    public ReadOnlySpan<int> Amounts => _amounts;

    [MethodImpl(HotPath.Options)]
    public void Load(Topology topology, DomainCounts counts)
    {
        for (var at = 0; at < _count; at++)
            _amounts[_touched[at]] = 0;
        _domainOf = topology.DomainOf;
        if (_amounts.Length < topology.Count)
            Array.Resize(ref _amounts, Math.Max(topology.Count, _amounts.Length * 2));
        if (_touched.Length < counts.Used)
        {
            _touched = new int[Math.Max(counts.Used, _touched.Length * 2)];
            _loaded = new int[_touched.Length];
        }

        _count = counts.CopyTo(_touched, _loaded);
        for (var at = 0; at < _count; at++)
            _amounts[_touched[at]] = _loaded[at];
    }
}
