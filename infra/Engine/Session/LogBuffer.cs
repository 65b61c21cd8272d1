using System.Collections.Immutable;
using HaCluster.Engine.Graph;

namespace HaCluster.Engine.Session;

/// <summary>
/// What the program logged, bounded in lines and in text. Debug lines are not kept: the official SDK traces every call in thousands of them, in an
/// order that changes from run to run, so that equal plans would not be equal bytes.
/// </summary>
internal sealed class LogBuffer
{
    public const int MaxEntries = 10_000;
    public const int MaxMessageLength = 64 * 1024;

    private const int MaxTotalLength = 16 * 1024 * 1024;

    private readonly ImmutableArray<LogEntry>.Builder _entries = ImmutableArray.CreateBuilder<LogEntry>();
    private readonly Lock _lock = new();
    private long _length;
    private int _dropped;

    public void Add(LogEntry entry)
    {
        if (entry.Severity == LogSeverity.Debug)
            return;
        if (entry.Message.Length > MaxMessageLength)
            entry = entry with { Message = entry.Message[..MaxMessageLength] + "..." };
        lock (_lock)
        {
            if (_entries.Count >= MaxEntries || _length >= MaxTotalLength)
            {
                _dropped++;
                return;
            }
            _entries.Add(entry);
            _length += entry.Message.Length;
        }
    }

    public ImmutableArray<LogEntry> Snapshot()
    {
        lock (_lock)
        {
            return _dropped == 0
                ? _entries.ToImmutable()
                : [.. _entries, new LogEntry(LogSeverity.Warning, $"{_dropped} more log messages are not shown", null)];
        }
    }
}
