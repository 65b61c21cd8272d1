using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;
using HaCluster.Twin.Kubernetes.Requests;
using HaCluster.Twin.Kubernetes.Tables;
using HaCluster.Twin.Storage;
using Microsoft.AspNetCore.Http.Features;

namespace HaCluster.Twin.Kubernetes.Verbs;

/// <summary>Watch: a line of JSON per change, https://kubernetes.io/docs/reference/using-api/api-concepts/#efficient-detection-of-changes</summary>
internal sealed class WatchVerb(ObjectStore store, ApiServerOptions options, CancellationToken stopping)
{
    private static readonly byte[] NewLine = "\n"u8.ToArray();

    public async Task HandleAsync(ApiRequest request)
    {
        var wanted = Selection.Of(request);
        var (initial, changes) = Open(request);
        using var stream = new WatchStream(request, Answer.ViewOf(request));
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(request.Cancellation, stopping);
        ending.CancelAfter(Timeout(request));
        stream.Begin();
        try
        {
            foreach (var item in initial.Where(wanted.Matches))
                await stream.WriteAsync("ADDED", item);
            if (request.Flag("sendInitialEvents"))
                await stream.BookmarkAsync(request.Kind, changes.Version, isInitialEnd: true);
            await stream.FlushAsync();
            await FollowAsync(request, wanted, changes, stream, ending.Token);
        }
        catch (StatusException expired) when (expired.Code == 410)
        {
            await stream.WriteErrorAsync(expired);
        }
        catch (OperationCanceledException) when (!request.Cancellation.IsCancellationRequested)
        {
            // The time is up, or the server stops: the stream ends, and the client goes on from its last version.
        }
        await stream.FlushAsync();
    }

    private (IEnumerable<StoredObject> Initial, WatchCursor Changes) Open(ApiRequest request)
    {
        var version = request.Number("resourceVersion") ?? 0;
        if (request.Query("sendInitialEvents") is { } initial && request.Query("resourceVersionMatch") != "NotOlderThan")
            throw StatusException.BadRequest($"sendInitialEvents is \"{initial}\"; it needs resourceVersionMatch=NotOlderThan");
        if (request.Query("sendInitialEvents") is "false" or "0" || (version > 0 && !request.Flag("sendInitialEvents")))
            return ([], store.Watch(request.Kind, request.Namespace, version == 0 ? store.ResourceVersion : version));
        // "Get state and start at any": what exists comes as added.
        var (list, changes) = store.ListAndWatch(request.Kind, request.Namespace);
        return (list.Items, changes);
    }

    private async Task FollowAsync(ApiRequest request, Selection wanted, WatchCursor changes, WatchStream stream, CancellationToken ending)
    {
        var sendsBookmarks = request.Flag("allowWatchBookmarks");
        while (true)
        {
            while (changes.TryRead(out var change))
            {
                if (TypeFor(change, wanted) is { } type)
                    await stream.WriteAsync(type, change.Object);
            }
            await stream.FlushAsync();
            try
            {
                await changes.WaitAsync(ending).WaitAsync(sendsBookmarks ? options.BookmarkInterval : System.Threading.Timeout.InfiniteTimeSpan, ending);
            }
            catch (TimeoutException)
            {
                await stream.BookmarkAsync(request.Kind, changes.Version, isInitialEnd: false);
            }
        }
    }

    // An object that starts or stops to match its watch's selector is added or deleted for that watch.
    private static string? TypeFor(WatchEvent change, Selection wanted)
    {
        var did = change.Old is { } old && wanted.Matches(old);
        var does = change.Type != WatchEventType.Deleted && wanted.Matches(change.Object);
        return (did, does) switch { (false, true) => "ADDED", (true, true) => "MODIFIED", (true, false) => "DELETED", _ => null };
    }

    private TimeSpan Timeout(ApiRequest request) =>
        request.Number("timeoutSeconds") is > 0 and var seconds ? TimeSpan.FromSeconds(seconds) : options.WatchTimeout * (1 + Random.Shared.NextDouble());

    /// <summary>The lines of one watch.</summary>
    private sealed class WatchStream(ApiRequest request, View view) : IDisposable
    {
        private readonly Utf8JsonWriter _writer = new(request.Http.Response.BodyWriter, StoredJson.Writer);
        private bool _hasColumns;

        public void Begin()
        {
            request.Http.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
            request.Http.Response.ContentType = view == View.Object ? "application/json" : "application/json;stream=watch";
            request.Http.Response.Headers.CacheControl = "no-cache, private";
        }

        public async Task WriteAsync(string type, StoredObject value)
        {
            Line(type, () => Answer.WriteObject(_writer, request, value, view, _hasColumns ? TableDetail.RowsOnly : TableDetail.Header));
            _hasColumns = true;
            if (request.Http.Response.BodyWriter.UnflushedBytes > 64 * 1024)
                await FlushAsync();
        }

        public async Task BookmarkAsync(ResourceKind kind, long version, bool isInitialEnd)
        {
            var metadata = new JsonObject { ["resourceVersion"] = version.ToString(System.Globalization.CultureInfo.InvariantCulture) };
            if (isInitialEnd)
                metadata["annotations"] = new JsonObject { ["k8s.io/initial-events-end"] = "true" };
            metadata["creationTimestamp"] = null;
            var bookmark = new JsonObject { ["kind"] = kind.Kind, ["apiVersion"] = kind.ApiVersion, ["metadata"] = metadata };
            if (view == View.Table)
                bookmark = TablePrinter.Bookmark(metadata["resourceVersion"]!.ToString(), isInitialEnd);
            Line("BOOKMARK", () => bookmark.WriteTo(_writer, StoredJson.Options));
            await FlushAsync();
        }

        public async Task WriteErrorAsync(StatusException error)
        {
            Line("ERROR", () => StatusWriter.Failure(error).WriteTo(_writer, StoredJson.Options));
            await FlushAsync();
        }

        public async Task FlushAsync() => await request.Http.Response.BodyWriter.FlushAsync(request.Cancellation);

        public void Dispose() => _writer.Dispose();

        private void Line(string type, Action writeObject)
        {
            _writer.Reset();
            _writer.WriteStartObject();
            _writer.WriteString("type", type);
            _writer.WritePropertyName("object");
            writeObject();
            _writer.WriteEndObject();
            _writer.Flush();
            request.Http.Response.BodyWriter.Write(NewLine);
        }
    }
}
