using System.Collections.Immutable;
using System.Text;

namespace HaCluster.Engine.Running;

/// <summary>The last lines of a program's output. Memory is bounded, both for many lines and for endless ones.</summary>
internal sealed class OutputTail
{
    public const int MaxLines = 1_000;

    private const int MaxLineLength = 4_000;

    private readonly Queue<string> _lines = new();
    private readonly Lock _lock = new();

    /// <summary>Reads to the end of the stream.</summary>
    public async Task ReadAsync(StreamReader reader, Action onActivity)
    {
        var buffer = new char[8_192];
        var line = new StringBuilder();
        int count;
        while ((count = await reader.ReadAsync(buffer)) > 0)
        {
            onActivity();
            foreach (var one in buffer.AsSpan(0, count))
            {
                if (one == '\n')
                    Complete(line);
                else if (line.Length < MaxLineLength)
                    line.Append(one);
                else if (line.Length == MaxLineLength)
                    line.Append("...");
            }
        }
        if (line.Length > 0)
            Complete(line);
    }

    public ImmutableArray<string> Snapshot()
    {
        lock (_lock)
            return [.. _lines];
    }

    private void Complete(StringBuilder line)
    {
        var text = line.ToString().TrimEnd('\r');
        line.Clear();
        lock (_lock)
        {
            if (_lines.Count == MaxLines)
                _lines.Dequeue();
            _lines.Enqueue(text);
        }
    }
}
