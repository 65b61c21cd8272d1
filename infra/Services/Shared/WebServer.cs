using System.Net;
using System.Net.Security;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace HaCluster.Services;

/// <summary>The web server of a service: HTTP/1.1, with limits on what a caller can hold.</summary>
internal static class WebServer
{
    /// <summary>Time in which requests that have begun may end.</summary>
    private static readonly TimeSpan Drain = TimeSpan.FromSeconds(25);

    /// <param name="largestRequest">Bytes.</param>
    /// <param name="slowestBody">Bytes per second at which a body must arrive.</param>
    /// <param name="tls">What a handshake on a connection uses; null: without TLS.</param>
    public static WebApplicationBuilder CreateBuilder(
        IPEndPoint address, long largestRequest, double slowestBody, Func<BaseConnectionContext, SslServerAuthenticationOptions>? tls)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = largestRequest;
            kestrel.Limits.MaxConcurrentConnections = 1000;
            kestrel.Limits.MaxRequestHeadersTotalSize = 16 << 10;
            kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
            kestrel.Limits.KeepAliveTimeout = TimeSpan.FromMinutes(2);
            kestrel.Limits.MinRequestBodyDataRate = new MinDataRate(slowestBody, gracePeriod: TimeSpan.FromSeconds(5));
            kestrel.Listen(address, listen =>
            {
                listen.Protocols = HttpProtocols.Http1;
                if (tls is not null)
                    listen.UseHttps(new TlsHandshakeCallbackOptions { OnConnection = context => ValueTask.FromResult(tls(context.Connection)) });
            });
        });
        if (tls is not null)
            builder.WebHost.UseKestrelHttpsConfiguration();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = Drain);
        return builder;
    }
}
