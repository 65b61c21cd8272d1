using System.Net;
using HaCluster.Payments.Access;
using HaCluster.Payments.Outbox;

namespace HaCluster.Payments.Tests.Serving;

/// <summary>Who may ask for what over HTTP, as an attacker tries it.</summary>
public sealed class AccessApiTests
{
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
}
