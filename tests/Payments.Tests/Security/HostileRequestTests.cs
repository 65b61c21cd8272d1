using System.Net;
using System.Net.Sockets;
using System.Text;
using HaCluster.Payments.Access;
using HaCluster.Payments.Serving;
using HaCluster.Payments.Tests.Peers;
using HaCluster.Payments.Tests.Serving;
using HaCluster.Payments.Tests.Store;
using Microsoft.AspNetCore.Routing;

namespace HaCluster.Payments.Tests.Security;

/// <summary>Every route, attacked in the same ways: without the right, with text that no database keeps, and with too much of everything.</summary>
[Collection(StoreCollection.Name)]
public sealed class HostileRequestTests(PostgreSql postgreSql)
{
    /// <summary>Open to everybody who reaches the service; a new one is added here by whoever has thought about it.</summary>
    private static readonly string[] WithoutKey = ["GET /live", "GET /metrics", "GET /openapi.json", "GET /ready"];

    [Fact]
    public async Task Every_route_needs_its_scope_and_the_other_four_do_not_open_it()
    {
        await using var service = await TestService.StartAsync();
        var routes = service.Service.Endpoints.OfType<RouteEndpoint>().SelectMany(endpoint => endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()!.HttpMethods
            .Select(method => (Method: method, Path: endpoint.RoutePattern.RawText!, endpoint.Metadata.GetMetadata<NeedsScope>()?.Scope))).ToArray();
        Assert.Equal(WithoutKey, routes.Where(route => route.Scope is null && !route.Path.StartsWith("/docs", StringComparison.Ordinal)).Select(route => $"{route.Method} {route.Path}").Order(StringComparer.Ordinal));
        Assert.All(routes.Where(route => route.Scope is null), route => Assert.DoesNotContain("/v1/", route.Path, StringComparison.Ordinal));
        var scoped = routes.Where(route => route.Scope is not null).ToArray();
        Assert.True(scoped.Length >= 40, $"{scoped.Length} routes");
        var keys = new Dictionary<Scopes, string>();
        foreach (var scope in scoped.Select(route => route.Scope!.Value).Distinct())
        {
            Assert.True(scope is Scopes.View or Scopes.Address or Scopes.Transfer or Scopes.Approve or Scopes.Admin, $"{scope} is not one scope");
            keys[scope] = await service.AddKeyAsync($"all-but-{scope}", Scopes.All & ~scope);
        }

        // What changes something needs more than to look.
        Assert.All(scoped.Where(route => route.Method != "GET"), route => Assert.NotEqual(Scopes.View, route.Scope));
        foreach (var (method, path, scope) in scoped)
        {
            var target = path.Replace("{id}", "x", StringComparison.Ordinal).Replace("{address}", "y", StringComparison.Ordinal).Replace("{version}", "1", StringComparison.Ordinal);
            Assert.DoesNotContain('{', target);
            foreach (var body in new[] { null, "{}" })
            {
                Assert.Equal((path, HttpStatusCode.Unauthorized), (path, (await service.SendAsync(new HttpMethod(method), target, body)).Status));
                Assert.Equal((path, HttpStatusCode.Forbidden), (path, (await service.SendAsync(new HttpMethod(method), target, body, keys[scope!.Value])).Status));
            }
        }
    }

    [SkippableTheory, OnBothStores]
    public async Task Text_that_no_database_keeps_is_refused_and_nothing_fails(StoreKind kind)
    {
        await using var service = await TestService.StartAsync(kind == StoreKind.PostgreSql ? await postgreSql.CreateAsync() : null);
        var admin = await service.AddKeyAsync("admin", Scopes.All);
        var wallet = await service.AddWalletAsync(admin);
        foreach (var bad in new[] { "\\u0000", "a\\u0000b", "\\ud800", "\\udc00x" })
        {
            foreach (var (method, path, body) in new[]
            {
                ("PUT", "/v1/kill-switch", """{"on":false,"reason":"BAD"}"""),
                ("POST", "/v1/wallets", """{"name":"BAD","chain":"ethereum"}"""),
                ("POST", "/v1/wallets", """{"name":"a","chain":"ethereum","signingKey":"BAD"}"""),
                ("POST", $"/v1/wallets/{wallet}/addresses", """{"label":"BAD"}"""),
                ("POST", $"/v1/wallets/{wallet}/addresses", """{"metadata":{"BAD":"x"}}"""),
                ("POST", $"/v1/wallets/{wallet}/addresses", """{"metadata":{"x":"BAD"}}"""),
                ("POST", $"/v1/wallets/{wallet}/destinations", """{"address":"BAD"}"""),
                ("POST", $"/v1/wallets/{wallet}/destinations", $$"""{"address":"{{TestService.Destination}}","label":"BAD"}"""),
                ("PUT", $"/v1/wallets/{wallet}/policy", """{"assets":{"BAD":{"perTransfer":"1"}}}"""),
                ("PUT", $"/v1/wallets/{wallet}/forwarding", """{"destinations":[{"address":"BAD","share":10000}],"threshold":"1"}"""),
                ("POST", $"/v1/wallets/{wallet}/forwarding/suspend", """{"reason":"BAD"}"""),
                ("POST", "/v1/transfers", TestService.Transfer("BAD")),
                ("POST", "/v1/webhooks", """{"url":"https://example.com/BAD"}"""),
                ("POST", "/v1/webhooks", """{"url":"https://example.com/","types":["BAD"]}"""),
                ("POST", "/v1/webhooks/x/replay", """{"event":"BAD"}"""),
                ("POST", "/v1/reconciliations", """{"chain":"BAD"}"""),
            })
            {
                var answer = await service.SendAsync(new HttpMethod(method), path, body.Replace("BAD", bad, StringComparison.Ordinal), admin, idempotencyKey: $"k{Guid.NewGuid():N}");
                Assert.True((int)answer.Status is >= 400 and < 500, $"{method} {path} {bad}: {answer.Status} {answer.Body}");
            }
        }

        foreach (var query in new[] { "cursor=%00", "wallet=%00", "state=%00", "limit=%00", "key=a%00b", "cursor=%ED%A0%80", "wallet=%FF" })
        {
            foreach (var list in new[] { "/v1/wallets", "/v1/transfers", "/v1/deposits", "/v1/events", "/v1/postings", "/v1/audit-trail", $"/v1/wallets/{wallet}/destinations" })
            {
                var status = (int)(await service.SendAsync(HttpMethod.Get, $"{list}?{query}", key: admin)).Status;
                Assert.True(status is 200 or (>= 400 and < 500), $"{list}?{query}: {status}");
            }
        }

        foreach (var id in new[] { "%00", "a%00", "%ED%A0%80", "%F0%9F%92%A5" })
            Assert.InRange((int)(await service.SendAsync(HttpMethod.Get, $"/v1/transfers/{id}", key: admin)).Status, 400, 499);
        Assert.DoesNotContain("store-failed", service.Log, StringComparison.Ordinal);
    }

    [SkippableTheory, OnBothStores]
    public async Task A_request_that_was_refused_is_in_the_trail_however_its_path_is_written(StoreKind kind)
    {
        await using var service = await TestService.StartAsync(kind == StoreKind.PostgreSql ? await postgreSql.CreateAsync() : null);
        var admin = await service.AddKeyAsync("admin", Scopes.All);
        var thief = await service.AddKeyAsync("thief", Scopes.Transfer);
        // The cut after 500 characters falls into the middle of one that has two halves.
        const string path = "/v1/transfers/";
        var id = new string('a', 500 - path.Length - 1) + "💥" + new string('b', 50);
        Assert.Equal(HttpStatusCode.Forbidden, (await service.SendAsync(HttpMethod.Get, path + Uri.EscapeDataString(id), key: thief)).Status);
        await Waiting.UntilAsync("the row is there", async () => (await service.GetAsync("/v1/audit-trail?key=thief", admin)).GetProperty("requests").GetArrayLength() == 1, () => service.Log);
    }

    [Fact]
    public async Task Too_much_of_anything_is_refused_and_the_service_goes_on()
    {
        await using var service = await TestService.StartAsync();
        // Deeper than any request, and than a stack.
        foreach (var deep in new[] { new string('[', 30_000), string.Concat(Enumerable.Repeat("{\"a\":", 10_000)) })
        {
            foreach (var path in new[] { "/v1/wallets", "/v1/transfers", "/v1/webhooks" })
                Assert.Equal(HttpStatusCode.BadRequest, (await service.PostAsync(path, deep, idempotencyKey: "deep")).Status);
        }

        var wallet = await service.AddWalletAsync();
        Assert.InRange((int)(await service.SendAsync(HttpMethod.Put, $"/v1/wallets/{wallet}/policy", new string('[', 30_000))).Status, 400, 499);
        Assert.Equal(431, await StatusAsync(service, $"GET /v1/wallets HTTP/1.1\r\nHost: localhost\r\n{string.Concat(Enumerable.Range(0, 150).Select(number => $"X-{number}: {new string('x', 100)}\r\n"))}\r\n"));
        Assert.Equal(431, await StatusAsync(service, $"GET /v1/wallets HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {new string('x', 20_000)}\r\n\r\n"));
        Assert.Equal(414, await StatusAsync(service, $"GET /v1/wallets?cursor={new string('x', 20_000)} HTTP/1.1\r\nHost: localhost\r\n\r\n"));
        // Keys of requests that are refused are free again, however many: nothing of them is kept.
        for (var number = 0; number < 200; number++)
            Assert.Equal(HttpStatusCode.Forbidden, (await service.PostAsync("/v1/transfers", TestService.Transfer(wallet, "101"), idempotencyKey: $"flood-{number}")).Status);
        Assert.Equal(0, await service.Service.Database.ReadAsync(session => session.GetAsync<long>("select count(*) from idempotency_keys")));
        await service.GetAsync("/v1/wallets");
    }

    [Fact]
    public async Task A_page_in_a_browser_cannot_ask_in_the_name_of_this_computer_and_no_cache_keeps_an_answer()
    {
        await using var service = await TestService.StartAsync();
        foreach (var (site, expected) in new[] { ("cross-site", HttpStatusCode.Forbidden), ("same-site", HttpStatusCode.Forbidden), ("same-origin", HttpStatusCode.NotFound), ("none", HttpStatusCode.NotFound) })
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/transfers/trf_1/cancel");
            request.Headers.Add("Sec-Fetch-Site", site);
            using var answer = await service.Http.SendAsync(request);
            Assert.Equal((site, expected), (site, answer.StatusCode));
            Assert.True(answer.Headers.CacheControl!.NoStore);
            Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
        }
    }

    private static async Task<int> StatusAsync(TestService service, string request)
    {
        using var connection = new TcpClient();
        await connection.ConnectAsync(IPAddress.Loopback, service.Service.Address.Port);
        await connection.GetStream().WriteAsync(Encoding.ASCII.GetBytes(request));
        using var reader = new StreamReader(connection.GetStream(), Encoding.ASCII);
        return int.Parse((await reader.ReadLineAsync().WaitAsync(Waiting.Limit))!.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture);
    }
}
