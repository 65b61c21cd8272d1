using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Mime;
using System.Text;
using HaCluster.Payments.Http;

namespace HaCluster.Payments.Webhooks;

/// <summary>What a receiver said.</summary>
/// <param name="Status">Null: nothing.</param>
/// <param name="Problem">Null: it has the event.</param>
/// <param name="RetryAfter">It asked for so much time.</param>
internal sealed record Receipt(int? Status, string? Problem, TimeSpan? RetryAfter)
{
    /// <summary>It wants no more events (https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md, "Gone").</summary>
    public bool IsGone => Status == (int)HttpStatusCode.Gone;
}

/// <summary>Sends one event to a webhook. Redirects are not followed, cookies are not kept, and of an answer only the status is read.</summary>
internal sealed class WebhookClient : IDisposable
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    private readonly HttpClient _http;

    /// <param name="around">A network that is put around the real one; null: none is.</param>
    public WebhookClient(WebhookTargets targets, Func<HttpMessageHandler, HttpMessageHandler>? around = null)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            // A proxy would connect to what this process may not.
            UseProxy = false,
            ConnectTimeout = TimeSpan.FromSeconds(5),
            PooledConnectionLifetime = TimeSpan.FromMinutes(1),
            MaxResponseHeadersLength = 16,
            MaxResponseDrainSize = 4 << 10,
            ConnectCallback = (context, token) => targets.ConnectAsync(context.DnsEndPoint, token),
        };
        _http = new HttpClient(around?.Invoke(handler) ?? handler) { Timeout = Timeout };
    }

    /// <param name="secrets">One signature for each.</param>
    /// <param name="mayBeSent">Asked when the connection is there, which can take long.</param>
    /// <returns>Null: it might not be sent any more, and was not.</returns>
    public async Task<Receipt?> SendAsync(Webhook webhook, IReadOnlyList<string> secrets, Delivery delivery, DateTimeOffset now, Func<bool> mayBeSent, CancellationToken cancellationToken)
    {
        var body = Encoding.UTF8.GetBytes(Json.Write(delivery.Event.Describe()));
        using var content = new LateContent(body, mayBeSent);
        using var request = new HttpRequestMessage(HttpMethod.Post, webhook.Url) { Content = content };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(MediaTypeNames.Application.Json);
        request.Headers.UserAgent.ParseAdd("hacluster-payments");
        request.Headers.Add(WebhookSignature.IdHeader, delivery.EventId);
        request.Headers.Add(WebhookSignature.TimestampHeader, now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture));
        request.Headers.Add(WebhookSignature.SignatureHeader, WebhookSignature.Sign(delivery.EventId, now, body, secrets));
        try
        {
            using var answer = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            var retryAfter = answer.Headers.RetryAfter is { } after ? after.Delta ?? after.Date - now : null;
            return new Receipt((int)answer.StatusCode, answer.IsSuccessStatusCode ? null : $"it answered {(int)answer.StatusCode}", retryAfter);
        }
        catch (Exception) when (content.IsTooLate)
        {
            return null;
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return new Receipt(null, exception is OperationCanceledException ? $"it did not answer within {Timeout.TotalSeconds} s" : exception.Message, null);
        }
    }

    public void Dispose() => _http.Dispose();

    /// <summary>Bytes that are not written once it is too late; headers are written together with them.</summary>
    private sealed class LateContent(byte[] body, Func<bool> mayBeSent) : ByteArrayContent(body)
    {
        public bool IsTooLate { get; private set; }

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
        {
            IsTooLate = !mayBeSent();
            return IsTooLate ? throw new InvalidOperationException("it is too late to send it") : base.SerializeToStreamAsync(stream, context, cancellationToken);
        }
    }
}
