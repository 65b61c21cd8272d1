using System.Net;
using System.Net.Security;
using HaCluster.Ledger.Archives;
using HaCluster.Ledger.Hosting;
using HaCluster.Ledger.Serving;
using HaCluster.Ledger.Syslog;
using HaCluster.Ledger.Tests.Peers;
using HaCluster.Services;

namespace HaCluster.Ledger.Tests.Serving;

/// <summary>A service with TLS, syslog and an authority of its own for producers: shop.example writes to payments, bank.example to payments and refunds.</summary>
internal sealed class SecuredService : IDisposable
{
    private readonly List<Authority> _clients = [];
    private readonly Authority _root = new("root", null);
    private readonly Authority _server;

    public SecuredService() => _server = new Authority("127.0.0.1", _root, subject: "CN=ledger.example", dns: "ledger.example");

    /// <summary>ca.pem, server.pem, server.key, producers.json.</summary>
    public Scratch Files { get; } = new();

    public Authority Client(string dns = "shop.example", TimeSpan? ends = null)
    {
        _clients.Add(new Authority("shop", _root, use: Authority.ClientUse, dns: dns, ends: ends));
        return _clients[^1];
    }

    /// <summary>Writes the files, for a service of another process.</summary>
    public void Write()
    {
        Skip.If(OperatingSystem.IsWindows(), "Windows serves no key that is in a PEM file only");
        _server.WriteTo(Files.Path, "server");
        _root.WriteTo(Files.Path, "ca");
        File.WriteAllText(Files.At("producers.json"), """
            {"producers":[{"name":"shop","certificate":{"dns":"shop.example"},"streams":["payments"]},{"name":"bank","certificate":{"dns":"bank.example"},"streams":["payments","refunds"]}]}
            """);
    }

    public Task<TestService> StartAsync(Func<ServeOptions, ServeOptions>? change = null, IArchive? archive = null)
    {
        Write();
        return TestService.StartAsync(archive: archive, change: options =>
        {
            options = options with
            {
                Producers = Reloaded<Producers>.Fixed(Producers.Read(Files.At("producers.json"))),
                Certificate = Reloaded<ServerCertificate>.Fixed(ServerCertificate.Read(Files.At("server.pem"), Files.At("server.key"))),
                ClientAuthority = Reloaded<TrustedAuthority>.Fixed(TrustedAuthority.Read(Files.At("ca.pem"))),
                Syslog = new SyslogOptions(new IPEndPoint(IPAddress.Loopback, 0)),
            };
            return change?.Invoke(options) ?? options;
        });
    }

    public static async Task<string> MetricsAsync(TestService service)
    {
        using var http = Http();
        return await http.GetStringAsync(new Uri(service.Address, "/metrics"));
    }

    public static HttpClient Http() => new(new SocketsHttpHandler
    {
        SslOptions = new SslClientAuthenticationOptions { RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate is { Issuer: "CN=root" } },
    })
    { Timeout = Waiting.Limit };

    public void Dispose()
    {
        _clients.ForEach(client => client.Dispose());
        _server.Dispose();
        _root.Dispose();
        Files.Dispose();
    }
}
