using System.Diagnostics;
using System.Net;
using System.Text;
using HaCluster.Ledger.Records;
using HaCluster.Ledger.Schemas;
using HaCluster.Ledger.Serving;
using HaCluster.Ledger.Tests.Serving;
using HaCluster.Services;

namespace HaCluster.Ledger.Tests.Schemas;

public sealed class RecordSchemaTests
{
    private const string Payments = """
        {
          "$schema": "https://json-schema.org/draft/2020-12/schema", "$id": "https://example.com/payments", "type": "object", "required": ["amount"], "additionalProperties": false,
          "properties": { "amount": { "$ref": "#/$defs/amount" }, "items": { "type": "array", "items": { "$ref": "#/$defs/amount" } }, "at": { "type": "string", "format": "date-time" } },
          "$defs": { "amount": { "type": "string", "pattern": "^-?\\d+\\.\\d\\d$" } }
        }
        """;

    [Theory]
    [InlineData("""{"amount":"12.00"}""", null)]
    [InlineData("""{"amount":"12.00","items":["1.00","2.00"]}""", null)]
    [InlineData("""{}""", "/data (required)")]
    [InlineData("""{"amount":12}""", "/data/amount (type)")]
    [InlineData("""{"amount":"12.00\n"}""", "/data/amount (pattern)")]
    [InlineData("""{"amount":"١٢.٠٠"}""", "/data/amount (pattern)")]
    [InlineData("""{"amount":"12.00","items":["1.00","x"]}""", "/data/items/1 (pattern)")]
    [InlineData("""{"amount":"12.00","at":"yesterday"}""", "/data/at (format)")]
    [InlineData("""{"amount":"12.00","secret":"4111"}""", "/data/secret (not allowed)")]
    public void A_record_that_does_not_fit_is_refused_with_the_places_and_without_its_values(string data, string? places)
    {
        var schema = RecordSchema.Parse(Encoding.UTF8.GetBytes(Payments));
        var fault = Record.Exception(() => schema.Check(Encoding.UTF8.GetBytes(data)));
        if (places is null)
            Assert.Null(fault);
        else
            Assert.Equal($"the data does not fit the schema of its stream at {places}", Assert.IsType<RejectedException>(fault).Message);
    }

    [Theory]
    [InlineData("{", "it is not a schema that can be used")]
    [InlineData("[]", "it is not a schema that can be used")]
    [InlineData("""{"type":"objekt"}""", "objekt")]
    [InlineData("""{"properties":{"a":{"typ":"string"}}}""", "typ")]
    [InlineData("""{"type":"object","type":"string"}""", "it is not a schema that can be used")]
    [InlineData("""{"$schema":"http://json-schema.org/draft-07/schema#"}""", "$schema must be")]
    [InlineData("""{"properties":{"a":{"$schema":"http://json-schema.org/draft-07/schema#"}}}""", "may only be at the top")]
    [InlineData("""{"$ref":"https://example.com/other.json"}""", "https://example.com/other.json")]
    [InlineData("""{"$ref":"file:///etc/passwd"}""", "file:///etc/passwd")]
    [InlineData("""{"$ref":"other.json"}""", "other.json")]
    [InlineData("""{"properties":{"a":{"$ref":"#/$defs/b"}},"$defs":{"c":{}}}""", "#/$defs/b is not in the file")]
    [InlineData("""{"properties":{"a":{"$ref":"#nowhere"}}}""", "#nowhere is not in the file")]
    [InlineData("""{"properties":{"a":{"$id":"https://example.com/b"}}}""", "may only be at the top")]
    [InlineData("""{"$ref":"#"}""", "Cycle")]
    [InlineData("""{"properties":{"a":{"pattern":"("}}}""", "it is not a schema that can be used")]
    [InlineData("""{"properties":{"a":{"pattern":"(?=x)"}}}""", "cannot be matched in bounded time")]
    [InlineData("""{"patternProperties":{"(a)\\1":{}}}""", "cannot be matched in bounded time")]
    public void A_schema_that_cannot_be_relied_on_is_refused(string schema, string reason) =>
        Assert.Contains(reason, Assert.Throws<FormatException>(() => RecordSchema.Parse(Encoding.UTF8.GetBytes(schema))).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("""{"properties":{"a":{"pattern":"^(a+)+$"}}}""", "{\"a\":\"TEXT!\"}")]
    [InlineData("""{"patternProperties":{"^(a|aa)+$":{}},"additionalProperties":false}""", "{\"TEXT!\":1}")]
    public void A_pattern_that_backtracks_for_years_is_matched_at_once(string schema, string data)
    {
        var clock = Stopwatch.StartNew();
        var parsed = RecordSchema.Parse(Encoding.UTF8.GetBytes(schema));
        Assert.Throws<RejectedException>(() => parsed.Check(Encoding.UTF8.GetBytes(data.Replace("TEXT", new string('a', 50_000), StringComparison.Ordinal))));
        // Not a matter of speed: by backtracking it would be 2^50,000 steps.
        Assert.True(clock.Elapsed < Waiting.Limit);
    }

    [Theory]
    [InlineData("""{"payments":{"schema":"nowhere.json"}}""", "streams.payments.schema: ")]
    [InlineData("""{"payments":{"schema":""}}""", "streams.payments.schema: write the name of a file")]
    [InlineData("""{"payments":{"schema":"wrong.json"}}""", "streams.payments.schema: ")]
    [InlineData("""{"Payments":{"schema":"right.json"}}""", "streams: 'Payments' is not a name of a stream")]
    public void A_file_of_producers_names_schemas_that_are_there(string streams, string reason)
    {
        using var scratch = new Scratch();
        File.WriteAllText(scratch.At("right.json"), Payments);
        File.WriteAllText(scratch.At("wrong.json"), """{"type":1}""");
        File.WriteAllText(scratch.At("producers.json"), ProducersOf(streams));
        Assert.Contains(reason, Assert.Throws<FormatException>(() => Producers.Read(scratch.At("producers.json"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_schema_is_changed_while_the_service_runs()
    {
        using var scratch = new Scratch();
        await File.WriteAllTextAsync(scratch.At("payments.json"), Payments);
        var file = scratch.At("producers.json");
        await File.WriteAllTextAsync(file, ProducersOf("""{"payments":{"schema":"payments.json"}}"""));
        await using var service = await TestService.StartAsync(change: options => options with
        {
            Producers = new Reloaded<Producers>("--producers", Producers.Read(file), () => Producers.Read(file), read => read.Files),
            ReloadEvery = TimeSpan.FromMilliseconds(50),
        });
        var refused = await service.PostAsync("""{"stream":"payments","id":"a","data":{"amount":"12.00","currency":"EUR"}}""", token: Token);
        Assert.Equal((HttpStatusCode.UnprocessableEntity, "urn:hacluster:ledger:schema"), (refused.Status, refused.Body.GetProperty("type").GetString()));
        Assert.Contains("/data/currency (not allowed)", refused.Body.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Created, (await service.PostAsync("""{"stream":"payments","id":"b","data":{"amount":"12.00"}}""", token: Token)).Status);
        // A stream without a schema takes anything.
        Assert.Equal(HttpStatusCode.Created, (await service.PostAsync("""{"stream":"refunds","id":"a","data":{"x":1}}""", token: Token)).Status);
        var batch = await service.PostAsync("""{"id":"c","data":{"amount":"1.00"}}""" + "\n" + """{"id":"d","data":{}}""", "application/x-ndjson", Token, path: "/v1/records?stream=payments");
        Assert.StartsWith("line 2: the data does not fit", batch.Body.GetProperty("detail").GetString(), StringComparison.Ordinal);
        using var bulk = new HttpRequestMessage(HttpMethod.Post, "/payments/_bulk") { Content = new StringContent("{\"create\":{\"_id\":\"e\"}}\n{}\n", Encoding.UTF8, "application/json") };
        bulk.Headers.Authorization = new("Bearer", Token);
        Assert.Contains("schema: line 2: the data does not fit", await (await service.Http.SendAsync(bulk)).Content.ReadAsStringAsync(), StringComparison.Ordinal);

        // A wrong schema changes nothing.
        await File.WriteAllTextAsync(scratch.At("payments.json"), """{"type":"objekt"}""");
        await Waiting.UntilAsync("it is noticed", () => service.Log.Contains("reload-failed", StringComparison.Ordinal));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await service.PostAsync("""{"stream":"payments","id":"a","data":{"amount":"12.00","currency":"EUR"}}""", token: Token)).Status);

        await File.WriteAllTextAsync(scratch.At("payments.json"), Payments.Replace("\"properties\": {", "\"properties\": { \"currency\": { \"type\": \"string\" },", StringComparison.Ordinal));
        await Waiting.UntilAsync("the new schema is in use", async () => (await service.PostAsync("""{"stream":"payments","id":"a","data":{"amount":"12.00","currency":"EUR"}}""", token: Token)).Status == HttpStatusCode.Created, () => service.Log);
        Assert.Equal(["b", "a"], await service.IdsAsync("payments"));
    }

    private static string Token => "hal_" + new string('1', 64);

    private static string ProducersOf(string streams) =>
        $$"""{"producers":[{"name":"shop","tokenSha256":["{{Hash.HexOf(Encoding.ASCII.GetBytes(Token))}}"],"streams":["payments","refunds"]}],"streams":{{streams}}}""";
}
