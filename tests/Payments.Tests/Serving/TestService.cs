using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using HaCluster.Payments.Access;
using HaCluster.Payments.Books;
using HaCluster.Payments.Serving;
using HaCluster.Payments.Wallets;
using HaCluster.Services;

namespace HaCluster.Payments.Tests.Serving;

/// <summary>A service on a free port of the loopback, over a database of its own.</summary>
internal sealed class TestService : IAsyncDisposable
{
    public const string Destination = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8";
    public const string Sender = "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266";

    private readonly Scratch _scratch = new();
    private readonly StringWriter _log = new();
    private RunningService _service = null!;
    private bool _isStopped;

    public HttpClient Http { get; } = new(new SocketsHttpHandler { Expect100ContinueTimeout = Waiting.Limit }) { Timeout = Waiting.Limit };

    public RunningService Service => _service;

    public string Folder => _scratch.Path;

    public ManualClock Clock { get; } = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));

    public string Log => _log.ToString();

    public static async Task<TestService> StartAsync(string? connectionString = null, int rateLimit = 100_000, Uri? collector = null)
    {
        var service = new TestService();
        var options = new ServeOptions { Listen = new IPEndPoint(IPAddress.Loopback, 0), Data = service._scratch.Path, ConnectionString = connectionString is null ? null : Reloaded<string>.Fixed(connectionString), Networks = Networks.Development, RateLimit = rateLimit, Collector = collector };
        service._service = await RunningService.StartAsync(options, TextWriter.Synchronized(service._log), CancellationToken.None, service.Clock);
        service.Http.BaseAddress = service._service.Address;
        return service;
    }

    public async Task<(HttpStatusCode Status, JsonElement Body, HttpResponseMessage Answer)> SendAsync(
        HttpMethod method, string path, string? body = null, string? key = null, string? idempotencyKey = null, string type = "application/json", string? host = null)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
            request.Content = new StringContent(body, Encoding.UTF8, MediaTypeHeaderValue.Parse(type));
        // A body that is too large is refused before it is sent: who sends it all the same may lose the answer with the connection.
        request.Headers.ExpectContinue = body?.Length > 60_000;
        if (key is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        if (idempotencyKey is not null)
            request.Headers.TryAddWithoutValidation("Idempotency-Key", idempotencyKey);
        if (host is not null)
            request.Headers.Host = host;
        var answer = await Http.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        return (answer.StatusCode, text.StartsWith('{') ? JsonDocument.Parse(text).RootElement : default, answer);
    }

    public Task<(HttpStatusCode Status, JsonElement Body, HttpResponseMessage Answer)> PostAsync(string path, string body, string? key = null, string? idempotencyKey = null) =>
        SendAsync(HttpMethod.Post, path, body, key, idempotencyKey);

    public async Task<JsonElement> GetAsync(string path, string? key = null)
    {
        var (status, body, _) = await SendAsync(HttpMethod.Get, path, key: key);
        Assert.Equal(HttpStatusCode.OK, status);
        return body;
    }

    public Task<string> AddKeyAsync(string name, Scopes scopes) => _service.Database.ChangeAsync(session => session.AddKeyAsync(name, scopes, Clock.GetUtcNow()));

    /// <summary>A wallet with funds, a policy and one destination.</summary>
    public async Task<string> AddWalletAsync(string? key = null, int funds = 1000, int delay = 3600, int approvals = 1)
    {
        var (status, wallet, _) = await PostAsync("/v1/wallets", $$"""{"name":"hot","chain":"ethereum","signingKey":"hot","sender":"{{Sender}}"}""", key);
        Assert.Equal(HttpStatusCode.Created, status);
        var id = wallet.GetProperty("id").GetString()!;
        await _service.Database.ChangeAsync(session => session.PostAsync([BookEntries.Open(id, "ethereum", funds)], Clock.GetUtcNow()));
        Assert.Equal(HttpStatusCode.Created, (await PostAsync($"/v1/wallets/{id}/destinations", $$"""{"address":"{{Destination}}","label":"cold"}""", key)).Status);
        var policy = $$$"""{"assets":{"ethereum":{"perTransfer":"100","perDay":"250","approveAbove":"50","maxFee":"10"}},"approvals":{{{approvals}}},"delaySeconds":{{{delay}}}}""";
        Assert.Equal(HttpStatusCode.OK, (await SendAsync(HttpMethod.Put, $"/v1/wallets/{id}/policy", policy, key)).Status);
        return id;
    }

    public static string Transfer(string wallet, string amount = "20", string destination = Destination, string extra = "") =>
        $$"""{"wallet":"{{wallet}}","asset":"ethereum","destination":"{{destination}}","amount":"{{amount}}"{{extra}}}""";

    /// <summary>Ends the service as a signal does.</summary>
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
