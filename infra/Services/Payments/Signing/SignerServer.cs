using HaCluster.Payments.Http;
using HaCluster.Services;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace HaCluster.Payments.Signing;

/// <summary>
/// The signer as a process of its own: on a Unix socket that only its group reaches, so that nothing on the network can ask it for anything; or, where the service is on other computers, on a port that talks to
/// nobody but a client with the service's certificate.
/// </summary>
internal static class SignerServer
{
    private const string SocketOption = "--socket";

    /// <summary>Of <c>open</c> for a socket: ENXIO, and EOPNOTSUPP of macOS.</summary>
    private static readonly int[] CannotBeOpened = [6, 102];

    /// <exception cref="IOException">The socket cannot be made, or another signer has it.</exception>
    public static async Task<WebApplication> StartAsync(LocalSigner signer, string socket, EventLog log, CancellationToken cancellationToken)
    {
        await RemoveStaleAsync(socket, cancellationToken);
        var app = Create(signer, log, kestrel => kestrel.ListenUnixSocket(socket));
        await Listening.StartAsync(app, SocketOption, socket, cancellationToken);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(socket, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite);
        return app;
    }

    /// <exception cref="IOException">Another program has the port.</exception>
    public static async Task<WebApplication> StartAsync(LocalSigner signer, SignerEndpoint endpoint, EventLog log, CancellationToken cancellationToken)
    {
        var app = Create(signer, log, kestrel => kestrel.Listen(endpoint.Listen, listen =>
        {
            listen.Protocols = HttpProtocols.Http1;
            listen.UseHttps(new TlsHandshakeCallbackOptions { OnConnection = _ => ValueTask.FromResult(endpoint.Options(log)) });
        }));
        await Listening.StartAsync(app, "--listen", endpoint.Listen, cancellationToken);
        return app;
    }

    private static WebApplication Create(LocalSigner signer, EventLog log, Action<KestrelServerOptions> listen)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = 1 << 20;
            listen(kestrel);
        });
        builder.Services.AddRoutingCore();
        var app = builder.Build();
        app.MapGet("/v1/keys", context => Json.AnswerAsync(context, StatusCodes.Status200OK, new { Keys = signer.Keys.ToArray() }));
        app.MapPost("/v1/ethereum", Handle<EthereumOrder>(log, order => order.Transfer, signer.SignAsync));
        app.MapPost("/v1/bitcoin", Handle<BitcoinOrder>(log, order => order.Owner, signer.SignAsync));
        app.MapPost("/v1/bitcoin/child", Handle<BitcoinChildOrder>(log, order => order.Owner, signer.SignAsync));
        app.MapPost("/v1/bitcoin/forswear", context => AnswerAsync<ForswornOrder>(context, log, order => order.Owner, async (order, cancellationToken) =>
        {
            await signer.ForswearAsync(order, cancellationToken);
            log.Write("signing-renounced", order.Owner, "");
            return order;
        }));
        return app;
    }

    private static RequestDelegate Handle<T>(EventLog log, Func<T, string> transfer, Func<T, CancellationToken, Task<SignedBytes>> sign)
        where T : class => context => AnswerAsync<T>(context, log, transfer, async (order, cancellationToken) =>
    {
        var signed = await sign(order, cancellationToken);
        log.Write("signed", transfer(order), signed.Txid);
        return signed;
    });

    private static async Task AnswerAsync<T>(HttpContext context, EventLog log, Func<T, string> transfer, Func<T, CancellationToken, Task<object>> answer)
        where T : class
    {
        try
        {
            var order = await Json.ReadAsync<T>(context);
            try
            {
                await Json.AnswerAsync(context, StatusCodes.Status200OK, await answer(order, context.RequestAborted));
            }
            catch (SigningRefusedException exception)
            {
                log.Write("refused", transfer(order) ?? "", $"{exception.Code}: {exception.Message}");
                await Problems.WriteAsync(context, StatusCodes.Status403Forbidden, exception.Code, exception.Message, exception.Transfer);
            }
            catch (SignerUnavailableException exception)
            {
                log.Write("unavailable", transfer(order) ?? "", exception.Message);
                await Problems.WriteAsync(context, StatusCodes.Status503ServiceUnavailable, "key-away", exception.Message);
            }
        }
        catch (RefusedException exception)
        {
            await Problems.WriteAsync(context, exception.Status, exception.Code, exception.Message);
        }
    }

    /// <summary>A signer that was killed leaves its socket behind. Nothing else is deleted: the path may be that of a key, which nobody could make again.</summary>
    private static async Task RemoveStaleAsync(string socket, CancellationToken cancellationToken)
    {
        if (Path.GetDirectoryName(socket) is { } folder && !Directory.Exists(folder))
            throw new IOException($"{SocketOption}: {socket}: the folder {folder} does not exist; create it first");
        if (!Path.Exists(socket))
            return;
        if (!OperatingSystem.IsWindows() && !IsSocket(socket))
            throw new IOException($"{SocketOption}: {socket} exists and is not a socket; choose another path");
        using var probe = new System.Net.Sockets.Socket(System.Net.Sockets.AddressFamily.Unix, System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Unspecified);
        try
        {
            await probe.ConnectAsync(new System.Net.Sockets.UnixDomainSocketEndPoint(socket), cancellationToken);
        }
        catch (System.Net.Sockets.SocketException)
        {
            File.Delete(socket);
            return;
        }

        throw new IOException($"{SocketOption}: another signer listens on {socket}");
    }

    /// <summary>A connection is refused by any file. Only a socket cannot be opened, by whoever it is (open(2), https://pubs.opengroup.org/onlinepubs/9799919799/functions/open.html).</summary>
    private static bool IsSocket(string path)
    {
        try
        {
            // For reading and writing: the end of a pipe would wait for the other one.
            using var opened = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
            return false;
        }
        catch (IOException exception)
        {
            return CannotBeOpened.Contains(exception.HResult);
        }
        catch (UnauthorizedAccessException)
        {
            return false;
        }
    }
}
