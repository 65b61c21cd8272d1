using System.Net;
using HaCluster.Twin.Kubernetes.Admission;
using HaCluster.Twin.Kubernetes.Requests;
using HaCluster.Twin.Kubernetes.Serving;
using HaCluster.Twin.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace HaCluster.Twin.Kubernetes;

/// <summary>The Kubernetes API over a store: TLS on a loopback port with a certificate authority of its own, bearer tokens.</summary>
public sealed class ApiServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ServerCertificates _certificates;
    private readonly CancellationTokenSource _stopping;

    private ApiServer(WebApplication app, ServerCertificates certificates, CancellationTokenSource stopping, ApiServerOptions options, ProxyTable proxies, PodPorts ports)
    {
        (_app, _certificates, _stopping, Options, Proxies, Ports) = (app, certificates, stopping, options, proxies, ports);
        Url = new Uri(app.Urls.First());
    }

    public Uri Url { get; }

    public ApiServerOptions Options { get; }

    /// <summary>The certificate authority to trust, as PEM.</summary>
    public string AuthorityPem => _certificates.AuthorityPem;

    /// <summary>The token of the administrator.</summary>
    public string Token => Options.Users[0].Token;

    /// <summary>What answers behind <c>services/NAME:PORT/proxy</c> and <c>pods/NAME:PORT/proxy</c>.</summary>
    public ProxyTable Proxies { get; }

    /// <summary>What answers behind <c>pods/NAME/portforward</c>.</summary>
    public PodPorts Ports { get; }

    public static async Task<ApiServer> StartAsync(ObjectStore store, ApiServerOptions? options = null)
    {
        options ??= new();
        AdmissionPlugins.Install(store);
        var certificates = new ServerCertificates();
        var stopping = new CancellationTokenSource();
        var (proxies, ports) = (new ProxyTable(), new PodPorts());
        // Empty: it reads no settings of the machine, watches no files and logs nothing.
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(5));
        builder.Services.AddSingleton<IHostLifetime, EmbeddedLifetime>();
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            // As the real one: https://github.com/kubernetes/apiserver/blob/master/pkg/server/secure_serving.go
            kestrel.Limits.Http2.MaxStreamsPerConnection = 1000;
            // Clients of the watch send nothing for minutes.
            kestrel.Limits.MinRequestBodyDataRate = null;
            kestrel.Listen(IPAddress.Loopback, options.Port, listen =>
            {
                listen.Protocols = HttpProtocols.Http1AndHttp2;
                listen.UseHttps(certificates.Server);
            });
        });
        var app = builder.Build();
        var pipeline = new RequestPipeline(store, options, proxies, ports, stopping.Token);
        app.UseWebSockets();
        app.Run(options.Interceptor is { } interceptor ? http => interceptor(http, pipeline.HandleAsync) : pipeline.HandleAsync);
        await app.StartAsync();
        if (options.RunsDisruptionController)
            _ = Task.Run(() => new DisruptionController(store).RunAsync(stopping.Token));
        return new(app, certificates, stopping, options, proxies, ports);
    }

    /// <summary>Writes a kubeconfig for a user, the administrator when none is given; only the owner of the file can read it.</summary>
    public void WriteKubeconfig(string path, string context = "twin", ApiUser? user = null) =>
        Kubeconfig.Write(path, context, Url, AuthorityPem, (user ?? Options.Users[0]).Token);

    public async ValueTask DisposeAsync()
    {
        // Ends the watches first, which would hold the shutdown up.
        await _stopping.CancelAsync();
        await _app.DisposeAsync();
        _certificates.Dispose();
        _stopping.Dispose();
    }
}
