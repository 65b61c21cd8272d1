using System.Net;
using System.Net.Sockets;
using Grpc.AspNetCore.Server.Model;
using HaCluster.Wire;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace HaCluster.Engine.Serving;

/// <summary>gRPC on loopback over cleartext HTTP/2, in the least host that ASP.NET Core has: every run of <c>ha</c> starts one.</summary>
internal sealed class GrpcServer : IAsyncDisposable
{
    private const int Streams = 128;
    private const int StreamWindow = 256 * 1024;

    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly LargeMessageGate _gate = new();
    private WebApplication? _application;

    /// <summary>Takes a port of the system's choice. Connections to it wait until <see cref="ServeAsync"/>, so that a program can start meanwhile.</summary>
    public GrpcServer()
    {
        _socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _socket.Listen();
    }

    /// <summary><c>127.0.0.1:port</c>, as the programs expect it: without a scheme.</summary>
    public string Address => _socket.LocalEndPoint!.ToString()!;

    /// <param name="methods">By path, such as <c>/pulumirpc.Engine/Log</c>.</param>
    public async Task ServeAsync(IReadOnlyDictionary<string, UnaryMethod> methods, ICallObserver observer, CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(Configure);
        // Signals belong to the process that embeds the engine: the lifetime of a host would take Ctrl+C from it.
        builder.Services.AddSingleton<IHostLifetime, EmbeddedLifetime>();
        builder.Services.AddGrpc(options =>
        {
            options.MaxReceiveMessageSize = MessageMarshaller.MaxMessageLength;
            options.MaxSendMessageSize = MessageMarshaller.MaxMessageLength;
            // The only peer is the program that the engine started itself.
            options.EnableDetailedErrors = true;
        });
        builder.Services.AddSingleton<IServiceMethodProvider<CallHandler>>(new MethodTable(methods));
        builder.Services.AddSingleton(new CallHandler(observer));

        _application = builder.Build();
        _application.Use(new CallObservation(methods, observer, _gate).InvokeAsync);
        _application.UseRouting();
        _application.MapGrpcService<CallHandler>();
        await _application.StartAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (_application is not null)
        {
            // The program has exited: nothing that is still open deserves to be waited for.
            await _application.StopAsync(new CancellationToken(canceled: true));
            await _application.DisposeAsync();
        }
        _gate.Dispose();
        _socket.Dispose();
    }

    private void Configure(KestrelServerOptions options)
    {
        options.AddServerHeader = false;
        // Messages are limited one by one, and a program may take as long as it likes to send one.
        options.Limits.MaxRequestBodySize = null;
        options.Limits.MinRequestBodyDataRate = null;
        options.Limits.MinResponseDataRate = null;
        // A large message that waits for its turn holds its stream's window. All streams together must not use up the connection's,
        // or the one whose turn it is could not go on.
        options.Limits.Http2.MaxStreamsPerConnection = Streams;
        options.Limits.Http2.InitialStreamWindowSize = StreamWindow;
        options.Limits.Http2.InitialConnectionWindowSize = Streams * StreamWindow;
        options.ListenHandle((ulong)_socket.Handle, listen => listen.Protocols = HttpProtocols.Http2);
    }

    private sealed class EmbeddedLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
