using System.Net;
using System.Text;

namespace HaCluster.Cmdlets.Tests.Hosting;

/// <summary>
/// Stands before an API of the twin on loopback: passes on what it does not answer itself. For what the twin never says of its own: a permission that is
/// missing, a cluster of somebody else.
/// </summary>
internal sealed class Gate : IDisposable
{
    private readonly HttpListener _listener;
    private readonly HttpClient _client;
    private readonly Uri _behind;
    private readonly Func<HttpListenerRequest, string, (int Status, string Text)?> _answer;

    /// <param name="behind">The API.</param>
    /// <param name="answer">Status and body of what is not passed on, by the request and its body.</param>
    public Gate(Uri behind, Func<HttpListenerRequest, string, (int Status, string Text)?> answer)
    {
        (_behind, _answer) = (behind, answer);
        // The twin's certificate is its own; what is tested here is not TLS.
        _client = new HttpClient(new HttpClientHandler { ServerCertificateCustomValidationCallback = (_, _, _, _) => true, AllowAutoRedirect = false }) { Timeout = System.Threading.Timeout.InfiniteTimeSpan };
        (_listener, Address) = Listen();
        _ = ServeAsync();
    }

    public Uri Address { get; }

    public void Dispose()
    {
        _listener.Close();
        _client.Dispose();
    }

    /// <summary>HttpListener takes no port 0.</summary>
    private static (HttpListener Listener, Uri Address) Listen()
    {
        while (true)
        {
            using var free = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
            free.Start();
            var port = ((IPEndPoint)free.LocalEndpoint).Port;
            free.Stop();
            var listener = new HttpListener();
            listener.Prefixes.Add($"http://127.0.0.1:{port}/");
            try
            {
                listener.Start();
                return (listener, new Uri($"http://127.0.0.1:{port}"));
            }
            catch (HttpListenerException)
            {
                listener.Close();
            }
        }
    }

    private async Task ServeAsync()
    {
        while (true)
        {
            HttpListenerContext context;
            try
            {
                context = await _listener.GetContextAsync();
            }
            catch (Exception exception) when (exception is HttpListenerException or ObjectDisposedException)
            {
                return;
            }

            _ = Task.Run(() => AnswerAsync(context));
        }
    }

    private async Task AnswerAsync(HttpListenerContext context)
    {
        try
        {
            using var body = new MemoryStream();
            await context.Request.InputStream.CopyToAsync(body);
            if (_answer(context.Request, Encoding.UTF8.GetString(body.ToArray())) is { } own)
            {
                context.Response.StatusCode = own.Status;
                context.Response.ContentType = own.Text.TrimStart().StartsWith('<') ? "text/xml" : "application/json";
                await context.Response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes(own.Text));
            }
            else
            {
                await PassOnAsync(context, body.ToArray());
            }

            context.Response.Close();
        }
        catch (Exception exception) when (exception is HttpListenerException or HttpRequestException or IOException or ObjectDisposedException or OperationCanceledException)
        {
            context.Response.Abort();
        }
    }

    private async Task PassOnAsync(HttpListenerContext context, byte[] body)
    {
        using var request = new HttpRequestMessage(new HttpMethod(context.Request.HttpMethod), new Uri(_behind, context.Request.RawUrl));
        if (body.Length > 0)
            request.Content = new ByteArrayContent(body);
        // The host too: it is signed.
        foreach (var name in context.Request.Headers.AllKeys.OfType<string>().Where(name => name is not ("Connection" or "Content-Length" or "Transfer-Encoding" or "Expect")))
        {
            if (!request.Headers.TryAddWithoutValidation(name, context.Request.Headers[name]))
                request.Content?.Headers.TryAddWithoutValidation(name, context.Request.Headers[name]);
        }

        using var response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        context.Response.StatusCode = (int)response.StatusCode;
        context.Response.ContentType = response.Content.Headers.ContentType?.ToString();
        context.Response.SendChunked = true;
        foreach (var header in response.Headers.Where(header => header.Key.StartsWith("x-amz", StringComparison.OrdinalIgnoreCase) || header.Key == "Warning"))
            context.Response.Headers[header.Key] = string.Join(", ", header.Value);
        // A watch goes on: each part at once.
        await using var stream = await response.Content.ReadAsStreamAsync();
        var buffer = new byte[64 * 1024];
        for (int read; (read = await stream.ReadAsync(buffer)) > 0;)
        {
            await context.Response.OutputStream.WriteAsync(buffer.AsMemory(0, read));
            await context.Response.OutputStream.FlushAsync();
        }
    }
}
