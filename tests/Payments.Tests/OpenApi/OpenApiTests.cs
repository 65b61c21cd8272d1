using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using HaCluster.Payments.Tests.Serving;
using HaCluster.Payments.Tests.Webhooks;
using Json.Schema;
using Microsoft.AspNetCore.Routing;
using Microsoft.OpenApi;

namespace HaCluster.Payments.Tests.OpenApi;

/// <summary>The document says what the service does: the same paths and scopes, examples that it takes, answers of the shapes that it names.</summary>
public sealed class OpenApiTests
{
    [Fact]
    public async Task The_document_is_read_by_the_library_of_the_standard_without_a_fault()
    {
        await using var service = await TestService.StartAsync();
        var read = OpenApiDocument.Parse(await service.Http.GetStringAsync(Relative("/openapi.json")));
        Assert.Empty(read.Diagnostic!.Errors);
        Assert.Empty(read.Diagnostic.Warnings);
        Assert.Equal("Payments", read.Document!.Info.Title);
    }

    [Fact]
    public async Task The_paths_and_scopes_of_the_document_are_those_of_the_service()
    {
        await using var service = await TestService.StartAsync();
        var served = service.Service.Endpoints.OfType<RouteEndpoint>()
            .Where(endpoint => !endpoint.RoutePattern.RawText!.StartsWith("/docs", StringComparison.Ordinal))
            .SelectMany(endpoint => endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()!.HttpMethods.Select(method => (Request: $"{method} {endpoint.RoutePattern.RawText}", Scope: endpoint.Metadata.GetMetadata<Payments.Serving.NeedsScope>()?.Scope)))
            .ToDictionary(one => one.Request, one => one.Scope);
        var described = (await DocumentAsync(service))["paths"]!.AsObject()
            .SelectMany(path => path.Value!.AsObject().Select(operation => (Request: $"{operation.Key.ToUpperInvariant()} {path.Key}", Operation: operation.Value!)))
            .ToDictionary(one => one.Request, one => one.Operation);
        Assert.Equal(served.Keys.Order(), described.Keys.Order());
        foreach (var (request, scope) in served)
        {
            if (scope is { } needed)
                Assert.EndsWith($"Needs the scope `{Payments.Access.ScopeNames.Name(needed)}`.", described[request]["description"]!.GetValue<string>(), StringComparison.Ordinal);
            else
                Assert.Empty(described[request]["security"]!.AsArray());
        }
    }

    [Fact]
    public async Task The_examples_of_the_document_are_taken_and_the_answers_have_the_shapes_that_it_names()
    {
        await using var service = await TestService.StartAsync();
        await using var receiver = await Receiver.StartAsync();
        var document = await DocumentAsync(service);
        var wallet = (await SendAsync("POST", "/v1/wallets")).GetProperty("id").GetString()!;
        var hot = await service.PostAsync("/v1/wallets", """{"name":"batched","chain":"bitcoin","extendedPublicKey":"tpubDC5FSnBiZDMmhiuCmWAYsLwgLYrrT9rAqvTySfuCCrgsWz8wxMXUS9Tb9iVMvcRbvFcAHGkMD5Kx8koh4GquNGNTfohfk7pgjhaPCdXpoba","script":"p2wpkh","signingKey":"hot"}""");
        await SendAsync("PUT", "/v1/wallets/{id}/batching", hot.Body.GetProperty("id").GetString()!);
        await service.Service.Database.ChangeAsync(session => Payments.Books.Postings.PostAsync(session, [Payments.Books.BookEntries.Open(wallet, "ethereum", 1000)], service.Clock.GetUtcNow()));
        await SendAsync("POST", "/v1/wallets/{id}/destinations", wallet);
        await SendAsync("PUT", "/v1/wallets/{id}/policy", wallet);
        await SendAsync("PUT", "/v1/wallets/{id}/forwarding", wallet);
        await SendAsync("POST", "/v1/wallets/{id}/forwarding/suspend", wallet);
        await SendAsync("POST", "/v1/wallets/{id}/forwarding/resume", wallet, "{}");
        var forwarders = (await SendAsync("POST", "/v1/wallets", body: """{"name":"shop","chain":"ethereum","signingKey":"shop","sender":"0x70997970C51812dc3A010C7d01b50e0d17dc79C8","forwarders":true}""")).GetProperty("id").GetString()!;
        await SendAsync("POST", "/v1/wallets/{id}/forwarder-secret", forwarders);
        await SendAsync("PUT", "/v1/wallets/{id}/sweeping", forwarders);
        await SendAsync("POST", "/v1/wallets/{id}/sweeping/suspend", forwarders);
        await SendAsync("POST", "/v1/wallets/{id}/sweeping/resume", forwarders, "{}");
        var transfer = (await SendAsync("POST", "/v1/transfers", body: Example("POST", "/v1/transfers").Replace("wal_...", wallet, StringComparison.Ordinal))).GetProperty("id").GetString()!;
        var webhook = (await SendAsync("POST", "/v1/webhooks", body: Example("POST", "/v1/webhooks").Replace("http://127.0.0.1:1/hook", receiver.Url, StringComparison.Ordinal))).GetProperty("id").GetString()!;
        await SendAsync("POST", "/v1/webhooks/{id}/secret", webhook);
        await SendAsync("POST", "/v1/webhooks/{id}/replay", webhook);
        await SendAsync("POST", "/v1/webhooks/{id}/resume", webhook, "{}");
        await SendAsync("PUT", "/v1/kill-switch");
        await SendAsync("POST", "/v1/reconciliations");
        await Waiting.UntilAsync("a delivery is there", async () => (await service.GetAsync($"/v1/webhooks/{webhook}/deliveries")).GetProperty("deliveries").GetArrayLength() > 0, () => service.Log);
        // What a cold key is to sign needs a cold wallet and a node: ColdWalletTests has both.
        foreach (var path in document["paths"]!.AsObject().Where(path => !path.Key.EndsWith("/unsigned", StringComparison.Ordinal) && path.Value!["get"]?["responses"]!["200"]!["content"]?["application/json"]?["schema"]!["$ref"] is not null))
            await SendAsync("GET", path.Key, path.Key.Contains("/sweeping", StringComparison.Ordinal) ? forwarders : path.Key.Contains("/wallets/", StringComparison.Ordinal) ? wallet : path.Key.Contains("/webhooks/", StringComparison.Ordinal) ? webhook : transfer);
        var (status, problem, _) = await service.SendAsync(HttpMethod.Get, "/v1/transfers/none");
        Assert.Equal(HttpStatusCode.NotFound, status);
        Fits(document, "Problem", problem);

        string Example(string method, string path) => document["paths"]![path]![method.ToLowerInvariant()]!["requestBody"]!["content"]!["application/json"]!["example"]!.ToJsonString();

        async Task<JsonElement> SendAsync(string method, string path, string id = "", string? body = null)
        {
            var responses = document["paths"]![path]![method.ToLowerInvariant()]!["responses"]!.AsObject();
            var (expected, response) = (responses.First().Key, responses.First().Value!);
            var (answered, answer, _) = await service.SendAsync(
                new HttpMethod(method), path.Replace("{id}", id, StringComparison.Ordinal), method == "GET" ? null : body ?? Example(method, path), idempotencyKey: "example");
            Assert.True($"{(int)answered}" == expected, $"{method} {path}: {answered} {answer}");
            Fits(document, response["content"]!["application/json"]!["schema"]!["$ref"]!.GetValue<string>().Split('/')[^1], answer);
            return answer;
        }
    }

    [Fact]
    public async Task The_page_to_try_it_loads_nothing_from_elsewhere()
    {
        await using var service = await TestService.StartAsync();
        var page = await service.Http.GetStringAsync(Relative("/docs/"));
        Assert.Contains("openapi.json", page, StringComparison.Ordinal);
        Assert.DoesNotContain("://", page, StringComparison.Ordinal);
        using var script = await service.Http.GetAsync(Relative("/docs/scalar.js"));
        Assert.Equal(HttpStatusCode.OK, script.StatusCode);
    }

    private static void Fits(JsonNode document, string name, JsonElement answer)
    {
        var definitions = document["components"]!["schemas"]!.ToJsonString().Replace("#/components/schemas/", "#/$defs/", StringComparison.Ordinal);
        var schema = JsonSchema.FromText($$"""{"$ref": "#/$defs/{{name}}", "$defs": {{definitions}}}""", new BuildOptions { SchemaRegistry = new SchemaRegistry() });
        var result = schema.Evaluate(answer, new EvaluationOptions { OutputFormat = OutputFormat.List, RequireFormatValidation = true });
        Assert.True(result.IsValid, $"{name}: {answer}: {string.Join("; ", (result.Details ?? []).Where(detail => detail.Errors is not null).Select(detail => $"{detail.InstanceLocation}: {string.Join(", ", detail.Errors!.Values)}"))}");
    }

    private static async Task<JsonNode> DocumentAsync(TestService service) => JsonNode.Parse(await service.Http.GetStringAsync(Relative("/openapi.json")))!;

    private static Uri Relative(string path) => new(path, UriKind.Relative);
}
