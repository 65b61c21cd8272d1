using System.Net;
using System.Text.Json;
using HaCluster.Payments.Access;

namespace HaCluster.Payments.Tests.Serving;

/// <summary>Transfers over HTTP, as a client sees them, and what any request may get wrong.</summary>
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
        // The finance log has everybody's name.
        Assert.Equal(
            ["ann", "bob", "eve"],
            (await service.GetAsync("/v1/events", admin)).GetProperty("events").EnumerateArray().Where(one => one.GetProperty("type").GetString() == "transfer.approval-given").Select(one => one.GetProperty("data").GetProperty("actor").GetString()));
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
