using System.Collections.Immutable;
using HaCluster.Engine.Values;

namespace HaCluster.Engine.Graph;

/// <summary>What a program declared in one run. From the engine it comes in <see cref="StableOrder"/>, the same in every run; the order of registration is in <see cref="EngineEvent.Registered"/>.</summary>
public sealed record ResourceGraph
{
    public required string Project { get; init; }

    public required string Stack { get; init; }

    public required RunMode Mode { get; init; }

    public required ImmutableArray<ResourceNode> Resources { get; init; }

    public required ImmutableSortedDictionary<string, PropertyValue> Outputs { get; init; }

    public required ImmutableArray<InvokeRecord> Invokes { get; init; }

    public required ImmutableArray<LogEntry> Logs { get; init; }
}
