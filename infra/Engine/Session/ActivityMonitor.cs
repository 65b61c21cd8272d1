using System.Diagnostics;
using HaCluster.Engine.Serving;

namespace HaCluster.Engine.Session;

/// <summary>Records the last activity of the program, to detect a hang and to explain it.</summary>
internal sealed class ActivityMonitor(DiagnosticLog diagnostics) : ICallObserver
{
    private const int Remembered = 5;

    private readonly Queue<string> _recent = new();
    private readonly Lock _lock = new();
    private long _last = Stopwatch.GetTimestamp();
    private int _calls;
    private int _pending;

    /// <summary>A call was malformed, or the engine failed at it.</summary>
    public bool SawViolation { get; private set; }

    /// <summary>How many calls the program has made.</summary>
    public int Calls => Volatile.Read(ref _calls);

    /// <summary>Calls that arrived but were not complete.</summary>
    public int Pending => Volatile.Read(ref _pending);

    public TimeSpan Silence => Stopwatch.GetElapsedTime(Volatile.Read(ref _last));

    public void Touch() => Volatile.Write(ref _last, Stopwatch.GetTimestamp());

    /// <summary>Remembers what was last asked for.</summary>
    public void Note(string what)
    {
        lock (_lock)
        {
            if (_recent.Count == Remembered)
                _recent.Dequeue();
            _recent.Enqueue(what);
        }
    }

    /// <summary>The last few things noted, the oldest first.</summary>
    public string Recent()
    {
        lock (_lock)
            return string.Join(", ", _recent);
    }

    public void Began(string method)
    {
        Interlocked.Increment(ref _calls);
        Interlocked.Increment(ref _pending);
        Touch();
    }

    public void Ended(string method)
    {
        Interlocked.Decrement(ref _pending);
        Touch();
    }

    public void Violated(string method, string problem)
    {
        SawViolation = true;
        diagnostics.Add(new Diagnostic($"a call of {method} broke the protocol: {problem}"));
    }

    public void Abandoned(string method) => Note($"{method} (abandoned by the program)");
}
