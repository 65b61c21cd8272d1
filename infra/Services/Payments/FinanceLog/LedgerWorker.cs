using System.Net;
using System.Net.Http.Headers;
using System.Text;
using HaCluster.Payments.Http;
using HaCluster.Payments.Metrics;
using HaCluster.Payments.Outbox;
using HaCluster.Payments.Store;
using HaCluster.Payments.Working;
using HaCluster.Services;

namespace HaCluster.Payments.FinanceLog;

/// <summary>
/// Ships every event to the finance log (infra/Services/Ledger), in order and at least once. The position of an event is the producer's number there: what is sent again is recognised by it, and the
/// log counts a number that is missing.
/// </summary>
internal sealed class LedgerWorker : IWorker, IDisposable
{
    private const string Reader = "ledger";

    /// <summary>Events of a request.</summary>
    private const int Page = 500;

    /// <summary>Requests of a round: then the lease is extended.</summary>
    private const int MostPages = 40;

    /// <summary>Bytes.</summary>
    private const int LargeRequest = 1 << 20;

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(5);

    private readonly Database _database;
    private readonly LedgerOptions _options;
    private readonly PaymentsMetrics _metrics;
    private readonly TimeProvider _clock;
    private readonly HttpMessageHandler? _network;
    private readonly Uri _target;
    private (TrustedAuthority? Authority, ServerCertificate? Own, HttpClient Http)? _client;

    /// <summary>Since when the log is not asked, and for how long.</summary>
    private (long Since, TimeSpan Wait) _resting;

    /// <param name="network">Null: the real one.</param>
    public LedgerWorker(Database database, LedgerOptions options, PaymentsMetrics metrics, TimeProvider clock, HttpMessageHandler? network = null)
    {
        (_database, _options, _metrics, _clock, _network) = (database, options, metrics, clock, network);
        _target = new Uri(options.Url, $"/v1/records?stream={Uri.EscapeDataString(options.Stream)}");
    }

    public string Name => "outbox";

    public TimeSpan Every => TimeSpan.FromSeconds(1);

    public Task<IReadOnlyList<WorkPart>> PartsAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<WorkPart>>([new WorkPart(Reader, WorkAsync)]);

    public void Dispose() => _client?.Http.Dispose();

    private async Task WorkAsync(CancellationToken cancellationToken)
    {
        var position = await _database.ReadAsync(session => session.ReaderPositionAsync(Reader), cancellationToken);
        var size = Page;
        for (var pages = 0; pages < MostPages; pages++)
        {
            var events = await _database.EventsAsync(position, size, cancellationToken);
            _metrics.Delivery.Outbox(events is [var oldest, ..] ? _clock.GetUtcNow() - DateTimeOffset.FromUnixTimeMilliseconds(oldest.At) : TimeSpan.Zero);
            if (events.Count == 0 || _clock.GetElapsedTime(_resting.Since) < _resting.Wait)
                return;
            if (!await SendAsync(events, cancellationToken))
            {
                size = Math.Max(1, events.Count / 2);
                if (events.Count > 1)
                    continue;
                await SendShortenedAsync(events[0], cancellationToken);
            }

            // Another one that was here at the same time has sent the same: the log took it for one.
            await _database.ChangeAsync(session => session.MoveReaderAsync(Reader, events[^1].Position), cancellationToken);
            position = events[^1].Position;
        }
    }

    /// <param name="authority">Null: those that the system trusts.</param>
    /// <param name="own">Null: no certificate is shown.</param>
    internal static SocketsHttpHandler NewHandler(TrustedAuthority? authority, ServerCertificate? own = null) => new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        PooledConnectionLifetime = TimeSpan.FromMinutes(2),
        SslOptions = { CertificateChainPolicy = authority?.ForServers(), ClientCertificateContext = own?.Context },
    };

    /// <summary>One that trusts whom the files name now, and shows the certificate that they have now.</summary>
    private HttpClient Client()
    {
        var (authority, own) = (_options.Authority?.Current, _options.Own?.Current);
        if (_client is { } client && ReferenceEquals(client.Authority, authority) && ReferenceEquals(client.Own, own))
            return client.Http;
        _client?.Http.Dispose();
        var http = new HttpClient(_network ?? NewHandler(authority, own), disposeHandler: _network is null) { Timeout = Timeout, MaxResponseContentBufferSize = 1 << 20 };
        _client = (authority, own, http);
        return http;
    }

    /// <summary>Such an event was written by an earlier version: this one cuts what it writes.</summary>
    private async Task SendShortenedAsync(StoredEvent one, CancellationToken cancellationToken)
    {
        if (!await SendAsync([one.Shortened()], cancellationToken))
            throw new UnavailableException($"event {one.Id} is too large for the finance log, with its texts cut to {ForeignText.Reason} characters too");
        _metrics.Alarm(Reader, $"event {one.Id} is too large for the finance log, which has it with texts of {ForeignText.Reason} characters at most; as it was it is in the database of this service alone");
    }

    /// <returns>False: it is more than the log takes at once.</returns>
    private async Task<bool> SendAsync(IReadOnlyList<StoredEvent> events, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, _target);
        request.Content = new StringContent(string.Concat(events.Select(one => Json.Write(new { Sequence = one.Position, Time = Json.Time(one.At), Data = one.Describe() }) + "\n")), Encoding.UTF8, "application/x-ndjson");
        // The log refuses what is too large before it is sent; who sends it all the same may lose the answer with the connection.
        request.Headers.ExpectContinue = request.Content.Headers.ContentLength > LargeRequest;
        request.Headers.Authorization = _options.Token?.Current is { } token ? new AuthenticationHeaderValue("Bearer", token) : null;
        try
        {
            using var answer = await Client().SendAsync(request, cancellationToken);
            if (answer.StatusCode == HttpStatusCode.Created)
                return true;
            if (answer.StatusCode == HttpStatusCode.RequestEntityTooLarge)
                return false;
            var text = await answer.Content.ReadAsStringAsync(cancellationToken);
            if (answer.Headers.RetryAfter is { } after && (after.Delta ?? after.Date - _clock.GetUtcNow()) is { } wait)
                _resting = (_clock.GetTimestamp(), wait < LongestWait ? wait : LongestWait);
            if (answer.StatusCode == HttpStatusCode.Conflict)
            {
                _metrics.Alarm(Reader, $"the finance log has other records as numbers {events[0].Position} to {events[^1].Position} of stream {_options.Stream}: the database was restored from an older state, or two of them write to one stream. "
                    + "Find out which; then let this one begin another stream (--ledger-stream)");
            }

            throw new UnavailableException($"the finance log answered {(int)answer.StatusCode}: {text[..Math.Min(text.Length, 500)]}");
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw new UnavailableException($"the finance log at {_options.Url.Authority} did not answer: {exception.Message}", exception);
        }
    }
}
