using System.Net;
using System.Text;

namespace HaCluster.Workloads.Tests.Rules;

/// <summary>An exporter on loopback that shows what the test last gave it.</summary>
internal sealed class PlayedMetrics : IDisposable
{
    private readonly HttpListener _listener = new();
    private readonly Task _serving;
    private volatile string _text = "";

    public PlayedMetrics(int port)
    {
        Address = $"127.0.0.1:{port}";
        _listener.Prefixes.Add($"http://{Address}/");
        _listener.Start();
        _serving = ServeAsync();
    }

    /// <summary>Host and port.</summary>
    public string Address { get; }

    /// <summary>From the next scrape on, exactly these series.</summary>
    public void Show(IEnumerable<(string Series, int Value)> series) =>
        _text = string.Concat(series.Select(entry => $"{entry.Series} {entry.Value}\n"));

    public void Dispose()
    {
        _listener.Close();
        _serving.Wait();
    }

    private async Task ServeAsync()
    {
        while (_listener.IsListening)
        {
            try
            {
                var context = await _listener.GetContextAsync();
                context.Response.ContentType = "text/plain; version=0.0.4";
                await context.Response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes(_text));
                context.Response.Close();
            }
            catch (Exception exception) when (exception is HttpListenerException or ObjectDisposedException)
            {
                // A scrape that went away, or the end of the test; the loop ends with the listener.
            }
        }
    }
}
