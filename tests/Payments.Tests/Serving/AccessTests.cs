using System.Net;
using HaCluster.Payments.Access;

namespace HaCluster.Payments.Tests.Serving;

/// <summary>How often a key may ask, and what stays of what it asked for.</summary>
public sealed class AccessTests
{
    [Fact]
    public async Task A_key_that_asks_too_often_waits_and_others_do_not()
    {
        await using var service = await TestService.StartAsync(rateLimit: 1);
        var busy = await service.AddKeyAsync("busy", Scopes.View);
        var calm = await service.AddKeyAsync("calm", Scopes.View);
        var answers = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => service.SendAsync(HttpMethod.Get, "/v1/wallets", key: busy)));
        Assert.Contains(answers, answer => answer.Status == HttpStatusCode.OK);
        var refused = answers.First(answer => answer.Status != HttpStatusCode.OK);
        Assert.Equal((HttpStatusCode.TooManyRequests, "urn:hacluster:payments:too-many-requests"), (refused.Status, refused.Body.GetProperty("type").GetString()));
        Assert.True(refused.Answer.Headers.RetryAfter!.Delta > TimeSpan.Zero);
        await service.GetAsync("/v1/wallets", calm);
    }

    [Fact]
    public async Task Who_asked_for_what_stays_also_in_vain_and_without_secrets()
    {
        await using var service = await TestService.StartAsync();
        var admin = await service.AddKeyAsync("admin", Scopes.All);
        var shop = await service.AddKeyAsync("shop", Scopes.Transfer);
        var wallet = await service.AddWalletAsync(admin);
        await service.PostAsync("/v1/transfers", TestService.Transfer(wallet), shop, "order-1");
        await service.PostAsync("/v1/transfers", TestService.Transfer(wallet, "1000"), shop, "order-2");
        await service.SendAsync(HttpMethod.Get, "/v1/wallets", key: shop);
        await service.SendAsync(HttpMethod.Get, "/v1/wallets", key: admin);
        // A row is written after its answer.
        await Waiting.UntilAsync("all are there", async () => (await RequestsAsync()).Count == 3);
        Assert.Equal(
            ["GET /v1/wallets - 403 scope", "POST /v1/transfers order-1 201 -", "POST /v1/transfers order-2 403 above-transfer-limit"],
            (await RequestsAsync()).Order(StringComparer.Ordinal));
        var trail = await service.GetAsync("/v1/audit-trail?limit=2", admin);
        Assert.True(trail.TryGetProperty("next", out _));
        Assert.DoesNotContain(shop, trail.GetRawText(), StringComparison.Ordinal);

        async Task<List<string>> RequestsAsync() =>
        [
            .. (await service.GetAsync("/v1/audit-trail?key=shop", admin)).GetProperty("requests").EnumerateArray().Select(one =>
                $"{one.GetProperty("method")} {one.GetProperty("path")} {Text(one, "idempotencyKey")} {one.GetProperty("status")} {Text(one, "problem")}"),
        ];
    }

    private static string Text(System.Text.Json.JsonElement one, string name) => one.TryGetProperty(name, out var value) ? value.GetString()! : "-";
}
