using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace HaCluster.Ledger.Tests.Indexing;

/// <summary>
/// A stand-in of ours for OpenSearch: the requests that the ledger makes, in the shapes of its documentation, and its faults on demand. No OpenSearch can be had for tests from
/// Debian, NuGet or npm. What it does not know it refuses, so that no test passes because of something that was ignored.
/// </summary>
internal sealed class LoopbackOpenSearch : IAsyncDisposable
{
    private readonly Dictionary<string, SortedDictionary<string, Document>> _indexes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, JsonObject> _templates = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();
    private readonly WebApplication _app;
    private long _number;

    private LoopbackOpenSearch(WebApplication app) => _app = app;

    public Uri Address => new(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    /// <summary>What each request asked for, in order.</summary>
    public List<string> Requests { get; } = [];

    /// <summary>Headers and body of the last request, for those who verify signatures.</summary>
    public (string Method, string Path, string Query, Dictionary<string, string> Headers, byte[] Body) Last { get; private set; }

    /// <summary>Cuts every connection.</summary>
    public bool IsAway { get; set; }

    /// <summary>Answers so many requests with 429.</summary>
    public int Busy { get; set; }

    /// <summary>Answers so many requests as a cluster without a shard that is assigned.</summary>
    public int Red { get; set; }

    /// <summary>Does what so many bulk requests say, and cuts the connection in place of an answer.</summary>
    public int LostAnswers { get; set; }

    /// <summary>Bytes of a bulk request that are too many.</summary>
    public int LargestBody { get; set; } = int.MaxValue;

    /// <summary>Says of a document which status and type of error it has; null: it is taken.</summary>
    public Func<string, JsonObject, (int Status, string Type)?> Fault { get; set; } = (_, _) => null;

    /// <summary>Answers searches without one of the shards.</summary>
    public bool IsPartial { get; set; }

    public static async Task<LoopbackOpenSearch> StartAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0);
            kestrel.Limits.MaxRequestBodySize = null;
        });
        var app = builder.Build();
        var server = new LoopbackOpenSearch(app);
        app.Run(server.AnswerAsync);
        await app.StartAsync();
        return server;
    }

    /// <summary>All documents of the indexes of a pattern, with what is not in their source.</summary>
    public IReadOnlyList<(string Index, string Id, JsonObject Document)> Documents(string pattern)
    {
        lock (_lock)
            return [.. Matching(pattern).SelectMany(index => index.Value.Select(one => (index.Key, one.Key, one.Value.Source)))];
    }

    /// <summary>Writes a document past the ledger.</summary>
    public void Forge(string index, string id, JsonObject document)
    {
        lock (_lock)
            _indexes[index][id] = new Document(document, ++_number);
    }

    public void Change(string template, int version)
    {
        lock (_lock)
            _templates[template]["version"] = version;
    }

    public int VersionOf(string template)
    {
        lock (_lock)
            return _templates[template]["version"]!.GetValue<int>();
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        var (request, path) = (context.Request, context.Request.Path.Value!);
        using var raw = new MemoryStream();
        await request.Body.CopyToAsync(raw);
        var body = raw.ToArray();
        lock (_lock)
        {
            Requests.Add($"{request.Method} {path}");
            Last = (request.Method, path, request.QueryString.Value ?? "", request.Headers.ToDictionary(header => header.Key.ToLowerInvariant(), header => header.Value.ToString()), body);
        }

        if (IsAway)
        {
            context.Abort();
            return;
        }

        if (Busy > 0)
        {
            Busy--;
            await WriteAsync(context, 429, Error(429, "es_rejected_execution_exception", "rejected execution of coordinating operation"));
            return;
        }

        if (Red > 0)
        {
            Red--;
            await WriteAsync(context, 503, Error(503, "no_shard_available_action_exception", "No shard available"));
            return;
        }

        if (request.Headers.ContentEncoding == "gzip")
        {
            using var gzip = new GZipStream(new MemoryStream(body), CompressionMode.Decompress);
            using var plain = new MemoryStream();
            await gzip.CopyToAsync(plain);
            body = plain.ToArray();
        }

        if (body.Length > LargestBody)
        {
            await WriteAsync(context, 413, new JsonObject { ["Message"] = "Request size exceeded" });
            return;
        }

        (int Status, JsonNode Answer) answer;
        lock (_lock)
            answer = Answer(request.Method, path.Trim('/').Split('/'), request.Query, System.Text.Encoding.UTF8.GetString(body));
        if (path == "/_bulk" && LostAnswers > 0)
        {
            LostAnswers--;
            context.Abort();
            return;
        }

        await WriteAsync(context, answer.Status, answer.Answer);
    }

    private static Task WriteAsync(HttpContext context, int status, JsonNode answer)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json; charset=UTF-8";
        return context.Response.WriteAsync(answer.ToJsonString());
    }

    private (int Status, JsonNode Answer) Answer(string method, string[] path, IQueryCollection query, string body) => (method, path) switch
    {
        ("GET", ["_index_template", var name]) => _templates.TryGetValue(name, out var template)
            ? (200, new JsonObject { ["index_templates"] = new JsonArray(new JsonObject { ["name"] = name, ["index_template"] = template.DeepClone() }) })
            : (404, Error(404, "resource_not_found_exception", $"index template matching [{name}] not found")),
        ("PUT", ["_index_template", var name]) => PutTemplate(name, body),
        ("POST", ["_bulk"]) => (200, Bulk(body)),
        ("POST", ["_msearch"]) => (200, LoopbackSearch.Answer(body, Matching, IsPartial)),
        ("PUT", [var index]) => _indexes.TryAdd(index, new(StringComparer.Ordinal))
            ? (200, new JsonObject { ["acknowledged"] = true })
            : (400, Error(400, "resource_already_exists_exception", $"index [{index}] already exists")),
        ("POST", [var index, "_refresh"]) => _indexes.ContainsKey(index) ? (200, new JsonObject()) : (404, Error(404, "index_not_found_exception", $"no such index [{index}]")),
        ("GET", [var index, "_doc", var id]) => Get(index, id),
        ("PUT", [var index, "_doc", var id]) => Put(index, id, query, JsonNode.Parse(body)!.AsObject()),
        _ => (400, Error(400, "illegal_argument_exception", $"no handler found for uri [/{string.Join('/', path)}] and method [{method}]")),
    };

    private (int Status, JsonNode Answer) PutTemplate(string name, string body)
    {
        _templates[name] = JsonNode.Parse(body)!.AsObject();
        return (200, new JsonObject { ["acknowledged"] = true });
    }

    private (int Status, JsonNode Answer) Get(string index, string id) =>
        !_indexes.TryGetValue(index, out var documents) ? (404, Error(404, "index_not_found_exception", $"no such index [{index}]"))
        : !documents.TryGetValue(id, out var document) ? (404, new JsonObject { ["_index"] = index, ["_id"] = id, ["found"] = false })
        : (200, new JsonObject { ["_index"] = index, ["_id"] = id, ["found"] = true, ["_seq_no"] = document.Number, ["_primary_term"] = 1, ["_source"] = document.Source.DeepClone() });

    private (int Status, JsonNode Answer) Put(string index, string id, IQueryCollection query, JsonObject source)
    {
        var documents = _indexes[index];
        var present = documents.GetValueOrDefault(id);
        var isRefused = query["op_type"] == "create" ? present is not null
            : query["if_seq_no"].Count > 0 ? present is null || query["if_seq_no"] != present.Number.ToString(CultureInfo.InvariantCulture) || query["if_primary_term"] != "1"
            : throw new InvalidOperationException("the ledger never writes a document without a condition");
        if (isRefused)
            return (409, Error(409, "version_conflict_engine_exception", $"[{id}]: version conflict"));
        documents[id] = new Document(source, ++_number);
        return (200, new JsonObject { ["_id"] = id, ["_seq_no"] = _number, ["_primary_term"] = 1, ["result"] = present is null ? "created" : "updated" });
    }

    private JsonObject Bulk(string body)
    {
        var lines = body.Split('\n');
        Assert.Equal("", lines[^1]);
        var items = new JsonArray();
        var hasErrors = false;
        for (var number = 0; number < lines.Length - 1; number++)
        {
            var (action, of) = JsonNode.Parse(lines[number])!.AsObject().Single();
            var (index, id) = (of!["_index"]!.GetValue<string>(), of["_id"]!.GetValue<string>());
            var (status, error) = action == "delete" ? Delete(index, id, of["if_seq_no"]?.GetValue<long>()) : Write(action, index, id, JsonNode.Parse(lines[++number])!.AsObject());
            var item = new JsonObject { ["_index"] = index, ["_id"] = id, ["status"] = status };
            if (error is not null)
                (item["error"], hasErrors) = (error, true);
            items.Add(new JsonObject { [action] = item });
        }

        return new JsonObject { ["took"] = 1, ["errors"] = hasErrors, ["items"] = items };
    }

    private (int Status, JsonNode? Error) Write(string action, string index, string id, JsonObject source)
    {
        if (Fault(index, source) is var (status, type))
            return (status, Reason(type, $"refused by the test: {type}"));
        if (!_indexes.TryGetValue(index, out var documents))
        {
            if (!_templates.Values.Any(template => template["index_patterns"]!.AsArray().Any(pattern => Fits(pattern!.GetValue<string>(), index))))
                return (404, Reason("index_not_found_exception", $"no such index [{index}] and nothing says how it is mapped"));
            _indexes[index] = documents = new(StringComparer.Ordinal);
        }

        var isThere = documents.ContainsKey(id);
        if (action == "create" && isThere)
            return (409, Reason("version_conflict_engine_exception", $"[{id}]: version conflict, document already exists"));
        documents[id] = new Document(source, ++_number);
        return (isThere ? 200 : 201, null);
    }

    private (int Status, JsonNode? Error) Delete(string index, string id, long? number)
    {
        if (!_indexes.TryGetValue(index, out var documents) || !documents.TryGetValue(id, out var document))
            return (404, null);
        if (number is not null && number != document.Number)
            return (409, Reason("version_conflict_engine_exception", $"[{id}]: version conflict"));
        documents.Remove(id);
        return (200, null);
    }

    private IEnumerable<KeyValuePair<string, SortedDictionary<string, Document>>> Matching(string pattern) => _indexes.Where(index => Fits(pattern, index.Key));

    private static bool Fits(string pattern, string name) => System.IO.Enumeration.FileSystemName.MatchesSimpleExpression(pattern, name, ignoreCase: false);

    internal static JsonObject Reason(string type, string reason) => new() { ["type"] = type, ["reason"] = reason };

    private static JsonObject Error(int status, string type, string reason) => new() { ["error"] = Reason(type, reason), ["status"] = status };

    internal sealed record Document(JsonObject Source, long Number);
}
