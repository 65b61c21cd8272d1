using System.Net;
using HaCluster.Payments.Books;

namespace HaCluster.Payments.Tests.Serving;

/// <summary>What a policy may say, and what it cannot allow.</summary>
public sealed class PolicyApiTests
{
    [Fact]
    public async Task A_policy_with_limits_of_another_chain_is_refused_before_its_delay_begins()
    {
        await using var service = await TestService.StartAsync();
        var wallet = await service.AddWalletAsync();
        const string limits = """{"perTransfer":"1","perDay":"1","approveAbove":"0","maxFee":"1"}""";
        var (status, body, _) = await service.SendAsync(HttpMethod.Put, $"/v1/wallets/{wallet}/policy", $$$"""{"assets":{"ethereum":{{{limits}}},"bitcoin":{{{limits}}}}}""");
        Assert.Equal((HttpStatusCode.UnprocessableEntity, "policy: assets.bitcoin: the wallet is on ethereum"), (status, body.GetProperty("detail").GetString()));
        Assert.Single((await service.GetAsync($"/v1/wallets/{wallet}/policy")).GetProperty("policies").EnumerateArray());
        const string token = "ethereum/0x00000000000000000000000000000000000a11ce";
        Assert.Equal(HttpStatusCode.OK, (await service.SendAsync(HttpMethod.Put, $"/v1/wallets/{wallet}/policy", $$$"""{"assets":{"{{{token}}}":{{{limits}}}}}""")).Status);
    }

    [Fact]
    public async Task Nothing_leaves_a_wallet_that_nobody_signs_for_whatever_its_policy_says()
    {
        await using var service = await TestService.StartAsync();
        var (_, body, _) = await service.PostAsync("/v1/wallets", $$"""{"name":"watched","chain":"bitcoin","extendedPublicKey":"{{ApiTests.AccountKey}}","script":"p2wpkh"}""");
        var wallet = body.GetProperty("id").GetString()!;
        const string destination = "bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080";
        await service.Service.Database.ChangeAsync(session => session.PostAsync([BookEntries.Open(wallet, "bitcoin", 100_000)], service.Clock.GetUtcNow()));
        await service.PostAsync($"/v1/wallets/{wallet}/destinations", $$"""{"address":"{{destination}}"}""");
        await service.SendAsync(HttpMethod.Put, $"/v1/wallets/{wallet}/policy", """{"assets":{"bitcoin":{"perTransfer":"50000","perDay":"50000","approveAbove":"50000","maxFee":"1000"}}}""");
        var asked = $$"""{"wallet":"{{wallet}}","asset":"bitcoin","destination":"{{destination}}","amount":"20000"}""";
        var (status, refused, _) = await service.PostAsync("/v1/transfers", asked, idempotencyKey: "k");
        Assert.Equal((HttpStatusCode.Conflict, "urn:hacluster:payments:watch-only"), (status, refused.GetProperty("type").GetString()));
        Assert.Empty((await service.GetAsync("/v1/transfers")).GetProperty("transfers").EnumerateArray());
    }
}
