using System.Runtime.CompilerServices;

namespace HaCluster.Simulation.Scheduling.Counting;

/// <summary>
/// The numbers of a <see cref="Counter"/>: domain to number, zeros left out. Most counters have three zones or the few hosts that a
/// workload runs on,
/// so a small table with linear probing holds them, however many hosts there are.
/// </summary>
internal sealed class DomainCounts
{
    private const int Empty = -1;

    private int[] _domains;
    private int[] _amounts;

    public DomainCounts(object owner)
    {
        Owner = owner;
        _domains = [Empty, Empty, Empty, Empty];
        _amounts = new int[4];
    }

    private DomainCounts(object owner, DomainCounts source)
    {
        Owner = owner;
        _domains = [.. source._domains];
        _amounts = [.. source._amounts];
        Used = source.Used;
    }

    /// <summary>The state that may change it; others copy it first.</summary>
    public object Owner { get; }

    /// <summary>Domains with a number other than zero.</summary>
    public int Used { get; private set; }

    public int this[int domain]
    {
        get
        {
            for (var at = domain & Mask; _domains[at] != Empty; at = (at + 1) & Mask)
            {
                if (_domains[at] == domain)
                    return _amounts[at];
            }

            return 0;
        }
    }

    private int Mask => _domains.Length - 1;

    public DomainCounts CopyFor(object owner) => new(owner, this);

    public void Add(int domain, int amount)
    {
        var at = domain & Mask;
        while (_domains[at] != Empty && _domains[at] != domain)
            at = (at + 1) & Mask;
        if (_domains[at] == domain)
        {
            if ((_amounts[at] += amount) == 0)
                RemoveAt(at);
            return;
        }

        _domains[at] = domain;
        _amounts[at] = amount;
        if (++Used > _domains.Length / 2)
            Grow();
    }

    /// <summary>The minimum over all domains, of which there are <paramref name="domains"/>.</summary>
    public int Min(int domains)
    {
        if (Used < domains)
            return 0;
        var min = int.MaxValue;
        for (var at = 0; at < _domains.Length; at++)
        {
            if (_domains[at] != Empty)
                min = Math.Min(min, _amounts[at]);
        }

        return min == int.MaxValue ? 0 : min;
    }

    /// <summary>Writes pairs of domain and amount; returns their number.</summary>
    [MethodImpl(HotPath.Options)]
    public int CopyTo(Span<int> domains, Span<int> amounts)
    {
        var count = 0;
        for (var at = 0; at < _domains.Length; at++)
        {
            if (_domains[at] == Empty)
                continue;
            domains[count] = _domains[at];
            amounts[count++] = _amounts[at];
        }

        return count;
    }

    /// <summary>Closes the gap, so that no search stops too early.</summary>
    private void RemoveAt(int gap)
    {
        Used--;
        for (var at = (gap + 1) & Mask; _domains[at] != Empty; at = (at + 1) & Mask)
        {
            var home = _domains[at] & Mask;
            if (((at - home) & Mask) < ((at - gap) & Mask))
                continue;
            (_domains[gap], _amounts[gap]) = (_domains[at], _amounts[at]);
            gap = at;
        }

        _domains[gap] = Empty;
        _amounts[gap] = 0;
    }

    private void Grow()
    {
        var (domains, amounts) = (_domains, _amounts);
        _domains = new int[domains.Length * 2];
        _amounts = new int[domains.Length * 2];
        Array.Fill(_domains, Empty);
        Used = 0;
        for (var at = 0; at < domains.Length; at++)
        {
            if (domains[at] != Empty)
                Add(domains[at], amounts[at]);
        }
    }
}
