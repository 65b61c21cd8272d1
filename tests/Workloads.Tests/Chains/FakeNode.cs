using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace HaCluster.Workloads.Tests.Chains;

/// <summary>A stand-in for a chain node and its sentinel: it answers every call with its name, and says whether it is ready as it is told.</summary>
internal sealed class FakeNode : IAsyncDisposable
{
    private readonly WebApplication _rpc;
    private readonly WebApplication _sentinel;
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private FakeNode(string name, WebApplication rpc, WebApplication sentinel)
    {
        Name = name;
        _rpc = rpc;
        _sentinel = sentinel;
    }

    public string Name { get; }

    public bool IsReady { get; set; } = true;

    /// <summary>Whether calls are kept without an answer until the node goes.</summary>
    public bool Holds { get; set; }

    public TaskCompletionSource Held { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Bodies that arrived.</summary>
    public ConcurrentQueue<string> Bodies { get; } = [];

    /// <summary>The last credentials that arrived.</summary>
    public string? Authorization { get; private set; }

    public static async Task<FakeNode> StartAsync(string name, IPAddress address, int rpcPort, int sentinelPort, X509Certificate2? certificate)
    {
        var rpc = Application(address, rpcPort, certificate);
        var sentinel = Application(address, sentinelPort, certificate: null);
        var node = new FakeNode(name, rpc, sentinel);
        rpc.Run(node.AnswerAsync);
        sentinel.Run(context =>
        {
            context.Response.StatusCode = node.IsReady && context.Request.Path == "/ready" ? 200 : 503;
            return Task.CompletedTask;
        });
        await rpc.StartAsync();
        await sentinel.StartAsync();
        return node;
    }

    public async ValueTask DisposeAsync()
    {
        _released.TrySetResult();
        await _rpc.DisposeAsync();
        await _sentinel.DisposeAsync();
    }

    private static WebApplication Application(IPAddress address, int port, X509Certificate2? certificate)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(options => options.Listen(address, port, listen =>
        {
            if (certificate is not null)
                listen.UseHttps(certificate);
        }));
        return builder.Build();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        Bodies.Enqueue(await reader.ReadToEndAsync());
        Authorization = context.Request.Headers.Authorization;
        if (Holds)
        {
            Held.TrySetResult();
            await Task.WhenAny(_released.Task, Task.Delay(Timeout.Infinite, context.RequestAborted));
        }

        await context.Response.WriteAsync(Name);
    }
}
