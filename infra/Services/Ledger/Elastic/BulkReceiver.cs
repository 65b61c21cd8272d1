using System.Diagnostics;
using System.Text.Encodings.Web;
using System.Text.Json;
using HaCluster.Ledger.Metrics;
using HaCluster.Ledger.Records;
using HaCluster.Ledger.Serving;
using HaCluster.Ledger.Writing;

namespace HaCluster.Ledger.Elastic;

/// <summary>
/// Takes what shippers for Elasticsearch send to <c>_bulk</c>. Other than a request of our own it is stored item by item, and may have several streams. What
/// cannot be stored now fails as a whole: Fluent Bit takes a request for done when one of its items is, and rsyslog gives failed items up.
/// </summary>
internal sealed class BulkReceiver(int largestRecord, RequestBody bodies, Intake intake, LedgerMetrics metrics)
{
    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public async Task StoreAsync(Exchange exchange)
    {
        var start = Stopwatch.GetTimestamp();
        var items = await ReadAsync(exchange);
        var unavailable = await Task.WhenAll(items.Where(item => item.Record is not null).GroupBy(item => item.Record!.Stream, StringComparer.Ordinal).Select(StoreAsync));
        Report(exchange.Producer, items);
        // What is stored by now is found stored when the request is repeated.
        if (unavailable.FirstOrDefault(reason => reason is not null) is { } trouble)
            throw new UnavailableException(trouble);
        exchange.HasStored = items.Any(item => item.Record is not null);
        await WriteAsync(exchange, items, Stopwatch.GetElapsedTime(start));
    }

    private async Task<List<BulkItem>> ReadAsync(Exchange exchange)
    {
        var type = (exchange.Request.ContentType ?? "").Split(';')[0].Trim().ToLowerInvariant();
        if (type is not ("application/x-ndjson" or "application/json" or "application/vnd.elasticsearch+x-ndjson" or "application/vnd.elasticsearch+json"))
            throw new RejectedException("unsupported-type", "Content-Type must be application/x-ndjson or application/json", StatusCodes.Status415UnsupportedMediaType);
        using var body = await bodies.ReadAsync(exchange.Request);
        return new BulkReader(exchange.Name, largestRecord, stream => intake.ReaderFor(exchange.Producer, stream)).Read(body.Content.Span);
    }

    /// <returns>Why they cannot be stored now; null: all were stored or refused.</returns>
    private async Task<string?> StoreAsync(IGrouping<string, BulkItem> stream)
    {
        var left = stream.ToList();
        while (left.Count > 0)
        {
            switch (await intake.StoreAsync(stream.Key, [.. left.Select(item => item.Record!)]))
            {
                case Outcome.Stored stored:
                    for (var index = 0; index < left.Count; index++)
                        left[index].Sequence = stored.Sequences[index];
                    return null;
                case Outcome.Unavailable unavailable:
                    return unavailable.Reason;
                case Outcome.Refused refused:
                    // A log stores all or none; the others are tried without these.
                    foreach (var conflict in refused.Conflicts)
                        left[conflict.Index].Refuse(StatusCodes.Status409Conflict, "conflict", conflict.Message);
                    left.RemoveAll(item => item.Record is null);
                    break;
            }
        }

        return null;
    }

    private void Report(Producer producer, List<BulkItem> items)
    {
        foreach (var refused in items.Where(item => item.Code is not (null or "conflict")).GroupBy(item => item.Code!))
            metrics.Rejected(refused.Key, refused.Count(), producer.Name, Names.IsStream(refused.First().Index) ? refused.First().Index : "", $"{refused.Key}; the first: {refused.First().Reason}");
    }

    private static async Task WriteAsync(Exchange exchange, List<BulkItem> items, TimeSpan took)
    {
        exchange.Response.ContentType = "application/json";
        var writer = new Utf8JsonWriter(exchange.Response.BodyWriter, Readable);
        // In this order and without blanks: Fluent Bit looks for this text in an answer that is longer than its buffer.
        writer.WriteStartObject();
        writer.WriteNumber("took", (long)took.TotalMilliseconds);
        writer.WriteBoolean("errors", items.Exists(item => item.Reason is not null));
        writer.WriteStartArray("items");
        foreach (var item in items)
        {
            writer.WriteStartObject();
            writer.WriteStartObject(item.Action);
            writer.WriteString("_index", item.Index);
            writer.WriteString("_id", item.Id);
            if (item.Reason is { } reason)
            {
                ElasticAnswers.WriteError(writer, item.Status, $"{item.Code}: {reason}");
            }
            else
            {
                // As the first time, also for a record that was stored before.
                writer.WriteNumber("_version", 1);
                writer.WriteString("result", "created");
                writer.WriteNumber("_seq_no", item.Sequence);
            }

            writer.WriteNumber("status", item.Status);
            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
        await writer.FlushAsync(exchange.Context.RequestAborted);
        await exchange.Response.BodyWriter.FlushAsync(exchange.Context.RequestAborted);
    }
}
