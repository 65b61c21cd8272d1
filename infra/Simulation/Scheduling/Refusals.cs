using System.Collections.Immutable;

namespace HaCluster.Simulation.Scheduling;

/// <summary>Counts why nodes are refused.</summary>
internal sealed class Refusals
{
    private readonly List<RefusedNodes> _counted = [];

    public bool IsEmpty => _counted.Count == 0;

    /// <summary>There are few reasons: a linear search is faster than a dictionary.</summary>
    public void Add(FilterReason reason, string text, string? detail = null, int count = 1)
    {
        for (var at = 0; at < _counted.Count; at++)
        {
            var known = _counted[at];
            if (known.Reason != reason || known.Text != text || known.Detail != detail)
                continue;
            _counted[at] = known with { Count = known.Count + count };
            return;
        }

        _counted.Add(new RefusedNodes(reason, text, count, detail));
    }

    public ImmutableArray<RefusedNodes> ToImmutable() =>
        [.. _counted.OrderBy(refused => refused.Reason).ThenByDescending(refused => refused.Count)
            .ThenBy(refused => refused.Text, StringComparer.Ordinal)];
}
