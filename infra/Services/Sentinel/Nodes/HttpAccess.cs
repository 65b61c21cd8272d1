using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using HaCluster.Sentinel.Arguments;

namespace HaCluster.Sentinel.Nodes;

/// <summary>
/// HTTP to a server that may be faulty in any way: every response is bounded in time and size, redirects are not followed, and every error is one of
/// <see cref="RpcFault"/>. Credentials are read again when they are refused, and the authority with every new connection, since both may be renewed.
/// </summary>
internal sealed class HttpAccess : IDisposable
{
    /// <summary>Of an honest node's answer: a block's transaction hashes, and the peers of a node with 1,000 of them, stay below.</summary>
    public const int LargestOfNode = 2 * 1024 * 1024;

    /// <summary>Of another sentinel, and of a consensus client: a few lines.</summary>
    public const int LargestOfOthers = 64 * 1024;

    private readonly NodeAccess _access;
    private readonly TimeSpan _timeout;
    private readonly int _maxBytes;
    private readonly HttpClient _client;
    private AuthenticationHeaderValue? _credentials;

    /// <param name="maxBytes">Longest answer that is read.</param>
    public HttpAccess(NodeAccess access, TimeSpan timeout, int maxBytes = LargestOfNode)
    {
        _maxBytes = maxBytes;
        _access = access;
        _timeout = timeout;
        _client = new HttpClient(Handler())
        {
            BaseAddress = access.Url,
            Timeout = Timeout.InfiniteTimeSpan,
            MaxResponseContentBufferSize = maxBytes,
            DefaultRequestVersion = HttpVersion.Version11,
        };
    }

    /// <summary>The certificate of the newest connection; null before the first, and without TLS.</summary>
    public ServedCertificate? Certificate { get; private set; }

    /// <exception cref="RpcException">It did not answer in time, or not with JSON.</exception>
    public Task<JsonDocument> PostAsync(string path, byte[] json, CancellationToken cancellationToken) => SendAsync(
        () => new HttpRequestMessage(HttpMethod.Post, path) { Content = new ByteArrayContent(json) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } } },
        acceptsAnyStatus: true,
        cancellationToken);

    /// <param name="acceptsAnyStatus">Read the body for any status, because it has more information.</param>
    /// <inheritdoc cref="PostAsync"/>
    public Task<JsonDocument> GetAsync(string path, bool acceptsAnyStatus, CancellationToken cancellationToken) =>
        SendAsync(() => new HttpRequestMessage(HttpMethod.Get, path), acceptsAnyStatus, cancellationToken);

    public void Dispose() => _client.Dispose();

    private async Task<JsonDocument> SendAsync(Func<HttpRequestMessage> request, bool acceptsAnyStatus, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(_timeout);
        try
        {
            var isFirst = _credentials is null;
            var response = await AttemptAsync(request(), limit.Token);
            if (response.StatusCode == HttpStatusCode.Unauthorized && _access.UserFile is not null && !isFirst)
            {
                // They may have been rotated since they were read.
                response.Dispose();
                _credentials = null;
                response = await AttemptAsync(request(), limit.Token);
            }

            using (response)
                return await ReadAsync(response, acceptsAnyStatus, limit.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new RpcException(RpcFault.Timeout, $"no answer within {_timeout.TotalSeconds:0} s");
        }
        catch (HttpRequestException exception)
        {
            throw Explain(exception);
        }
        catch (IOException exception)
        {
            throw new RpcException(RpcFault.Malformed, "its response is cut off", inner: exception);
        }
    }

    private async Task<HttpResponseMessage> AttemptAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using (request)
        {
            if (_access is { UserFile: { } user, PasswordFile: { } password })
                request.Headers.Authorization = _credentials ??= Credentials(user, password);
            return await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        }
    }

    private static AuthenticationHeaderValue Credentials(string userFile, string passwordFile)
    {
        try
        {
            var (user, password) = (File.ReadAllText(userFile).TrimEnd('\r', '\n'), File.ReadAllText(passwordFile).TrimEnd('\r', '\n'));
            return new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}")));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new RpcException(RpcFault.Unauthorized, $"the credentials cannot be read: {exception.Message}", inner: exception);
        }
    }

    private async Task<JsonDocument> ReadAsync(HttpResponseMessage response, bool acceptsAnyStatus, CancellationToken cancellationToken)
    {
        var status = (int)response.StatusCode;
        switch (status)
        {
            case 401 or 403:
                throw new RpcException(RpcFault.Unauthorized, $"it rejected the credentials (HTTP {status})");
            case 429:
                throw new RpcException(RpcFault.Throttled, "it limits the rate of requests (HTTP 429)");
            case >= 300 and < 400:
                throw new RpcException(RpcFault.Status, $"it answered with a redirect (HTTP {status}), which is not followed");
        }

        if (status != 200 && !acceptsAnyStatus)
            throw new RpcException(RpcFault.Status, $"HTTP {status}");
        var body = await BoundedAsync(response, cancellationToken);
        // JsonDocument does not look into strings until they are read.
        if (!Utf8.IsValid(body.Span))
            throw new RpcException(status == 200 ? RpcFault.Malformed : RpcFault.Status, status == 200 ? "its response is not UTF-8" : $"HTTP {status}");
        try
        {
            return JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = 32 });
        }
        catch (JsonException exception)
        {
            throw status == 200
                ? new RpcException(RpcFault.Malformed, "its response is not valid JSON", inner: exception)
                : new RpcException(RpcFault.Status, $"HTTP {status}", inner: exception);
        }
    }

    private async Task<ReadOnlyMemory<byte>> BoundedAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (response.Content.Headers.ContentLength > _maxBytes)
            throw new RpcException(RpcFault.TooLarge, $"its response is too large: {response.Content.Headers.ContentLength:N0} bytes");
        await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        var buffer = new MemoryStream();
        var chunk = new byte[16 * 1024];
        while (await stream.ReadAsync(chunk, cancellationToken) is > 0 and var read)
        {
            if (buffer.Length + read > _maxBytes)
                throw new RpcException(RpcFault.TooLarge, $"its response is too large: more than {_maxBytes:N0} bytes");
            buffer.Write(chunk, 0, read);
        }

        return buffer.GetBuffer().AsMemory(0, (int)buffer.Length);
    }

    private static RpcException Explain(HttpRequestException exception) => exception switch
    {
        { InnerException: RpcException own } => own,
        { InnerException: AuthenticationException or IOException { InnerException: AuthenticationException } } =>
            new RpcException(RpcFault.Tls, "its certificate is not trusted, or it does not use TLS", inner: exception),
        { HttpRequestError: HttpRequestError.SecureConnectionError } => new RpcException(RpcFault.Tls, "the TLS handshake failed", inner: exception),
        { HttpRequestError: HttpRequestError.NameResolutionError } => new RpcException(RpcFault.Unreachable, "its host name cannot be resolved", inner: exception),
        { HttpRequestError: HttpRequestError.ConnectionError } or { InnerException: SocketException } =>
            new RpcException(RpcFault.Unreachable, "the connection was refused", inner: exception),
        { HttpRequestError: HttpRequestError.ConfigurationLimitExceeded } => new RpcException(RpcFault.TooLarge, "its headers are too large", inner: exception),
        _ => new RpcException(RpcFault.Malformed, "its response is not valid HTTP/1.1", inner: exception),
    };

    private SocketsHttpHandler Handler()
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            AutomaticDecompression = DecompressionMethods.None,
            MaxResponseHeadersLength = 16,
            MaxConnectionsPerServer = 2,
            // Connections are closed after a while, so that a renewed certificate is seen and the name is resolved again.
            PooledConnectionLifetime = TimeSpan.FromMinutes(1),
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(30),
        };
        handler.SslOptions.RemoteCertificateValidationCallback = (_, certificate, _, errors) => IsTrusted(certificate, errors);
        return handler;
    }

    private bool IsTrusted(X509Certificate? certificate, SslPolicyErrors errors)
    {
        if (certificate is not X509Certificate2 served)
            return false;
        Certificate = ServedCertificate.Of(served);
        if (_access.AuthorityFile is not { } file)
            return errors == SslPolicyErrors.None;
        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch) || errors.HasFlag(SslPolicyErrors.RemoteCertificateNotAvailable))
            return false;
        try
        {
            using var chain = new X509Chain();
            chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
            chain.ChainPolicy.CustomTrustStore.ImportFromPemFile(file);
            return chain.Build(served);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or System.Security.Cryptography.CryptographicException)
        {
            return false;
        }
    }
}

/// <summary>A certificate that a node shows.</summary>
/// <param name="Thumbprint">SHA-256, in hexadecimal.</param>
internal sealed record ServedCertificate(string Thumbprint, DateTimeOffset NotBefore, DateTimeOffset NotAfter)
{
    public static ServedCertificate Of(X509Certificate2 certificate) => new(
        certificate.GetCertHashString(System.Security.Cryptography.HashAlgorithmName.SHA256), certificate.NotBefore, certificate.NotAfter);

    /// <summary>The first certificate of a PEM file; null when it cannot be read.</summary>
    public static ServedCertificate? OfFile(string path)
    {
        try
        {
            using var certificate = X509Certificate2.CreateFromPem(File.ReadAllText(path));
            return Of(certificate);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or System.Security.Cryptography.CryptographicException)
        {
            return null;
        }
    }
}
