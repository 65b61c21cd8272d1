using System.Net;
using System.Text;
using Amazon.Runtime;
using HaCluster.Operations.Aws;

namespace HaCluster.Operations.Tests.Fakes;

/// <summary>A fake of AWS for what moto lacks (zonal shift, updates of node groups) and for refusals on demand. It proves what is sent.</summary>
public sealed class FakeAws : IDisposable
{
    private readonly HttpListener _listener = new();
    private readonly Func<(string Method, string Path, string Body), (int Status, string Body)> _answer;

    public FakeAws(Func<(string Method, string Path, string Body), (int Status, string Body)> answer)
    {
        _answer = answer;
        Endpoint = new Uri($"http://127.0.0.1:{Waiting.FreePort()}/");
        _listener.Prefixes.Add(Endpoint.ToString());
        _listener.Start();
        _ = ServeAsync();
    }

    public Uri Endpoint { get; }

    public List<(string Method, string Path, string Body)> Requests { get; } = [];

    public AwsServices Open() => AwsWire.Open("eu-central-1", new BasicAWSCredentials("AKIAIOSFODNN7EXAMPLE", "not-a-secret"), Endpoint);

    public void Dispose() => _listener.Close();

    private async Task ServeAsync()
    {
        while (_listener.IsListening)
        {
            try
            {
                var context = await _listener.GetContextAsync();
                using var reader = new StreamReader(context.Request.InputStream);
                var request = (context.Request.HttpMethod, context.Request.Url!.PathAndQuery, await reader.ReadToEndAsync());
                lock (Requests)
                    Requests.Add(request);
                var (status, body) = _answer(request);
                context.Response.StatusCode = status;
                context.Response.ContentType = body.StartsWith('<') ? "text/xml" : "application/json";
                await context.Response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes(body));
                context.Response.Close();
            }
            catch (Exception exception) when (exception is HttpListenerException or ObjectDisposedException)
            {
                return;
            }
        }
    }
}
