using System.Net;
using System.Text.Json;
using HaCluster.Payments.Wallets;

namespace HaCluster.Payments.Tests.Serving;

/// <summary>Wallets and their addresses over HTTP.</summary>
public sealed class WalletApiTests
{
    [Fact]
    public async Task Batching_is_of_hot_wallets_of_Bitcoin_and_is_switched_off_by_one()
    {
        await using var service = await TestService.StartAsync();
        var hot = await AddAsync("batched", ",\"signingKey\":\"hot\"");
        var (status, answer, _) = await SetAsync(hot, """{"most":20,"waitSeconds":30}""");
        Assert.Equal((HttpStatusCode.OK, 20, 30), (status, answer.GetProperty("batching").GetProperty("most").GetInt32(), answer.GetProperty("batching").GetProperty("waitSeconds").GetInt32()));
        Assert.Equal(20, (await service.GetAsync($"/v1/wallets/{hot}")).GetProperty("batching").GetProperty("most").GetInt32());
        Assert.Contains((await service.GetAsync("/v1/events")).GetProperty("events").EnumerateArray(), one => one.GetProperty("type").GetString() == "wallet.batching-changed");
        Assert.False((await SetAsync(hot, """{"most":1}""")).Body.TryGetProperty("batching", out _));
        foreach (var wrong in new[] { "{}", """{"most":0}""", """{"most":101}""", """{"most":2,"waitSeconds":-1}""", """{"most":2,"waitSeconds":3601}""" })
            Assert.Equal(HttpStatusCode.UnprocessableEntity, (await SetAsync(hot, wrong)).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await SetAsync("wal_none", """{"most":2}""")).Status);
        var ethereum = await service.AddWalletAsync();
        Assert.Equal((HttpStatusCode.Conflict, "urn:hacluster:payments:not-batched"), await CodeAsync(ethereum));

        async Task<string> AddAsync(string name, string more) =>
            (await service.PostAsync("/v1/wallets", $$"""{"name":"{{name}}","chain":"bitcoin","extendedPublicKey":"{{ApiTests.AccountKey}}","script":"p2wpkh"{{more}}}""")).Body.GetProperty("id").GetString()!;

        async Task<(HttpStatusCode, string?)> CodeAsync(string wallet)
        {
            var (refused, problem, _) = await SetAsync(wallet, """{"most":2}""");
            return (refused, problem.GetProperty("type").GetString());
        }

        Task<(HttpStatusCode Status, JsonElement Body, HttpResponseMessage Answer)> SetAsync(string wallet, string body) => service.SendAsync(HttpMethod.Put, $"/v1/wallets/{wallet}/batching", body);
    }

    [Fact]
    public async Task Addresses_come_in_order_with_what_the_client_said_until_the_gap_limit()
    {
        await using var service = await TestService.StartAsync();
        var (status, wallet, _) = await service.PostAsync("/v1/wallets", $$"""{"name":"shop","chain":"bitcoin","extendedPublicKey":"{{ApiTests.AccountKey}}","script":"p2wpkh","gapLimit":2}""");
        Assert.Equal(HttpStatusCode.Created, status);
        var path = $"/v1/wallets/{wallet.GetProperty("id").GetString()}/addresses";
        var first = await service.PostAsync(path, """{"label":"order 7","metadata":{"order":"7"},"expiresAt":"2026-03-02T00:00:00Z"}""");
        Assert.Equal((0, "order 7", "7", "2026-03-02T00:00:00.000Z"), (
            first.Body.GetProperty("index").GetInt32(), first.Body.GetProperty("label").GetString(), first.Body.GetProperty("metadata").GetProperty("order").GetString(), first.Body.GetProperty("expiresAt").GetString()));
        Assert.StartsWith("bcrt1q", first.Body.GetProperty("address").GetString(), StringComparison.Ordinal);
        Assert.Equal(1, (await service.PostAsync(path, "{}")).Body.GetProperty("index").GetInt32());
        var over = await service.PostAsync(path, "{}");
        Assert.Equal((HttpStatusCode.Conflict, "urn:hacluster:payments:gap-limit"), (over.Status, over.Body.GetProperty("type").GetString()));
        Assert.Equal(2, (await service.PostAsync(path, """{"beyondGapLimit":true}""")).Body.GetProperty("index").GetInt32());
        Assert.Equal("invalid", Code((await service.PostAsync(path, """{"expiresAt":"2026-03-01T11:00:00Z"}""")).Body));

        var page = await service.GetAsync($"{path}?limit=2");
        var rest = await service.GetAsync($"{path}?limit=2&cursor={page.GetProperty("next").GetString()}");
        Assert.Equal([0, 1, 2], page.GetProperty("addresses").EnumerateArray().Concat(rest.GetProperty("addresses").EnumerateArray()).Select(one => one.GetProperty("index").GetInt32()));
        Assert.False(rest.TryGetProperty("next", out _));
    }

    [Fact]
    public async Task A_wallet_with_forwarders_gives_out_addresses_that_its_sender_its_secret_and_their_places_say_and_only_it_is_swept()
    {
        const string sender = "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266";
        await using var service = await TestService.StartAsync();
        var (status, wallet, _) = await service.PostAsync("/v1/wallets", $$"""{"name":"shop","chain":"ethereum","signingKey":"hot","sender":"{{sender}}","forwarders":true,"gapLimit":1}""");
        Assert.Equal((HttpStatusCode.Created, true), (status, wallet.GetProperty("forwarders").GetBoolean()));
        var path = $"/v1/wallets/{wallet.GetProperty("id").GetString()}";
        // No gap hides them.
        var secret = wallet.GetProperty("forwarderSecret").GetString()!;
        for (var position = 0; position < 3; position++)
            Assert.Equal(ForwarderContract.AddressOf(sender, ForwarderSalt.Of(secret, position)), (await service.PostAsync($"{path}/addresses", "{}")).Body.GetProperty("address").GetString());
        const string token = "?asset=ethereum/0x00000000000000000000000000000000000a11ce";
        Assert.Equal(HttpStatusCode.NotFound, (await service.SendAsync(HttpMethod.Get, $"{path}/sweeping")).Status);
        await PutAsync($"{path}/sweeping", """{"threshold":"1000"}""", null);
        await PutAsync($"{path}/sweeping{token}", """{"threshold":"1000","maxFee":"7"}""", null);
        await PutAsync($"{path}/sweeping{token}", """{"threshold":"1000"}""", "maxFee: write the largest fee of a transfer in ethereum");
        await PutAsync($"{path}/sweeping?asset=bitcoin", """{"threshold":"1000"}""", "the wallet is of ethereum");
        await PutAsync($"{path}/sweeping?asset=x", """{"threshold":"1000"}""", "asset: write bitcoin");
        Assert.Equal("7", (await service.GetAsync($"{path}/sweeping{token}")).GetProperty("maxFee").GetString());
        // All of them, unless one is named.
        await service.PostAsync($"{path}/sweeping/suspend", """{"reason":"drill"}""");
        Assert.True((await service.GetAsync($"{path}/sweeping{token}")).GetProperty("suspended").GetBoolean());
        await service.PostAsync($"{path}/sweeping/resume{token}", "{}");
        Assert.Equal((true, false), ((await service.GetAsync($"{path}/sweeping")).GetProperty("suspended").GetBoolean(), (await service.GetAsync($"{path}/sweeping{token}")).GetProperty("suspended").GetBoolean()));

        var derived = (await service.PostAsync("/v1/wallets", """{"name":"payouts","chain":"ethereum","signingKey":"hot","sender":"0x70997970C51812dc3A010C7d01b50e0d17dc79C8"}""")).Body.GetProperty("id").GetString();
        await PutAsync($"/v1/wallets/{derived}/sweeping", """{"threshold":"1000"}""", "a key of its own, which no signer has");

        async Task PutAsync(string to, string body, string? problem)
        {
            var (answered, answer, _) = await service.SendAsync(HttpMethod.Put, to, body);
            Assert.True(problem is null ? answered == HttpStatusCode.OK : answer.GetProperty("detail").GetString()!.Contains(problem, StringComparison.Ordinal), $"{to}: {answered} {answer}");
        }
    }

    [Theory]
    [InlineData("""{"name":"w","chain":"bitcoin","extendedPublicKey":"KEY"}""", "script: xpub and tpub do not say")]
    [InlineData("""{"name":"w","chain":"dogecoin","extendedPublicKey":"KEY"}""", "chain: choose")]
    [InlineData("""{"name":"W W","chain":"bitcoin","extendedPublicKey":"KEY","script":"p2tr"}""", "name: write")]
    [InlineData("""{"name":"w","chain":"ethereum"}""", "extendedPublicKey: write")]
    [InlineData("""{"name":"w","chain":"ethereum","signingKey":"k"}""", "sender: ")]
    [InlineData("""{"name":"w","chain":"bitcoin","signingKey":"k"}""", "extendedPublicKey: a Bitcoin wallet needs")]
    [InlineData("""{"name":"w","chain":"ethereum","forwarders":true}""", "forwarders: they are Ethereum contracts")]
    [InlineData("""{"name":"w","chain":"bitcoin","forwarders":true,"extendedPublicKey":"KEY","script":"p2tr"}""", "forwarders: they are Ethereum contracts")]
    [InlineData("""{"name":"w","chain":"ethereum","forwarders":true,"signingKey":"k","extendedPublicKey":"KEY"}""", "forwarders: they are Ethereum contracts")]
    [InlineData("""{"name":"w","chain":"bitcoin","extendedPublicKey":"abandon abandon about","script":"p2tr"}""", "private key or a seed")]
    [InlineData("""{"name":"w","chain":"bitcoin","extendedPublicKey":"KEY","script":"p2tr","gapLimit":0}""", "gapLimit: write")]
    public async Task A_wallet_with_a_mistake_is_refused_with_what_to_write(string body, string detail)
    {
        await using var service = await TestService.StartAsync();
        var (status, problem, _) = await service.PostAsync("/v1/wallets", body.Replace("KEY", ApiTests.AccountKey, StringComparison.Ordinal));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, status);
        Assert.Contains(detail, problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Equal("application/problem+json", (await service.PostAsync("/v1/wallets", body)).Answer.Content.Headers.ContentType!.MediaType);
    }

    [Fact]
    public async Task Two_wallets_over_one_account_are_refused()
    {
        await using var service = await TestService.StartAsync();
        await service.AddWalletAsync();
        var second = await service.PostAsync("/v1/wallets", $$"""{"name":"second","chain":"ethereum","signingKey":"hot","sender":"{{TestService.Sender.ToLowerInvariant()}}"}""");
        Assert.Equal((HttpStatusCode.Conflict, "wallet-exists"), (second.Status, Code(second.Body)));
    }

    private static string Code(JsonElement problem) => problem.GetProperty("type").GetString()!.Split(':')[^1];
}
