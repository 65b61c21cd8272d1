using System.Collections.Immutable;
using HaCluster.Engine.Graph;

namespace HaCluster.Engine.Session;

/// <summary>What the program logged. Bounded in lines and in text; debug lines, which runtimes write by the dozen, may take half of it.</summary>
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
        if (entry.Message.Length > MaxMessageLength)
            entry = entry with { Message = entry.Message[..MaxMessageLength] + "..." };
        lock (_lock)
        {
            var share = entry.Severity == LogSeverity.Debug ? 2 : 1;
            if (_entries.Count >= MaxEntries / share || _length >= MaxTotalLength / share)
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
