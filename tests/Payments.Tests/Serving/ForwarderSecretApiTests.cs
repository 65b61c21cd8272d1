using System.Net;
using System.Text.Json;
using HaCluster.Payments.Tests.Peers;
using HaCluster.Payments.Wallets;

namespace HaCluster.Payments.Tests.Serving;

/// <summary>Nobody but the service and whoever made a wallet can say the addresses that its forwarders will have.</summary>
public sealed class ForwarderSecretApiTests(PostgreSql postgreSql) : IClassFixture<PostgreSql>
{
    [Fact]
    public async Task A_wallet_that_is_made_again_with_its_secret_gives_out_the_same_addresses()
    {
        string secret;
        string[] addresses;
        await using (var service = await TestService.StartAsync())
        {
            var wallet = await CreateAsync(service);
            secret = wallet.GetProperty("forwarderSecret").GetString()!;
            Assert.False(wallet.GetProperty("predictableForwarders").GetBoolean());
            var path = $"/v1/wallets/{wallet.GetProperty("id").GetString()}";
            addresses = [await AddAsync(service, path), await AddAsync(service, path)];
            Assert.Equal(new[] { AddressOf(secret, 0), AddressOf(secret, 1) }.AsEnumerable(), addresses);
            // It is shown once, and is nowhere in clear.
            foreach (var shown in new[] { path, "/v1/wallets", "/v1/events", "/v1/audit-trail" })
                Assert.DoesNotContain(secret, (await service.GetAsync(shown)).GetRawText(), StringComparison.Ordinal);
            Assert.DoesNotContain(secret, await service.Service.Database.ReadAsync(session => session.GetAsync<string>("select salt_secret from wallets")), StringComparison.Ordinal);
            Assert.DoesNotContain(secret, service.Log, StringComparison.Ordinal);
        }

        await using var other = await TestService.StartAsync();
        var again = await CreateAsync(other, $",\"forwarderSecret\":\"{secret}\"");
        var restored = $"/v1/wallets/{again.GetProperty("id").GetString()}";
        string[] found = [await AddAsync(other, restored), await AddAsync(other, restored)];
        Assert.Equal(addresses, found);
        // Another wallet has another one.
        Assert.NotEqual(secret, (await CreateAsync(other, name: "other", sender: TestService.Destination)).GetProperty("forwarderSecret").GetString());
    }

    [Fact]
    public async Task A_wallet_of_an_earlier_version_gets_a_secret_on_request_and_keeps_its_addresses()
    {
        await using var service = await TestService.StartAsync();
        var path = $"/v1/wallets/{(await CreateAsync(service)).GetProperty("id").GetString()}";
        await service.Service.Database.ChangeAsync(session => session.ExecuteAsync("update wallets set salt_secret = null"));
        Assert.True((await service.GetAsync(path)).GetProperty("predictableForwarders").GetBoolean());
        Assert.Equal(ForwarderContract.AddressOf(TestService.Sender, ForwarderSalt.At(0)), await AddAsync(service, path));
        var changed = (await service.PostAsync($"{path}/forwarder-secret", "{}")).Body;
        Assert.False(changed.GetProperty("predictableForwarders").GetBoolean());
        Assert.Equal(AddressOf(changed.GetProperty("forwarderSecret").GetString()!, 1), await AddAsync(service, path));
        Assert.Equal(ForwarderContract.AddressOf(TestService.Sender, ForwarderSalt.At(0)), (await service.GetAsync($"{path}/addresses")).GetProperty("addresses")[0].GetProperty("address").GetString());
        Assert.Contains("wallet.forwarder-secret-changed", (await service.GetAsync("/v1/events")).GetRawText(), StringComparison.Ordinal);
        // When the keys are lost, a new secret is enough.
        await service.Service.Database.ChangeAsync(session => session.ExecuteAsync("update wallets set salt_secret = 'sealed.000000000000.AAAA'"));
        var (status, problem, _) = await service.PostAsync($"{path}/addresses", "{}");
        Assert.Equal((HttpStatusCode.Conflict, "urn:hacluster:payments:no-seal-key"), (status, problem.GetProperty("type").GetString()));
        var given = new string('a', 64);
        await service.PostAsync($"{path}/forwarder-secret", $$"""{"forwarderSecret":"{{given}}"}""");
        Assert.Equal(AddressOf(given, 2), await AddAsync(service, path));
    }

    [Fact]
    public async Task A_wallet_of_an_earlier_version_is_made_again_with_its_positions_and_then_its_secret()
    {
        var secret = new string('b', 64);
        await using var service = await TestService.StartAsync();
        var wallet = await CreateAsync(service, ",\"predictableForwarders\":true");
        Assert.True(wallet.GetProperty("predictableForwarders").GetBoolean());
        Assert.False(wallet.TryGetProperty("forwarderSecret", out _));
        var path = $"/v1/wallets/{wallet.GetProperty("id").GetString()}";
        Assert.Equal((Predictable(0), Predictable(1)), (await AddAsync(service, path), await AddAsync(service, path)));
        var changed = (await service.PostAsync($"{path}/forwarder-secret", $$"""{"forwarderSecret":"{{secret}}"}""")).Body;
        Assert.Equal((false, 2), (changed.GetProperty("predictableForwarders").GetBoolean(), changed.GetProperty("forwarderSecretFrom").GetInt32()));
        Assert.Equal(AddressOf(secret, 2), await AddAsync(service, path));
        // They are of nothing else.
        foreach (var extra in new[] { $",\"forwarders\":true,\"forwarderSecret\":\"{secret}\"", "" })
        {
            var (status, problem, _) = await service.PostAsync("/v1/wallets", $$"""{"name":"other","chain":"ethereum","signingKey":"k","sender":"{{TestService.Destination}}","predictableForwarders":true{{extra}}}""");
            Assert.Equal((HttpStatusCode.UnprocessableEntity, true), (status, problem.GetProperty("detail").GetString()!.StartsWith("predictableForwarders", StringComparison.Ordinal)));
        }

        static string Predictable(long position) => ForwarderContract.AddressOf(TestService.Sender, ForwarderSalt.At(position));
    }

    [Fact]
    public async Task What_is_not_a_secret_is_refused()
    {
        await using var service = await TestService.StartAsync();
        var path = $"/v1/wallets/{(await CreateAsync(service)).GetProperty("id").GetString()}";
        foreach (var secret in new[] { "", "ab", new string('g', 64), new string('A', 64), new string('a', 63) })
            Assert.Equal(HttpStatusCode.UnprocessableEntity, (await service.PostAsync($"{path}/forwarder-secret", $$"""{"forwarderSecret":"{{secret}}"}""")).Status);
        var plain = await service.PostAsync("/v1/wallets", $$"""{"name":"plain","chain":"ethereum","signingKey":"k","sender":"{{TestService.Destination}}","forwarderSecret":"{{new string('a', 64)}}"}""");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, plain.Status);
        var without = await service.PostAsync("/v1/wallets", $$"""{"name":"plain","chain":"ethereum","signingKey":"k","sender":"{{TestService.Destination}}"}""");
        Assert.False(without.Body.TryGetProperty("predictableForwarders", out _));
        Assert.Equal(HttpStatusCode.Conflict, (await service.PostAsync($"/v1/wallets/{without.Body.GetProperty("id").GetString()}/forwarder-secret", "{}")).Status);
    }

    [SkippableFact]
    public async Task Without_a_key_to_seal_it_with_there_is_no_secret()
    {
        await using var service = await TestService.StartAsync(await postgreSql.CreateAsync());
        var (status, problem, _) = await service.PostAsync("/v1/wallets", Request("shop", TestService.Sender, ""));
        Assert.Equal((HttpStatusCode.Conflict, "urn:hacluster:payments:no-seal-key"), (status, problem.GetProperty("type").GetString()));
        Assert.Equal(0, (await service.GetAsync("/v1/wallets")).GetProperty("wallets").GetArrayLength());
    }

    private static string AddressOf(string secret, long position) => ForwarderContract.AddressOf(TestService.Sender, ForwarderSalt.Of(secret, position));

    private static string Request(string name, string sender, string extra) => $$"""{"name":"{{name}}","chain":"ethereum","signingKey":"hot","sender":"{{sender}}","forwarders":true{{extra}}}""";

    private static async Task<JsonElement> CreateAsync(TestService service, string extra = "", string name = "shop", string sender = TestService.Sender)
    {
        var (status, wallet, _) = await service.PostAsync("/v1/wallets", Request(name, sender, extra));
        Assert.True(status == HttpStatusCode.Created, $"{wallet}");
        return wallet;
    }

    private static async Task<string> AddAsync(TestService service, string path) => (await service.PostAsync($"{path}/addresses", "{}")).Body.GetProperty("address").GetString()!;
}
