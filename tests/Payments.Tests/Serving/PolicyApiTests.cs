using System.Net;
using HaCluster.Payments.Access;
using HaCluster.Payments.Books;
using HaCluster.Payments.Outbox;

namespace HaCluster.Payments.Tests.Serving;

/// <summary>What a policy may say, and what it cannot allow.</summary>
public sealed class PolicyApiTests
{
    private const string Refused = "urn:hacluster:payments:above-daily-limit";

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

    [Fact]
    public async Task What_a_thief_wrote_is_withdrawn_before_it_holds_and_never_does()
    {
        await using var service = await TestService.StartAsync();
        var wallet = await service.AddWalletAsync(delay: 3600);
        const string open = """{"assets":{"ethereum":{"perTransfer":"1000000","perDay":"1000000","approveAbove":"1000000","maxFee":"10"}},"approvals":1,"delaySeconds":0}""";
        Assert.Equal(2, (await service.SendAsync(HttpMethod.Put, $"/v1/wallets/{wallet}/policy", open)).Body.GetProperty("version").GetInt32());
        Assert.EndsWith(":not-found", await CodeAsync(3), StringComparison.Ordinal);
        Assert.EndsWith(":policy-holds", await CodeAsync(1), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NoContent, (await service.SendAsync(HttpMethod.Delete, $"/v1/wallets/{wallet}/policy/2")).Status);
        Assert.EndsWith(":not-found", await CodeAsync(2), StringComparison.Ordinal);
        service.Clock.Advance(TimeSpan.FromHours(2));
        Assert.EndsWith(":above-transfer-limit", (await service.PostAsync("/v1/transfers", TestService.Transfer(wallet, "101"), idempotencyKey: "k")).Body.GetProperty("type").GetString(), StringComparison.Ordinal);
        var policies = (await service.GetAsync($"/v1/wallets/{wallet}/policy")).GetProperty("policies");
        Assert.Equal(("local", false), (policies[0].GetProperty("withdrawnBy").GetString(), policies[1].TryGetProperty("withdrawnBy", out _)));
        Assert.Contains((await service.GetAsync("/v1/events")).GetProperty("events").EnumerateArray(), one => one.GetProperty("type").GetString() == "policy.withdrawn");
        // The next one has a number of its own.
        Assert.Equal(3, (await service.SendAsync(HttpMethod.Put, $"/v1/wallets/{wallet}/policy", open)).Body.GetProperty("version").GetInt32());

        async Task<string> CodeAsync(int version) => (await service.SendAsync(HttpMethod.Delete, $"/v1/wallets/{wallet}/policy/{version}")).Body.GetProperty("type").GetString()!;
    }

    [Fact]
    public async Task What_people_approve_counts_on_the_day_on_which_they_do()
    {
        await using var service = await TestService.StartAsync();
        var admin = await service.AddKeyAsync("admin", Scopes.All);
        var (shop, boss) = (await service.AddKeyAsync("shop", Scopes.Transfer), await service.AddKeyAsync("boss", Scopes.Approve));
        var wallet = await service.AddWalletAsync(admin);
        var waiting = new List<string>();
        for (var day = 0; day < 4; day++)
        {
            var (status, transfer, _) = await service.PostAsync("/v1/transfers", TestService.Transfer(wallet, "100"), shop, $"day-{day}");
            Assert.Equal((HttpStatusCode.Created, "created"), (status, transfer.GetProperty("state").GetString()));
            waiting.Add(transfer.GetProperty("id").GetString()!);
            service.Clock.Advance(TimeSpan.FromHours(25));
        }

        Assert.Equal("approved", await ApproveAsync(waiting[0]));
        Assert.Equal("approved", await ApproveAsync(waiting[1]));
        Assert.Equal(Refused, await ApproveAsync(waiting[2]));
        // What needs nobody's approval gets what is left of the day.
        Assert.Equal(HttpStatusCode.Created, (await service.PostAsync("/v1/transfers", TestService.Transfer(wallet, "50"), shop, "left")).Status);
        Assert.Equal(Refused, (await service.PostAsync("/v1/transfers", TestService.Transfer(wallet, "20"), shop, "more")).Body.GetProperty("type").GetString());
        service.Clock.Advance(TimeSpan.FromHours(25));
        Assert.Equal("approved", await ApproveAsync(waiting[2]));

        async Task<string> ApproveAsync(string id)
        {
            var (status, body, _) = await service.PostAsync($"/v1/transfers/{id}/approve", "{}", boss);
            return status == HttpStatusCode.OK ? body.GetProperty("state").GetString()! : body.GetProperty("type").GetString()!;
        }
    }

    [Fact]
    public async Task An_approval_that_was_given_before_lets_nothing_go_on_a_later_day()
    {
        await using var service = await TestService.StartAsync();
        var admin = await service.AddKeyAsync("admin", Scopes.All);
        var people = new[] { await service.AddKeyAsync("ann", Scopes.Approve), await service.AddKeyAsync("bob", Scopes.Approve), await service.AddKeyAsync("eve", Scopes.Approve) };
        var wallet = await service.AddWalletAsync(admin, delay: 0, approvals: 3);
        var id = (await service.PostAsync("/v1/transfers", TestService.Transfer(wallet, "100"), admin, "k")).Body.GetProperty("id").GetString();
        Assert.Equal(("created", 3), await ApproveAsync(people[0]));
        Assert.Equal(("created", 3), await ApproveAsync(people[1]));
        const string two = """{"assets":{"ethereum":{"perTransfer":"100","perDay":"250","approveAbove":"50","maxFee":"10"}},"approvals":2,"delaySeconds":0}""";
        Assert.Equal(HttpStatusCode.OK, (await service.SendAsync(HttpMethod.Put, $"/v1/wallets/{wallet}/policy", two, admin)).Status);
        service.Clock.Advance(TimeSpan.FromHours(25));
        Assert.Equal("created", (await ApproveAsync(people[0])).State);
        Assert.Equal("approved", (await ApproveAsync(people[2])).State);

        async Task<(string? State, int Needed)> ApproveAsync(string key)
        {
            var (_, body, _) = await service.PostAsync($"/v1/transfers/{id}/approve", "{}", key);
            return (body.GetProperty("state").GetString(), body.GetProperty("approvalsNeeded").GetInt32());
        }
    }

    [Fact]
    public async Task The_removal_of_a_destination_calls_off_all_that_is_on_its_way_however_much()
    {
        await using var service = await TestService.StartAsync();
        var wallet = await service.AddWalletAsync(funds: 100_000);
        const int many = 230;
        for (var number = 0; number < many; number++)
            Assert.Equal("approved", (await service.PostAsync("/v1/transfers", TestService.Transfer(wallet, "1"), idempotencyKey: $"{number}")).Body.GetProperty("state").GetString());
        Assert.Equal(HttpStatusCode.NoContent, (await service.SendAsync(HttpMethod.Delete, $"/v1/wallets/{wallet}/destinations/{TestService.Destination}")).Status);
        var events = await service.Service.Database.EventsAsync(0, 10_000);
        Assert.Equal(many, events.Count(one => one.Type == "transfer.cancelled"));
        Assert.Empty((await service.GetAsync("/v1/transfers?state=approved")).GetProperty("transfers").EnumerateArray());
        Assert.Equal("100000", (await service.GetAsync($"/v1/wallets/{wallet}")).GetProperty("balances").GetProperty("ethereum").GetProperty("available").GetString());
    }
}
