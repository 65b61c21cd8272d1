using HaCluster.Engine.Graph;

namespace HaCluster.Engine;

/// <summary>Progress of a run.</summary>
public abstract record EngineEvent
{
    private EngineEvent() { }

    /// <summary>The program's process has started.</summary>
    public sealed record Started : EngineEvent;

    /// <summary>A resource was registered or read; <paramref name="Count"/> is how many so far.</summary>
    public sealed record Registered(ResourceNode Resource, int Count) : EngineEvent;

    public sealed record Logged(LogEntry Entry) : EngineEvent;
}
