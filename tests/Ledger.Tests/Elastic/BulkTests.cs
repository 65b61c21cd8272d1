using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using HaCluster.Ledger.Archives;
using HaCluster.Ledger.Serving;
using HaCluster.Ledger.Tests.Serving;
using HaCluster.Ledger.Tests.Writing;

namespace HaCluster.Ledger.Tests.Elastic;

public sealed class BulkTests
{
    // As Fluent Bit formats it: https://github.com/fluent/fluent-bit/blob/d55459d49/plugins/out_es/es_bulk.h and es.c, with suppress_type_name and id_key.
    private const string FluentBit = "{\"create\":{\"_index\":\"payments\",\"_id\":\"tx-1\"}}\n{\"@timestamp\":\"2026-01-31T12:00:00.123Z\",\"amount\":\"12.00\"}\n"
        + "{\"create\":{\"_index\":\"payments\",\"_type\":\"_doc\",\"_id\":\"tx-2\"}}\n{\"@timestamp\":\"2026-01-31T12:00:00.124Z\",\"amount\":\"13.00\"}\n";

    // As Filebeat encodes it (libbeat/esleg/eslegclient: BulkCreateAction, and the JSON encoder), with an id from add_id or fingerprint.
    private const string Filebeat = "{\"create\":{\"_index\":\"payments\",\"_id\":\"fb-1\"}}\n"
        + "{\"@timestamp\":\"2026-01-31T12:00:01.000Z\",\"log\":{\"offset\":42,\"file\":{\"path\":\"/var/log/pay.log\"}},\"message\":\"paid\",\"input\":{\"type\":\"filestream\"},\"ecs\":{\"version\":\"8.0.0\"}}\n";

    [Fact]
    public async Task What_Fluent_Bit_and_Filebeat_send_is_stored_once_and_answered_as_by_Elasticsearch()
    {
        await using var service = await TestService.StartAsync();
        var first = await service.PostAsync(FluentBit, "application/x-ndjson", path: "/_bulk");
        Assert.Equal((HttpStatusCode.OK, "Elasticsearch"), (first.Status, first.Answer.Headers.GetValues("X-Elastic-Product").Single()));
        // This text is what Fluent Bit looks for in an answer that its buffer cuts off.
        Assert.Contains(",\"errors\":false,\"items\":[{\"create\":{", first.Body.GetRawText(), StringComparison.Ordinal);
        Assert.Equal([(201, "tx-1"), (201, "tx-2")], Items(first.Body));
        // The answer was lost: the same again, in other parts.
        var again = await service.PostAsync(FluentBit.Split('\n', 3)[2], "application/x-ndjson", path: "/_bulk");
        Assert.Equal([(201, "tx-2")], Items(again.Body));
        var beat = await service.PostAsync(Filebeat, "application/json; charset=UTF-8", path: "/_bulk?filter_path=errors%2Citems.%2A.error%2Citems.%2A.status");
        Assert.Equal([(201, "fb-1")], Items(beat.Body));
        Assert.Equal(["tx-1", "tx-2", "fb-1"], await service.IdsAsync("payments"));
        var line = (await service.LinesAsync("payments"))[0];
        Assert.Contains("""
            "data":{"@timestamp":"2026-01-31T12:00:00.123Z","amount":"12.00"},"id":"tx-1"
            """, line, StringComparison.Ordinal);
        Assert.EndsWith("""
            "stream":"payments","time":"2026-01-31T12:00:00.123Z"}
            """, line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Each_item_has_its_own_answer_and_the_others_are_stored()
    {
        await using var service = await TestService.StartAsync();
        await service.PostAsync("{\"create\":{\"_id\":\"a\"}}\n{\"n\":1}\n", "application/x-ndjson", path: "/payments/_bulk");
        string[] lines =
        [
            """{"create":{"_id":"a"}}""", """{"n":2}""",
            """{"index":{"_id":"b"}}""", """{"n":NaN}""",
            """{"update":{"_id":"c"}}""", """{"doc":{"n":1}}""",
            """{"delete":{"_id":"d"}}""",
            """{"create":{"_index":"Payments-2026.01"}}""", """{"n":1}""",
            """{"create":{"_index":"refunds","_id":"r"}}""", """{"n":1}""",
            """{"create":{"_id":"e"}}""", """{"a":1,"a":2}""",
            """{"create":{"_id":"f"}}""", "[1]",
            """{"create":{"_id":"g"}}""", "{\"big\":\"" + new string('x', 100_001) + "\"}",
            """{"create":{"_id":"h"}}""", """{"n":3}""",
        ];
        var answer = await service.PostAsync(string.Join("\r\n", lines), "application/x-ndjson", path: "/payments/_bulk");
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.True(answer.Body.GetProperty("errors").GetBoolean());
        Assert.Equal([409, 400, 400, 400, 400, 201, 400, 400, 400, 201], Items(answer.Body).Select(item => item.Status));
        var reasons = answer.Body.GetProperty("items").EnumerateArray().Select(item => item.EnumerateObject().Single().Value)
            .Select(item => item.TryGetProperty("error", out var error) ? error.GetProperty("reason").GetString()!.Split(':')[0] : "").ToArray();
        Assert.Equal(["conflict", "invalid-json", "unsupported-action", "unsupported-action", "unknown-stream", "", "duplicate-name", "invalid-record", "too-large", ""], reasons);
        Assert.Equal(["a", "h"], await service.IdsAsync("payments"));
        Assert.Equal(["r"], await service.IdsAsync("refunds"));
        var metrics = await service.Http.GetStringAsync(new Uri("/metrics", UriKind.Relative));
        Assert.Contains("ledger_records_rejected_total{reason=\"conflict\"} 1\n", metrics, StringComparison.Ordinal);
        Assert.Contains("ledger_records_rejected_total{reason=\"unsupported-action\"} 2\n", metrics, StringComparison.Ordinal);
        Assert.Contains("\"event\":\"rejected\"", service.Log, StringComparison.Ordinal);
        Assert.DoesNotContain("xxx", service.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_ids_a_request_that_is_repeated_is_stored_once_and_equal_documents_of_it_are_all_kept()
    {
        await using var service = await TestService.StartAsync();
        const string Body = "{\"create\":{}}\n{\"m\":\"same\"}\n{\"create\":{}}\n{\"m\":\"same\"}\n";
        foreach (var _ in new[] { 1, 2 })
            Assert.Equal([201, 201], Items((await service.PostAsync(Body, "application/x-ndjson", path: "/payments/_bulk")).Body).Select(item => item.Status));
        await service.PostAsync(Body + "\n", "application/x-ndjson", path: "/payments/_bulk");
        Assert.Equal(4, (await service.IdsAsync("payments")).Distinct().Count());
    }

    [Fact]
    public async Task What_cannot_be_stored_now_fails_as_a_whole_without_JSON_so_that_every_shipper_repeats_it()
    {
        using var scratch = new Scratch();
        var archive = new FaultyArchive(new FolderArchive(scratch.At("archive")));
        await using var service = await TestService.StartAsync(archive: archive);
        await Waiting.UntilAsync("the service is ready", async () => (await service.Http.GetAsync(new Uri("/ready", UriKind.Relative))).IsSuccessStatusCode);
        await service.PostAsync(Filebeat, "application/json", path: "/_bulk");
        archive.IsAway = true;
        using var away = await service.SendAsync(HttpMethod.Post, "/_bulk", FluentBit);
        Assert.Equal((HttpStatusCode.ServiceUnavailable, (TimeSpan?)TimeSpan.FromSeconds(2)), (away.StatusCode, away.Headers.RetryAfter?.Delta));
        Assert.ThrowsAny<JsonException>(() => JsonDocument.Parse(away.Content.ReadAsStringAsync().Result));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await service.Http.GetAsync(new Uri("/_cat/health", UriKind.Relative))).StatusCode);
        archive.IsAway = false;
        await Waiting.UntilAsync("it is stored", async () => (await service.SendAsync(HttpMethod.Post, "/_bulk", FluentBit)).StatusCode == HttpStatusCode.OK);
        Assert.Equal(HttpStatusCode.OK, (await service.Http.GetAsync(new Uri("/_cat/health", UriKind.Relative))).StatusCode);
    }

    [Theory]
    [InlineData("{\"create\":{}}\n", "the document of action 1 is missing")]
    [InlineData("{\"create\":{}}\n{}\n{\"upsert\":{}}\n{}\n", "line 3: an action must be create or index")]
    [InlineData("not json\n{}\n", "line 1: not valid JSON")]
    [InlineData("\n\n", "there is no action")]
    public async Task A_body_that_is_not_one_is_refused_as_a_whole(string body, string reason)
    {
        await using var service = await TestService.StartAsync();
        var answer = await service.PostAsync(body, "application/x-ndjson", path: "/payments/_bulk");
        Assert.Equal((HttpStatusCode.BadRequest, 400), (answer.Status, answer.Body.GetProperty("status").GetInt32()));
        Assert.Contains(reason, answer.Body.GetProperty("error").GetProperty("reason").GetString(), StringComparison.Ordinal);
        Assert.Empty(Directory.Exists(Path.Combine(service.Folder, "segments")) ? Directory.GetDirectories(Path.Combine(service.Folder, "segments")) : []);
    }

    [Theory]
    [InlineData("Basic", "anyone:TOKEN", HttpStatusCode.OK)]
    [InlineData("ApiKey", "id:TOKEN", HttpStatusCode.OK)]
    [InlineData("Basic", "anyone:wrong", HttpStatusCode.Unauthorized)]
    [InlineData("Basic", "TOKEN", HttpStatusCode.Unauthorized)]
    public async Task Shippers_send_the_token_as_a_password(string scheme, string pair, HttpStatusCode expected)
    {
        var (token, hash) = Producers.NewToken();
        await using var service = await TestService.StartAsync(Producers.Parse(Encoding.UTF8.GetBytes($$"""{"producers":[{"name":"shop","tokenSha256":["{{hash}}"],"streams":["payments"]}]}""")));
        service.Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(scheme, Convert.ToBase64String(Encoding.UTF8.GetBytes(pair.Replace("TOKEN", token, StringComparison.Ordinal))));
        using var answer = await service.SendAsync(HttpMethod.Post, "/_bulk", FluentBit + "{\"create\":{\"_index\":\"refunds\"}}\n{}\n");
        Assert.Equal(expected, answer.StatusCode);
        if (expected == HttpStatusCode.OK)
            Assert.Equal([201, 201, 403], Items(JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement).Select(item => item.Status));
        else
            Assert.Equal("Basic realm=\"ledger\"", answer.Headers.WwwAuthenticate.ToString());
    }

    [Theory]
    [InlineData("/", "\"number\":\"8.")]
    [InlineData("/_license", "\"type\":\"basic\"")]
    [InlineData("/_cluster/health", "\"status\":\"green\"")]
    public async Task Shippers_find_what_they_ask_for_before_they_send(string path, string content)
    {
        await using var service = await TestService.StartAsync();
        Assert.Contains(content, await service.Http.GetStringAsync(new Uri(path, UriKind.Relative)), StringComparison.Ordinal);
        using var head = await service.SendAsync(HttpMethod.Head, path);
        Assert.Equal((HttpStatusCode.OK, "Elasticsearch", 0), (head.StatusCode, head.Headers.GetValues("X-Elastic-Product").Single(), (await head.Content.ReadAsByteArrayAsync()).Length));
    }

    private static IEnumerable<(int Status, string? Id)> Items(JsonElement answer) => answer.GetProperty("items").EnumerateArray()
        .Select(item => item.EnumerateObject().Single().Value)
        .Select(item => (item.GetProperty("status").GetInt32(), item.GetProperty("_id").GetString()));
}
