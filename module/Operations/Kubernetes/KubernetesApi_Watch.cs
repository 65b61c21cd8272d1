using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace HaCluster.Operations.Kubernetes;

/// <content>Watches that go on (https://kubernetes.io/docs/reference/using-api/api-concepts/#efficient-detection-of-changes).</content>
public sealed partial class KubernetesApi
{
    private static readonly TimeSpan WatchLength = TimeSpan.FromMinutes(5);

    public async IAsyncEnumerable<ObjectChange<T>> WatchAsync<T>(Kind<T> kind, ListScope scope, [EnumeratorCancellation] CancellationToken cancellationToken)
        where T : class
    {
        // What the caller knows, to tell after a gap what has changed and what is gone.
        var known = new Dictionary<string, (T Subject, string Version)>(StringComparer.Ordinal);
        var isSynced = false;
        var failures = 0;
        while (true)
        {
            ObjectList<T>? list = null;
            try
            {
                list = await ListAsync(kind, scope, cancellationToken);
                failures = 0;
            }
            catch (HaClusterException exception) when (isSynced && exception.IsTransient)
            {
                await Task.Delay(Options.DelayAfter(++failures, exception.RetryAfter), _wire.Time, cancellationToken);
            }

            if (list is null)
                continue;
            foreach (var change in Differences(known, list.Items))
                yield return change;
            if (!isSynced)
                yield return new ObjectChange<T>(ChangeKind.Synced, null);
            isSynced = true;

            // Until its version is too old: then list again.
            var version = list.ResourceVersion;
            while (version is not null)
            {
                WatchStream? stream = null;
                try
                {
                    stream = await OpenAsync(kind, scope, version, cancellationToken);
                    failures = 0;
                }
                catch (HaClusterException exception) when (exception.Code == KubernetesErrors.Expired)
                {
                    version = null;
                }
                catch (HaClusterException exception) when (exception.IsTransient || exception.Kind == FailureKind.CredentialsExpired)
                {
                    if (exception.Kind is FailureKind.Unreachable or FailureKind.TimedOut)
                        _wire.Reconnect();
                    await Task.Delay(Options.DelayAfter(++failures, exception.RetryAfter), _wire.Time, cancellationToken);
                    // The list knows how to get new credentials.
                    if (exception.Kind == FailureKind.CredentialsExpired)
                        version = null;
                }

                if (stream is null)
                    continue;
                using (stream)
                {
                    while (await stream.NextAsync(cancellationToken) is { } line)
                    {
                        var (change, at, isExpired) = Understand(line, known);
                        if (isExpired)
                        {
                            version = null;
                            break;
                        }

                        version = at ?? version;
                        if (change is not null)
                            yield return change;
                    }
                }

                if (version is not null && stream.IsBroken)
                    await Task.Delay(Options.DelayAfter(++failures, null), _wire.Time, cancellationToken);
            }
        }
    }

    private async Task<WatchStream> OpenAsync<T>(Kind<T> kind, ListScope scope, string version, CancellationToken cancellationToken)
        where T : class
    {
        var query = Query(
            scope, ("watch", "true"), ("allowWatchBookmarks", "true"), ("resourceVersion", version),
            ("timeoutSeconds", ((int)WatchLength.TotalSeconds).ToString(CultureInfo.InvariantCulture)));
        var call = new Call(HttpMethod.Get, kind.Path(scope.Namespace) + query, $"watch {kind.Plural}", scope.Namespace ?? "all namespaces", Options.RequestTimeout, true);
        var response = await _wire.OpenAsync(call, cancellationToken);
        return new WatchStream(response, await response.Content.ReadAsStreamAsync(cancellationToken), Options.WatchSilence, _wire.Time);
    }

    /// <summary>What a caller who knew <paramref name="known"/> must be told to know <paramref name="items"/>.</summary>
    private static List<ObjectChange<T>> Differences<T>(Dictionary<string, (T Subject, string Version)> known, IReadOnlyList<T> items)
        where T : class
    {
        var changes = new List<ObjectChange<T>>();
        var there = new HashSet<string>(StringComparer.Ordinal);
        foreach (var item in items)
        {
            var identity = ObjectJson.IdentityOf(item);
            there.Add(identity.Key);
            if (!known.TryGetValue(identity.Key, out var old))
            {
                changes.Add(new ObjectChange<T>(ChangeKind.Added, item));
            }
            else if (ObjectJson.IdentityOf(old.Subject).Uid != identity.Uid)
            {
                changes.Add(new ObjectChange<T>(ChangeKind.Deleted, old.Subject));
                changes.Add(new ObjectChange<T>(ChangeKind.Added, item));
            }
            else if (old.Version != identity.ResourceVersion)
            {
                changes.Add(new ObjectChange<T>(ChangeKind.Modified, item));
            }

            known[identity.Key] = (item, identity.ResourceVersion);
        }

        foreach (var gone in known.Keys.Where(key => !there.Contains(key)).ToList())
        {
            changes.Add(new ObjectChange<T>(ChangeKind.Deleted, known[gone].Subject));
            known.Remove(gone);
        }

        return changes;
    }

    /// <returns>The change, the version from which to go on, and whether that version is too old.</returns>
    private static (ObjectChange<T>? Change, string? Version, bool IsExpired) Understand<T>(string line, Dictionary<string, (T Subject, string Version)> known)
        where T : class
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            var json = document.RootElement.GetProperty("object");
            var type = document.RootElement.GetProperty("type").GetString();
            if (type == "ERROR")
            {
                // 410 in the middle of a stream; anything else is worth a new list too.
                return (null, null, true);
            }

            var version = json.GetProperty("metadata").GetProperty("resourceVersion").GetString();
            if (type == "BOOKMARK")
                return (null, version, false);
            var subject = ObjectJson.Read<T>(json);
            var identity = ObjectJson.IdentityOf(subject);
            if (type == "DELETED")
            {
                known.Remove(identity.Key);
                return (new ObjectChange<T>(ChangeKind.Deleted, subject), version, false);
            }

            var kind = known.ContainsKey(identity.Key) ? ChangeKind.Modified : ChangeKind.Added;
            known[identity.Key] = (subject, identity.ResourceVersion);
            return (new ObjectChange<T>(kind, subject), version, false);
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            // A line cut off in the middle: what it said comes again from the version before it.
            return (null, null, false);
        }
    }
}

/// <summary>The lines of one watch.</summary>
internal sealed class WatchStream(HttpResponseMessage response, Stream body, TimeSpan silence, TimeProvider time) : IDisposable
{
    private readonly StreamReader _reader = new(body);

    /// <summary>It ended otherwise than by the server's own time-out.</summary>
    public bool IsBroken { get; private set; }

    /// <returns>Null when the stream has ended, broke, or was silent for too long.</returns>
    public async Task<string?> NextAsync(CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(silence, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            string? line;
            do
                line = await _reader.ReadLineAsync(both.Token);
            while (line is { Length: 0 });
            return line;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return null;
        }
        catch (Exception exception) when (exception is IOException or HttpRequestException or ObjectDisposedException && !cancellationToken.IsCancellationRequested)
        {
            IsBroken = true;
            return null;
        }
    }

    public void Dispose()
    {
        _reader.Dispose();
        response.Dispose();
    }
}
