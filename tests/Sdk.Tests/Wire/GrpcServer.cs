using System.Buffers.Binary;
using System.Net;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace HaCluster.Sdk.Tests.Wire;

/// <summary>
/// Kestrel on loopback, HTTP/2 in clear text, with one handler for all calls. The frames are made by hand: a peer that shares nothing with the client,
/// and that can also break the protocol.
/// </summary>
internal sealed class GrpcServer : IAsyncDisposable
{
    private const string ContentType = "application/grpc";

    private const int HeaderLength = 5;

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
        application.Run(context =>
        {
            context.Response.ContentType = ContentType;
            return handle(context);
        });
        await application.StartAsync();
        return new GrpcServer(application);
    }

    /// <summary>One byte "compressed", four bytes length (big endian), the message.</summary>
    public static byte[] Frame(IMessage message)
    {
        var content = message.ToByteArray();
        var frame = new byte[HeaderLength + content.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), content.Length);
        content.CopyTo(frame, HeaderLength);
        return frame;
    }

    public static async Task<T> ReadAsync<T>(HttpContext context, MessageParser<T> parser) where T : IMessage<T>
    {
        var header = new byte[HeaderLength];
        await context.Request.Body.ReadExactlyAsync(header);
        Assert.Equal(0, header[0]);
        var message = new byte[BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(1))];
        await context.Request.Body.ReadExactlyAsync(message);
        return parser.ParseFrom(message);
    }

    public static async Task WriteAsync(HttpContext context, IMessage message)
    {
        await context.Response.Body.WriteAsync(Frame(message));
        context.Response.AppendTrailer("grpc-status", "0");
    }

    /// <summary>An error whose status is among the headers.</summary>
    public static Task FailAsync(HttpContext context, StatusCode status, string message)
    {
        context.Response.Headers["grpc-status"] = ((int)status).ToString(null as IFormatProvider);
        context.Response.Headers["grpc-message"] = Uri.EscapeDataString(message);
        return Task.CompletedTask;
    }

    public async ValueTask DisposeAsync() => await _application.DisposeAsync();
}
