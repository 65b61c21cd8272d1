using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;

namespace HaCluster.Ledger.Indexing.OpenSearch;

/// <summary>Sends requests to OpenSearch and reads its JSON. Paths have no character that would have to be escaped: signers and proxies disagree on those.</summary>
internal sealed class OpenSearchClient : IDisposable
{
    private const int LargestAnswer = 64 << 20;

    /// <summary>Bytes of a body that are worth compressing.</summary>
    private const int WorthCompressing = 1 << 10;

    private readonly HttpClient _http;
    private readonly TimeProvider _clock;

    public OpenSearchClient(Uri address, OpenSearchOptions options, TimeProvider clock, IRequestSigner? signer)
    {
        HttpMessageHandler handler = new SocketsHttpHandler
        {
            AutomaticDecompression = DecompressionMethods.GZip,
            ConnectTimeout = TimeSpan.FromSeconds(5),
            // Behind a name, addresses change.
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            AllowAutoRedirect = false,
        };
        if (signer is not null)
            handler = new SigningHandler(signer, handler);
        _http = new HttpClient(handler) { BaseAddress = address, Timeout = options.Timeout, MaxResponseContentBufferSize = LargestAnswer };
        (Options, _clock) = (options, clock);
    }

    public OpenSearchOptions Options { get; }

    public Uri Address => _http.BaseAddress!;

    /// <summary>Sends a request until it is answered with something else than "later".</summary>
    /// <exception cref="IndexUnavailableException">It was not.</exception>
    public async Task<Answer> SendAsync(HttpMethod method, string path, ReadOnlyMemory<byte> body, CancellationToken cancellationToken, int? tries = null)
    {
        for (var number = 1; ; number++)
        {
            try
            {
                var answer = await TrySendAsync(method, path, body, cancellationToken);
                if (!answer.IsToBeRepeated)
                    return answer;
                if (number >= (tries ?? Options.Tries))
                    throw Unavailable(answer);
            }
            catch (IndexUnavailableException) when (number < (tries ?? Options.Tries))
            {
                // Tried again below.
            }

            await WaitAsync(number, cancellationToken);
        }
    }

    /// <summary>Sends a request once.</summary>
    /// <exception cref="IndexUnavailableException">There is no answer, or none in JSON.</exception>
    public async Task<Answer> TrySendAsync(HttpMethod method, string path, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, path);
        if (!body.IsEmpty)
            request.Content = Content(body, path);
        try
        {
            using var response = await _http.SendAsync(request, cancellationToken);
            var content = await response.Content.ReadAsByteArrayAsync(cancellationToken);
            return new Answer($"{method} {path}", response.StatusCode, content);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw new IndexUnavailableException($"{Address} does not answer {method} {path}: {exception.Message}", exception);
        }
    }

    /// <summary>Between two tries: longer each time, and with jitter, so that instances do not come back all at once.</summary>
    public Task WaitAsync(int tried, CancellationToken cancellationToken) =>
        Task.Delay(Options.RetryEvery * (Math.Pow(2, Math.Min(tried, 6) - 1) * (0.5 + Random.Shared.NextDouble())), _clock, cancellationToken);

    public IndexUnavailableException Unavailable(Answer answer) => new($"{Address} refuses {answer.Request}: {(int)answer.Status}{answer.Reason}");

    public void Dispose() => _http.Dispose();

    private static ByteArrayContent Content(ReadOnlyMemory<byte> body, string path)
    {
        var isCompressed = body.Length >= WorthCompressing;
        var content = new ByteArrayContent(isCompressed ? Compress(body.Span) : body.ToArray());
        if (isCompressed)
            content.Headers.ContentEncoding.Add("gzip");
        content.Headers.ContentType = new MediaTypeHeaderValue(path.StartsWith("/_bulk", StringComparison.Ordinal) || path == "/_msearch" ? "application/x-ndjson" : "application/json");
        return content;
    }

    private static byte[] Compress(ReadOnlySpan<byte> body)
    {
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest, leaveOpen: true))
            gzip.Write(body);
        return compressed.ToArray();
    }
}

/// <summary>What OpenSearch answered.</summary>
internal sealed record Answer(string Request, HttpStatusCode Status, byte[] Content)
{
    public bool IsSuccess => (int)Status is >= 200 and < 300;

    /// <summary>The same request may be answered otherwise later.</summary>
    public bool IsToBeRepeated => Status == HttpStatusCode.TooManyRequests || (int)Status >= 500;

    /// <summary>The type of the error, and nothing of the request, which has records in it.</summary>
    public string Reason
    {
        get
        {
            try
            {
                using var json = JsonDocument.Parse(Content);
                return json.RootElement.ValueKind != JsonValueKind.Object ? ""
                    : json.RootElement.TryGetProperty("error", out var error) ? $" {TypeOf(error)}"
                    // From AWS, in front of OpenSearch: who asks is not known, or may not.
                    : json.RootElement.TryGetProperty("message", out var message) ? $" {message}"
                    : "";
            }
            catch (JsonException)
            {
                return "";
            }
        }
    }

    /// <exception cref="IndexUnavailableException">It is not JSON: something in front of OpenSearch answered.</exception>
    public JsonElement Json()
    {
        try
        {
            return JsonDocument.Parse(Content).RootElement;
        }
        catch (JsonException exception)
        {
            throw new IndexUnavailableException($"the answer to {Request} is not JSON; a proxy may have answered", exception);
        }
    }

    private static string TypeOf(JsonElement error) => error.ValueKind == JsonValueKind.Object && error.TryGetProperty("type", out var type) ? type.ToString() : error.ToString();
}
