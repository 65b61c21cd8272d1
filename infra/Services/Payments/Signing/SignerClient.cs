using System.Net.Sockets;
using System.Text.Json;

namespace HaCluster.Payments.Signing;

/// <summary>The signer, seen from the service: another process behind a Unix socket.</summary>
internal sealed class SignerClient : ISigner
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(15);
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web);

    private readonly HttpClient _http;
    private readonly string _socket;

    public SignerClient(string socket)
    {
        _socket = socket;
        _http = new HttpClient(new SocketsHttpHandler
        {
            ConnectCallback = async (_, cancellationToken) =>
            {
                var connection = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                try
                {
                    await connection.ConnectAsync(new UnixDomainSocketEndPoint(socket), cancellationToken);
                    return new NetworkStream(connection, ownsSocket: true);
                }
                catch
                {
                    connection.Dispose();
                    throw;
                }
            },
        })
        {
            BaseAddress = new Uri("http://signer"),
            Timeout = Timeout,
            MaxResponseContentBufferSize = 4 << 20,
        };
    }

    public Task<SignedBytes> SignAsync(EthereumOrder order, CancellationToken cancellationToken) => PostAsync("/v1/ethereum", order, cancellationToken);

    public Task<SignedBytes> SignAsync(BitcoinOrder order, CancellationToken cancellationToken) => PostAsync("/v1/bitcoin", order, cancellationToken);

    public void Dispose() => _http.Dispose();

    private async Task<SignedBytes> PostAsync<T>(string path, T order, CancellationToken cancellationToken)
    {
        try
        {
            using var answer = await _http.PostAsJsonAsync(new Uri(path, UriKind.Relative), order, Options, cancellationToken);
            var text = await answer.Content.ReadAsStringAsync(cancellationToken);
            if (answer.IsSuccessStatusCode)
                return JsonSerializer.Deserialize<SignedBytes>(text, Options) ?? throw new SignerUnavailableException("the signer answered nothing");
            var problem = JsonSerializer.Deserialize<Problem>(text, Options);
            throw (int)answer.StatusCode is >= 400 and < 500
                ? new SigningRefusedException(problem?.Type?.Split(':')[^1] ?? "refused", problem?.Detail ?? $"the signer answered {(int)answer.StatusCode}")
                : new SignerUnavailableException(problem?.Detail ?? $"the signer answered {(int)answer.StatusCode}");
        }
        catch (Exception exception) when (exception is HttpRequestException or JsonException or IOException || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw new SignerUnavailableException($"the signer at {_socket} does not answer: {exception.Message}", exception);
        }
    }

    private sealed record Problem(string? Type, string? Detail);
}
