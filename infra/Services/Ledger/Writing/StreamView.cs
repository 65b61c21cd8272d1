using System.Collections.Immutable;
using HaCluster.Ledger.Proof;

namespace HaCluster.Ledger.Writing;

/// <summary>A stream as others see it.</summary>
/// <param name="UncoveredSince">Time of the oldest record that no checkpoint covers; null without one.</param>
internal sealed record StreamView(string Stream, long Size, string Head, DateTimeOffset At, SignedCheckpoint? Checkpoint, DateTimeOffset? UncoveredSince, ImmutableArray<ProducerView> Producers)
{
    public static StreamView Of(StreamState state) => new(
        state.Stream, state.Size, state.Head, state.At, state.Checkpoint, state.UncoveredSince,
        [.. state.Producers.Select(one => new ProducerView(one.Key, one.Value.Last, [.. one.Value.Gaps])).OrderBy(one => one.Producer, StringComparer.Ordinal)]);
}

/// <param name="Last">The highest number of a record.</param>
internal sealed record ProducerView(string Producer, long Last, ImmutableArray<Gap> Gaps);
