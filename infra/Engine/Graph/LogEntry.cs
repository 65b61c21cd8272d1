namespace HaCluster.Engine.Graph;

/// <summary>A line the program sent to the engine's log.</summary>
public sealed record LogEntry(LogSeverity Severity, string Message, string? Urn);

public enum LogSeverity
{
    Debug,
    Info,
    Warning,
    Error,
}
