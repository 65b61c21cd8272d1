using System.Net;
using System.Text.Json;
using HaCluster.Payments.Access;
using HaCluster.Payments.Outbox;
using HaCluster.Payments.Sweeping;

namespace HaCluster.Payments.Tests.Serving;

/// <summary>The HTTP interface, as a client and as an attacker see it.</summary>
public sealed class ApiTests
{
    internal const string AccountKey = "tpubDC5FSnBiZDMmhiuCmWAYsLwgLYrrT9rAqvTySfuCCrgsWz8wxMXUS9Tb9iVMvcRbvFcAHGkMD5Kx8koh4GquNGNTfohfk7pgjhaPCdXpoba";

    [Fact]
    public async Task A_transfer_that_is_sent_again_is_the_same_transfer()
    {
        await using var service = await TestService.StartAsync();
        var wallet = await service.AddWalletAsync();
        var (status, first, _) = await service.PostAsync("/v1/transfers", TestService.Transfer(wallet), idempotencyKey: "order-1");
        Assert.Equal((HttpStatusCode.Created, "approved"), (status, first.GetProperty("state").GetString()));

        // Another order of names and other blanks are the same request.
        var again = await service.PostAsync("/v1/transfers", $$"""{ "amount":"20", "destination":"{{TestService.Destination}}","asset":"ethereum" , "wallet":"{{wallet}}"}""", idempotencyKey: "order-1");
        Assert.Equal((HttpStatusCode.Created, first.GetRawText()), (again.Status, again.Body.GetRawText()));
        Assert.Equal("true", again.Answer.Headers.GetValues("Idempotent-Replayed").Single());
        var other = await service.PostAsync("/v1/transfers", TestService.Transfer(wallet, "21"), idempotencyKey: "order-1");
        Assert.Equal((HttpStatusCode.UnprocessableEntity, "urn:hacluster:payments:key-reused"), (other.Status, other.Body.GetProperty("type").GetString()));

        var balances = (await service.GetAsync($"/v1/wallets/{wallet}")).GetProperty("balances").GetProperty("ethereum");
        Assert.Equal(("970", "30"), (balances.GetProperty("available").GetString(), balances.GetProperty("reserved").GetString()));
        Assert.True((await service.GetAsync("/v1/audit")).GetProperty("balanced").GetBoolean());
    }

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
            (await service.PostAsync("/v1/wallets", $$"""{"name":"{{name}}","chain":"bitcoin","extendedPublicKey":"{{AccountKey}}","script":"p2wpkh"{{more}}}""")).Body.GetProperty("id").GetString()!;

        async Task<(HttpStatusCode, string?)> CodeAsync(string wallet)
        {
            var (refused, problem, _) = await SetAsync(wallet, """{"most":2}""");
            return (refused, problem.GetProperty("type").GetString());
        }

        Task<(HttpStatusCode Status, JsonElement Body, HttpResponseMessage Answer)> SetAsync(string wallet, string body) => service.SendAsync(HttpMethod.Put, $"/v1/wallets/{wallet}/batching", body);
    }

    [Fact]
    public async Task Of_many_requests_with_one_key_at_once_one_makes_a_transfer()
    {
        await using var service = await TestService.StartAsync();
        var wallet = await service.AddWalletAsync();
        var answers = await Task.WhenAll(Enumerable.Range(0, 24).Select(_ => service.PostAsync("/v1/transfers", TestService.Transfer(wallet), idempotencyKey: "order-1")));
        Assert.All(answers, answer => Assert.Contains(answer.Status, new[] { HttpStatusCode.Created, HttpStatusCode.Conflict }));
        Assert.Single(answers.Where(answer => answer.Status == HttpStatusCode.Created).Select(answer => answer.Body.GetProperty("id").GetString()).Distinct());
        Assert.All(answers.Where(answer => answer.Status == HttpStatusCode.Conflict), answer => Assert.NotNull(answer.Answer.Headers.RetryAfter));
        Assert.Single((await service.GetAsync("/v1/transfers")).GetProperty("transfers").EnumerateArray());
    }

    [Fact]
    public async Task Metrics_tell_what_waits_for_people_and_whether_the_kill_switch_is_on()
    {
        await using var service = await TestService.StartAsync();
        var wallet = await service.AddWalletAsync();
        Assert.Contains($"payments_approvals_waiting{{wallet=\"{wallet}\"}} 0\n", await MetricsAsync(), StringComparison.Ordinal);
        Assert.Contains("payments_kill_switch 0\n", await MetricsAsync(), StringComparison.Ordinal);
        Assert.Equal("created", (await service.PostAsync("/v1/transfers", TestService.Transfer(wallet, "60"), idempotencyKey: "k")).Body.GetProperty("state").GetString());
        await service.SendAsync(HttpMethod.Put, "/v1/kill-switch", """{"on":true,"reason":"drill"}""");
        service.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Contains($"payments_approvals_waiting{{wallet=\"{wallet}\"}} 1\n", await MetricsAsync(), StringComparison.Ordinal);
        Assert.Contains("payments_kill_switch 1\n", await MetricsAsync(), StringComparison.Ordinal);

        Task<string> MetricsAsync() => service.Http.GetStringAsync(new Uri("/metrics", UriKind.Relative));
    }

    [Fact]
    public async Task A_refused_transfer_does_nothing_and_its_key_is_free_again()
    {
        await using var service = await TestService.StartAsync();
        var wallet = await service.AddWalletAsync(funds: 100);
        Assert.Equal("above-transfer-limit", await CodeAsync(service, TestService.Transfer(wallet, "101"), "k"));
        Assert.Equal("above-fee-limit", await CodeAsync(service, TestService.Transfer(wallet, extra: ""","maxFee":"11" """), "k"));
        Assert.Equal("insufficient-funds", await CodeAsync(service, TestService.Transfer(wallet, "95"), "k"));
        Assert.Equal("destination-not-allowed", await CodeAsync(service, TestService.Transfer(wallet, destination: TestService.Sender), "k"));
        Assert.Equal("invalid", await CodeAsync(service, TestService.Transfer(wallet, destination: "0x70997970C51812dc3A010C7d01b50e0d17dc79C9"), "k"));
        Assert.Equal("invalid", await CodeAsync(service, TestService.Transfer(wallet, "1.5"), "k"));
        Assert.Equal("invalid", await CodeAsync(service, TestService.Transfer("wal_none"), "k"));
        Assert.Equal("bad-json", await CodeAsync(service, TestService.Transfer(wallet).Replace("\"20\"", "20", StringComparison.Ordinal), "k"));
        Assert.Equal("bad-json", await CodeAsync(service, TestService.Transfer(wallet, extra: ""","amount":"21" """), "k"));
        Assert.Equal("bad-json", await CodeAsync(service, TestService.Transfer(wallet, extra: ""","maxfee":"1" """), "k"));
        Assert.Empty((await service.GetAsync("/v1/transfers")).GetProperty("transfers").EnumerateArray());
        Assert.Equal(HttpStatusCode.Created, (await service.PostAsync("/v1/transfers", TestService.Transfer(wallet), idempotencyKey: "k")).Status);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("two words")]
    public async Task A_transfer_without_a_proper_idempotency_key_is_refused(string? key)
    {
        await using var service = await TestService.StartAsync();
        var wallet = await service.AddWalletAsync();
        Assert.Equal("no-idempotency-key", await CodeAsync(service, TestService.Transfer(wallet), key));
        Assert.Equal("no-idempotency-key", await CodeAsync(service, TestService.Transfer(wallet), new string('k', 256)));
        Assert.Equal(HttpStatusCode.Created, (await service.PostAsync("/v1/transfers", TestService.Transfer(wallet), idempotencyKey: new string('k', 255))).Status);
    }

    [Fact]
    public async Task The_daily_limit_counts_what_was_asked_for_in_24_hours_also_at_the_same_moment()
    {
        await using var service = await TestService.StartAsync();
        var wallet = await service.AddWalletAsync();
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(number => service.PostAsync("/v1/transfers", TestService.Transfer(wallet, "50"), idempotencyKey: $"k{number}")));
        Assert.Equal(5, answers.Count(answer => answer.Status == HttpStatusCode.Created));
        Assert.All(answers.Where(answer => answer.Status != HttpStatusCode.Created), answer => Assert.EndsWith(":above-daily-limit", answer.Body.GetProperty("type").GetString(), StringComparison.Ordinal));
        service.Clock.Advance(TimeSpan.FromHours(23));
        Assert.Equal("above-daily-limit", await CodeAsync(service, TestService.Transfer(wallet, "1"), "later"));
        service.Clock.Advance(TimeSpan.FromHours(1) + TimeSpan.FromMilliseconds(1));
        Assert.Equal(HttpStatusCode.Created, (await service.PostAsync("/v1/transfers", TestService.Transfer(wallet, "50"), idempotencyKey: "later")).Status);
    }

    [Fact]
    public async Task Four_eyes_are_two_people()
    {
        await using var service = await TestService.StartAsync();
        var admin = await service.AddKeyAsync("admin", Scopes.All);
        var shop = await service.AddKeyAsync("shop", Scopes.Transfer | Scopes.Approve);
        var boss = await service.AddKeyAsync("boss", Scopes.Approve);
        var wallet = await service.AddWalletAsync(admin);
        var (_, transfer, _) = await service.PostAsync("/v1/transfers", TestService.Transfer(wallet, "51"), shop, "k");
        var id = transfer.GetProperty("id").GetString();
        Assert.Equal("created", transfer.GetProperty("state").GetString());
        var own = await service.PostAsync($"/v1/transfers/{id}/approve", "{}", shop);
        Assert.Equal((HttpStatusCode.Forbidden, "urn:hacluster:payments:same-person"), (own.Status, own.Body.GetProperty("type").GetString()));

        // What has become forbidden in the meantime is not approved.
        await service.SendAsync(HttpMethod.Put, "/v1/kill-switch", """{"on":true,"reason":"drill"}""", admin);
        Assert.EndsWith(":kill-switch", (await service.PostAsync($"/v1/transfers/{id}/approve", "{}", boss)).Body.GetProperty("type").GetString(), StringComparison.Ordinal);
        Assert.EndsWith(":kill-switch", (await service.PostAsync("/v1/transfers", TestService.Transfer(wallet), shop, "k2")).Body.GetProperty("type").GetString(), StringComparison.Ordinal);
        await service.SendAsync(HttpMethod.Put, "/v1/kill-switch", """{"on":false}""", admin);

        var approved = await service.PostAsync($"/v1/transfers/{id}/approve", "{}", boss);
        Assert.Equal(("approved", "boss"), (approved.Body.GetProperty("state").GetString(), approved.Body.GetProperty("approvals")[0].GetString()));
        Assert.Equal(HttpStatusCode.Conflict, (await service.PostAsync($"/v1/transfers/{id}/approve", "{}", admin)).Status);
    }

    [Fact]
    public async Task As_many_people_approve_as_the_policy_asks_for_and_only_what_is_allowed_still()
    {
        await using var service = await TestService.StartAsync();
        var admin = await service.AddKeyAsync("admin", Scopes.All);
        var people = new[] { await service.AddKeyAsync("ann", Scopes.Approve), await service.AddKeyAsync("bob", Scopes.Approve), await service.AddKeyAsync("eve", Scopes.Approve) };
        var wallet = await service.AddWalletAsync(admin, approvals: 3);
        var id = (await service.PostAsync("/v1/transfers", TestService.Transfer(wallet, "51"), admin, "k")).Body.GetProperty("id").GetString();
        // Twice by one person is once.
        foreach (var key in new[] { people[0], people[0], people[1] })
            Assert.Equal("created", (await service.PostAsync($"/v1/transfers/{id}/approve", "{}", key)).Body.GetProperty("state").GetString());
        Assert.Equal(HttpStatusCode.NoContent, (await service.SendAsync(HttpMethod.Delete, $"/v1/wallets/{wallet}/destinations/{TestService.Destination}", key: admin)).Status);
        Assert.EndsWith(":destination-not-allowed", (await service.PostAsync($"/v1/transfers/{id}/approve", "{}", people[2])).Body.GetProperty("type").GetString(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Created, (await service.PostAsync($"/v1/wallets/{wallet}/destinations", $$"""{"address":"{{TestService.Destination}}"}""", admin)).Status);
        service.Clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal("approved", (await service.PostAsync($"/v1/transfers/{id}/approve", "{}", people[2])).Body.GetProperty("state").GetString());
    }

    [Fact]
    public async Task A_transfer_is_called_off_until_something_of_the_chain_is_set_aside_for_it()
    {
        await using var service = await TestService.StartAsync();
        var wallet = await service.AddWalletAsync();
        var first = (await service.PostAsync("/v1/transfers", TestService.Transfer(wallet), idempotencyKey: "1")).Body.GetProperty("id").GetString();
        var second = (await service.PostAsync("/v1/transfers", TestService.Transfer(wallet), idempotencyKey: "2")).Body.GetProperty("id").GetString();
        Assert.Equal("cancelled", (await service.PostAsync($"/v1/transfers/{first}/cancel", "{}")).Body.GetProperty("state").GetString());
        await service.Service.Database.ChangeAsync(session => session.ExecuteAsync("insert into nonces (chain, sender, nonce, transfer) values ('ethereum', 's', 0, @second)", new { second }));
        // A signature may exist: the sender is asked to take its place, once.
        for (var time = 0; time < 2; time++)
        {
            var asked = await service.PostAsync($"/v1/transfers/{second}/cancel", "{}");
            Assert.Equal((HttpStatusCode.Accepted, "approved", "local"), (asked.Status, asked.Body.GetProperty("state").GetString(), asked.Body.GetProperty("cancelRequestedBy").GetString()));
        }

        Assert.Single((await service.GetAsync("/v1/events")).GetProperty("events").EnumerateArray(), one => one.GetProperty("type").GetString() == "transfer.cancel-requested");
        Assert.EndsWith(":not-cancellable", (await service.PostAsync($"/v1/transfers/{first}/cancel", "{}")).Body.GetProperty("type").GetString(), StringComparison.Ordinal);
        Assert.EndsWith(":nothing-to-replace", (await service.PostAsync($"/v1/transfers/{second}/bump", "{}")).Body.GetProperty("type").GetString(), StringComparison.Ordinal);
        Assert.EndsWith(":not-cold", (await service.SendAsync(HttpMethod.Get, $"/v1/transfers/{second}/unsigned")).Body.GetProperty("type").GetString(), StringComparison.Ordinal);
        Assert.Equal("970", (await service.GetAsync($"/v1/wallets/{wallet}")).GetProperty("balances").GetProperty("ethereum").GetProperty("available").GetString());
    }

    [Theory]
    [InlineData(Scopes.View, "GET /v1/wallets")]
    [InlineData(Scopes.View, "GET /v1/wallets/x")]
    [InlineData(Scopes.View, "GET /v1/wallets/x/addresses")]
    [InlineData(Scopes.View, "GET /v1/wallets/x/policy")]
    [InlineData(Scopes.View, "GET /v1/wallets/x/destinations")]
    [InlineData(Scopes.View, "GET /v1/transfers")]
    [InlineData(Scopes.View, "GET /v1/transfers/x")]
    [InlineData(Scopes.View, "GET /v1/deposits")]
    [InlineData(Scopes.View, "GET /v1/postings")]
    [InlineData(Scopes.View, "GET /v1/audit")]
    [InlineData(Scopes.View, "GET /v1/events")]
    [InlineData(Scopes.View, "GET /v1/kill-switch")]
    [InlineData(Scopes.View, "GET /v1/events/stream?after=x")]
    [InlineData(Scopes.View, "GET /v1/audit-trail")]
    [InlineData(Scopes.View, "GET /v1/wallets/x/forwarding")]
    [InlineData(Scopes.Admin, "PUT /v1/wallets/x/forwarding")]
    [InlineData(Scopes.Admin, "POST /v1/wallets/x/forwarding/suspend")]
    [InlineData(Scopes.Admin, "PUT /v1/wallets/x/batching")]
    [InlineData(Scopes.Admin, "POST /v1/wallets/x/forwarding/resume")]
    [InlineData(Scopes.View, "GET /v1/wallets/x/sweeping")]
    [InlineData(Scopes.Admin, "PUT /v1/wallets/x/sweeping")]
    [InlineData(Scopes.Admin, "POST /v1/wallets/x/sweeping/suspend")]
    [InlineData(Scopes.Admin, "POST /v1/wallets/x/sweeping/resume")]
    [InlineData(Scopes.Admin, "POST /v1/webhooks")]
    [InlineData(Scopes.Admin, "GET /v1/webhooks")]
    [InlineData(Scopes.Admin, "GET /v1/webhooks/x")]
    [InlineData(Scopes.Admin, "DELETE /v1/webhooks/x")]
    [InlineData(Scopes.Admin, "POST /v1/webhooks/x/secret")]
    [InlineData(Scopes.Admin, "POST /v1/webhooks/x/resume")]
    [InlineData(Scopes.Admin, "POST /v1/webhooks/x/replay")]
    [InlineData(Scopes.Admin, "GET /v1/webhooks/x/deliveries")]
    [InlineData(Scopes.Address, "POST /v1/wallets/x/addresses")]
    [InlineData(Scopes.Transfer, "POST /v1/transfers")]
    [InlineData(Scopes.View, "GET /v1/transfers/x/unsigned")]
    [InlineData(Scopes.Transfer, "POST /v1/transfers/x/cancel")]
    [InlineData(Scopes.Transfer, "POST /v1/transfers/x/bump")]
    [InlineData(Scopes.Transfer, "POST /v1/transfers/x/signed")]
    [InlineData(Scopes.Approve, "POST /v1/transfers/x/approve")]
    [InlineData(Scopes.Admin, "POST /v1/wallets")]
    [InlineData(Scopes.Admin, "PUT /v1/wallets/x/policy")]
    [InlineData(Scopes.Admin, "POST /v1/wallets/x/destinations")]
    [InlineData(Scopes.Admin, "DELETE /v1/wallets/x/destinations/y")]
    [InlineData(Scopes.Admin, "PUT /v1/kill-switch")]
    public async Task A_key_without_the_scope_does_nothing(object needed, string request)
    {
        await using var service = await TestService.StartAsync();
        var rest = await service.AddKeyAsync("rest", Scopes.All & ~(Scopes)needed);
        var only = await service.AddKeyAsync("only", (Scopes)needed);
        var (method, path) = (new HttpMethod(request.Split(' ')[0]), request.Split(' ')[1]);
        var refused = await service.SendAsync(method, path, method == HttpMethod.Get ? null : "{}", rest);
        Assert.Equal((HttpStatusCode.Forbidden, "urn:hacluster:payments:scope"), (refused.Status, refused.Body.GetProperty("type").GetString()));
        foreach (var key in new[] { null, "hap_wrong", "" })
            Assert.Equal(HttpStatusCode.Unauthorized, (await service.SendAsync(method, path, method == HttpMethod.Get ? null : "{}", key)).Status);
        Assert.DoesNotContain((await service.SendAsync(method, path, method == HttpMethod.Get ? null : "{}", only)).Status, new[] { HttpStatusCode.Unauthorized, HttpStatusCode.Forbidden });
    }

    [Fact]
    public async Task A_revoked_key_ends_at_once_and_the_end_of_the_last_one_opens_nothing()
    {
        await using var service = await TestService.StartAsync();
        await service.GetAsync("/v1/wallets");
        var key = await service.AddKeyAsync("only", Scopes.All);
        await service.GetAsync("/v1/wallets", key);
        Assert.Equal(HttpStatusCode.Unauthorized, (await service.SendAsync(HttpMethod.Get, "/v1/wallets")).Status);
        Assert.True(await service.Service.Database.ChangeAsync(session => session.RevokeKeyAsync("only", service.Clock.GetUtcNow())));
        Assert.Equal(HttpStatusCode.Unauthorized, (await service.SendAsync(HttpMethod.Get, "/v1/wallets", key: key)).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await service.SendAsync(HttpMethod.Get, "/v1/wallets")).Status);
        Assert.Equal(["key.created", "key.revoked"], (await service.Service.Database.EventsAsync(0, 10)).Select(one => one.Type));
    }

    [Fact]
    public async Task Without_keys_only_names_of_the_loopback_are_answered()
    {
        await using var service = await TestService.StartAsync();
        var lured = await service.SendAsync(HttpMethod.Get, "/v1/wallets", host: "attacker.example");
        Assert.Equal((HttpStatusCode.MisdirectedRequest, "urn:hacluster:payments:wrong-host"), (lured.Status, lured.Body.GetProperty("type").GetString()));
        Assert.Equal(HttpStatusCode.OK, (await service.SendAsync(HttpMethod.Get, "/v1/wallets", host: "localhost:9820")).Status);
        Assert.Equal(HttpStatusCode.OK, (await service.SendAsync(HttpMethod.Get, "/ready")).Status);
    }

    [Fact]
    public async Task Addresses_come_in_order_with_what_the_client_said_until_the_gap_limit()
    {
        await using var service = await TestService.StartAsync();
        var (status, wallet, _) = await service.PostAsync("/v1/wallets", $$"""{"name":"shop","chain":"bitcoin","extendedPublicKey":"{{AccountKey}}","script":"p2wpkh","gapLimit":2}""");
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
        await PutAsync($"{path}/sweeping{token}", """{"threshold":"1000"}""", "maxFee: write what a transfer may cost in ethereum");
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
    [InlineData("""{"name":"w","chain":"bitcoin","signingKey":"k"}""", "extendedPublicKey: a wallet of Bitcoin needs")]
    [InlineData("""{"name":"w","chain":"ethereum","forwarders":true}""", "forwarders: they are contracts")]
    [InlineData("""{"name":"w","chain":"bitcoin","forwarders":true,"extendedPublicKey":"KEY","script":"p2tr"}""", "forwarders: they are contracts")]
    [InlineData("""{"name":"w","chain":"ethereum","forwarders":true,"signingKey":"k","extendedPublicKey":"KEY"}""", "forwarders: they are contracts")]
    [InlineData("""{"name":"w","chain":"bitcoin","extendedPublicKey":"abandon abandon about","script":"p2tr"}""", "private key or a seed")]
    [InlineData("""{"name":"w","chain":"bitcoin","extendedPublicKey":"KEY","script":"p2tr","gapLimit":0}""", "gapLimit: write")]
    public async Task A_wallet_with_a_mistake_is_refused_with_what_to_write(string body, string detail)
    {
        await using var service = await TestService.StartAsync();
        var (status, problem, _) = await service.PostAsync("/v1/wallets", body.Replace("KEY", AccountKey, StringComparison.Ordinal));
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

    [Theory]
    [InlineData("' or '1'='1")]
    [InlineData("x'; drop table transfers; --")]
    [InlineData("%27%20or%201%3D1")]
    public async Task Quotes_in_a_request_are_letters(string text)
    {
        await using var service = await TestService.StartAsync();
        var wallet = await service.AddWalletAsync();
        await service.PostAsync("/v1/transfers", TestService.Transfer(wallet), idempotencyKey: "1");
        Assert.Equal(HttpStatusCode.NotFound, (await service.SendAsync(HttpMethod.Get, $"/v1/transfers/{Uri.EscapeDataString(text)}")).Status);
        Assert.Empty((await service.GetAsync($"/v1/transfers?wallet={Uri.EscapeDataString(text)}")).GetProperty("transfers").EnumerateArray());
        Assert.Equal("invalid", await CodeAsync(service, TestService.Transfer(text), "2"));
        Assert.Single((await service.GetAsync("/v1/transfers")).GetProperty("transfers").EnumerateArray());
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await service.SendAsync(HttpMethod.Get, $"/v1/events?cursor={Uri.EscapeDataString(text)}")).Status);
    }

    [Theory]
    [InlineData("GET", "/v2/transfers", 404, "not-found")]
    [InlineData("PATCH", "/v1/transfers", 405, "wrong-method")]
    [InlineData("GET", "/v1/transfers?limit=0", 422, "invalid")]
    [InlineData("GET", "/v1/transfers?limit=1001", 422, "invalid")]
    [InlineData("GET", "/v1/transfers?state=paid", 422, "invalid")]
    [InlineData("GET", "/v1/transfers/none", 404, "not-found")]
    public async Task What_is_not_there_is_a_problem_document(string method, string path, int status, string code)
    {
        await using var service = await TestService.StartAsync();
        var answer = await service.SendAsync(new HttpMethod(method), path);
        Assert.Equal((status, code, "application/problem+json"), ((int)answer.Status, Code(answer.Body), answer.Answer.Content.Headers.ContentType?.MediaType));
    }

    [Fact]
    public async Task Bodies_of_another_kind_or_size_are_refused()
    {
        await using var service = await TestService.StartAsync();
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, (await service.SendAsync(HttpMethod.Post, "/v1/wallets", "name=x", type: "application/x-www-form-urlencoded")).Status);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await service.PostAsync("/v1/wallets", $$"""{"name":"{{new string('x', 70_000)}}"}""")).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await service.PostAsync("/v1/wallets", "null")).Status);
    }

    [Fact]
    public async Task Events_and_postings_tell_the_whole_story()
    {
        await using var service = await TestService.StartAsync();
        var wallet = await service.AddWalletAsync();
        var id = (await service.PostAsync("/v1/transfers", TestService.Transfer(wallet), idempotencyKey: "1")).Body.GetProperty("id").GetString();
        var events = (await service.GetAsync("/v1/events")).GetProperty("events").EnumerateArray().Select(one => one.GetProperty("type").GetString()!).ToArray();
        Assert.Equal(["wallet.created", "destination.added", "policy.changed", "transfer.created", "transfer.approved"], events);
        var postings = (await service.GetAsync("/v1/postings")).GetProperty("postings").EnumerateArray().Select(one => $"{one.GetProperty("cause").GetString()} {one.GetProperty("amount").GetString()}");
        Assert.Equal([$"wallet/{wallet}/opening/ethereum 1000", $"transfer/{id}/reserve/amount 20", $"transfer/{id}/reserve/fee 10"], postings);
    }

    private static async Task<string> CodeAsync(TestService service, string body, string? idempotencyKey)
    {
        var (status, problem, _) = await service.PostAsync("/v1/transfers", body, idempotencyKey: idempotencyKey);
        Assert.InRange((int)status, 400, 499);
        return Code(problem);
    }

    private static string Code(JsonElement problem) => problem.GetProperty("type").GetString()!.Split(':')[^1];
}
