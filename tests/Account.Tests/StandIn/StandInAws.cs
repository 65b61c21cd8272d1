using System.Collections.Concurrent;
using System.Net;
using System.Text;
using Amazon.Runtime;

namespace HaCluster.Account.Tests.StandIn;

/// <summary>
/// A stand-in for AWS where moto has nothing: Service Quotas beyond <c>vpc</c>, and answers that no real service gives on demand
/// (throttling,
/// refusals, pages of a proxy). It is of our making and proves only what is sent, not what AWS would say.
/// </summary>
public sealed class StandInAws : IDisposable
{
    private readonly HttpListener _listener = new();
    private readonly Func<StandInRequest, StandInAnswer> _answer;

    public StandInAws(Func<StandInRequest, StandInAnswer> answer)
    {
        _answer = answer;
        Endpoint = new Uri($"http://127.0.0.1:{Waiting.FreePort()}/");
        _listener.Prefixes.Add(Endpoint.ToString());
        _listener.Start();
        _ = ServeAsync();
    }

    public Uri Endpoint { get; }

    public ConcurrentQueue<StandInRequest> Requests { get; } = new();

    public AwsAccount Open() => AwsAccount.Open("eu-central-1", new BasicAWSCredentials("AKIAIOSFODNN7EXAMPLE", "not-a-secret"), Endpoint);

    public void Dispose() => _listener.Close();

    private async Task ServeAsync()
    {
        while (_listener.IsListening)
        {
            try
            {
                await AnswerAsync(await _listener.GetContextAsync());
            }
            catch (Exception exception) when (exception is HttpListenerException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private async Task AnswerAsync(HttpListenerContext context)
    {
        using var reader = new StreamReader(context.Request.InputStream);
        var headers = context.Request.Headers.AllKeys.OfType<string>()
            .ToDictionary(name => name, name => context.Request.Headers[name] ?? "", StringComparer.OrdinalIgnoreCase);
        var request = new StandInRequest(context.Request.HttpMethod, context.Request.Url!.PathAndQuery, headers, await reader.ReadToEndAsync());
        Requests.Enqueue(request);
        var answer = _answer(request);
        context.Response.StatusCode = answer.Status;
        context.Response.ContentType = answer.ContentType;
        await context.Response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes(answer.Body));
        context.Response.Close();
    }
}
