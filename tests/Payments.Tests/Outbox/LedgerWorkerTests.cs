using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using HaCluster.Ledger.Tests.Peers;
using HaCluster.Payments.FinanceLog;
using HaCluster.Payments.Metrics;
using HaCluster.Payments.Outbox;
using HaCluster.Payments.Store;
using HaCluster.Payments.Tests.Peers;
using HaCluster.Payments.Working;
using HaCluster.Services;

namespace HaCluster.Payments.Tests.Outbox;

/// <summary>Events in the real finance log, as a process that is killed.</summary>
[Collection(StoreCollection.Name)]
public sealed class LedgerWorkerTests(PostgreSql postgreSql) : IDisposable
{
    private const string Token = "a-token-of-the-tests";

    private readonly Scratch _scratch = new();
    private readonly StringWriter _log = new();
    private readonly int _port = Waiting.FreePort();
    private readonly X509Certificate2 _certificate = NewCertificate();

    public void Dispose()
    {
        _scratch.Dispose();
        _log.Dispose();
        _certificate.Dispose();
    }

    [SkippableTheory, Store.OnBothStores]
    public async Task Every_event_is_in_the_log_once_and_in_order_whoever_is_killed(StoreKind kind)
    {
        const int writers = 4;
        const int events = 60;
        await using var database = await Stores.OpenAsync(kind, _scratch, postgreSql);
        WriteServerCertificate();
        await WriteProducersAsync();
        var ledger = await StartAsync();
        try
        {
            var writing = Task.WhenAll(Enumerable.Range(0, writers).Select(writer => Task.Run(async () =>
            {
                for (var number = 0; number < events; number++)
                    await database.ChangeAsync(session => session.AppendEventAsync("t.told", $"writer-{writer}", new Dictionary<string, string?> { ["number"] = $"{number}" }, DateTimeOffset.UtcNow));
            })));
            // Answers are lost after the log has stored what was sent, and the log is killed in between.
            using var lost = new LostAnswers(2, LedgerWorker.NewHandler(TrustedAuthorityOf("ledger")));
            using (var worker = New(database, lost))
            {
                await Waiting.UntilAsync("some are delivered", async () => await RoundAsync(database, worker) && await PositionAsync(database) > 0, () => _log.ToString());
                await ledger.SignalAsync("KILL");
                await ledger.DisposeAsync();
                Assert.False(await RoundUntilFailureAsync(database, worker));
            }

            ledger = await StartAsync();
            await writing;
            var all = await database.EventsAsync(0, 1000);
            Assert.InRange(all.Count, writers * events, 999);
            // Another root is not trusted.
            await File.WriteAllTextAsync(_scratch.At("other.pem"), NewCertificate().ExportCertificatePem());
            using (var stranger = New(database, LedgerWorker.NewHandler(TrustedAuthorityOf("other"))))
                Assert.False(await RoundAsync(database, stranger));
            using var replica = New(database, null);
            await Waiting.UntilAsync("all are delivered", async () => await RoundAsync(database, replica) && await PositionAsync(database) == all.Count, () => _log.ToString());
            Assert.Equal(2, lost.Count);

            using var http = NewClient();
            http.DefaultRequestHeaders.Authorization = new("Bearer", Token);
            string[] records = [];
            await Waiting.UntilAsync(
                "all are found",
                async () =>
                {
                    records = (await http.GetStringAsync(new Uri("/v1/records/export?stream=payments", UriKind.Relative))).Split('\n', StringSplitOptions.RemoveEmptyEntries);
                    return records.Length >= all.Count;
                },
                () => ledger.Text);
            var stored = records.Select(record => JsonDocument.Parse(record).RootElement).OrderBy(record => record.GetProperty("sequence").GetInt64()).ToArray();
            Assert.Equal(all.Select(one => one.Id), stored.Select(record => record.GetProperty("data").GetProperty("id").GetString()!));
            var stream = JsonDocument.Parse(await http.GetStringAsync(new Uri("/v1/streams/payments", UriKind.Relative))).RootElement;
            Assert.DoesNotContain("\"from\"", stream.GetRawText(), StringComparison.Ordinal);
        }
        finally
        {
            await ledger.DisposeAsync();
        }

        Assert.DoesNotContain(Token, _log.ToString(), StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task A_log_that_asks_for_time_gets_it_and_one_that_has_other_records_raises_an_alarm()
    {
        await using var database = await Stores.OpenAsync(StoreKind.Sqlite, _scratch, postgreSql);
        await database.ChangeAsync(session => session.AppendEventAsync("t.told", "a", new Dictionary<string, string?>(), DateTimeOffset.UtcNow));
        using var answers = new FixedAnswers();
        using var worker = New(database, answers);
        answers.Next = () => new HttpResponseMessage(HttpStatusCode.ServiceUnavailable) { Headers = { RetryAfter = new(TimeSpan.FromMinutes(4)) } };
        Assert.False(await RoundAsync(database, worker));
        // Not before the time has come: the round is over without a request.
        Assert.True(await RoundAsync(database, worker));
        Assert.Equal((1, 0), (answers.Count, await PositionAsync(database)));

        using var second = New(database, answers);
        answers.Next = () => new HttpResponseMessage(HttpStatusCode.Conflict);
        Assert.False(await RoundAsync(database, second));
        Assert.Contains("let this one begin another stream (--ledger-stream)", _log.ToString(), StringComparison.Ordinal);
        Assert.Equal(0, await PositionAsync(database));
    }

    [SkippableTheory, Store.OnBothStores]
    public async Task Events_that_are_too_large_for_one_request_are_sent_in_several_and_one_that_is_for_any_is_cut(StoreKind kind)
    {
        await using var database = await Stores.OpenAsync(kind, _scratch, postgreSql);
        WriteServerCertificate();
        await WriteProducersAsync();
        await using var ledger = await StartAsync();
        await AppendAsync(24, 500_000);
        await AppendAsync(1, 2_000_000);
        await AppendAsync(2, 10);
        using var worker = New(database, null);
        Assert.True(await RoundAsync(database, worker), _log.ToString());
        Assert.Equal(27, await PositionAsync(database));
        Assert.Contains("is too large for the finance log, which has it with texts of 500 characters at most", _log.ToString(), StringComparison.Ordinal);
        using var http = NewClient();
        http.DefaultRequestHeaders.Authorization = new("Bearer", Token);
        var records = Array.Empty<JsonElement>();
        await Waiting.UntilAsync(
            "all are found",
            async () =>
            {
                records = [.. (await http.GetStringAsync(new Uri("/v1/records/export?stream=payments", UriKind.Relative))).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(record => JsonDocument.Parse(record).RootElement)];
                return records.Length >= 27;
            },
            () => ledger.Text);
        Assert.Equal(
            [.. Enumerable.Repeat(500_000, 24), 500, 10, 10],
            records.OrderBy(record => record.GetProperty("sequence").GetInt64()).Select(record => record.GetProperty("data").GetProperty("data").GetProperty("text").GetString()!.Length));

        // As an earlier version wrote them.
        Task AppendAsync(int count, int characters) => database.ChangeAsync(session => session.AppendEventsAsync(Enumerable.Range(0, count).Select(_ =>
            new NewEvent(Ids.New("evt", DateTimeOffset.UtcNow), DateTimeOffset.UtcNow.ToUnixTimeMilliseconds(), "t.told", "a", JsonSerializer.Serialize(new Dictionary<string, string?> { ["text"] = new('x', characters) })))));
    }

    [Fact]
    public void Texts_of_an_event_have_an_end_and_no_half_characters()
    {
        var written = NewEvent.Of("t.told", "a", new Dictionary<string, string?> { ["reason"] = new string('x', 496) + "\U0001F4A5 and more", ["text"] = new('x', 20_000), ["short"] = "s", ["none"] = null }, DateTimeOffset.UtcNow);
        var data = JsonSerializer.Deserialize<Dictionary<string, string?>>(written.Data)!;
        Assert.Equal(new string('x', 496) + "...", data["reason"]);
        Assert.Equal((10_000, "s", null), (data["text"]!.Length, data["short"], data["none"]));
    }

    [SkippableFact]
    public async Task A_log_that_knows_the_service_by_its_certificate_is_shown_the_one_that_is_there_now()
    {
        await using var database = await Stores.OpenAsync(StoreKind.Sqlite, _scratch, postgreSql);
        await database.ChangeAsync(session => session.AppendEventAsync("t.told", "a", new Dictionary<string, string?>(), DateTimeOffset.UtcNow));
        WriteServerCertificate();
        using var root = new Authority("root", null);
        using var stranger = new Authority("stranger", root, use: Authority.ClientUse, dns: "other.example");
        using var known = new Authority("known", root, use: Authority.ClientUse, dns: "payments.example");
        root.WriteTo(_scratch.Path, "root");
        await File.WriteAllTextAsync(_scratch.At("producers.json"), """{"producers": [{"name": "payments", "certificate": {"dns": "payments.example"}, "streams": ["payments"]}]}""");
        await using var ledger = await StartAsync("--client-ca", _scratch.At("root.pem"));
        var files = stranger.WriteTo(_scratch.Path, "own");
        var own = new Reloaded<ServerCertificate>("--certificate", Read(), Read, _ => [files.Certificate, files.Key]);
        own.Reload();
        using var worker = new LedgerWorker(
            database, new LedgerOptions(new Uri($"https://127.0.0.1:{_port}"), "payments", null, Reloaded<TrustedAuthority>.Fixed(TrustedAuthorityOf("ledger")), own), NewMetrics(), TimeProvider.System);
        Assert.False(await RoundAsync(database, worker));
        Assert.Contains("the finance log answered 401", _log.ToString(), StringComparison.Ordinal);

        known.WriteTo(_scratch.Path, "own");
        Assert.True(own.Reload().HasChanged);

        Assert.True(await RoundAsync(database, worker));
        Assert.Equal(1, await PositionAsync(database));

        ServerCertificate Read() => ServerCertificate.Read(files.Certificate, files.Key);
    }

    private static Task<long> PositionAsync(Database database) => database.ReadAsync(session => session.ReaderPositionAsync("ledger"));

    private async Task<bool> RoundUntilFailureAsync(Database database, LedgerWorker worker)
    {
        for (var rounds = 0; rounds < 1000; rounds++)
        {
            await database.ChangeAsync(session => session.AppendEventAsync("t.more", "a", new Dictionary<string, string?>(), DateTimeOffset.UtcNow));
            if (!await RoundAsync(database, worker))
                return false;
        }

        return true;
    }

    private Task<bool> RoundAsync(Database database, LedgerWorker worker)
    {
        var context = new WorkerContext(database, NewMetrics(), TimeProvider.System, "replica", TimeSpan.FromMinutes(1));
        return new WorkerLoop(worker, context).RoundAsync(default);
    }

    private LedgerWorker New(Database database, HttpMessageHandler? network) => new(database, new LedgerOptions(new Uri($"https://127.0.0.1:{_port}"), "payments", Reloaded<string>.Fixed(Token), File.Exists(_scratch.At("ledger.pem")) ? Reloaded<TrustedAuthority>.Fixed(TrustedAuthorityOf("ledger")) : null), NewMetrics(), TimeProvider.System, network);

    private Task WriteProducersAsync() => File.WriteAllTextAsync(_scratch.At("producers.json"), $$"""
        {"producers": [{"name": "payments", "tokenSha256": ["{{Convert.ToHexStringLower(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(Token)))}}"], "streams": ["payments"], "reads": ["payments"]}]}
        """);

    private void WriteServerCertificate()
    {
        File.WriteAllText(_scratch.At("ledger.pem"), _certificate.ExportCertificatePem());
        File.WriteAllText(_scratch.At("ledger.key"), _certificate.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem());
    }

    private TrustedAuthority TrustedAuthorityOf(string name) => TrustedAuthority.Read(_scratch.At($"{name}.pem"));

    private HttpClient NewClient() => new(LedgerWorker.NewHandler(TrustedAuthorityOf("ledger"))) { BaseAddress = new Uri($"https://127.0.0.1:{_port}"), Timeout = Waiting.Limit };

    /// <summary>Of a server on the loopback, and its own root.</summary>
    private static X509Certificate2 NewCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=ledger", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddHours(4));
    }

    private PaymentsMetrics NewMetrics() => new(new EventLog(TextWriter.Synchronized(_log), TimeProvider.System, "subject"), "1");

    private async Task<RunningProgram> StartAsync(params string[] more)
    {
        var program = RunningProgram.Start(
            "dotnet",
            [
                Path.Combine(AppContext.BaseDirectory, "ledger.dll"), "--listen", $"127.0.0.1:{_port}", "--data", _scratch.At("ledger-data"), "--producers", _scratch.At("producers.json"),
                "--certificate", _scratch.At("ledger.pem"), "--certificate-key", _scratch.At("ledger.key"), .. more,
            ],
            _scratch.Path);
        using var http = NewClient();
        await Waiting.UntilAsync("the ledger is ready", async () => program.HasEnded || (await http.GetAsync(new Uri("/ready", UriKind.Relative))).IsSuccessStatusCode, () => program.Text);
        Assert.False(program.HasEnded, program.Text);
        return program;
    }

    /// <summary>A network that loses the first answers.</summary>
    private sealed class LostAnswers(int times, HttpMessageHandler network) : DelegatingHandler(network)
    {
        public int Count { get; private set; }

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var answer = await base.SendAsync(request, cancellationToken);
            if (Count == times)
                return answer;
            Count++;
            Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
            throw new HttpRequestException("the connection was reset");
        }
    }

    private sealed class FixedAnswers : HttpMessageHandler
    {
        public Func<HttpResponseMessage> Next { get; set; } = () => new HttpResponseMessage(HttpStatusCode.Created);

        public int Count { get; private set; }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Count++;
            return Task.FromResult(Next());
        }
    }
}
