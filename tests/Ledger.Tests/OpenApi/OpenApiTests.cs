using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using HaCluster.Ledger.Tests.Serving;
using Json.Schema;
using Microsoft.OpenApi;

namespace HaCluster.Ledger.Tests.OpenApi;

/// <summary>The document says what the service does: the same paths, examples that it takes, answers of the shapes that it names.</summary>
public sealed class OpenApiTests
{
    /// <summary>Pages by which shippers make sure that Elasticsearch answers; its own documentation describes them.</summary>
    private static readonly string[] OfElasticsearch = ["/", "/_license", "/_cat/health", "/_cluster/health"];

    [Fact]
    public async Task The_document_is_read_by_the_library_of_the_standard_without_a_fault()
    {
        await using var service = await TestService.StartAsync();
        var read = OpenApiDocument.Parse(await service.Http.GetStringAsync(Relative("/openapi.json")));
        Assert.Empty(read.Diagnostic!.Errors);
        Assert.Empty(read.Diagnostic.Warnings);
        Assert.Equal("Ledger", read.Document!.Info.Title);
    }

    [Fact]
    public async Task The_paths_of_the_document_are_those_of_the_service()
    {
        await using var service = await TestService.StartAsync();
        using var answer = await service.Http.GetAsync(Relative("/nothing"));
        var known = (await JsonAsync(answer)).GetProperty("detail").GetString()!["known are ".Length..].Split(", ");
        var paths = (await DocumentAsync(service))["paths"]!.AsObject();
        Assert.Equal(known.Except(OfElasticsearch).Order(), paths.Select(path => path.Key.Replace("{name}", "NAME", StringComparison.Ordinal)).Order());
        foreach (var (path, methods) in paths)
        {
            var address = path.Replace("{name}", "payments", StringComparison.Ordinal);
            using var refused = await service.SendAsync(HttpMethod.Delete, address);
            Assert.Equal(HttpStatusCode.MethodNotAllowed, refused.StatusCode);
            Assert.Equal(refused.Content.Headers.Allow.Order(), methods!.AsObject().Select(method => method.Key.ToUpperInvariant()).Order());
        }
    }

    [Fact]
    public async Task The_examples_of_the_document_are_taken_and_the_answers_have_the_shapes_that_it_names()
    {
        await using var service = await TestService.StartAsync();
        var document = await DocumentAsync(service);
        var stored = new List<JsonElement>();
        foreach (var (type, content) in document["paths"]!["/v1/records"]!["post"]!["requestBody"]!["content"]!.AsObject())
        {
            if (content!["example"] is not { } example)
                continue;
            var (status, body, _) = await service.PostAsync(example is JsonValue text ? text.GetValue<string>() : example.ToJsonString(), type);
            Assert.Equal(HttpStatusCode.Created, status);
            stored.Add(body);
        }

        Fits(document, "Stored", stored[0]);
        Fits(document, "StoredBatch", stored[1]);
        var (bulk, answer, _) = await service.PostAsync(
            document["paths"]!["/_bulk"]!["post"]!["requestBody"]!["content"]!["application/x-ndjson"]!["example"]!.GetValue<string>(), "application/x-ndjson", path: "/_bulk");
        Assert.Equal(HttpStatusCode.OK, bulk);
        Assert.False(answer.GetProperty("errors").GetBoolean());

        await Waiting.UntilAsync("all of them are found", async () => (await PageAsync(service, "/v1/records?stream=payments")).GetProperty("records").GetArrayLength() == 3);
        Fits(document, "Page", await PageAsync(service, "/v1/records?stream=payments&limit=1"));
        Fits(document, "FoundRecord", JsonDocument.Parse((await service.Http.GetStringAsync(Relative("/v1/records/export?stream=payments"))).Split('\n')[0]).RootElement);
        Fits(document, "DeadLetters", await PageAsync(service, "/v1/dead-letters?stream=payments"));
        Fits(document, "Stream", await PageAsync(service, "/v1/streams/payments"));
        using var asked = await service.SendAsync(HttpMethod.Post, "/v1/streams/payments/verification");
        Fits(document, "Verification", await JsonAsync(asked));
        using var missing = await service.Http.GetAsync(Relative("/v1/streams/nothing"));
        Fits(document, "Problem", await JsonAsync(missing));
        var (conflict, problem, _) = await service.PostAsync("""{"stream":"payments","id":"p-1","data":{"amount":"13.00"}}""");
        Assert.Equal(HttpStatusCode.Conflict, conflict);
        Fits(document, "Problem", problem);
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

    private static async Task<JsonElement> PageAsync(TestService service, string path)
    {
        using var answer = await service.Http.GetAsync(Relative(path));
        return await JsonAsync(answer);
    }

    private static async Task<JsonElement> JsonAsync(HttpResponseMessage answer) => JsonDocument.Parse(await answer.Content.ReadAsByteArrayAsync()).RootElement;

    private static Uri Relative(string path) => new(path, UriKind.Relative);
}
