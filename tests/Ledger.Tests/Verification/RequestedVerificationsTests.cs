using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using HaCluster.Ledger.Archives;
using HaCluster.Ledger.Serving;
using HaCluster.Ledger.Tests.Serving;

namespace HaCluster.Ledger.Tests.Verification;

/// <summary>A verification that somebody asks for over HTTP.</summary>
public sealed class RequestedVerificationsTests
{
    private const string Path = "/v1/streams/payments/verification";

    [Fact]
    public async Task All_of_the_stream_is_verified_again_when_it_is_asked_for()
    {
        await using var service = await StartAsync();
        Assert.Equal(HttpStatusCode.NotFound, (await SendAsync(service, HttpMethod.Get)).Status);

        var begun = await SendAsync(service, HttpMethod.Post);
        Assert.Equal(HttpStatusCode.Accepted, begun.Status);
        var ended = await EndAsync(service);

        Assert.Equal(("payments", "intact", 3L), (ended.GetProperty("stream").GetString(), ended.GetProperty("state").GetString(), ended.GetProperty("records").GetInt64()));
        var metrics = await service.Http.GetStringAsync(new Uri("/metrics", UriKind.Relative));
        Assert.Contains("ledger_verified_records{stream=\"payments\"} 3\n", metrics, StringComparison.Ordinal);
        Assert.Contains("ledger_verify_failed{stream=\"payments\"} 0\n", metrics, StringComparison.Ordinal);
        Assert.Contains((await service.LinesAsync("audit")).Select(line => JsonDocument.Parse(line).RootElement.GetProperty("data").GetRawText()), data => data.Contains("\"action\":\"verify\"", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_breach_is_named_with_its_place()
    {
        await using var service = await StartAsync();
        var file = System.IO.Path.Combine(service.Folder, ArchiveNames.Segment("payments", 2));
        await File.WriteAllTextAsync($"{service.Folder}.edited", (await File.ReadAllTextAsync(file)).Replace("\"b\"", "\"x\"", StringComparison.Ordinal));
        File.Move($"{service.Folder}.edited", file, overwrite: true);

        await SendAsync(service, HttpMethod.Post);
        var ended = await EndAsync(service);

        Assert.Equal(("broken", 1L), (ended.GetProperty("state").GetString(), ended.GetProperty("records").GetInt64()));
        var finding = ended.GetProperty("finding");
        Assert.Equal(("edit", 2L, "segments/payments/00000000000000000002.ndjson"), (finding.GetProperty("breach").GetString(), finding.GetProperty("sequence").GetInt64(), finding.GetProperty("object").GetString()));
        Assert.Contains("ledger_verify_failed{stream=\"payments\"} 1\n", await service.Http.GetStringAsync(new Uri("/metrics", UriKind.Relative)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_asks_while_it_runs_waits_for_the_same_and_an_archive_that_cannot_be_read_says_nothing_of_the_stream()
    {
        var archive = new HeldArchive();
        await using var service = await StartAsync(archive);
        archive.Hold();
        var first = await SendAsync(service, HttpMethod.Post);
        var second = await SendAsync(service, HttpMethod.Post);
        Assert.Equal(first.Body.GetProperty("requestedAt").GetString(), second.Body.GetProperty("requestedAt").GetString());
        Assert.False(second.Body.TryGetProperty("endedAt", out _));

        archive.Fail();
        var ended = await EndAsync(service);

        Assert.Equal(("interrupted", "the archive is away"), (ended.GetProperty("state").GetString(), ended.GetProperty("problem").GetString()));
        Assert.DoesNotContain("ledger_verified_records{stream=\"payments\"} ", await service.Http.GetStringAsync(new Uri("/metrics", UriKind.Relative)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("reader", "payments", HttpStatusCode.Accepted)]
    [InlineData("reader", "none", HttpStatusCode.Forbidden)]
    [InlineData("shop", "payments", HttpStatusCode.Forbidden)]
    [InlineData("nobody", "payments", HttpStatusCode.Unauthorized)]
    public async Task Only_readers_of_the_stream_may_ask(string token, string stream, HttpStatusCode expected)
    {
        var producers = Producers.Parse(Encoding.UTF8.GetBytes($$$"""
            {"producers":[{"name":"shop","tokenSha256":["{{{Sha256("shop")}}}"],"streams":["payments"]},{"name":"auditor","tokenSha256":["{{{Sha256("reader")}}}"],"streams":[],"reads":["payments"]}]}
            """));
        await using var service = await TestService.StartAsync(producers);
        await service.PostAsync("""{"stream":"payments","id":"a","data":{}}""", token: "shop");
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/v1/streams/{stream}/verification") { Headers = { Authorization = new AuthenticationHeaderValue("Bearer", token) } };

        using var answer = await service.Http.SendAsync(request);

        Assert.Equal(expected, answer.StatusCode);
    }

    private static async Task<TestService> StartAsync(IArchive? archive = null)
    {
        var service = await TestService.StartAsync(archive: archive, change: options => options with { Log = options.Log with { CheckpointRecords = 2 } });
        if (archive is not null)
            await Waiting.UntilAsync("the service is ready", async () => (await service.Http.GetAsync(new Uri("/ready", UriKind.Relative))).IsSuccessStatusCode);
        foreach (var id in (string[])["a", "b", "c"])
            Assert.Equal(HttpStatusCode.Created, (await service.PostAsync($$$"""{"stream":"payments","id":"{{{id}}}","data":{}}""")).Status);
        return service;
    }

    private static async Task<(HttpStatusCode Status, JsonElement Body)> SendAsync(TestService service, HttpMethod method)
    {
        using var answer = await service.SendAsync(method, Path);
        return (answer.StatusCode, JsonDocument.Parse(await answer.Content.ReadAsByteArrayAsync()).RootElement);
    }

    private static async Task<JsonElement> EndAsync(TestService service)
    {
        JsonElement run = default;
        await Waiting.UntilAsync("it has ended", async () => (run = (await SendAsync(service, HttpMethod.Get)).Body).TryGetProperty("endedAt", out _), () => $"{run}");
        return run;
    }

    private static string Sha256(string token) => HaCluster.Ledger.Records.Hash.HexOf(Encoding.ASCII.GetBytes(token));

    /// <summary>A folder whose segments cannot be read for a while, and then not at all.</summary>
    private sealed class HeldArchive : IArchive
    {
        private readonly Scratch _scratch = new();
        private readonly FolderArchive _inner;
        private readonly TaskCompletionSource _failed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private volatile bool _isHeld;

        public HeldArchive() => _inner = new FolderArchive(_scratch.At("held"));

        public string Address => _inner.Address;

        public void Hold() => _isHeld = true;

        public void Fail() => _failed.SetResult();

        public Task<bool> TryPutAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) => _inner.TryPutAsync(name, content, cancellationToken);

        public async Task<byte[]?> ReadAsync(string name, CancellationToken cancellationToken)
        {
            if (_isHeld && name == ArchiveNames.Segment("payments", 1))
            {
                await _failed.Task.WaitAsync(cancellationToken);
                throw new ArchiveUnavailableException("the archive is away");
            }

            return await _inner.ReadAsync(name, cancellationToken);
        }

        public IAsyncEnumerable<string> ListAsync(string folder, string after, CancellationToken cancellationToken) => _inner.ListAsync(folder, after, cancellationToken);

        public Task<IReadOnlyList<string>> FoldersAsync(string folder, CancellationToken cancellationToken) => _inner.FoldersAsync(folder, cancellationToken);

        public void Dispose()
        {
            _inner.Dispose();
            _scratch.Dispose();
        }
    }
}
