namespace HaCluster.Simulation.Running.Clock;

/// <summary>Scheduled events in order of time; at the same time, in order of insertion.</summary>
internal sealed class Agenda
{
    private readonly PriorityQueue<Due, (TimeSpan At, long Sequence)> _queue;
    private long _sequence;

    public Agenda() => _queue = new PriorityQueue<Due, (TimeSpan, long)>();

    private Agenda(Agenda other)
    {
        _queue = new PriorityQueue<Due, (TimeSpan, long)>(other._queue.UnorderedItems);
        _sequence = other._sequence;
    }

    public void Add(TimeSpan at, Due due) => _queue.Enqueue(due, (at, _sequence++));

    public TimeSpan? NextAt => _queue.TryPeek(out _, out var order) ? order.At : null;

    public Due Take() => _queue.Dequeue();

    public Agenda Clone() => new(this);
}
