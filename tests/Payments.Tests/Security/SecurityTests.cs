using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using System.Text;
using HaCluster.Payments.Access;
using HaCluster.Payments.Amounts;
using HaCluster.Payments.Policies;
using HaCluster.Payments.Serving;
using HaCluster.Payments.Signing;
using HaCluster.Payments.Tests.Sending;
using HaCluster.Payments.Tests.Serving;
using HaCluster.Payments.Wallets;
using HaCluster.Services;
using Nethereum.Hex.HexConvertors.Extensions;

namespace HaCluster.Payments.Tests.Security;

/// <summary>Somebody who has stolen a key, who writes requests by hand, or who reads the logs.</summary>
public sealed class SecurityTests : IDisposable
{
    private readonly Scratch _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public async Task Whoever_steals_the_key_of_an_administrator_waits_for_every_way_to_the_money()
    {
        await using var service = await TestService.StartAsync();
        var admin = await service.AddKeyAsync("admin", Scopes.Admin | Scopes.View);
        var shop = await service.AddKeyAsync("shop", Scopes.Transfer);
        var wallet = await service.AddWalletAsync(admin, delay: 3600);
        const string thief = "0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC";

        // He has both keys. He adds his address, and takes the delay and the limits away.
        Assert.Equal(HttpStatusCode.Created, (await service.PostAsync($"/v1/wallets/{wallet}/destinations", $$"""{"address":"{{thief}}"}""", admin)).Status);
        const string open = """{"assets":{"ethereum":{"perTransfer":"1000000","perDay":"1000000","approveAbove":"1000000","maxFee":"10"}},"approvals":1,"delaySeconds":0}""";
        Assert.Equal(HttpStatusCode.OK, (await service.SendAsync(HttpMethod.Put, $"/v1/wallets/{wallet}/policy", open, admin)).Status);
        Assert.Equal(HttpStatusCode.Created, (await service.PostAsync($"/v1/wallets/{wallet}/destinations", $$"""{"address":"{{thief}}"}""", admin)).Status);
        Assert.Equal("destination-not-allowed", await TransferAsync(thief, "20"));
        Assert.Equal("above-transfer-limit", await TransferAsync(TestService.Destination, "101"));
        service.Clock.Advance(TimeSpan.FromSeconds(3599));
        Assert.Equal("destination-not-allowed", await TransferAsync(thief, "20"));

        // An administrator who sees it takes the address away, at once, and nothing is left for later.
        Assert.Equal(HttpStatusCode.NoContent, (await service.SendAsync(HttpMethod.Delete, $"/v1/wallets/{wallet}/destinations/{thief}", key: admin)).Status);
        service.Clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal("destination-not-allowed", await TransferAsync(thief, "20"));
        var events = (await service.GetAsync("/v1/events", admin)).GetProperty("events").EnumerateArray().Select(one => one.GetProperty("type").GetString()).ToArray();
        Assert.Equal(2, events.Count(type => type == "destination.added"));
        Assert.Contains("destination.removed", events);

        async Task<string> TransferAsync(string destination, string amount)
        {
            var (status, problem, _) = await service.PostAsync("/v1/transfers", TestService.Transfer(wallet, amount, destination), shop, Guid.NewGuid().ToString());
            Assert.Equal(HttpStatusCode.Forbidden, status);
            return problem.GetProperty("type").GetString()!.Split(':')[^1];
        }
    }

    [Theory]
    [InlineData("GET /v1/transfers/x%0d%0aSet-Cookie:%20a=b HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")]
    [InlineData("GET /v1/transfers?cursor=%0d%0aSet-Cookie:%20a=b&limit=%0d%0aSet-Cookie:%20a=b HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")]
    [InlineData("POST /v1/transfers HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: 2\r\nIdempotency-Key: a%0d%0aSet-Cookie:%20a=b\r\nIdempotency-Key: b\r\n\r\n{}")]
    [InlineData("POST /v1/transfers HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: 2\r\nIdempotency-Key: a\rSet-Cookie: a=b\r\n\r\n{}")]
    [InlineData("POST /v1/transfers HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\nIdempotency-Key: a\r\n\r\n0\r\n\r\nGET /v1/kill-switch HTTP/1.1\r\nHost: localhost\r\n\r\n")]
    [InlineData("GET /v1/wallets HTTP/1.1\r\nHost: localhost\r\nHost: attacker.example\r\nConnection: close\r\n\r\n")]
    public async Task Line_ends_in_a_request_make_no_header_and_no_second_request(string request)
    {
        await using var service = await TestService.StartAsync();
        var address = service.Service.Address;
        using var connection = new TcpClient();
        await connection.ConnectAsync(IPAddress.Loopback, address.Port);
        await connection.GetStream().WriteAsync(Encoding.ASCII.GetBytes(request.Replace("localhost", $"localhost:{address.Port}", StringComparison.Ordinal)));
        using var reader = new StreamReader(connection.GetStream(), Encoding.UTF8);
        var answer = await reader.ReadToEndAsync().WaitAsync(Waiting.Limit);
        var head = answer.Split("\r\n\r\n")[0];
        Assert.Matches("^HTTP/1.1 4[0-9][0-9] ", head);
        Assert.DoesNotContain("\r\nset-cookie", head, StringComparison.OrdinalIgnoreCase);
        Assert.Single(answer.Split("HTTP/1.1 ")[1..]);
    }

    [Fact]
    public async Task No_scope_leads_to_another()
    {
        await using var service = await TestService.StartAsync();
        var all = await service.AddKeyAsync("all", Scopes.All);
        var wallet = await service.AddWalletAsync(all);
        var admin = await service.AddKeyAsync("admin", Scopes.Admin);
        var shop = await service.AddKeyAsync("shop", Scopes.Transfer);
        Assert.Equal(HttpStatusCode.Forbidden, (await service.PostAsync("/v1/transfers", TestService.Transfer(wallet), admin, "1")).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await service.PostAsync($"/v1/wallets/{wallet}/destinations", "{}", shop)).Status);
        // Keys are made at the command line alone: no path makes or widens one.
        foreach (var path in new[] { "/v1/keys", "/v1/api-keys", "/v1/keys/shop", "/v1/transfers/../keys", "/V1/Kill-Switch/../keys" })
            Assert.Equal(HttpStatusCode.NotFound, (await service.PostAsync(path, """{"scopes":["admin"]}""", admin)).Status);
        // Another method, another spelling of the path or a second header does not get around the scope.
        Assert.Equal(HttpStatusCode.Forbidden, (await service.SendAsync(HttpMethod.Put, "/V1/KILL-SWITCH/", """{"on":false}""", shop)).Status);
        using var twice = new HttpRequestMessage(HttpMethod.Put, "/v1/kill-switch") { Content = new StringContent("""{"on":true}""", Encoding.UTF8, "application/json") };
        twice.Headers.TryAddWithoutValidation("Authorization", [$"Bearer {shop}", $"Bearer {admin}"]);
        twice.Headers.TryAddWithoutValidation("X-HTTP-Method-Override", "GET");
        using var refused = await service.Http.SendAsync(twice);
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
    }

    [SkippableTheory]
    [InlineData("POST", "/v1/sign", """{"hash":"0x00"}""", 404)]
    [InlineData("POST", "/v1/ethereum", """{"message":"0x00"}""", 400)]
    [InlineData("POST", "/v1/ethereum", """{"key":"hot","transfer":"t","purpose":"payment","asset":"ethereum","destination":"0x70997970C51812dc3A010C7d01b50e0d17dc79C8","amount":"1","chainId":31337,"nonce":0,"gasLimit":21000,"maxFeePerGas":"1","maxPriorityFeePerGas":"1","data":"0xa9059cbb"}""", 400)]
    [InlineData("POST", "/v1/ethereum", """{"key":"hot","transfer":"t","purpose":"message","asset":"ethereum","destination":"0x70997970C51812dc3A010C7d01b50e0d17dc79C8","amount":"1","chainId":31337,"nonce":0,"gasLimit":21000,"maxFeePerGas":"1","maxPriorityFeePerGas":"1"}""", 403)]
    [InlineData("POST", "/v1/ethereum", """{"key":"hot","transfer":"t","purpose":"payment","asset":"bitcoin","destination":"0x70997970C51812dc3A010C7d01b50e0d17dc79C8","amount":"1","chainId":31337,"nonce":0,"gasLimit":21000,"maxFeePerGas":"1","maxPriorityFeePerGas":"1"}""", 403)]
    [InlineData("POST", "/v1/ethereum", """{"key":"hot","transfer":null,"purpose":null,"asset":null,"destination":null,"amount":null,"chainId":31337,"nonce":0,"gasLimit":21000,"maxFeePerGas":null,"maxPriorityFeePerGas":null}""", 403)]
    [InlineData("POST", "/v1/bitcoin", """{"key":"hot","owner":"t","payments":[{"transfer":"t","purpose":"sweep","destination":"bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080","amount":"1","fee":"1"}],"psbt":"cHNidP8="}""", 403)]
    [InlineData("POST", "/v1/bitcoin", """{"key":"hot","owner":"t","payments":[],"psbt":"cHNidP8="}""", 403)]
    [InlineData("POST", "/v1/bitcoin/forswear", """{"key":"none","owner":"t","transfers":["t"]}""", 403)]
    [InlineData("POST", "/v1/bitcoin", """{"key":"hot","owner":"t","payments":[{"transfer":"t","purpose":"payment","destination":"bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080","amount":"1","fee":"1"}],"psbt":"cHNidP8="}""", 403)]
    [InlineData("GET", "/v1/ethereum", null, 405)]
    [InlineData("GET", "/v1/keys/hot", null, 404)]
    public async Task A_signer_that_is_asked_for_something_else_signs_nothing(string method, string path, string? body, int status)
    {
        Skip.If(OperatingSystem.IsWindows(), "the signer listens on a Unix socket");
        using var signer = EthereumWorld.OpenSigner(_scratch.Path, TimeProvider.System, [TestService.Destination]);
        using var log = new StringWriter();
        var socket = _scratch.At("s.sock");
        await using var server = await SignerServer.StartAsync(signer, socket, new EventLog(TextWriter.Synchronized(log), TimeProvider.System, "subject"), default);
        using var http = new HttpClient(new SocketsHttpHandler
        {
            ConnectCallback = async (_, token) =>
            {
                var connection = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                await connection.ConnectAsync(new UnixDomainSocketEndPoint(socket), token);
                return new NetworkStream(connection, ownsSocket: true);
            },
        })
        { BaseAddress = new Uri("http://signer"), Timeout = Waiting.Limit };
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (body is not null)
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        using var answer = await http.SendAsync(request);
        Assert.Equal(status, (int)answer.StatusCode);
        Assert.DoesNotContain("\"raw\"", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.DoesNotContain("\"event\":\"signed\"", log.ToString(), StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task No_log_no_metric_and_no_error_has_a_secret_in_it()
    {
        Skip.If(OperatingSystem.IsWindows(), "the signer listens on a Unix socket");
        const string nodePassword = "node-password-8d1f";
        using var log = new StringWriter();
        var writer = TextWriter.Synchronized(log);
        var socket = _scratch.At("s.sock");
        using var chain = await EthereumWorld.StartChainAsync();
        await chain.MineAsync(4);
        var seed = Convert.ToHexStringLower(System.Security.Cryptography.RandomNumberGenerator.GetBytes(32));
        using var signer = new LocalSigner(
            [
                (Key("hot", Asset.Ethereum, TestService.Destination), new FileEthereumKey(EthereumWorld.Key.HexToByteArray()), null),
                (Key("btc", Asset.Bitcoin, BitcoinWorld.Destination(seed, 1)), null, new BitcoinAccount(BitcoinWorld.Account(seed), ScriptKind.Bip84, NBitcoin.Network.RegTest)),
            ],
            _scratch.Path, Networks.Development, TimeProvider.System);
        await using var server = await SignerServer.StartAsync(signer, socket, new EventLog(writer, TimeProvider.System, "subject"), default);
        var closed = Waiting.FreePort();
        var options = new ServeOptions
        {
            Listen = new IPEndPoint(IPAddress.Loopback, 0),
            Data = _scratch.Path,
            Networks = Networks.Development,
            Ethereum = new UriBuilder(chain.Url) { UserName = "x", Password = nodePassword }.Uri,
            // Nobody answers there.
            Bitcoin = new Uri($"http://x:{nodePassword}@127.0.0.1:{closed}"),
            Signer = new SignerAddress.UnixSocket(socket),
            Sender = new() { Every = TimeSpan.FromMilliseconds(50) },
        };
        await using var service = await RunningService.StartAsync(options, writer, default);
        var token = await service.Database.ChangeAsync(session => session.AddKeyAsync("all", Scopes.All, DateTimeOffset.UtcNow));
        var weak = await service.Database.ChangeAsync(session => session.AddKeyAsync("weak", Scopes.View, DateTimeOffset.UtcNow));
        using var http = new HttpClient { BaseAddress = service.Address, Timeout = Waiting.Limit };
        var said = new StringBuilder();

        var privateKey = BitcoinWorld.Account(seed).ToString(NBitcoin.Network.RegTest);
        var wallet = await SendAsync("POST", "/v1/wallets", $$"""{"name":"hot","chain":"ethereum","signingKey":"hot","sender":"{{EthereumWorld.Sender}}"}""");
        var id = System.Text.Json.JsonDocument.Parse(wallet).RootElement.GetProperty("id").GetString();
        await SendAsync("POST", "/v1/wallets", $$"""{"name":"btc","chain":"bitcoin","signingKey":"btc","script":"p2wpkh","extendedPublicKey":"{{BitcoinWorld.Account(seed).Neuter().ToString(NBitcoin.Network.RegTest)}}"}""");
        // A secret that somebody sends by mistake is not repeated.
        await SendAsync("POST", "/v1/wallets", $$"""{"name":"bad","chain":"bitcoin","signingKey":"btc","script":"p2wpkh","extendedPublicKey":"{{privateKey}}"}""");
        await SendAsync("POST", $"/v1/wallets/{id}/destinations", $$"""{"address":"{{TestService.Destination}}"}""");
        // Shown in this answer alone, and nobody takes the deliveries.
        var webhook = System.Text.Json.JsonDocument.Parse(await SendAsync("POST", "/v1/webhooks", $$"""{"url":"http://127.0.0.1:{{closed}}/hook"}""")).RootElement;
        var webhookSecret = webhook.GetProperty("secret").GetString()!;
        said.Replace(webhookSecret, "");
        await SendAsync("PUT", $"/v1/wallets/{id}/policy", """{"assets":{"ethereum":{"perTransfer":"1000000","perDay":"5000000","approveAbove":"1000000","maxFee":"10000000000000000"}}}""");
        await Waiting.UntilAsync("the opening balance is booked", async () => (await SendAsync("GET", $"/v1/wallets/{id}")).Contains("available", StringComparison.Ordinal), () => log.ToString());
        var transfer = await SendAsync("POST", "/v1/transfers", TestService.Transfer(id!, "1000"), idempotencyKey: "order-1");
        var transferId = System.Text.Json.JsonDocument.Parse(transfer).RootElement.GetProperty("id").GetString();
        await Waiting.UntilAsync(
            "the transfer is final",
            async () =>
            {
                await chain.MineAsync();
                return (await SendAsync("GET", $"/v1/transfers/{transferId}")).Contains("\"final\"", StringComparison.Ordinal);
            },
            () => log.ToString());
        foreach (var (key, method, path) in new[] { (weak, "POST", "/v1/transfers"), ("hap_wrong", "GET", "/v1/wallets"), (token, "GET", "/v1/nothing"), (token, "POST", "/v1/transfers"), (token, "PATCH", "/v1/transfers") })
            await SendAsync(method, path, method == "POST" ? "{\"wallet\":" : null, key);
        foreach (var path in new[] { "/v1/events", "/v1/postings", "/v1/audit", "/v1/wallets", "/v1/transfers", "/v1/webhooks", $"/v1/webhooks/{webhook.GetProperty("id")}/deliveries", "/v1/audit-trail", "/metrics", "/ready", "/live" })
            await SendAsync("GET", path);
        await Waiting.UntilAsync("a delivery was tried", () => log.ToString().Contains("webhook-failed", StringComparison.Ordinal), () => log.ToString());
        await Waiting.UntilAsync("the Bitcoin node was tried", () => log.ToString().Contains($"127.0.0.1:{closed}", StringComparison.Ordinal), () => log.ToString());

        var everything = said.ToString() + log;
        foreach (var secret in new[] { token, weak, token["hap_".Length..], nodePassword, EthereumWorld.Key, seed, webhookSecret, webhookSecret["whsec_".Length..], (await File.ReadAllTextAsync(options.OwnSealKey)).Trim(), privateKey, privateKey[4..] })
            Assert.DoesNotContain(secret, everything, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("Bearer hap_", everything, StringComparison.Ordinal);

        async Task<string> SendAsync(string method, string path, string? body = null, string? key = null, string? idempotencyKey = null)
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), path);
            request.Headers.Authorization = new("Bearer", key ?? token);
            if (idempotencyKey is not null)
                request.Headers.Add("Idempotency-Key", idempotencyKey);
            if (body is not null)
                request.Content = new StringContent(body, Encoding.UTF8, "application/json");
            using var answer = await http.SendAsync(request);
            var text = await answer.Content.ReadAsStringAsync();
            said.Append(answer.Headers).Append(text).Append('\n');
            return text;
        }
    }

    private static SignerKey Key(string name, string chain, string destination)
    {
        const string limit = "1000000000000000000";
        return new SignerKey(name, chain, null, null, ImmutableHashSet.Create(destination), new PolicyDocument
        {
            Assets = new Dictionary<string, AssetLimits> { [chain] = new() { PerTransfer = limit, PerDay = limit, ApproveAbove = limit, MaxFee = limit } },
        });
    }
}
