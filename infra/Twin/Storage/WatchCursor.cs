using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace HaCluster.Twin.Storage;

/// <summary>A reader of the changes of one resource, at its own pace. For one thread at a time.</summary>
public sealed class WatchCursor
{
    private readonly ObjectStore _store;
    private readonly EventLog _log;
    private readonly string? _namespace;
    private readonly long _from;
    private EventLog.Entry _entry;

    internal WatchCursor(ObjectStore store, EventLog log, EventLog.Entry entry, string? @namespace, long from)
    {
        _store = store;
        _log = log;
        _entry = entry;
        _namespace = @namespace;
        _from = from;
        Version = from;
    }

    /// <summary>Every change up to this resource version was read: what a bookmark says.</summary>
    public long Version { get; private set; }

    /// <summary>The next change, if there is one already.</summary>
    /// <exception cref="StatusException">410: the history was compacted past this reader. List again.</exception>
    public bool TryRead([NotNullWhen(true)] out WatchEvent? change)
    {
        while (true)
        {
            // Read before looking: the store publishes a version after its event is in the log.
            var published = _store.ResourceVersion;
            var next = _entry.Next;
            if (_entry.IsCompacted)
                throw StatusException.Expired($"too old resource version: {Version} ({_log.CompactedVersion})");
            if (next is null)
            {
                Version = Math.Max(Version, published);
                change = null;
                return false;
            }
            _entry = next;
            change = next.Change!;
            Version = Math.Max(Version, change.ResourceVersion);
            if (change.ResourceVersion > _from && (_namespace is null || change.Object.Namespace == _namespace))
                return true;
        }
    }

    /// <summary>Completes when <see cref="TryRead"/> is worth calling again.</summary>
    public Task WaitAsync(CancellationToken cancellation) => _log.WaitAsync(_entry).WaitAsync(cancellation);

    /// <summary>All changes as they come, until cancelled.</summary>
    public async IAsyncEnumerable<WatchEvent> ReadAllAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        while (true)
        {
            while (TryRead(out var change))
                yield return change;
            await WaitAsync(cancellation);
        }
    }
}
