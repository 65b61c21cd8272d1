using System.Buffers;
using System.Text;
using System.Text.Json;
using HaCluster.Ledger.Indexing;
using HaCluster.Ledger.Serving;

namespace HaCluster.Ledger.Reading;

/// <summary>
/// <c>GET /v1/records/export</c>: all that was asked for, page after page, so that memory does not depend on how much that is. An export that cannot be ended is cut off: a
/// client never takes a part of it for the whole.
/// </summary>
/// <param name="draining">Cancelled when the service is to end: exports may take hours.</param>
internal sealed class Exports(RecordQueries queries, AuditTrail audit, CancellationToken draining)
{
    private const int Page = 1000;

    /// <summary>Bytes that wait to be sent...</summary>
    private const int MostPending = 64 << 10;

    /// <summary>... of which a record has so many around its data.</summary>
    private const int Around = 300;

    public Task ExportAsync(Exchange exchange) => queries.AnswerAsync(exchange, queries.Exports, async indexer =>
    {
        var question = Question.Read(exchange.Request.Query, isExport: true);
        var query = question.Query with { Limit = Page };
        if (!await queries.MayReadAsync(exchange, query.Stream))
            return;
        using var end = CancellationTokenSource.CreateLinkedTokenSource(exchange.Context.RequestAborted, draining);
        var first = await indexer.Index.SearchAsync(query, end.Token);
        var export = Guid.NewGuid().ToString("N");
        await audit.AddAsync(exchange, new AuditEntry("export", query.Stream, question, export));
        var (records, isComplete) = (0L, false);
        try
        {
            Begin(exchange.Response, query.Stream, question.Format);
            var page = first;
            while (true)
            {
                await WriteAsync(exchange.Response, query.Stream, question.Format, page.Records, end.Token);
                records += page.Records.Count;
                if (!page.HasMore)
                    break;
                var last = page.Records[^1];
                page = await indexer.Index.SearchAsync(query with { After = new Place(last.Event, last.Sequence) }, end.Token);
            }

            isComplete = true;
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            exchange.Context.Abort();
        }
        finally
        {
            await audit.AddAsync(exchange, new AuditEntry("export-end", query.Stream, Export: export, Records: records, IsComplete: isComplete));
        }
    });

    private static void Begin(HttpResponse response, string stream, ExportFormat format)
    {
        var (type, extension) = format == ExportFormat.Csv ? ("text/csv; charset=utf-8; header=present", "csv") : ("application/x-ndjson", "ndjson");
        response.ContentType = type;
        response.Headers.CacheControl = "no-store";
        // Names of streams need no escaping.
        response.Headers.ContentDisposition = $"attachment; filename=\"{stream}.{extension}\"";
        response.Headers.XContentTypeOptions = "nosniff";
        if (format == ExportFormat.Csv)
            response.BodyWriter.Write(RecordText.CsvHeader);
    }

    private static async Task WriteAsync(HttpResponse response, string stream, ExportFormat format, IReadOnlyList<IndexRecord> records, CancellationToken cancellationToken)
    {
        var (line, pending) = (new StringBuilder(), 0);
        using var json = new Utf8JsonWriter(response.BodyWriter, RecordText.Json);
        foreach (var record in records)
        {
            if (format == ExportFormat.Csv)
            {
                RecordText.WriteCsv(line.Clear(), stream, record);
                Encoding.UTF8.GetBytes(line.ToString(), response.BodyWriter);
            }
            else
            {
                json.Reset();
                RecordText.Write(json, stream, record);
                json.Flush();
                response.BodyWriter.Write("\n"u8);
            }

            pending += record.Data.Length + Around;
            if (pending < MostPending)
                continue;
            // Waits for a slow client.
            await response.BodyWriter.FlushAsync(cancellationToken);
            pending = 0;
        }

        await response.BodyWriter.FlushAsync(cancellationToken);
    }
}
