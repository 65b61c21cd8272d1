using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using HaCluster.Ledger.Serving;
using HaCluster.Ledger.Tests.Peers;
using HaCluster.Ledger.Tests.Serving;
using HaCluster.Services;

namespace HaCluster.Ledger.Tests.Tls;

/// <summary>Producers that are known by certificates, over real TLS.</summary>
public sealed class ClientCertificateTests : IDisposable
{
    private const string One = """{"id":"p-1","data":{}}""";

    private readonly Scratch _scratch = new();
    private readonly Authority _root = new("root", null);
    private readonly Authority _between;
    private readonly Authority _server;

    public ClientCertificateTests()
    {
        _between = new Authority("between", _root);
        _server = new Authority("127.0.0.1", _root);
    }

    public void Dispose()
    {
        _server.Dispose();
        _between.Dispose();
        _root.Dispose();
        _scratch.Dispose();
    }

    [SkippableTheory]
    [InlineData("""{"uri":"spiffe://cluster/ns/shop/sa/api"}""")]
    [InlineData("""{"dns":"shop.example"}""")]
    [InlineData("""{"subject":"CN=shop,O=Example"}""")]
    [InlineData("""{"subject":"CN=shop, O=Example","dns":"SHOP.example"}""")]
    public async Task A_producer_is_known_by_what_its_certificate_says(string certificate)
    {
        using var client = new Authority("shop", _root, "CN=shop, O=Example", Authority.ClientUse, "shop.example", "spiffe://cluster/ns/shop/sa/api");
        await using var service = await StartAsync(certificate);
        var (status, text) = await PostAsync(service, client);
        Assert.True(status == HttpStatusCode.Created, text);
        Assert.Contains("\"producer\":\"shop\"", (await service.LinesAsync("payments")).Single(), StringComparison.Ordinal);
    }

    [SkippableTheory]
    [InlineData("expired", "the client certificate expired at ")]
    [InlineData("not yet", "the client certificate is valid from ")]
    [InlineData("other authority", "the client certificate is not issued by a certificate authority of --client-ca")]
    [InlineData("same name", "the client certificate is not issued by a certificate authority of --client-ca")]
    [InlineData("itself", "the client certificate is not issued by a certificate authority of --client-ca")]
    [InlineData("server's", "the client certificate is not for authentication as a client")]
    [InlineData("unknown", "the client certificate (2.5.4.3=stranger) is not that of exactly one entry of the file of producers")]
    [InlineData("none", "or a client certificate")]
    public async Task A_wrong_certificate_is_refused_with_what_is_wrong(string which, string reason)
    {
        using var other = new Authority(which == "same name" ? "root" : "other", null);
        using var client = which switch
        {
            "expired" => Client(_root, ends: TimeSpan.FromMinutes(-1)),
            "not yet" => Client(_root, begins: TimeSpan.FromHours(1)),
            "other authority" or "same name" => Client(other),
            "itself" => new Authority("shop", null, use: Authority.ClientUse, dns: "shop.example"),
            "server's" => new Authority("shop", _root, use: Authority.ServerUse, dns: "shop.example"),
            "unknown" => new Authority("stranger", _root, use: Authority.ClientUse),
            _ => null,
        };
        await using var service = await StartAsync("""{"dns":"shop.example"}""");
        var (status, text) = await PostAsync(service, client);
        Assert.Equal(HttpStatusCode.Unauthorized, status);
        Assert.Contains(reason, text, StringComparison.Ordinal);
        Assert.Contains("urn:hacluster:ledger:unknown-producer", text, StringComparison.Ordinal);
        // A right token beside it does not heal it; without a certificate, or with one that is valid, the token decides.
        Assert.Equal(which is "none" or "unknown" ? HttpStatusCode.Created : HttpStatusCode.Unauthorized, (await PostAsync(service, client, token: Token)).Status);
    }

    [SkippableFact]
    public async Task Certificates_between_a_client_and_its_root_may_be_in_the_file()
    {
        using var client = Client(_between);
        await using (var service = await StartAsync("""{"dns":"shop.example"}"""))
            Assert.Equal(HttpStatusCode.Unauthorized, (await PostAsync(service, client)).Status);
        await using (var service = await StartAsync("""{"dns":"shop.example"}""", _between))
            Assert.Equal(HttpStatusCode.Created, (await PostAsync(service, client)).Status);
    }

    [SkippableFact]
    public async Task The_metrics_say_how_long_the_certificate_of_the_service_is_valid()
    {
        using var client = Client(_root);
        await using var service = await StartAsync("""{"dns":"shop.example"}""");
        var days = (await MetricsAsync(service, client)).Split('\n').Single(line => line.StartsWith("ledger_certificate_days_until_end ", StringComparison.Ordinal)).Split(' ')[1];
        // Two hours, less what this test has taken.
        Assert.InRange(double.Parse(days, System.Globalization.CultureInfo.InvariantCulture), 0, 2.0 / 24);
    }

    [SkippableFact]
    public async Task Files_that_change_are_used_without_a_restart_and_wrong_ones_leave_those_before_in_use()
    {
        using var client = Client(_root);
        await using var service = await StartAsync("""{"dns":"shop.example"}""");
        Assert.Equal(HttpStatusCode.Created, (await PostAsync(service, client)).Status);
        Assert.Equal(_server.Certificate.Thumbprint, await ShownAsync(service));

        // cert-manager writes a new certificate...
        using var renewed = new Authority("127.0.0.1", _root);
        renewed.WriteTo(_scratch.Path, "server");
        await Waiting.UntilAsync("the new certificate is shown", async () => await ShownAsync(service) == renewed.Certificate.Thumbprint, () => service.Log);

        // ... and something else a broken one, and a file of producers that is cut off.
        Replace("server.pem", "nonsense");
        var producers = await File.ReadAllTextAsync(_scratch.At("producers.json"));
        Replace("producers.json", producers[..^3]);
        await Waiting.UntilAsync("both are noticed", async () => (await MetricsAsync(service, client)) is var text
            && text.Contains("ledger_settings_stale{option=\"--certificate\"} 1\n", StringComparison.Ordinal) && text.Contains("ledger_settings_stale{option=\"--producers\"} 1\n", StringComparison.Ordinal), () => service.Log);
        Assert.Equal(renewed.Certificate.Thumbprint, await ShownAsync(service));
        Assert.Equal(HttpStatusCode.Created, (await PostAsync(service, client)).Status);
        Assert.Single(service.Log.Split('\n'), line => line.Contains("\"event\":\"reload-failed\"", StringComparison.Ordinal) && line.Contains($"--producers: {_scratch.At("producers.json")}: line 1", StringComparison.Ordinal));

        // The producer is taken away, and the files are right again.
        renewed.WriteTo(_scratch.Path, "server");
        Replace("producers.json", producers.Replace("shop.example", "other.example", StringComparison.Ordinal));
        await Waiting.UntilAsync("the producer is not known", async () => (await PostAsync(service, client)).Status == HttpStatusCode.Unauthorized, () => service.Log);
        Assert.Contains("ledger_settings_stale{option=\"--producers\"} 0\n", await MetricsAsync(service, client), StringComparison.Ordinal);

        // Another authority takes the place of the first.
        using var root = new Authority("new root", null);
        using var known = new Authority("shop", root, use: Authority.ClientUse, dns: "other.example");
        root.WriteTo(_scratch.Path, "ca");
        await Waiting.UntilAsync("the new authority is trusted", async () => (await PostAsync(service, known)).Status == HttpStatusCode.Created, () => service.Log);
    }

    /// <summary>At once, as mounted files change: a file that is being written would be looked at, and refused, half written.</summary>
    private void Replace(string name, string text) => File.Move(_scratch.Write($"{name}.new", text), _scratch.At(name), overwrite: true);

    private static string Token => "hal_" + new string('0', 64);

    private static Authority Client(Authority issuer, TimeSpan? begins = null, TimeSpan? ends = null) =>
        new("shop", issuer, use: Authority.ClientUse, dns: "shop.example", begins: begins, ends: ends);

    private async Task<TestService> StartAsync(string certificate, params Authority[] between)
    {
        Skip.If(OperatingSystem.IsWindows(), "Windows serves no key that is in a PEM file only");
        var (file, key) = _server.WriteTo(_scratch.Path, "server");
        var (ca, _) = _root.WriteTo(_scratch.Path, "ca", between);
        var producers = _scratch.At("producers.json");
        await File.WriteAllTextAsync(producers, $$"""
            {"producers":[{"name":"shop","certificate":{{certificate}},"tokenSha256":["{{HaCluster.Ledger.Records.Hash.HexOf(Encoding.ASCII.GetBytes(Token))}}"],"streams":["payments"]},
            {"name":"admin","certificate":{"uri":"spiffe://admin"},"streams":["payments"]}]}
            """.ReplaceLineEndings(" "));
        return await TestService.StartAsync(change: options => options with
        {
            Producers = new Reloaded<Producers>("--producers", Producers.Read(producers), () => Producers.Read(producers), read => read.Files),
            Certificate = new Reloaded<ServerCertificate>("--certificate", ServerCertificate.Read(file, key), () => ServerCertificate.Read(file, key), _ => [file, key]),
            ClientAuthority = new Reloaded<TrustedAuthority>("--client-ca", TrustedAuthority.Read(ca), () => TrustedAuthority.Read(ca), _ => [ca]),
            ReloadEvery = TimeSpan.FromMilliseconds(50),
        });
    }

    private static async Task<(HttpStatusCode Status, string Text)> PostAsync(TestService service, Authority? client, string? token = null)
    {
        using var http = Http(client);
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(service.Address, "/v1/records")) { Content = new StringContent(One, Encoding.UTF8, "application/json") };
        if (token is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var answer = await http.SendAsync(request);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }

    private static async Task<string> MetricsAsync(TestService service, Authority client)
    {
        using var http = Http(client);
        return await http.GetStringAsync(new Uri(service.Address, "/metrics"));
    }

    private static async Task<string?> ShownAsync(TestService service)
    {
        string? shown = null;
        using var http = Http(null, certificate => shown = certificate.Thumbprint);
        await http.GetStringAsync(new Uri(service.Address, "/live"));
        return shown;
    }

    private static HttpClient Http(Authority? client, Action<X509Certificate2>? shown = null)
    {
        var options = new SslClientAuthenticationOptions
        {
            RemoteCertificateValidationCallback = (_, certificate, _, _) =>
            {
                shown?.Invoke((X509Certificate2)certificate!);
                return certificate is { Issuer: "CN=root" };
            },
        };
        if (client is not null)
            options.ClientCertificateContext = SslStreamCertificateContext.Create(client.WithKey(), [], offline: true);
        return new HttpClient(new SocketsHttpHandler { SslOptions = options }) { Timeout = Waiting.Limit };
    }
}
