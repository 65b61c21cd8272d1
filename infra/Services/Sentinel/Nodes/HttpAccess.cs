using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using HaCluster.Sentinel.Arguments;

namespace HaCluster.Sentinel.Nodes;

/// <summary>
/// HTTP to something that may be broken in any way: every answer is bounded in time and size, nothing is followed elsewhere, and whatever goes wrong is one of
/// <see cref="RpcFault"/>. Credentials are read again when they are refused, and the authority with every new connection, since both may be renewed.
/// </summary>
internal sealed class HttpAccess : IDisposable
{
    /// <summary>Of an honest answer: a block's transaction hashes and the peers of a node with 1,000 of them stay far below.</summary>
    private const int MostBytes = 4 * 1024 * 1024;

    private readonly NodeAccess _access;
    private readonly TimeSpan _timeout;
    private readonly HttpClient _client;
    private AuthenticationHeaderValue? _credentials;

    public HttpAccess(NodeAccess access, TimeSpan timeout)
    {
        _access = access;
        _timeout = timeout;
        _client = new HttpClient(Handler())
        {
            BaseAddress = access.Url,
            Timeout = Timeout.InfiniteTimeSpan,
            MaxResponseContentBufferSize = MostBytes,
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

    /// <param name="acceptsAnyStatus">The body says more than the status: it is read whatever that is.</param>
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
            throw new RpcException(RpcFault.Malformed, "its answer ends in the middle", inner: exception);
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

    private static async Task<JsonDocument> ReadAsync(HttpResponseMessage response, bool acceptsAnyStatus, CancellationToken cancellationToken)
    {
        var status = (int)response.StatusCode;
        switch (status)
        {
            case 401 or 403:
                throw new RpcException(RpcFault.Unauthorized, $"it refuses the credentials (HTTP {status})");
            case 429:
                throw new RpcException(RpcFault.Throttled, "it is asked too often (HTTP 429)");
            case >= 300 and < 400:
                throw new RpcException(RpcFault.Status, $"it leads elsewhere (HTTP {status}), and nothing is followed");
        }

        if (status != 200 && !acceptsAnyStatus)
            throw new RpcException(RpcFault.Status, $"HTTP {status}");
        var body = await BoundedAsync(response, cancellationToken);
        try
        {
            return JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = 32 });
        }
        catch (JsonException exception)
        {
            throw status == 200
                ? new RpcException(RpcFault.Malformed, "its answer is not valid JSON", inner: exception)
                : new RpcException(RpcFault.Status, $"HTTP {status}", inner: exception);
        }
    }

    private static async Task<ReadOnlyMemory<byte>> BoundedAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (response.Content.Headers.ContentLength > MostBytes)
            throw new RpcException(RpcFault.TooLarge, $"its answer has {response.Content.Headers.ContentLength:N0} bytes");
        await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        var buffer = new MemoryStream();
        var chunk = new byte[16 * 1024];
        while (await stream.ReadAsync(chunk, cancellationToken) is > 0 and var read)
        {
            if (buffer.Length + read > MostBytes)
                throw new RpcException(RpcFault.TooLarge, $"its answer is longer than {MostBytes:N0} bytes");
            buffer.Write(chunk, 0, read);
        }

        return buffer.GetBuffer().AsMemory(0, (int)buffer.Length);
    }

    private static RpcException Explain(HttpRequestException exception) => exception switch
    {
        { InnerException: RpcException own } => own,
        { InnerException: AuthenticationException or IOException { InnerException: AuthenticationException } } =>
            new RpcException(RpcFault.Tls, "its certificate is not to be believed, or it does not speak TLS", inner: exception),
        { HttpRequestError: HttpRequestError.SecureConnectionError } => new RpcException(RpcFault.Tls, "no TLS connection comes about", inner: exception),
        { HttpRequestError: HttpRequestError.NameResolutionError } => new RpcException(RpcFault.Unreachable, "its name does not resolve", inner: exception),
        { HttpRequestError: HttpRequestError.ConnectionError } or { InnerException: SocketException } =>
            new RpcException(RpcFault.Unreachable, "nothing listens there", inner: exception),
        { HttpRequestError: HttpRequestError.ConfigurationLimitExceeded } => new RpcException(RpcFault.TooLarge, "its headers are too long", inner: exception),
        _ => new RpcException(RpcFault.Malformed, "it does not speak HTTP/1.1 as it should", inner: exception),
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
            // A connection ends in time for a renewed certificate to be seen, and a name to be resolved anew.
            PooledConnectionLifetime = TimeSpan.FromMinutes(1),
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(30),
        };
        handler.SslOptions.RemoteCertificateValidationCallback = (_, certificate, _, errors) => Believe(certificate, errors);
        return handler;
    }

    private bool Believe(X509Certificate? certificate, SslPolicyErrors errors)
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
