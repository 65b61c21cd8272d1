using System.Diagnostics;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text.Json;

namespace HaCluster.Payments.Signing;

/// <summary>The signer, seen from the service: another process behind a Unix socket, or elsewhere on the network.</summary>
internal sealed class SignerClient : ISigner
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan ConnectionLife = TimeSpan.FromMinutes(5);
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web);

    private readonly HttpClient _http;
    private readonly SignerAddress _address;

    public SignerClient(SignerAddress address)
    {
        _address = address;
        _http = new HttpClient(new SocketsHttpHandler
        {
            ConnectCallback = async (_, cancellationToken) => address switch
            {
                SignerAddress.UnixSocket socket => await ConnectAsync(socket, cancellationToken),
                SignerAddress.MutualTls tls => await ConnectAsync(tls, cancellationToken),
                _ => throw new UnreachableException(),
            },
            // Certificates are renewed, and a Service of Kubernetes has other replicas.
            PooledConnectionLifetime = ConnectionLife,
        })
        {
            // What is below HTTP is made by the callback.
            BaseAddress = new Uri("http://signer"),
            Timeout = Timeout,
            MaxResponseContentBufferSize = 4 << 20,
        };
    }

    public Task<SignedBytes> SignAsync(EthereumOrder order, CancellationToken cancellationToken) => PostAsync<EthereumOrder, SignedBytes>("/v1/ethereum", order, cancellationToken);

    public Task<SignedBytes> SignAsync(BitcoinOrder order, CancellationToken cancellationToken) => PostAsync<BitcoinOrder, SignedBytes>("/v1/bitcoin", order, cancellationToken);

    public Task<SignedBytes> SignAsync(BitcoinChildOrder order, CancellationToken cancellationToken) => PostAsync<BitcoinChildOrder, SignedBytes>("/v1/bitcoin/child", order, cancellationToken);

    public Task ForswearAsync(ForswornOrder order, CancellationToken cancellationToken) => PostAsync<ForswornOrder, ForswornOrder>("/v1/bitcoin/forswear", order, cancellationToken);

    public void Dispose() => _http.Dispose();

    private static async Task<Stream> ConnectAsync(SignerAddress.UnixSocket address, CancellationToken cancellationToken)
    {
        var connection = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await connection.ConnectAsync(new UnixDomainSocketEndPoint(address.Path), cancellationToken);
            return new NetworkStream(connection, ownsSocket: true);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private static async Task<Stream> ConnectAsync(SignerAddress.MutualTls address, CancellationToken cancellationToken)
    {
        var connection = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await connection.ConnectAsync(address.Url.Host, address.Url.Port, cancellationToken);
            var secured = new SslStream(new NetworkStream(connection, ownsSocket: true));
            await secured.AuthenticateAsClientAsync(
                new SslClientAuthenticationOptions
                {
                    TargetHost = address.Url.Host,
                    ClientCertificateContext = address.Own.Current.Context,
                    CertificateChainPolicy = address.Authority.Current.ForServers(),
                    EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
                },
                cancellationToken);
            return secured;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private async Task<TAnswer> PostAsync<TOrder, TAnswer>(string path, TOrder order, CancellationToken cancellationToken)
    {
        try
        {
            using var answer = await _http.PostAsJsonAsync(new Uri(path, UriKind.Relative), order, Options, cancellationToken);
            var text = await answer.Content.ReadAsStringAsync(cancellationToken);
            if (answer.IsSuccessStatusCode)
                return JsonSerializer.Deserialize<TAnswer>(text, Options) ?? throw new SignerUnavailableException("the signer answered nothing");
            var problem = JsonSerializer.Deserialize<Problem>(text, Options);
            // Anything else is not an answer to the order: a signer of another version makes transfers wait, and not fail.
            throw answer.StatusCode == HttpStatusCode.Forbidden
                ? new SigningRefusedException(problem?.Type?.Split(':')[^1] ?? "refused", problem?.Detail ?? $"the signer answered {(int)answer.StatusCode}", problem?.Transfer)
                : new SignerUnavailableException(problem?.Detail ?? $"the signer answered {(int)answer.StatusCode}");
        }
        catch (Exception exception) when (exception is HttpRequestException or JsonException or IOException or AuthenticationException || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw new SignerUnavailableException($"the signer at {_address} does not answer: {exception.Message}", exception);
        }
    }

    private sealed record Problem(string? Type, string? Detail, string? Transfer);
}
