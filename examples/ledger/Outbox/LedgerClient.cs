using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;

namespace HaCluster.Examples.Outbox;

/// <summary>Sends records to the ledger (infra/Services/Ledger/README.md).</summary>
internal sealed class LedgerClient : IDisposable
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    private readonly HttpClient _http;
    private readonly string _stream;

    /// <param name="token">Null: the ledger runs without producers, on this computer.</param>
    public LedgerClient(Uri address, string stream, string? token)
    {
        _stream = stream;
        // Behind one name are several replicas, which come and go.
        _http = new HttpClient(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromMinutes(1) }) { BaseAddress = address, Timeout = Timeout };
        if (token is not null)
            _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
    }

    /// <summary>Sends records as one request, of which the ledger stores all or nothing.</summary>
    public async Task<SendResult> SendAsync(IReadOnlyList<OutboxRecord> records, CancellationToken cancellationToken)
    {
        using var content = new ByteArrayContent(Lines(records)) { Headers = { ContentType = new MediaTypeHeaderValue("application/x-ndjson") } };
        try
        {
            using var answer = await _http.PostAsync(new Uri("v1/records", UriKind.Relative), content, cancellationToken);
            if (answer.StatusCode == HttpStatusCode.Created)
                return new SendResult.Stored();
            var reason = $"{(int)answer.StatusCode} {await DetailAsync(answer, cancellationToken)}";
            return answer.StatusCode switch
            {
                HttpStatusCode.RequestEntityTooLarge when records.Count > 1 => new SendResult.TooLarge(),
                // Not the records' fault: a token, an address, the ledger itself.
                HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden or HttpStatusCode.NotFound or HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError
                    => new SendResult.Later(reason, answer.Headers.RetryAfter?.Delta),
                _ => new SendResult.Refused(reason),
            };
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            // It may have been stored: to send it again is safe, since the number is its id.
            return new SendResult.Later(exception.Message, null);
        }
    }

    public void Dispose() => _http.Dispose();

    private byte[] Lines(IReadOnlyList<OutboxRecord> records)
    {
        using var buffer = new MemoryStream();
        foreach (var record in records)
        {
            using (var writer = new Utf8JsonWriter(buffer))
            {
                writer.WriteStartObject();
                writer.WriteString("stream", _stream);
                writer.WriteNumber("sequence", record.Number);
                writer.WriteString("time", record.At.ToUniversalTime().ToString("yyyy-MM-ddTHH:mm:ss.ffffffZ", CultureInfo.InvariantCulture));
                writer.WritePropertyName("data");
                // Without the line breaks that it may have.
                using (var data = JsonDocument.Parse(record.Data))
                    data.WriteTo(writer);
                writer.WriteEndObject();
            }

            buffer.WriteByte((byte)'\n');
        }

        return buffer.ToArray();
    }

    /// <summary>What a problem document says (RFC 9457), or the beginning of what else came.</summary>
    private static async Task<string> DetailAsync(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        var text = await answer.Content.ReadAsStringAsync(cancellationToken);
        try
        {
            using var problem = JsonDocument.Parse(text);
            if (problem.RootElement.ValueKind == JsonValueKind.Object && problem.RootElement.TryGetProperty("detail", out var detail))
                return detail.ToString();
        }
        catch (JsonException)
        {
            // Something in front of the ledger has answered.
        }

        return text.Length > 200 ? text[..200] + "..." : text;
    }
}

/// <summary>What became of a request.</summary>
internal abstract record SendResult
{
    public sealed record Stored : SendResult;

    /// <summary>Fewer at once may go.</summary>
    public sealed record TooLarge : SendResult;

    /// <summary>To be sent again; it may be stored already.</summary>
    public sealed record Later(string Reason, TimeSpan? After) : SendResult;

    /// <summary>Nothing of it is stored, and sending it again does not help.</summary>
    public sealed record Refused(string Reason) : SendResult;
}
