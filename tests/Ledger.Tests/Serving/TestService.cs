using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using HaCluster.Ledger.Archives;
using HaCluster.Ledger.Hosting;
using HaCluster.Ledger.Indexing;
using HaCluster.Ledger.Serving;
using HaCluster.Ledger.Writing;
using HaCluster.Services;

namespace HaCluster.Ledger.Tests.Serving;

/// <summary>A service on a free port of the loopback, over a folder of its own.</summary>
internal sealed class TestService : IAsyncDisposable
{
    private readonly Scratch _scratch = new();
    private readonly StringWriter _log = new();
    private RunningService _service = null!;
    private bool _isStopped;

    public HttpClient Http { get; } = new() { Timeout = Waiting.Limit };

    public Uri Address => _service.Address;

    /// <summary>Where syslog is received.</summary>
    public IPEndPoint Syslog => _service.SyslogAddress ?? throw new InvalidOperationException("no syslog is received");

    public string Log => _log.ToString();

    public string Folder => _scratch.At("archive");

    public static async Task<TestService> StartAsync(Producers? producers = null, IArchive? archive = null, Func<ServeOptions, ServeOptions>? change = null)
    {
        var service = new TestService();
        var options = new ServeOptions
        {
            Listen = new IPEndPoint(IPAddress.Loopback, 0),
            Data = service._scratch.Path,
            Archive = service.Folder,
            Key = service._scratch.At("key.pem"),
            Producers = Reloaded<Producers>.Fixed(producers ?? Producers.Anyone),
            Index = service._scratch.At("index.db"),
            Indexing = new IndexerOptions { LookEvery = TimeSpan.FromMilliseconds(50), LookAtMost = TimeSpan.FromMilliseconds(200), RetryEvery = TimeSpan.FromMilliseconds(20), RetryAtMost = TimeSpan.FromMilliseconds(200) },
            Log = new LogOptions { Linger = TimeSpan.Zero, RetryEvery = TimeSpan.FromMilliseconds(20) },
            LargestRecord = 100_000,
            LargestRequest = 1_000_000,
        };
        options = change?.Invoke(options) ?? options;
        service._service = await RunningService.StartAsync(options, NoFaults.Instance, TextWriter.Synchronized(service._log), CancellationToken.None, archive);
        service.Http.BaseAddress = service._service.Address;
        if (archive is null && options.Certificate is null)
            await Waiting.UntilAsync("the service is ready", async () => (await service.Http.GetAsync(new Uri("/ready", UriKind.Relative))).IsSuccessStatusCode);
        return service;
    }

    public async Task<(HttpStatusCode Status, JsonElement Body, HttpResponseMessage Answer)> PostAsync(
        byte[] body, string type = "application/json", string? token = null, string? encoding = null, string path = "/v1/records")
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        if (token is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        if (encoding is not null)
            request.Content.Headers.ContentEncoding.Add(encoding);
        var answer = await Http.SendAsync(request);
        return (answer.StatusCode, JsonDocument.Parse(await answer.Content.ReadAsByteArrayAsync()).RootElement, answer);
    }

    public Task<(HttpStatusCode Status, JsonElement Body, HttpResponseMessage Answer)> PostAsync(string body, string type = "application/json", string? token = null, string path = "/v1/records") =>
        PostAsync(Encoding.UTF8.GetBytes(body), type, token, path: path);

    public Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string? body = null, string type = "application/x-ndjson") => Http.SendAsync(
        new HttpRequestMessage(method, path) { Content = body is null ? null : new StringContent(body, Encoding.UTF8, MediaTypeHeaderValue.Parse(type)) });

    /// <summary>Entries of a stream in the archive, in order.</summary>
    public async Task<List<string>> LinesAsync(string stream)
    {
        var lines = new List<string>();
        using var archive = new FolderArchive(Folder);
        await foreach (var name in archive.ListAsync(ArchiveNames.Segments(stream), "", default))
            Segment.Read(await archive.ReadAsync(name, default), (in _, line) => lines.Add(Encoding.UTF8.GetString(line)));
        return lines;
    }

    public async Task<string[]> IdsAsync(string stream) => [.. (await LinesAsync(stream)).Select(line => JsonDocument.Parse(line).RootElement.GetProperty("id").GetString()!)];

    public async Task StopAsync()
    {
        if (_isStopped)
            return;
        _isStopped = true;
        await _service.DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await StopAsync();
        _scratch.Dispose();
        await _log.DisposeAsync();
    }
}
