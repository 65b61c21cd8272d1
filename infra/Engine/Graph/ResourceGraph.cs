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

/// <summary>A function call of the program (<c>aws:index/getAvailabilityZones:getAvailabilityZones</c>) and its answer.</summary>
public sealed record InvokeRecord(
    string Token,
    ImmutableSortedDictionary<string, PropertyValue> Arguments,
    ImmutableSortedDictionary<string, PropertyValue> Result);

/// <summary>A line the program sent to the engine's log.</summary>
public sealed record LogEntry(LogSeverity Severity, string Message, string? Urn);

public enum LogSeverity
{
    Debug,
    Info,
    Warning,
    Error,
}

/// <summary>How the engine answers registrations.</summary>
public enum RunMode
{
    /// <summary>As <c>pulumi preview</c> of a new stack: ids and outputs are unknown.</summary>
    Preview,

    /// <summary>As if everything had been created: plausible ids, ARNs and endpoints, equal in every run.</summary>
    Simulated,
}
