namespace HaCluster.Twin.Storage;

/// <summary>
/// The history of one resource: a linked list that writers append to under the store's lock and that readers follow without one. What was compacted is cut
/// off, so a reader that stands there learns that it is too late, and holds no memory.
/// </summary>
internal sealed class EventLog
{
    private readonly Lock _waiting = new();
    private readonly int _limit;
    private Entry _first = new(null);
    private Entry _last;
    private int _count;
    private TaskCompletionSource? _appended;

    public EventLog(int limit)
    {
        _limit = limit;
        _last = _first;
    }

    /// <summary>The newest resource version that history no longer tells of.</summary>
    public long CompactedVersion { get; private set; }

    public void Append(WatchEvent change)
    {
        var entry = new Entry(change);
        _last.Next = entry;
        _last = entry;
        if (++_count > _limit)
            DropFirst();
    }

    /// <summary>Wakes the readers. Their code runs on the thread pool, never on the writer's thread.</summary>
    public void Wake()
    {
        TaskCompletionSource? waiters;
        lock (_waiting)
            (waiters, _appended) = (_appended, null);
        waiters?.SetResult();
    }

    public void Compact()
    {
        while (_count > 0)
            DropFirst();
    }

    /// <summary>The entry after which the events newer than <paramref name="version"/> stand; null when history does not reach back that far.</summary>
    public Entry? Before(long version)
    {
        if (version < CompactedVersion)
            return null;
        var entry = _first;
        while (entry.Next is { } next && next.Change!.ResourceVersion <= version)
            entry = next;
        return entry;
    }

    /// <summary>Completes when there is an entry after <paramref name="entry"/>, or when it was compacted.</summary>
    public Task WaitAsync(Entry entry)
    {
        lock (_waiting)
        {
            if (entry.Next is not null || entry.IsCompacted)
                return Task.CompletedTask;
            return (_appended ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        }
    }

    private void DropFirst()
    {
        var dropped = _first;
        _first = dropped.Next!;
        CompactedVersion = _first.Change!.ResourceVersion;
        _count--;
        dropped.Drop();
    }

    internal sealed class Entry(WatchEvent? change)
    {
        private volatile Entry? _next;
        private volatile bool _isCompacted;

        public WatchEvent? Change { get; } = change;

        public Entry? Next { get => _next; set => _next = value; }

        /// <summary>Whether what follows was cut off: its reader lost events, or cannot know that it did not.</summary>
        public bool IsCompacted => _isCompacted;

        public void Drop()
        {
            _isCompacted = true;
            _next = null;
        }
    }
}
