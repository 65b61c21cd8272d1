using System.Net;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
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

    private readonly KestrelServer _server;
    private readonly GrpcApplication _application;
    private readonly ServiceProvider _services;

    private GrpcServer(KestrelServer server, GrpcApplication application, ServiceProvider services)
    {
        _server = server;
        _application = application;
        _services = services;
    }

    /// <summary><c>127.0.0.1:port</c>, as the programs expect it: without a scheme.</summary>
    public string Address { get; private init; } = "";

    public static async Task<GrpcServer> StartAsync(
        IReadOnlyDictionary<string, UnaryMethod> methods, ICallObserver observer, CancellationToken cancellationToken)
    {
        var services = new ServiceCollection().BuildServiceProvider();
        var options = new KestrelServerOptions { ApplicationServices = services, AddServerHeader = false };
        // Messages are limited frame by frame, and a program may take as long as it likes to send one.
        options.Limits.MaxRequestBodySize = null;
        options.Limits.MinRequestBodyDataRate = null;
        options.Limits.MinResponseDataRate = null;
        // A large message that waits for its turn holds its stream's window. All streams together must not use up the connection's,
        // or the one whose turn it is could not go on.
        options.Limits.Http2.MaxStreamsPerConnection = Streams;
        options.Limits.Http2.InitialStreamWindowSize = StreamWindow;
        options.Limits.Http2.InitialConnectionWindowSize = Streams * StreamWindow;
        options.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2);

        var transport = new SocketTransportFactory(Options.Create(new SocketTransportOptions()), NullLoggerFactory.Instance);
        var server = new KestrelServer(Options.Create(options), transport, NullLoggerFactory.Instance);
        var application = new GrpcApplication(methods, observer);
        await server.StartAsync(application, cancellationToken);
        var address = new Uri(server.Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.First());
        return new GrpcServer(server, application, services) { Address = address.Authority };
    }

    public async ValueTask DisposeAsync()
    {
        // The program has exited: nothing that is still open deserves to be waited for.
        await _server.StopAsync(new CancellationToken(canceled: true));
        _server.Dispose();
        _application.Dispose();
        await _services.DisposeAsync();
    }
}
