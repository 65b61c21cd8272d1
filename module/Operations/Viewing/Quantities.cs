using System.Collections.Concurrent;
using HaCluster.Planning.Capacity;

namespace HaCluster.Operations.Viewing;

/// <summary>Amounts of Kubernetes as numbers; thousands of pods request the same few.</summary>
internal sealed class Quantities
{
    private readonly ConcurrentDictionary<string, decimal> _known = new(StringComparer.Ordinal);

    /// <returns>0 for what is missing or is not a quantity.</returns>
    public decimal Of(string? text) => text is null ? 0 : _known.GetOrAdd(text, static one => Quantity.Parse(one) ?? 0);
}
