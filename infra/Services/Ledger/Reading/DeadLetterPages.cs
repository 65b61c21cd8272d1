using System.Globalization;
using System.Text.Json;
using HaCluster.Ledger.Indexing;
using HaCluster.Ledger.Serving;

namespace HaCluster.Ledger.Reading;

/// <summary><c>GET /v1/dead-letters</c> and <c>POST /v1/dead-letters/replay</c>: records that the index refuses.</summary>
internal sealed class DeadLetterPages(RecordQueries queries, AuditTrail audit)
{
    public Task ListAsync(Exchange exchange) => queries.AnswerAsync(exchange, queries.Searches, async indexer =>
    {
        var query = exchange.Request.Query;
        Question.Check(query, "stream", "limit", "cursor");
        var stream = Question.StreamOf(query);
        var limit = (int)Number(query, "limit", 1, Question.MostRecords, 100);
        var after = Number(query, "cursor", 0, long.MaxValue - 1, 0);
        if (!await queries.MayReadAsync(exchange, stream))
            return;
        var page = await indexer.Index.DeadLettersAsync(stream, after, limit, exchange.Context.RequestAborted);
        await audit.AddAsync(exchange, new AuditEntry("dead-letters", stream, Records: page.Letters.Length));
        await WriteAsync(exchange, writer =>
        {
            writer.WriteNumber("total", page.Total);
            writer.WriteStartArray("deadLetters");
            foreach (var letter in page.Letters)
            {
                writer.WriteStartObject();
                writer.WriteString("stream", stream);
                writer.WriteNumber("sequence", letter.Sequence);
                writer.WriteString("id", letter.Id);
                writer.WriteString("reason", letter.Reason);
                writer.WriteString("at", letter.At);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            if (page.Letters.Length == limit)
                writer.WriteString("next", page.Letters[^1].Sequence.ToString(CultureInfo.InvariantCulture));
        });
    });

    public Task ReplayAsync(Exchange exchange) => queries.AnswerAsync(exchange, queries.Exports, async indexer =>
    {
        Question.Check(exchange.Request.Query, "stream");
        var stream = Question.StreamOf(exchange.Request.Query);
        if (!await queries.MayReadAsync(exchange, stream))
            return;
        await audit.AddAsync(exchange, new AuditEntry("replay", stream));
        var (accepted, refused) = await indexer.ReplayAsync(stream, exchange.Context.RequestAborted);
        await WriteAsync(exchange, writer =>
        {
            writer.WriteString("stream", stream);
            writer.WriteNumber("accepted", accepted);
            writer.WriteNumber("refused", refused);
        });
    });

    private static long Number(IQueryCollection query, string name, long least, long most, long otherwise) => query[name].FirstOrDefault() is not { } text ? otherwise
        : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most ? number
        : throw new QuestionException($"{name} is not a whole number from {least} to {most}");

    private static async Task WriteAsync(Exchange exchange, Action<Utf8JsonWriter> write)
    {
        exchange.Response.ContentType = "application/json";
        exchange.Response.Headers.CacheControl = "no-store";
        await using var writer = new Utf8JsonWriter(exchange.Response.BodyWriter, RecordText.Json);
        writer.WriteStartObject();
        write(writer);
        writer.WriteEndObject();
        await writer.FlushAsync(exchange.Context.RequestAborted);
        await exchange.Response.BodyWriter.FlushAsync(exchange.Context.RequestAborted);
    }
}
