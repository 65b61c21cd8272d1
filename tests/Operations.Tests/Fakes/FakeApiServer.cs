using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using HaCluster.Operations.Kubernetes;
using k8s;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace HaCluster.Operations.Tests.Fakes;

/// <summary>
/// A fake of an API server: it answers what a test tells it to, breaks connections and stays silent on demand. It proves what is sent and how answers
/// are taken, not what Kubernetes would answer.
/// </summary>
public sealed class FakeApiServer : IAsyncDisposable
{
    private readonly WebApplication _application;

    private FakeApiServer(WebApplication application) => _application = application;

    public static KubernetesOptions Quick { get; } = new()
    {
        FirstDelay = TimeSpan.FromMilliseconds(1),
        LongestDelay = TimeSpan.FromMilliseconds(5),
        RequestTimeout = Waiting.Limit,
        ListTimeout = Waiting.Limit,
    };

    public ConcurrentQueue<FakeRequest> Requests { get; } = new();

    public Uri Endpoint => new(_application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    public static async Task<FakeApiServer> StartAsync(Func<HttpContext, FakeRequest, Task> answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(options => options.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http1));
        var application = builder.Build();
        var server = new FakeApiServer(application);
        application.Run(async context =>
        {
            using var reader = new StreamReader(context.Request.Body);
            var request = new FakeRequest(
                context.Request.Method, context.Request.Path + context.Request.QueryString.ToString(), context.Request.ContentType ?? "", context.Request.Headers.Authorization.ToString(),
                await reader.ReadToEndAsync());
            server.Requests.Enqueue(request);
            await answer(context, request);
        });
        await application.StartAsync();
        return server;
    }

    public KubernetesApi Open(KubernetesOptions? options = null, string? token = "good", Action<string>? trace = null) => new(
        _ => Task.FromResult(new KubernetesClientConfiguration { Host = Endpoint.ToString(), AccessToken = token }), options ?? Quick, trace: trace);

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await _application.StopAsync(now.Token);
        await _application.DisposeAsync();
    }
}

public sealed record FakeRequest(string Method, string Path, string ContentType, string Authorization, string Body)
{
    public JsonNode Json => JsonNode.Parse(Body)!;

    public bool IsWatch => Path.Contains("watch=true", StringComparison.Ordinal);
}

/// <summary>Answers in the API server's words.</summary>
public static class FakeAnswers
{
    public static async Task JsonAsync(this HttpContext context, string body, int status = 200)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(body);
    }

    public static Task StatusAsync(this HttpContext context, int code, string reason, string message, string details = "{}") => context.JsonAsync(
        $$"""{"kind":"Status","apiVersion":"v1","status":"Failure","message":"{{message.Replace("\"", "\\\"", StringComparison.Ordinal)}}","reason":"{{reason}}","details":{{details}},"code":{{code}}}""", code);

    public static Task ListAsync(this HttpContext context, string version, string items, string next = "") =>
        context.JsonAsync($$"""{"kind":"List","apiVersion":"v1","metadata":{"resourceVersion":"{{version}}","continue":"{{next}}"},"items":[{{items}}]}""");

    /// <summary>Writes lines of a watch, and keeps the stream open.</summary>
    public static async Task LineAsync(this HttpContext context, string line)
    {
        if (!context.Response.HasStarted)
            context.Response.ContentType = "application/json";
        await context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(line + "\n"));
        await context.Response.Body.FlushAsync();
    }

    public static string Pod(string name, string version, string uid = "", string @namespace = "shop") =>
        $$"""{"metadata": {"name":"{{name}}","namespace":"{{@namespace}}","uid":"{{(uid.Length > 0 ? uid : name)}}","resourceVersion":"{{version}}"} ,"spec":{"containers":[]} }""";

    public static string Change(string type, string subject) => $$"""{"type":"{{type}}","object":{{subject}} }""";

    public static async Task SilenceAsync(this HttpContext context)
    {
        try
        {
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
        }
        catch (OperationCanceledException)
        {
            // The client went away.
        }
    }
}
