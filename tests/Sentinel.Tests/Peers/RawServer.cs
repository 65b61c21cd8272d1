using System.Net;
using System.Net.Sockets;
using System.Text;

namespace HaCluster.Sentinel.Tests.Peers;

/// <summary>A server on loopback that answers each connection's request with whatever bytes a test wants, at the test's own pace.</summary>
internal sealed class RawServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly Func<string, NetworkStream, CancellationToken, Task> _answer;

    /// <param name="answer">Gets the request with its body.</param>
    public RawServer(Func<string, NetworkStream, CancellationToken, Task> answer)
    {
        _answer = answer;
        _listener.Start();
        _ = AcceptAsync();
    }

    public Uri Url => new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");

    public int Requests { get; private set; }

    public static RawServer Json(Func<string, string> answer) => new((request, stream, token) => SendAsync(stream, 200, answer(request), token));

    public static Task SendAsync(NetworkStream stream, int status, string body, CancellationToken token, string headers = "") =>
        SendAsync(stream, status, Encoding.UTF8.GetBytes(body), token, headers);

    public static async Task SendAsync(NetworkStream stream, int status, byte[] bytes, CancellationToken token, string headers = "")
    {
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 {status} X\r\nContent-Type: application/json\r\nContent-Length: {bytes.Length}\r\n{headers}Connection: close\r\n\r\n"), token);
        await stream.WriteAsync(bytes, token);
    }

    public void Dispose()
    {
        _end.Cancel();
        _listener.Dispose();
        _end.Dispose();
    }

    private async Task AcceptAsync()
    {
        var token = _end.Token;
        try
        {
            while (!token.IsCancellationRequested)
                _ = ServeAsync(await _listener.AcceptTcpClientAsync(token), token);
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
        {
        }
    }

    private async Task ServeAsync(TcpClient client, CancellationToken token)
    {
        using (client)
        {
            try
            {
                var stream = client.GetStream();
                var request = await ReadAsync(stream, token);
                Requests++;
                await _answer(request, stream, token);
            }
            catch (Exception exception) when (exception is IOException or OperationCanceledException or ObjectDisposedException or SocketException)
            {
            }
        }
    }

    private static async Task<string> ReadAsync(NetworkStream stream, CancellationToken token)
    {
        var text = new StringBuilder();
        var buffer = new byte[4096];
        while (!IsWhole(text.ToString()) && await stream.ReadAsync(buffer, token) is > 0 and var read)
            text.Append(Encoding.UTF8.GetString(buffer, 0, read));
        return text.ToString();
    }

    private static bool IsWhole(string request)
    {
        // The first byte of a TLS handshake: a server without TLS has seen enough.
        if (request.StartsWith('\u0016'))
            return true;
        if (request.IndexOf("\r\n\r\n", StringComparison.Ordinal) is not (>= 0 and var end))
            return false;
        var length = request[..end].Split("\r\n").Where(line => line.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase))
            .Select(line => int.Parse(line.Split(':')[1], System.Globalization.CultureInfo.InvariantCulture)).FirstOrDefault();
        return request.Length - end - 4 >= length;
    }
}
