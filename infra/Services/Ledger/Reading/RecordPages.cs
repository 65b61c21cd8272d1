using System.Text.Json;
using HaCluster.Ledger.Indexing;
using HaCluster.Ledger.Serving;

namespace HaCluster.Ledger.Reading;

/// <summary><c>GET /v1/records</c>: a page of what was asked for.</summary>
internal sealed class RecordPages(RecordQueries queries, AuditTrail audit)
{
    public Task SearchAsync(Exchange exchange) => queries.AnswerAsync(exchange, queries.Searches, async indexer =>
    {
        var question = Question.Read(exchange.Request.Query, isExport: false);
        var query = question.Query;
        if (!await queries.MayReadAsync(exchange, query.Stream))
            return;
        var page = await indexer.Index.SearchAsync(query, exchange.Context.RequestAborted);
        await audit.AddAsync(exchange, new AuditEntry("search", query.Stream, question, Records: page.Records.Count));
        exchange.Response.ContentType = "application/json";
        exchange.Response.Headers.CacheControl = "no-store";
        await using var writer = new Utf8JsonWriter(exchange.Response.BodyWriter, RecordText.Json);
        writer.WriteStartObject();
        writer.WriteStartArray("records");
        foreach (var record in page.Records)
            RecordText.Write(writer, query.Stream, record);
        writer.WriteEndArray();
        if (page.HasMore)
            writer.WriteString("next", Cursor.After(query, page.Records[^1]));
        writer.WriteEndObject();
        await writer.FlushAsync(exchange.Context.RequestAborted);
        await exchange.Response.BodyWriter.FlushAsync(exchange.Context.RequestAborted);
    });
}
