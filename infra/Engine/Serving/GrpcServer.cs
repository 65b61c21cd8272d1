using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace HaCluster.Engine.Serving;

/// <summary>
/// Kestrel on loopback with cleartext HTTP/2, and nothing of ASP.NET above it: building a host would take longer than most runs.
/// </summary>
internal sealed class GrpcServer : IAsyncDisposable
{
    private const int Streams = 128;
    private const int StreamWindow = 256 * 1024;

    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly ServiceProvider _services = new ServiceCollection().BuildServiceProvider();
    private KestrelServer? _server;
    private GrpcApplication? _application;

    /// <summary>Takes a port of the system's choice. Connections to it wait until <see cref="ServeAsync"/>, so that a program can start meanwhile.</summary>
    public GrpcServer()
    {
        _socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _socket.Listen();
    }

    /// <summary><c>127.0.0.1:port</c>, as the programs expect it: without a scheme.</summary>
    public string Address => _socket.LocalEndPoint!.ToString()!;

    public async Task ServeAsync(IReadOnlyDictionary<string, UnaryMethod> methods, ICallObserver observer, CancellationToken cancellationToken)
    {
        var options = new KestrelServerOptions { ApplicationServices = _services, AddServerHeader = false };
        // Messages are limited frame by frame, and a program may take as long as it likes to send one.
        options.Limits.MaxRequestBodySize = null;
        options.Limits.MinRequestBodyDataRate = null;
        options.Limits.MinResponseDataRate = null;
        // A large message that waits for its turn holds its stream's window. All streams together must not use up the connection's,
        // or the one whose turn it is could not go on.
        options.Limits.Http2.MaxStreamsPerConnection = Streams;
        options.Limits.Http2.InitialStreamWindowSize = StreamWindow;
        options.Limits.Http2.InitialConnectionWindowSize = Streams * StreamWindow;
        options.ListenHandle((ulong)_socket.Handle, listen => listen.Protocols = HttpProtocols.Http2);

        var transport = new SocketTransportFactory(Options.Create(new SocketTransportOptions()), NullLoggerFactory.Instance);
        _server = new KestrelServer(Options.Create(options), transport, NullLoggerFactory.Instance);
        _application = new GrpcApplication(methods, observer);
        await _server.StartAsync(_application, cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        // The program has exited: nothing that is still open deserves to be waited for.
        if (_server is not null)
            await _server.StopAsync(new CancellationToken(canceled: true));
        _server?.Dispose();
        _application?.Dispose();
        _socket.Dispose();
        await _services.DisposeAsync();
    }
}
