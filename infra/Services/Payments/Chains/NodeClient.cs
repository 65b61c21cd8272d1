using System.Net;
using System.Net.Http.Headers;
using System.Net.Mime;
using System.Text;
using System.Text.Json;
using HaCluster.Payments.Outbox;

namespace HaCluster.Payments.Chains;

/// <summary>The node did not answer, or not as JSON-RPC does: whether it did what was asked is not known.</summary>
internal class NodeUnreachableException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>The node answered, but not each call of a batch: it may take smaller ones, or none at all.</summary>
internal sealed class BatchRefusedException(string message, Exception? inner = null) : NodeUnreachableException(message, inner);

/// <summary>What is in front of the node lets no such call through.</summary>
internal sealed class CallForbiddenException(string message) : NodeUnreachableException(message);

/// <summary>The node answered with an error.</summary>
/// <param name="reason">As long as the node likes; its beginning is kept.</param>
internal sealed class NodeRefusedException(string method, int code, string reason) : Exception($"{method}: {ForeignText.Cut(reason, ForeignText.Reason)} ({code})")
{
    public int Code { get; } = code;

    public string Reason { get; } = ForeignText.Cut(reason, ForeignText.Reason);
}

/// <summary>What a node said to one of several calls.</summary>
internal readonly struct NodeAnswer
{
    private readonly JsonElement _result;

    public NodeAnswer(JsonElement result) => _result = result;

    public NodeAnswer(NodeRefusedException refusal) => Refusal = refusal;

    public NodeRefusedException? Refusal { get; }

    /// <exception cref="NodeRefusedException">It answered with an error.</exception>
    public JsonElement Result => Refusal is null ? _result : throw Refusal;
}

/// <summary>
/// JSON-RPC over HTTP, for both chains. Of our own because the one thing that matters here, whether a node refused or its answer is unknown, is one kind of exception in the clients of the
/// chains' libraries.
/// </summary>
internal sealed class NodeClient : IDisposable
{
    /// <summary>Bytes of an answer: a block of Bitcoin has up to 4 MB, and twice as many digits.</summary>
    public const int LargestAnswer = 16 << 20;

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    /// <summary>Of a call that looks through all that the node has, and bytes of its answer.</summary>
    private static readonly TimeSpan LongTimeout = TimeSpan.FromMinutes(10);

    private const int LargestLongAnswer = 48 << 20;

    private readonly HttpClient _http;
    private readonly Uri _url;
    private readonly AuthenticationHeaderValue? _authorization;

    /// <param name="url">With <c>user:password@</c> where the node wants them.</param>
    public NodeClient(Uri url, HttpMessageHandler? handler = null)
    {
        _url = new UriBuilder(url) { UserName = "", Password = "" }.Uri;
        if (url.UserInfo.Length > 0)
            _authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(Uri.UnescapeDataString(url.UserInfo))));
        _http = new HttpClient(handler ?? new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromMinutes(2), AllowAutoRedirect = false }) { Timeout = System.Threading.Timeout.InfiniteTimeSpan };
    }

    /// <exception cref="NodeRefusedException">It answered with an error.</exception>
    /// <exception cref="NodeUnreachableException">It did not answer.</exception>
    public Task<JsonElement> CallAsync(string method, CancellationToken cancellationToken, params object[] parameters) => CallAsync(method, parameters, Timeout, LargestAnswer, cancellationToken);

    /// <summary>A call that may take minutes.</summary>
    /// <inheritdoc cref="CallAsync(string, CancellationToken, object[])"/>
    public Task<JsonElement> CallLongAsync(string method, CancellationToken cancellationToken, params object[] parameters) => CallAsync(method, parameters, LongTimeout, LargestLongAnswer, cancellationToken);

    /// <summary>The same call with each of several parameters, in one request (https://www.jsonrpc.org/specification#batch).</summary>
    /// <returns>In the order of the calls, which is not that of a node's answers.</returns>
    /// <exception cref="BatchRefusedException">It answered otherwise than call by call, or more than is read.</exception>
    /// <exception cref="NodeUnreachableException">It did not answer.</exception>
    public async Task<IReadOnlyList<NodeAnswer>> CallManyAsync(string method, IReadOnlyList<object[]> calls, CancellationToken cancellationToken)
    {
        try
        {
            using var document = await PostAsync(calls.Select((parameters, id) => new { jsonrpc = "2.0", id, method, @params = parameters }), Timeout, LargestAnswer, cancellationToken);
            var answers = new NodeAnswer?[calls.Count];
            foreach (var answer in document.RootElement.ValueKind == JsonValueKind.Array ? document.RootElement.EnumerateArray() : default)
            {
                if (answer.ValueKind == JsonValueKind.Object && answer.TryGetProperty("id", out var given) && given.ValueKind == JsonValueKind.Number && given.TryGetInt32(out var id) && id >= 0 && id < answers.Length)
                    answers[id] ??= Read(method, answer);
            }

            return answers.Count(answer => answer is not null) is var count && count == calls.Count ? [.. answers.Select(answer => answer!.Value)]
                : throw new BatchRefusedException($"{method}: {_url.Host} answered {count} of {calls.Count} calls");
        }
        catch (Exception exception) when (exception is JsonException or CallForbiddenException or HttpRequestException { HttpRequestError: HttpRequestError.ConfigurationLimitExceeded })
        {
            throw new BatchRefusedException($"{method}: {_url.Host} did not answer {calls.Count} calls at once: {exception.Message}", exception);
        }
        catch (Exception exception) when (IsNoAnswer(exception, cancellationToken))
        {
            throw new NodeUnreachableException($"{method}: {_url.Host}:{_url.Port} did not answer: {exception.Message}", exception);
        }
    }

    public void Dispose() => _http.Dispose();

    private async Task<JsonElement> CallAsync(string method, object[] parameters, TimeSpan timeout, int largest, CancellationToken cancellationToken)
    {
        try
        {
            using var document = await PostAsync(new { jsonrpc = "2.0", id = 1, method, @params = parameters }, timeout, largest, cancellationToken);
            return Read(method, document.RootElement)?.Result ?? throw new NodeUnreachableException($"{method}: {_url.Host} answered without a result");
        }
        catch (Exception exception) when (IsNoAnswer(exception, cancellationToken))
        {
            throw new NodeUnreachableException($"{method}: {_url.Host}:{_url.Port} did not answer: {exception.Message}", exception);
        }
    }

    /// <returns>Null: it is no answer.</returns>
    private static NodeAnswer? Read(string method, JsonElement answer)
    {
        if (answer.ValueKind != JsonValueKind.Object)
            return null;
        if (answer.TryGetProperty("error", out var error) && error.ValueKind == JsonValueKind.Object)
        {
            return new NodeAnswer(new NodeRefusedException(
                method,
                error.TryGetProperty("code", out var code) && code.TryGetInt32(out var number) ? number : 0,
                error.TryGetProperty("message", out var message) ? message.ToString() : "without a reason"));
        }

        return answer.TryGetProperty("result", out var result) ? new NodeAnswer(result.Clone()) : null;
    }

    private static bool IsNoAnswer(Exception exception, CancellationToken cancellationToken) =>
        exception is HttpRequestException or JsonException or IOException || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested);

    private async Task<JsonDocument> PostAsync(object body, TimeSpan timeout, int largest, CancellationToken cancellationToken)
    {
        using var inTime = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        inTime.CancelAfter(timeout);
        using var request = new HttpRequestMessage(HttpMethod.Post, _url);
        request.Content = new StringContent(JsonSerializer.Serialize(body), Encoding.UTF8, MediaTypeNames.Application.Json);
        request.Headers.Authorization = _authorization;
        using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, inTime.Token);
        await response.Content.LoadIntoBufferAsync(largest, inTime.Token);
        if (response.StatusCode == HttpStatusCode.Forbidden)
            throw new CallForbiddenException($"{_url.Host}:{_url.Port} answered 403: the node, or a proxy in front of it, does not allow this user this call");
        // Bitcoin's nodes answer errors with status 500 and a body; a proxy's have no such body.
        return JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync(inTime.Token));
    }
}
