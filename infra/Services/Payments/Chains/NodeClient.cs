using System.Net.Http.Headers;
using System.Net.Mime;
using System.Text;
using System.Text.Json;

namespace HaCluster.Payments.Chains;

/// <summary>The node did not answer, or not as JSON-RPC does: whether it did what was asked is not known.</summary>
internal sealed class NodeUnreachableException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>The node answered with an error.</summary>
internal sealed class NodeRefusedException(string method, int code, string reason) : Exception($"{method}: {reason} ({code})")
{
    public int Code { get; } = code;

    public string Reason { get; } = reason;
}

/// <summary>
/// JSON-RPC over HTTP, for both chains. Of our own because the one thing that matters here, whether a node refused or its answer is unknown, is one kind of exception in the clients of the
/// chains' libraries.
/// </summary>
internal sealed class NodeClient : IDisposable
{
    /// <summary>Bytes of an answer: a block of Bitcoin with its transactions as text.</summary>
    private const int LargestAnswer = 16 << 20;

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    private readonly HttpClient _http;
    private readonly Uri _url;
    private readonly AuthenticationHeaderValue? _authorization;

    /// <param name="url">With <c>user:password@</c> where the node wants them.</param>
    public NodeClient(Uri url, HttpMessageHandler? handler = null)
    {
        _url = new UriBuilder(url) { UserName = "", Password = "" }.Uri;
        if (url.UserInfo.Length > 0)
            _authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(Uri.UnescapeDataString(url.UserInfo))));
        _http = new HttpClient(handler ?? new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromMinutes(2), AllowAutoRedirect = false }) { Timeout = Timeout, MaxResponseContentBufferSize = LargestAnswer };
    }

    /// <exception cref="NodeRefusedException">It answered with an error.</exception>
    /// <exception cref="NodeUnreachableException">It did not answer.</exception>
    public async Task<JsonElement> CallAsync(string method, CancellationToken cancellationToken, params object[] parameters)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, _url);
        request.Content = new StringContent(JsonSerializer.Serialize(new { jsonrpc = "2.0", id = 1, method, @params = parameters }), Encoding.UTF8, MediaTypeNames.Application.Json);
        request.Headers.Authorization = _authorization;
        try
        {
            using var response = await _http.SendAsync(request, cancellationToken);
            // Bitcoin's nodes answer errors with status 500 and a body; a proxy's have no such body.
            using var document = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync(cancellationToken));
            if (document.RootElement.TryGetProperty("error", out var error) && error.ValueKind == JsonValueKind.Object)
            {
                throw new NodeRefusedException(
                    method,
                    error.TryGetProperty("code", out var code) && code.TryGetInt32(out var number) ? number : 0,
                    error.TryGetProperty("message", out var message) ? message.ToString() : "without a reason");
            }

            return document.RootElement.TryGetProperty("result", out var result) ? result.Clone() : throw new NodeUnreachableException($"{method}: {_url.Host} answered {(int)response.StatusCode} without a result");
        }
        catch (Exception exception) when (exception is HttpRequestException or JsonException or IOException || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw new NodeUnreachableException($"{method}: {_url.Host}:{_url.Port} did not answer: {exception.Message}", exception);
        }
    }

    public void Dispose() => _http.Dispose();
}
