using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using HaCluster.Ledger.Archives;
using HaCluster.Ledger.Proof;
using HaCluster.Ledger.Serving;
using HaCluster.Ledger.Tests.Peers;
using HaCluster.Ledger.Tests.Writing;
using HaCluster.Services;

namespace HaCluster.Ledger.Tests.Serving;

public sealed class ReceiverTests
{
    internal const string One = """{"stream":"payments","id":"p-1","data":{"amount":"12.00"}}""";

    [Fact]
    public async Task A_record_is_stored_and_a_repeated_one_is_answered_the_same()
    {
        await using var service = await TestService.StartAsync();
        var first = await service.PostAsync(One);
        var again = await service.PostAsync(One);
        Assert.Equal(HttpStatusCode.Created, first.Status);
        Assert.Equal("""{"stream":"payments","id":"p-1","sequence":1}""", first.Body.GetRawText());
        Assert.Equal((first.Status, first.Body.GetRawText()), (again.Status, again.Body.GetRawText()));
        var other = await service.PostAsync(One.Replace("12.00", "13.00", StringComparison.Ordinal));
        Assert.Equal(HttpStatusCode.Conflict, other.Status);
        Assert.Equal("urn:hacluster:ledger:conflict", other.Body.GetProperty("type").GetString());
        Assert.Equal("application/problem+json", other.Answer.Content.Headers.ContentType?.MediaType);
        Assert.Equal(1, other.Body.GetProperty("conflicts")[0].GetProperty("sequence").GetInt64());
        var metrics = await service.Http.GetStringAsync(new Uri("/metrics", UriKind.Relative));
        Assert.Contains("ledger_records_stored_total{stream=\"payments\"} 1\n", metrics, StringComparison.Ordinal);
        Assert.Contains("ledger_records_repeated_total{stream=\"payments\"} 1\n", metrics, StringComparison.Ordinal);
        Assert.Contains("ledger_records_conflicting_total{stream=\"payments\"} 1\n", metrics, StringComparison.Ordinal);
        Assert.DoesNotContain("12.00", service.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_batch_is_stored_all_or_none()
    {
        await using var service = await TestService.StartAsync();
        var lines = string.Concat(Enumerable.Range(1, 3).Select(number => $$$"""{"id":"p-{{{number}}}","data":{"n":{{{number}}}}}""" + "\r\n"));
        var stored = await service.PostAsync(lines, "application/x-ndjson", path: "/v1/records?stream=payments");
        Assert.Equal("""{"stream":"payments","records":[{"id":"p-1","sequence":1},{"id":"p-2","sequence":2},{"id":"p-3","sequence":3}]}""", stored.Body.GetRawText());
        var refused = await service.PostAsync("""{"id":"p-4","data":{}}""" + "\n\n" + """{"id":"p-5","data":{"a":NaN}}""", "application/x-ndjson", path: "/v1/records?stream=payments");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.Status);
        Assert.StartsWith("line 3: not valid JSON", refused.Body.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Equal(4, (await service.PostAsync("""{"stream":"payments","id":"p-4","data":{}}""")).Body.GetProperty("sequence").GetInt64());
    }

    [Fact]
    public async Task CloudEvents_are_stored_alone_and_in_batches()
    {
        await using var service = await TestService.StartAsync();
        const string Event = """{"specversion":"1.0","type":"paid","source":"/shop","id":"ID","data":{"amount":"1.00"}}""";
        var one = await service.PostAsync(Event, "application/cloudevents+json", path: "/v1/records?stream=payments");
        Assert.Equal("/shop ID", one.Body.GetProperty("id").GetString());
        var two = await service.PostAsync($"[{Event}, {Event.Replace("ID", "8", StringComparison.Ordinal)}]", "application/cloudevents-batch+json; charset=utf-8", path: "/v1/records?stream=payments");
        Assert.Equal([1L, 2], two.Body.GetProperty("records").EnumerateArray().Select(record => record.GetProperty("sequence").GetInt64()));
    }

    [Fact]
    public async Task A_producer_is_known_by_its_token_and_bound_to_its_streams()
    {
        var (token, hash) = Producers.NewToken();
        var producers = Producers.Parse(Encoding.UTF8.GetBytes($$"""{"producers":[{"name":"shop","tokenSha256":["{{hash}}"],"streams":["payments"]}]}"""));
        await using var service = await TestService.StartAsync(producers);
        Assert.Equal(HttpStatusCode.Unauthorized, (await service.PostAsync(One)).Status);
        var wrong = await service.PostAsync(One, token: token + "0");
        Assert.Equal((HttpStatusCode.Unauthorized, "Bearer"), (wrong.Status, wrong.Answer.Headers.WwwAuthenticate.ToString()));
        Assert.Equal(HttpStatusCode.Created, (await service.PostAsync("""{"id":"p-1","data":{}}""", token: token)).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await service.PostAsync("""{"stream":"audit","id":"p-1","data":{}}""", token: token)).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await service.Http.GetAsync(new Uri("/v1/streams/payments", UriKind.Relative))).StatusCode);
        Assert.DoesNotContain(token, service.Log, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"producers":[]}""", "add at least one producer")]
    [InlineData("""{"producer":[]}""", "line 1")]
    [InlineData("""{"producers":[{"name":"Shop"}]}""", "producers[0].name")]
    [InlineData("""{"producers":[{"name":"shop","tokenSha256":["plain"],"streams":["payments"]}]}""", "producers[0].tokenSha256")]
    [InlineData("""{"producers":[{"name":"shop","tokenSha256":["aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"],"streams":["*"]}]}""", "producers[0].streams")]
    public void A_wrong_file_of_producers_is_refused(string json, string message) =>
        Assert.Contains(message, Assert.Throws<FormatException>(() => Producers.Parse(Encoding.UTF8.GetBytes(json))).Message, StringComparison.Ordinal);

    [Fact]
    public async Task Several_files_of_producers_are_one_list()
    {
        using var scratch = new Scratch();
        var (shop, bank) = (Producers.NewToken(), Producers.NewToken());
        await File.WriteAllTextAsync(scratch.At("one.json"), $$"""{"producers":[{"name":"shop","tokenSha256":["{{shop.Sha256}}"],"streams":["payments"]}]}""");
        await File.WriteAllTextAsync(scratch.At("two.json"), $$"""{"producers":[{"name":"bank","tokenSha256":["{{bank.Sha256}}"],"streams":["statements"]}]}""");
        var producers = Producers.Read(scratch.At("one.json"), scratch.At("two.json"));

        Assert.Equal(("shop", "bank"), (producers.Find($"Bearer {shop.Token}")?.Name, producers.Find($"Bearer {bank.Token}")?.Name));
        Assert.Equal([scratch.At("one.json"), scratch.At("two.json")], producers.Files.AsEnumerable());
    }

    [Theory]
    [InlineData("""{"producers":[{"name":"shop","certificate":{"dns":"other.example"},"streams":["payments"]}]}""", "producers: shop is in another file too")]
    [InlineData("""{"producers":[{"name":"other","certificate":{"dns":"shop.example"},"streams":["payments"]}]}""", "producers: a producer of another file has the certificate of other")]
    [InlineData("""{"producers":[{"name":"other","certificate":{"dns":"other.example"},"streams":["payments"]}],"streams":{"payments":{"schema":"any.json"}}}""", "streams: payments has a schema in another file too")]
    [InlineData("""{"producers":[]}""", "producers is empty; add at least one producer")]
    public async Task Files_of_producers_that_do_not_fit_together_are_refused_by_name(string second, string message)
    {
        using var scratch = new Scratch();
        await File.WriteAllTextAsync(scratch.At("any.json"), "{}");
        await File.WriteAllTextAsync(scratch.At("one.json"), """{"producers":[{"name":"shop","certificate":{"dns":"shop.example"},"streams":["payments"]}],"streams":{"payments":{"schema":"any.json"}}}""");
        await File.WriteAllTextAsync(scratch.At("two.json"), second);

        var wrong = Assert.Throws<FormatException>(() => Producers.Read(scratch.At("one.json"), scratch.At("two.json")));

        Assert.Equal($"{scratch.At("two.json")}: {message}", wrong.Message);
    }

    [Theory]
    [InlineData("{", "application/json", 422, "invalid-json")]
    [InlineData("""{"stream":"payments","id":"a","data":{"a":1,"a":2}}""", "application/json", 422, "duplicate-name")]
    [InlineData("""{"stream":"payments","id":"a","sequence":-1,"data":{}}""", "application/json", 422, "invalid-record")]
    [InlineData("""{"stream":"Payments!","id":"a","data":{}}""", "application/json", 422, "unknown-stream")]
    [InlineData("", "application/x-ndjson", 422, "empty")]
    [InlineData("<a/>", "application/xml", 415, "unsupported-type")]
    [InlineData("{\"stream\":\"a\",\"id\":\"a\",\"data\":{}}\n{\"stream\":\"b\",\"id\":\"a\",\"data\":{}}\n", "application/x-ndjson", 422, "several-streams")]
    public async Task A_wrong_request_is_answered_with_a_problem(string body, string type, int status, string code)
    {
        await using var service = await TestService.StartAsync();
        var answer = await service.PostAsync(body, type);
        Assert.Equal((status, $"urn:hacluster:ledger:{code}", status), ((int)answer.Status, answer.Body.GetProperty("type").GetString(), answer.Body.GetProperty("status").GetInt32()));
    }

    [Fact]
    public async Task While_the_archive_is_away_the_answer_is_503_with_a_time_to_come_again()
    {
        using var scratch = new Scratch();
        var archive = new FaultyArchive(new FolderArchive(scratch.At("archive"))) { IsAway = true };
        await using var service = await TestService.StartAsync(archive: archive);
        var away = await service.PostAsync(One);
        Assert.Equal((HttpStatusCode.ServiceUnavailable, (TimeSpan?)TimeSpan.FromSeconds(2)), (away.Status, away.Answer.Headers.RetryAfter?.Delta));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await service.Http.GetAsync(new Uri("/ready", UriKind.Relative))).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await service.Http.GetAsync(new Uri("/live", UriKind.Relative))).StatusCode);
        archive.IsAway = false;
        await Waiting.UntilAsync("the service is ready", async () => (await service.Http.GetAsync(new Uri("/ready", UriKind.Relative))).IsSuccessStatusCode);
        Assert.Equal(HttpStatusCode.Created, (await service.PostAsync(One)).Status);
        archive.IsAway = true;
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await service.PostAsync(One.Replace("p-1", "p-2", StringComparison.Ordinal))).Status);
        archive.IsAway = false;
        await Waiting.UntilAsync("the service is ready", async () => (await service.Http.GetAsync(new Uri("/ready", UriKind.Relative))).IsSuccessStatusCode);
        Assert.Equal(2, (await service.PostAsync(One.Replace("p-1", "p-2", StringComparison.Ordinal))).Body.GetProperty("sequence").GetInt64());
    }

    [Fact]
    public async Task A_stream_says_what_it_has_and_what_a_producer_left_out_and_gives_its_checkpoint()
    {
        await using var service = await TestService.StartAsync(change: options => options with { Log = options.Log with { CheckpointRecords = 2 } });
        await service.PostAsync("""{"stream":"payments","sequence":1,"data":{}}""");
        await service.PostAsync("""{"stream":"payments","sequence":4,"data":{}}""");
        await Waiting.UntilAsync("there is a checkpoint", async () => (await service.Http.GetAsync(new Uri("/v1/streams/payments/checkpoint", UriKind.Relative))).IsSuccessStatusCode);
        var checkpoint = SignedCheckpoint.Parse(await service.Http.GetByteArrayAsync(new Uri("/v1/streams/payments/checkpoint", UriKind.Relative)));
        Assert.Equal((2L, "payments"), (checkpoint.Checkpoint.Size, checkpoint.Checkpoint.Stream));
        var stream = await service.Http.GetStringAsync(new Uri("/v1/streams/payments", UriKind.Relative));
        Assert.Contains("\"records\":2,\"signed\":2", stream, StringComparison.Ordinal);
        Assert.Contains("""{"name":"local","last":4,"missing":[{"from":2,"to":3}]}""", stream, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await service.Http.GetAsync(new Uri("/v1/streams/audit", UriKind.Relative))).StatusCode);
    }

    [Fact]
    public async Task A_request_that_has_begun_is_answered_when_the_service_stops_and_a_last_checkpoint_is_signed()
    {
        using var scratch = new Scratch();
        var archive = new FaultyArchive(new FolderArchive(scratch.At("archive")));
        await using var service = await TestService.StartAsync(archive: archive);
        await Waiting.UntilAsync("the service is ready", async () => (await service.Http.GetAsync(new Uri("/ready", UriKind.Relative))).IsSuccessStatusCode);
        var gate = new TaskCompletionSource();
        (archive.Gate, var begun) = (gate.Task, archive.Begun);
        var answer = service.PostAsync(One);
        await Waiting.UntilAsync("the record is on its way into the archive", () => archive.Begun > begun);
        var stop = service.StopAsync();
        Assert.False(answer.IsCompleted);
        gate.SetResult();
        Assert.Equal(HttpStatusCode.Created, (await answer).Status);
        await stop;
        using var left = new FolderArchive(scratch.At("archive"));
        Assert.Equal(1L, SignedCheckpoint.Parse(await left.ReadAsync(ArchiveNames.Checkpoint("payments", 1), default)).Checkpoint.Size);
    }

    [Fact]
    public async Task Without_producers_only_this_computer_is_answered()
    {
        await using var service = await TestService.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/streams/payments");
        request.Headers.Host = "attacker.example";
        Assert.Equal(HttpStatusCode.MisdirectedRequest, (await service.Http.SendAsync(request)).StatusCode);
    }

    [SkippableFact]
    public async Task With_a_certificate_it_speaks_TLS_and_sends_what_is_between_it_and_its_root()
    {
        Skip.If(OperatingSystem.IsWindows(), "Windows serves no key that is in a PEM file only");
        using var scratch = new Scratch();
        using var root = new Authority("root", null);
        using var between = new Authority("between", root);
        using var leaf = new Authority("127.0.0.1", between);
        await File.WriteAllTextAsync(scratch.At("chain.pem"), leaf.Certificate.ExportCertificatePem() + "\n" + between.Certificate.ExportCertificatePem() + "\n");
        await File.WriteAllTextAsync(scratch.At("key.pem"), leaf.Key.ExportPkcs8PrivateKeyPem());
        await using var service = await TestService.StartAsync(
            archive: new FolderArchive(scratch.At("archive")), change: options => options with { Certificate = Reloaded<ServerCertificate>.Fixed(ServerCertificate.Read(scratch.At("chain.pem"), scratch.At("key.pem"))) });
        using var http = new HttpClient(new SocketsHttpHandler
        {
            SslOptions = new SslClientAuthenticationOptions
            {
                CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, CustomTrustStore = { root.Certificate }, RevocationMode = X509RevocationMode.NoCheck },
            },
        });
        Assert.Equal("https", service.Address.Scheme);
        Assert.Equal("ok\n", await http.GetStringAsync(new Uri(service.Address, "/live")));
    }
}
