using System.Collections.Immutable;

namespace HaCluster.Engine.Session;

/// <summary>The problems of a run, in order. Thread-safe and bounded: a program that fails endlessly does not fill the memory.</summary>
internal sealed class DiagnosticLog
{
    public const int Capacity = 1_000;

    private readonly List<Diagnostic> _entries = [];
    private readonly Lock _lock = new();
    private int _dropped;

    public bool IsEmpty
    {
        get
        {
            lock (_lock)
                return _entries.Count == 0;
        }
    }

    public void Add(Diagnostic diagnostic)
    {
        lock (_lock)
        {
            if (_entries.Count < Capacity)
                _entries.Add(diagnostic);
            else
                _dropped++;
        }
    }

    /// <summary>True when the text only repeats a problem that is already known, as a runtime does with the error its call ended with.</summary>
    public bool IsRepetition(string text)
    {
        lock (_lock)
            return _entries.Any(entry => text.Contains(entry.Message, StringComparison.Ordinal));
    }

    public ImmutableArray<Diagnostic> Snapshot()
    {
        lock (_lock)
        {
            return _dropped == 0
                ? [.. _entries]
                : [.. _entries, new Diagnostic($"{_dropped} more problems are not shown")];
        }
    }
}
