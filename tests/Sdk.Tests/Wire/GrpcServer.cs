using System.Net;
using Google.Protobuf;
using HaCluster.Wire;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace HaCluster.Sdk.Tests.Wire;

/// <summary>Kestrel on loopback, HTTP/2 in clear text, with one handler for all calls.</summary>
internal sealed class GrpcServer : IAsyncDisposable
{
    private readonly WebApplication _application;

    private GrpcServer(WebApplication application) => _application = application;

    public string Address => new Uri(_application.Urls.Single()).Authority;

    public static async Task<GrpcServer> StartAsync(RequestDelegate handle)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2);
        });
        var application = builder.Build();
        application.Run(handle);
        await application.StartAsync();
        return new GrpcServer(application);
    }

    public static Task<T> ReadAsync<T>(HttpContext context, MessageParser<T> parser) where T : IMessage<T>
        => GrpcFrame.ReadAsync(context.Request.Body, parser, context.RequestAborted);

    public static async Task WriteAsync(HttpContext context, IMessage message)
    {
        context.Response.ContentType = GrpcFrame.ContentType;
        await context.Response.Body.WriteAsync(GrpcFrame.Encode(message));
        context.Response.AppendTrailer("grpc-status", "0");
    }

    /// <summary>An error whose status stands among the headers.</summary>
    public static Task FailAsync(HttpContext context, RpcStatusCode status, string message)
    {
        context.Response.ContentType = GrpcFrame.ContentType;
        context.Response.Headers["grpc-status"] = ((int)status).ToString(null as IFormatProvider);
        context.Response.Headers["grpc-message"] = StatusMessage.Encode(message);
        return Task.CompletedTask;
    }

    public async ValueTask DisposeAsync() => await _application.DisposeAsync();
}
