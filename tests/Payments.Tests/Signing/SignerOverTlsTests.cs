using System.Collections.Immutable;
using System.Net;
using System.Security.Cryptography;
using HaCluster.Ledger.Tests.Peers;
using HaCluster.Payments.Amounts;
using HaCluster.Payments.Policies;
using HaCluster.Payments.Signing;
using HaCluster.Payments.Transfers;
using HaCluster.Payments.Wallets;
using HaCluster.Services;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;

namespace HaCluster.Payments.Tests.Signing;

/// <summary>The signer on the network: it talks to the service and to nobody else, and the service to it.</summary>
public sealed class SignerOverTlsTests : IAsyncLifetime, IDisposable
{
    private const string Destination = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8";
    private const string Service = "payments.payments.svc";

    private static readonly EthereumOrder Order = new("hot", "trf_1", Attempt.Payment, Asset.Ethereum, Destination, "100", 31337, 0, 21_000, "10", "1");

    private readonly Scratch _scratch = new();
    private readonly StringWriter _log = new();
    private readonly Authority _root = new("root", issuer: null);
    private LocalSigner _signer = null!;
    private WebApplication _server = null!;
    private Uri _address = null!;

    public async Task InitializeAsync()
    {
        _root.WriteTo(_scratch.Path, "ca");
        Issue(_root, "signer", Authority.ServerUse, "127.0.0.1");
        var limits = new AssetLimits { PerTransfer = "100", PerDay = "200", ApproveAbove = "100", MaxFee = "1000000" };
        var key = new SignerKey("hot", Asset.Ethereum, null, null, ImmutableHashSet.Create(Destination), new PolicyDocument { Assets = new Dictionary<string, AssetLimits> { [Asset.Ethereum] = limits } });
        _signer = new LocalSigner([(key, new FileEthereumKey(RandomNumberGenerator.GetBytes(32)), null)], _scratch.Path, Networks.Development, TimeProvider.System);
        _server = await SignerServer.StartAsync(
            _signer, new SignerEndpoint(new IPEndPoint(IPAddress.Loopback, 0), Certificate("signer"), TrustedBy("ca"), Service), new EventLog(TextWriter.Synchronized(_log), TimeProvider.System, "subject"), default);
        _address = new Uri(_server.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
    }

    public async Task DisposeAsync()
    {
        await _server.StopAsync();
        await _server.DisposeAsync();
    }

    public void Dispose()
    {
        _signer.Dispose();
        _root.Dispose();
        _scratch.Dispose();
    }

    [Fact]
    public async Task The_service_gets_signatures_and_refusals()
    {
        Issue(_root, "service", Authority.ClientUse, dns: Service);
        using var client = Client("service", "ca");
        Assert.Equal(await _signer.SignAsync(Order, default), await client.SignAsync(Order, default));
        Assert.Equal("other-inputs", (await Assert.ThrowsAsync<SigningRefusedException>(() => client.SignAsync(Order with { Nonce = 1 }, default))).Code);
    }

    [Fact]
    public async Task Nobody_else_is_let_in()
    {
        using var stranger = new Authority("stranger", issuer: null);
        Issue(_root, "other", Authority.ClientUse, dns: "shop.payments.svc");
        Issue(_root, "server", Authority.ServerUse, dns: Service);
        Issue(stranger, "forged", Authority.ClientUse, dns: Service);
        // Of the same authority with another name; for servers; with the right name, of another authority.
        foreach (var name in new[] { "other", "server", "forged" })
        {
            using var client = Client(name, "ca");
            await Assert.ThrowsAsync<SignerUnavailableException>(() => client.SignAsync(Order, default));
        }

        using var handler = new HttpClientHandler { ServerCertificateCustomValidationCallback = HttpClientHandler.DangerousAcceptAnyServerCertificateValidator };
        using var http = new HttpClient(handler);
        await Assert.ThrowsAsync<HttpRequestException>(() => http.GetAsync(new Uri(_address, "/v1/keys")));
        Assert.Contains("without the name payments.payments.svc", _log.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("\"signed\"", _log.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_service_asks_no_signer_of_another_authority()
    {
        using var stranger = new Authority("stranger", issuer: null);
        stranger.WriteTo(_scratch.Path, "strangers");
        Issue(_root, "service", Authority.ClientUse, dns: Service);
        using var client = Client("service", "strangers");
        await Assert.ThrowsAsync<SignerUnavailableException>(() => client.SignAsync(Order, default));
        Assert.DoesNotContain("\"signed\"", _log.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_certificate_that_is_renewed_is_shown_from_then_on()
    {
        Issue(_root, "service", Authority.ClientUse, dns: "not.yet");
        var own = Certificate("service");
        using var client = new SignerClient(new SignerAddress.MutualTls(_address, own, TrustedBy("ca")));
        await Assert.ThrowsAsync<SignerUnavailableException>(() => client.SignAsync(Order, default));
        own.Reload();
        Issue(_root, "service", Authority.ClientUse, dns: Service);
        Assert.True(own.Reload().HasChanged);
        await client.SignAsync(Order, default);
    }

    private void Issue(Authority issuer, string file, string use, string? name = null, string? dns = null)
    {
        using var certificate = new Authority(name ?? file, issuer, use: use, dns: dns);
        certificate.WriteTo(_scratch.Path, file);
    }

    private SignerClient Client(string own, string authority) => new(new SignerAddress.MutualTls(_address, Certificate(own), TrustedBy(authority)));

    private Reloaded<ServerCertificate> Certificate(string name)
    {
        var (certificate, key) = (_scratch.At($"{name}.pem"), _scratch.At($"{name}.key"));
        return new("--certificate", ServerCertificate.Read(certificate, key), () => ServerCertificate.Read(certificate, key), _ => [certificate, key]);
    }

    private Reloaded<TrustedAuthority> TrustedBy(string name) => Reloaded<TrustedAuthority>.Fixed(TrustedAuthority.Read(_scratch.At($"{name}.pem")));
}
