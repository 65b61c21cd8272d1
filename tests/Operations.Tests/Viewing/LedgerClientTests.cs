using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using HaCluster.Operations.Ledger;
using HaCluster.Operations.Tests.Fakes;
using HaCluster.Twin.Kubernetes;
using HaCluster.Workloads.Tests.Chains;

namespace HaCluster.Operations.Tests.Viewing;

/// <summary>The API of a real ledger with TLS and tokens, through port-forward of the twin's API server.</summary>
public sealed class LedgerClientTests : IAsyncLifetime, IDisposable
{
    private const string Reader = "hal_reader", Writer = "hal_writer";
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly string Program = Path.Combine(AppContext.BaseDirectory, "ledger.dll");
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ha-ledger-");
    private readonly Authority _authority = new();
    private RunningProgram _ledger = null!;
    private HttpClient _http = null!;
    private TwinCluster _cluster = null!;

    public async Task InitializeAsync()
    {
        using var certificate = _authority.Issue("finance-log.logging.svc", "127.0.0.1");
        await File.WriteAllTextAsync(At("tls.crt"), certificate.ExportCertificatePem());
        await File.WriteAllTextAsync(At("tls.key"), certificate.GetRSAPrivateKey()!.ExportPkcs8PrivateKeyPem());
        await File.WriteAllTextAsync(At("producers.json"), $$"""
            { "producers": [ { "name": "shop", "tokenSha256": ["{{Sha256(Writer)}}"], "streams": ["payments"] },
                             { "name": "auditor", "tokenSha256": ["{{Sha256(Reader)}}"], "streams": [], "reads": ["payments"] } ] }
            """);
        var port = Waiting.FreePort();
        _ledger = RunningProgram.Start("dotnet",
        [
            Program, $"--listen=127.0.0.1:{port}", $"--data={At("data")}", "--checkpoint-records=2", $"--producers={At("producers.json")}", $"--certificate={At("tls.crt")}", $"--certificate-key={At("tls.key")}",
        ]);
        _http = new HttpClient(new SocketsHttpHandler { SslOptions = { RemoteCertificateValidationCallback = (_, shown, _, _) => shown is { Issuer: "CN=authority" } } }) { BaseAddress = new Uri($"https://127.0.0.1:{port}") };
        await Waiting.UntilAsync("the ledger is ready", async () =>
        {
            Assert.False(_ledger.HasEnded, _ledger.Text);
            return (await _http.GetAsync(new Uri("/ready", UriKind.Relative), None)).IsSuccessStatusCode;
        }, () => _ledger.Text);
        for (var number = 1; number <= 7; number++)
            await StoreAsync(number);
        _cluster = await ClusterAsync(port);
    }

    public async Task DisposeAsync()
    {
        if (_cluster is not null)
            await _cluster.DisposeAsync();
        if (_ledger is not null)
            await _ledger.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    public void Dispose()
    {
        _http?.Dispose();
        _authority.Dispose();
    }

    [Fact]
    public async Task Records_are_found_by_words_times_and_id_as_many_as_were_asked_for()
    {
        using var api = _cluster.Open();
        using var client = await LedgerClient.OpenAsync(api, Reader, None);
        var any = new LedgerQuestion("payments", null, null, null, null, 100);
        await Waiting.UntilAsync("all are searchable", async () => (await FindAsync(client, any)).Count == 7, () => _ledger.Text);

        var third = Assert.Single(await FindAsync(client, any with { Words = "pay-3" }));
        Assert.Equal(("payments", 3L, "3", "shop", 3L), (third.Stream, third.Sequence, third.Id, third.Producer, third.ProducerSequence));
        Assert.Equal(new DateTimeOffset(2026, 1, 3, 12, 0, 0, TimeSpan.Zero), third.Time);
        Assert.Equal("""{"amount":"12.00","items":[3,1.5,true,null],"reference":"pay-3"}""", third.Json);
        Assert.Equal("12.00", third.Data["amount"]);
        Assert.Equal([3L, 1.5, true, null], Assert.IsType<object?[]>(third.Data["items"]));
        Assert.Equal("6", Assert.Single(await FindAsync(client, any with { Id = "6" })).Id);
        Assert.Equal([2L, 3L], (await FindAsync(client, any with { From = third.Time!.Value.AddDays(-1), To = third.Time.Value.AddDays(1) })).Select(record => record.Sequence));
        Assert.Equal([1L, 2L, 3L, 4L], (await FindAsync(client, any with { First = 4 })).Select(record => record.Sequence));
    }

    [Theory]
    [InlineData("nobody", "payments", FailureKind.CredentialsExpired, "send Authorization: Bearer TOKEN")]
    [InlineData(Reader, "payouts", FailureKind.PermissionDenied, "auditor may not read the stream payouts")]
    [InlineData(Writer, "payments", FailureKind.PermissionDenied, "shop may not read the stream payments")]
    [InlineData(Reader, "a b", FailureKind.InvalidInput, "stream is not a name of a stream")]
    public async Task A_refusal_of_the_ledger_is_told_in_its_words(string token, string stream, FailureKind kind, string words)
    {
        using var api = _cluster.Open();
        using var client = await LedgerClient.OpenAsync(api, token, None);

        var failure = await Assert.ThrowsAsync<HaClusterException>(() => FindAsync(client, new LedgerQuestion(stream, null, null, null, null, 1)));

        Assert.Equal(kind, failure.Kind);
        Assert.Contains(words, failure.Problem, StringComparison.Ordinal);
        Assert.DoesNotContain(token, failure.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_fresh_verification_passes_and_names_what_was_changed_since()
    {
        using var session = _cluster.Session();
        using var client = await LedgerClient.OpenAsync(session.Kubernetes, Reader, None);
        var stream = new LedgerStatus("payments", Health.Healthy, 7, 7, null, null, 0, 0, 0, false, false, false, 0, null, 1, 1, "");

        var before = await client.VerifyAsync(stream, _ => { }, None);
        Assert.Equal((true, 7L), (before.Passed, before.Verified));
        Assert.Empty(before.Findings);

        var segment = Directory.EnumerateFiles(At("data"), "*", SearchOption.AllDirectories).Where(file => file.Contains($"{Path.DirectorySeparatorChar}segments{Path.DirectorySeparatorChar}payments", StringComparison.Ordinal)).Order(StringComparer.Ordinal).ElementAt(3);
        File.SetAttributes(segment, FileAttributes.Normal);
        var content = await File.ReadAllBytesAsync(segment);
        await File.WriteAllBytesAsync(segment, Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(content).Replace("12.00", "13.00", StringComparison.Ordinal)));
        var after = await client.VerifyAsync(stream, _ => { }, None);

        Assert.False(after.Passed);
        Assert.StartsWith("edit at record 4", Assert.Single(after.Findings), StringComparison.Ordinal);
    }

    private string At(string name) => Path.Combine(_folder.FullName, name);

    private async Task StoreAsync(int number)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/records")
        {
            Headers = { Authorization = new("Bearer", Writer) },
            Content = new StringContent(
                $$$"""{"stream":"payments","sequence":{{{number}}},"time":"2026-01-0{{{number}}}T12:00:00Z","data":{"reference":"pay-{{{number}}}","amount":"12.00","items":[{{{number}}},1.5,true,null]}}""",
                Encoding.UTF8, "application/json"),
        };
        using var answer = await _http.SendAsync(request, None);
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
    }

    private async Task<TwinCluster> ClusterAsync(int port)
    {
        var cluster = await TwinCluster.StartAsync(new ApiServerOptions { RunsDisruptionController = false });
        cluster.AddNamespace("logging");
        cluster.AddNode("n1", "eu-central-1a");
        cluster.Add("services", """
            { "apiVersion": "v1", "kind": "Service", "metadata": { "name": "finance-log", "namespace": "logging" },
              "spec": { "selector": { "app.kubernetes.io/name": "finance-log" }, "ports": [ { "name": "https", "port": 9443, "targetPort": "https" } ] } }
            """);
        cluster.Add("secrets", $$"""
            { "apiVersion": "v1", "kind": "Secret", "metadata": { "name": "finance-log-tls", "namespace": "logging" }, "data": { "ca.crt": "{{Convert.ToBase64String(Encoding.ASCII.GetBytes(_authority.Pem))}}" } }
            """);
        cluster.Add("pods", """
            { "apiVersion": "v1", "kind": "Pod", "metadata": { "name": "finance-log-a", "namespace": "logging", "labels": { "app.kubernetes.io/name": "finance-log" } },
              "spec": { "nodeName": "n1", "containers": [ { "name": "ledger", "ports": [ { "name": "https", "containerPort": 9443 } ] } ] },
              "status": { "phase": "Running", "conditions": [ { "type": "Ready", "status": "True" } ] } }
            """);
        cluster.Server.Ports.Add("logging", "finance-log-a", 9443, new IPEndPoint(IPAddress.Loopback, port));
        return cluster;
    }

    private static async Task<List<LedgerRecord>> FindAsync(LedgerClient client, LedgerQuestion question)
    {
        var records = new List<LedgerRecord>();
        await foreach (var record in client.FindAsync(question, None))
            records.Add(record);
        return records;
    }

    private static string Sha256(string token) => Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(token)));
}
