using System.Net;
using System.Text;
using System.Text.Json;
using HaCluster.Ledger.Archives;
using HaCluster.Ledger.Serving;
using HaCluster.Ledger.Tests.Indexing;
using HaCluster.Ledger.Tests.Serving;
using HaCluster.Ledger.Tests.Writing;

namespace HaCluster.Ledger.Tests.Reading;

/// <summary>What is stored is found, exported and audited.</summary>
public sealed class ReadingTests
{
    [Fact]
    public async Task A_stored_record_is_found_with_all_that_it_has()
    {
        await using var service = await TestService.StartAsync();
        await service.PostAsync("""{"stream":"payments","sequence":7,"time":"2026-01-31T12:00:00+01:00","data":{"amount":"12.00","to":"DE89"}}""");
        var found = await service.UntilAsync("/v1/records?stream=payments", 1);
        var record = Assert.Single(found.GetProperty("records").EnumerateArray());
        Assert.Equal(["stream", "sequence", "id", "producer", "at", "time", "producerSequence", "data", "hash"], record.EnumerateObject().Select(member => member.Name));
        Assert.Equal("""{"amount":"12.00","to":"DE89"}""", record.GetProperty("data").GetRawText());
        Assert.Equal(("payments", 1, "7", "local", "2026-01-31T12:00:00+01:00", 7), (
            record.GetProperty("stream").GetString(), record.GetProperty("sequence").GetInt64(), record.GetProperty("id").GetString(), record.GetProperty("producer").GetString(),
            record.GetProperty("time").GetString(), record.GetProperty("producerSequence").GetInt64()));
        var head = (await service.GetAsync("/v1/streams/payments")).Body.GetProperty("head").GetString();
        Assert.Equal(head, record.GetProperty("hash").GetString());
        Assert.False(found.TryGetProperty("next", out _));
        var metrics = await service.Http.GetStringAsync(new Uri("/metrics", UriKind.Relative));
        Assert.Contains("ledger_index_records{stream=\"payments\"} 1\n", metrics, StringComparison.Ordinal);
        Assert.Contains("ledger_index_lag_records{stream=\"payments\"} 0\n", metrics, StringComparison.Ordinal);
        Assert.Contains("ledger_index_lag_seconds{stream=\"payments\"} 0\n", metrics, StringComparison.Ordinal);
        Assert.Contains("ledger_dead_letters{stream=\"payments\"} 0\n", metrics, StringComparison.Ordinal);
        Assert.Contains("ledger_index_failures_total{stream=\"payments\"} 0\n", metrics, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Time_words_and_pages_are_asked_for_together()
    {
        await using var service = await TestService.StartAsync();
        await service.StoreAsync(30);
        await service.UntilAsync("/v1/records?stream=payments", 30);
        var ids = new List<string>();
        const string Path = "/v1/records?stream=payments&from=2026-01-31T12:00:05Z&to=2026-01-31T12:00:25%2B00:00&q=odd%20eur&limit=3";
        for (var next = ""; ;)
        {
            var page = (await service.GetAsync(Path + next)).Body;
            ids.AddRange(Ids(page));
            if (!page.TryGetProperty("next", out var cursor))
                break;
            Assert.Equal(3, page.GetProperty("records").GetArrayLength());
            next = $"&cursor={cursor.GetString()}";
        }

        Assert.Equal(Enumerable.Range(5, 20).Where(number => number % 2 == 1).Select(number => $"p-{number}"), ids);
        Assert.Equal(["p-8"], Ids((await service.GetAsync("/v1/records?stream=payments&id=p-8")).Body));
    }

    [Theory]
    [InlineData("", "stream is missing")]
    [InlineData("stream=Payments", "stream is not a name of a stream")]
    [InlineData("stream=payments&from=yesterday", "from is 'yesterday'; write an RFC 3339 time")]
    [InlineData("stream=payments&from=2026-01-31", "from is '2026-01-31'; write an RFC 3339 time")]
    [InlineData("stream=payments&to=2026-01-31T12:00:00", "write an RFC 3339 time with its zone")]
    [InlineData("stream=payments&from=2026-02-30T12:00:00Z", "write an RFC 3339 time")]
    [InlineData("stream=payments&from=2026-01-31T12:00:00Z&to=2026-01-31T12:00:00Z", "is not before to")]
    [InlineData("stream=payments&limit=0", "limit is '0'; write a whole number from 1 to 1000")]
    [InlineData("stream=payments&limit=1001", "limit is '1001'")]
    [InlineData("stream=payments&limit=-1", "limit is '-1'")]
    [InlineData("stream=payments&cursor=x", "cursor does not belong to this search")]
    [InlineData("stream=payments&cursor=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "cursor does not belong to this search")]
    [InlineData("stream=payments&q=%22%2A%22", "q has no word")]
    [InlineData("stream=payments&q=", "q has no word")]
    [InlineData("stream=payments&form=2026-01-31T12:00:00Z", "the parameter 'form' is not known; known are stream, from")]
    [InlineData("stream=payments&stream=other", "stream is given 2 times")]
    [InlineData("stream=payments&id=", "id must have 1 to 200 characters")]
    public async Task A_question_that_is_not_understood_is_a_problem_that_says_what_to_write(string query, string message)
    {
        await using var service = await TestService.StartAsync();
        await service.PostAsync("""{"stream":"payments","id":"p-1","data":{}}""");
        var (status, body) = await service.GetAsync($"/v1/records?{query}");
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Equal("urn:hacluster:ledger:invalid-question", body.GetProperty("type").GetString());
        Assert.Contains(message, body.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Long_and_hostile_texts_are_words_or_refused()
    {
        await using var service = await TestService.StartAsync();
        await service.StoreAsync(2);
        await service.UntilAsync("/v1/records?stream=payments", 2);
        using (var tooLong = await service.Http.GetAsync(new Uri($"/v1/records?stream=payments&q={new string('a', 10_000)}", UriKind.Relative)))
            Assert.Equal(HttpStatusCode.RequestUriTooLong, tooLong.StatusCode);
        Assert.Contains("q has 5000 characters", (await service.GetAsync($"/v1/records?stream=payments&q={new string('a', 5000)}")).Body.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Contains("q has 33 words", (await service.GetAsync($"/v1/records?stream=payments&q={string.Join('+', Enumerable.Range(1, 33))}")).Body.GetProperty("detail").GetString(), StringComparison.Ordinal);
        foreach (var hostile in new[] { "'; DROP TABLE streams; --", "\" OR 1=1 --", "odd AND", "NEAR(", "words:odd*", "^odd", "{a b}:odd", "*", "%", "\\", "\0odd", "odd\u202e" })
        {
            var (status, body) = await service.GetAsync($"/v1/records?stream=payments&q={Uri.EscapeDataString(hostile)}");
            Assert.True(status is HttpStatusCode.OK or HttpStatusCode.BadRequest, $"{hostile}: {status} {body.GetRawText()}");
        }

        Assert.Equal(["p-1"], Ids((await service.GetAsync("/v1/records?stream=payments&q=odd")).Body));
        Assert.Equal(["p-1"], Ids((await service.GetAsync($"/v1/records?stream=payments&q={Uri.EscapeDataString("^odd*")}")).Body));
    }

    [Fact]
    public async Task A_cursor_belongs_to_its_question()
    {
        await using var service = await TestService.StartAsync();
        await service.StoreAsync(3);
        var page = await service.UntilAsync("/v1/records?stream=payments&limit=1", 1);
        var cursor = page.GetProperty("next").GetString();
        Assert.Equal(HttpStatusCode.OK, (await service.GetAsync($"/v1/records?stream=payments&limit=2&cursor={cursor}")).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await service.GetAsync($"/v1/records?stream=payments&q=odd&cursor={cursor}")).Status);
    }

    [Fact]
    public async Task Only_those_who_may_read_a_stream_do()
    {
        var (token, hash) = Producers.NewToken();
        var (reader, readerHash) = Producers.NewToken();
        var producers = Producers.Parse(Encoding.UTF8.GetBytes($$"""
            {"producers":[{"name":"shop","tokenSha256":["{{hash}}"],"streams":["payments"]},{"name":"auditor","tokenSha256":["{{readerHash}}"],"reads":["payments","audit"]}]}
            """));
        await using var service = await TestService.StartAsync(producers);
        Assert.Equal(HttpStatusCode.Created, (await service.PostAsync("""{"stream":"payments","id":"p-1","data":{"n":1}}""", token: token)).Status);
        await service.UntilAsync("/v1/records?stream=payments", 1, reader);
        Assert.Equal(HttpStatusCode.Unauthorized, (await service.GetAsync("/v1/records?stream=payments")).Status);
        var refused = await service.GetAsync("/v1/records?stream=payments", token);
        Assert.Equal((HttpStatusCode.Forbidden, "shop may not read the stream payments; its entry in the file of producers must list it in \"reads\""), (refused.Status, refused.Body.GetProperty("detail").GetString()));
        Assert.Equal(HttpStatusCode.Forbidden, (await service.GetAsync("/v1/records/export?stream=payments", token)).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await service.GetAsync("/v1/dead-letters?stream=payments", token)).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await service.GetAsync("/v1/records?stream=other", reader)).Status);
        // Who reads may not write by that.
        Assert.Equal(HttpStatusCode.Forbidden, (await service.PostAsync("""{"stream":"payments","id":"p-2","data":{}}""", token: reader)).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await service.PostAsync("""{"stream":"audit","id":"p-2","data":{}}""", token: reader)).Status);
        Assert.Equal(HttpStatusCode.OK, (await service.GetAsync("/v1/streams/audit", reader)).Status);
    }

    [Theory]
    [InlineData("audit")]
    [InlineData("dead-letters")]
    public async Task Nobody_writes_to_the_streams_of_the_ledger(string stream)
    {
        await using var service = await TestService.StartAsync();
        Assert.Equal(HttpStatusCode.Forbidden, (await service.PostAsync($$"""{"stream":"{{stream}}","id":"p-1","data":{} }""")).Status);
        var wrong = Assert.Throws<FormatException>(() => Producers.Parse(Encoding.UTF8.GetBytes($$"""{"producers":[{"name":"shop","tokenSha256":["{{new string('a', 64)}}"],"streams":["{{stream}}"]}]}""")));
        Assert.Contains("written by the ledger itself", wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_read_what_is_a_record_before_the_answer_begins()
    {
        await using var service = await TestService.StartAsync();
        await service.StoreAsync(3);
        await service.UntilAsync("/v1/records?stream=payments", 3);
        var before = (await service.GetAsync("/v1/streams/audit")).Body.GetProperty("records").GetInt64();
        await service.GetAsync("/v1/records?stream=payments&from=2026-01-31T12:00:01Z&q=eur&limit=1");
        await service.Http.GetStringAsync(new Uri("/v1/records/export?stream=payments", UriKind.Relative));
        Assert.Equal(before + 3, (await service.GetAsync("/v1/streams/audit")).Body.GetProperty("records").GetInt64());
        var audit = await service.UntilAsync("/v1/records?stream=audit&q=eur", 1);
        var search = Assert.Single(audit.GetProperty("records").EnumerateArray());
        Assert.Equal("""{"action":"search","address":"127.0.0.1","by":"local","from":"2026-01-31T12:00:01Z","q":"eur","records":1,"stream":"payments"}""", search.GetProperty("data").GetRawText());
        Assert.Equal("ledger", search.GetProperty("producer").GetString());
        var end = await service.UntilAsync("/v1/records?stream=audit&q=export-end", 1);
        Assert.Equal((3, true), (end.GetProperty("records")[0].GetProperty("data").GetProperty("records").GetInt32(), end.GetProperty("records")[0].GetProperty("data").GetProperty("complete").GetBoolean()));
    }

    [Fact]
    public async Task Without_an_archive_that_takes_the_audit_nothing_is_read()
    {
        using var scratch = new Scratch();
        var archive = new FaultyArchive(new FolderArchive(scratch.At("archive")));
        await using var service = await TestService.StartAsync(archive: archive);
        await Waiting.UntilAsync("the record is stored", async () => (await service.PostAsync("""{"stream":"payments","id":"p-1","data":{"secret":"word"}}""")).Status == HttpStatusCode.Created);
        await service.UntilAsync("/v1/records?stream=payments", 1);
        archive.IsAway = true;
        var (status, body) = await service.GetAsync("/v1/records?stream=payments");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
        Assert.DoesNotContain("word", body.GetRawText(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await service.GetAsync("/v1/records/export?stream=payments")).Status);
        archive.IsAway = false;
        await service.UntilAsync("/v1/records?stream=payments", 1);
    }

    [Fact]
    public async Task An_unknown_stream_and_a_service_without_an_index_say_so()
    {
        await using (var service = await TestService.StartAsync())
            Assert.Equal((HttpStatusCode.NotFound, "urn:hacluster:ledger:unknown-stream"), await TypeAsync(service, "/v1/records?stream=nowhere"));
        await using (var none = await TestService.StartAsync(change: options => options with { Index = null }))
            Assert.Equal((HttpStatusCode.NotFound, "urn:hacluster:ledger:no-index"), await TypeAsync(none, "/v1/records?stream=payments"));
    }

    [Fact]
    public async Task Dead_letters_are_listed_and_replayed()
    {
        await using var server = await LoopbackOpenSearch.StartAsync();
        server.Fault = (_, document) => document["stream"]?.GetValue<string>() == "payments" && document["data"]?["n"]?.GetValue<long>() == 1 ? (400, "mapper_parsing_exception") : null;
        await using var service = await TestService.StartAsync(change: options => options with { Index = server.Address.ToString() });
        await service.StoreAsync(3);
        await service.UntilAsync("/v1/records?stream=payments", 2);
        await Waiting.UntilAsync("the dead letter is counted", async () => (await service.Http.GetStringAsync(new Uri("/metrics", UriKind.Relative))).Contains("ledger_dead_letters{stream=\"payments\"} 1\n", StringComparison.Ordinal));
        var list = (await service.GetAsync("/v1/dead-letters?stream=payments")).Body;
        Assert.Equal((1, 2, "p-1"), (list.GetProperty("total").GetInt64(), list.GetProperty("deadLetters")[0].GetProperty("sequence").GetInt64(), list.GetProperty("deadLetters")[0].GetProperty("id").GetString()));
        Assert.StartsWith("mapper_parsing_exception", list.GetProperty("deadLetters")[0].GetProperty("reason").GetString(), StringComparison.Ordinal);
        Assert.Contains("\"dead-letters\"", service.Log, StringComparison.Ordinal);
        server.Fault = (_, _) => null;
        using var replay = await service.Http.PostAsync(new Uri("/v1/dead-letters/replay?stream=payments", UriKind.Relative), null);
        Assert.Equal("""{"stream":"payments","accepted":1,"refused":0}""", await replay.Content.ReadAsStringAsync());
        await service.UntilAsync("/v1/records?stream=payments", 3);
        Assert.Equal(0, (await service.GetAsync("/v1/dead-letters?stream=payments")).Body.GetProperty("total").GetInt64());
        var metrics = await service.Http.GetStringAsync(new Uri("/metrics", UriKind.Relative));
        Assert.Contains("ledger_dead_letters{stream=\"payments\"} 0\n", metrics, StringComparison.Ordinal);
        Assert.Contains("ledger_dead_letters_total{stream=\"payments\"} 1\n", metrics, StringComparison.Ordinal);
    }

    [Fact]
    public async Task While_the_index_is_away_records_are_acknowledged_and_reads_are_told_to_come_again()
    {
        await using var server = await LoopbackOpenSearch.StartAsync();
        server.IsAway = true;
        await using var service = await TestService.StartAsync(change: options => options with { Index = server.Address.ToString() });
        await service.StoreAsync(3);
        using (var answer = await service.Http.GetAsync(new Uri("/v1/records?stream=payments", UriKind.Relative)))
            Assert.Equal((HttpStatusCode.ServiceUnavailable, true), (answer.StatusCode, answer.Headers.RetryAfter is not null));
        Assert.Contains("ledger_index_lag_records{stream=\"payments\"} 3\n", await service.Http.GetStringAsync(new Uri("/metrics", UriKind.Relative)), StringComparison.Ordinal);
        await Waiting.UntilAsync("the index was missed", () => service.Log.Contains("\"index-away\"", StringComparison.Ordinal));
        server.IsAway = false;
        await service.UntilAsync("/v1/records?stream=payments", 3);
        Assert.Single(service.Log.Split('\n'), line => line.Contains("\"index-away\"", StringComparison.Ordinal));
    }

    private static IEnumerable<string> Ids(JsonElement page) => page.GetProperty("records").EnumerateArray().Select(record => record.GetProperty("id").GetString()!);

    private static async Task<(HttpStatusCode Status, string? Type)> TypeAsync(TestService service, string path)
    {
        var (status, body) = await service.GetAsync(path);
        return (status, body.GetProperty("type").GetString());
    }
}
