using System.Globalization;
using System.Net;
using System.Text;

namespace HaCluster.Cli.Tests.Images;

/// <summary>A registry of a few lines that refuses whoever has no token, and its token service. A real one cannot be brought to answer wrongly.</summary>
internal sealed class StandInRegistry : IAsyncDisposable
{
    private readonly HttpListener _listener = new();
    private readonly Task _serving;

    /// <param name="demand">How it asks for credentials, with <c>{0}</c> for its host.</param>
    /// <param name="token">The answer of the token service, which is at <c>/token</c>.</param>
    /// <param name="tokenType">The media type of that answer; null for none.</param>
    public StandInRegistry(string demand, string token, string? tokenType = null)
    {
        _listener.Prefixes.Add($"http://{Host}/");
        _listener.Start();
        _serving = ServeAsync(string.Format(CultureInfo.InvariantCulture, demand, Host).Trim(), Encoding.UTF8.GetBytes(token), tokenType);
    }

    public string Host { get; } = $"127.0.0.1:{Waiting.FreePort()}";

    /// <summary>Each request: its path, and its credentials.</summary>
    public List<string> Asked { get; } = [];

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _serving;
        _listener.Close();
    }

    private async Task ServeAsync(string demand, byte[] token, string? tokenType)
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

            Asked.Add($"{context.Request.Url!.PathAndQuery} {context.Request.Headers["Authorization"]}");
            if (context.Request.Url.AbsolutePath == "/token")
            {
                context.Response.ContentType = tokenType;
                await context.Response.OutputStream.WriteAsync(token);
            }
            else if (context.Request.Headers["Authorization"] != "Bearer T1")
            {
                context.Response.StatusCode = 401;
                context.Response.Headers["WWW-Authenticate"] = demand;
            }

            context.Response.Close();
        }
    }
}
