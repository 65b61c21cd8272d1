using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using Amazon.Runtime;
using HaCluster.Ledger.Indexing;
using HaCluster.Ledger.Proof;
using HaCluster.Ledger.Tls;
using HaCluster.Services;
using Microsoft.AspNetCore.Connections;

namespace HaCluster.Ledger.Hosting;

/// <summary>The long-running program.</summary>
internal static class Service
{
    /// <exception cref="FormatException">Something that was given cannot be used; so say the other exceptions that <see cref="IsOfArguments"/> knows.</exception>
    public static async Task RunAsync(ServeOptions options, TextWriter output, TextWriter error, CancellationToken cancellationToken)
    {
        using var end = new StopSignals(cancellationToken);
        try
        {
            await using var service = await RunningService.StartAsync(options, NoFaults.Instance, error, end.Token);
            Say(output, options, service);
            await service.WaitAsync(end.Token);
        }
        catch (OperationCanceledException) when (end.Token.IsCancellationRequested)
        {
            // As asked.
        }
    }

    /// <summary>Whether it cannot serve because of what it was given: an archive, an index, a key, a port.</summary>
    public static bool IsOfArguments(Exception exception) =>
        exception is IOException or IndexUnavailableException or SocketException or UnauthorizedAccessException or SigningException or FormatException or AmazonClientException;

    public static WebApplication Create(ServeOptions options, TlsEndpoint? tls, Router router)
    {
        // A sender that holds memory has to hurry.
        var builder = WebServer.CreateBuilder(options.Listen, options.LargestRequest, slowestBody: 10_000, tls is null ? null : connection => OptionsOf(tls, connection));
        builder.Services.AddRouting();
        var app = builder.Build();
        app.MapWhen(context => context.Request.Path.StartsWithSegments(OpenApiPages.PagePath), docs => docs.UseRouting().UseEndpoints(endpoints => OpenApiPages.MapPage(endpoints, "Ledger")));
        app.Run(router.AnswerAsync);
        return app;
    }

    /// <summary>A handshake ends well with any certificate: only over HTTP the client can be told what is wrong with it.</summary>
    private static SslServerAuthenticationOptions OptionsOf(TlsEndpoint tls, BaseConnectionContext connection) => tls.Options(certificate =>
    {
        connection.Features.Set(certificate);
        return true;
    });

    public static string NewWriter() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));

    private static void Say(TextWriter output, ServeOptions options, RunningService service)
    {
        output.WriteLine($"ledger: listening on {service.Address}");
        output.WriteLine($"  try it on {new Uri(service.Address, OpenApiPages.PagePath)}");
        if (service.SyslogAddress is { } syslog)
            output.WriteLine($"  syslog    over TLS on {syslog}");
        output.WriteLine($"  archive   {options.Archive}{(StorageAddresses.IsS3(options.Archive) ? "" : " (a folder: whoever owns it can change it, and verify finds that; --archive s3://BUCKET with object lock prevents it)")}");
        output.WriteLine($"  signed by {options.Key}{(options.Key.StartsWith(StorageAddresses.KmsScheme, StringComparison.Ordinal) ? "" : " (a local key; --key kms:KEY keeps it in KMS)")}");
        output.WriteLine($"  index     {options.Index ?? "none: records cannot be searched (--index FILE)"}");
        output.WriteLine($"  producers {(options.Producers.Current.IsAnyone ? "anyone on this computer, without a token (--producers FILE)" : "those of the file, with tokens or certificates")}");
    }
}
