using System.Collections.Concurrent;
using System.Net;
using System.Text;

namespace HaCluster.Workloads.Tests.Logging;

/// <summary>Takes the place of OpenSearch and of the node's pod identity agent, on a free port of this machine.</summary>
internal sealed class LoopbackSearch : IDisposable
{
    public const string KeyId = "AKIDEXAMPLE";

    // With the two characters of base64 that mean something to shells and addresses.
    public const string Secret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
    public const string SessionToken = "session/token+of==pod";

    private const string AgentPath = "/v1/credentials";
    private const string AgentToken = "projected-token";

    private readonly HttpListener _listener = new();
    private readonly ConcurrentQueue<SearchRequest> _requests = new();
    private readonly Func<SearchRequest, int, (int Status, string Body)> _answer;
    private readonly Task _loop;
    private int _count;

    /// <param name="answer">Answers a request, which is the how manieth, from zero.</param>
    public LoopbackSearch(Func<SearchRequest, int, (int Status, string Body)> answer)
    {
        _answer = answer;
        Address = $"http://127.0.0.1:{Waiting.FreePort()}";
        _listener.Prefixes.Add(Address + "/");
        _listener.Start();
        _loop = Task.Run(ServeAsync);
    }

    public string Address { get; }

    /// <summary>Where the agent gives credentials.</summary>
    public string CredentialsAddress => Address + AgentPath;

    /// <summary>What a pod shows the agent.</summary>
    public static string PodToken => AgentToken;

    public IReadOnlyList<SearchRequest> Requests => [.. _requests];

    public void Dispose()
    {
        _listener.Close();
        _loop.Wait();
    }

    private async Task ServeAsync()
    {
        while (_listener.IsListening)
        {
            try
            {
                await AnswerAsync(await _listener.GetContextAsync());
            }
            catch (Exception gone) when (gone is HttpListenerException or ObjectDisposedException)
            {
                // The listener is closed, or a caller gave up; the others want their answers.
            }
        }
    }

    private async Task AnswerAsync(HttpListenerContext context)
    {
        var request = context.Request;
        using var reader = new StreamReader(request.InputStream, Encoding.UTF8);
        var body = await reader.ReadToEndAsync();
        var (status, answer) = request.RawUrl == AgentPath ? Credentials(request) : Answer(request, body);
        var bytes = Encoding.UTF8.GetBytes(answer);
        context.Response.StatusCode = status;
        context.Response.ContentLength64 = bytes.Length;
        await context.Response.OutputStream.WriteAsync(bytes);
        context.Response.Close();
    }

    // https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html
    private static (int, string) Credentials(HttpListenerRequest request) => request.Headers["Authorization"] == AgentToken
        ? (200, $$"""{"AccessKeyId":"{{KeyId}}","SecretAccessKey":"{{Secret}}","Token":"{{SessionToken}}","AccountId":"123456789012","Expiration":"2100-01-01T00:00:00Z"}""")
        : (401, "{}");

    private (int, string) Answer(HttpListenerRequest request, string body)
    {
        var got = new SearchRequest(
            request.HttpMethod,
            request.RawUrl!,
            body,
            request.Headers["Authorization"] ?? "",
            request.Headers["X-Amz-Security-Token"] ?? "",
            request.Headers["X-Amz-Date"] ?? "",
            request.UserHostName);
        _requests.Enqueue(got);
        return _answer(got, _count++);
    }
}
