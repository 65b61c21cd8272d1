using System.Collections.Immutable;
using System.Text.Json;
using HaCluster.Ledger.Records;
using HaCluster.Ledger.Writing;

namespace HaCluster.Ledger.Serving;

/// <summary>Takes records in the shapes of README.md, and answers when they are stored.</summary>
internal sealed class Receiver(int largestRecord, RequestBody bodies, Intake intake)
{
    /// <summary>Of a request.</summary>
    public const int MostRecords = 10_000;

    public async Task StoreAsync(Exchange exchange)
    {
        var (context, producer) = (exchange.Context, exchange.Producer);
        var query = context.Request.Query["stream"].ToString();
        var reader = intake.ReaderFor(producer, query.Length > 0 ? query : producer.OnlyStream);
        var (records, isBatch) = await ReadAsync(context.Request, reader);
        var stream = records[0].Stream;
        if (records.Any(record => record.Stream != stream))
            throw new RejectedException("several-streams", "the records of one request must belong to one stream, because they are stored all or none");
        switch (await intake.StoreAsync(stream, records))
        {
            case Outcome.Stored stored:
                exchange.HasStored = true;
                await StoredAsync(context, stream, records, stored, isBatch);
                break;
            case Outcome.Refused refused:
                await Problems.WriteAsync(
                    context, StatusCodes.Status409Conflict, "conflict", "Conflict with stored records; nothing was stored",
                    $"{refused.Conflicts.Length} of {records.Length} records have the id or sequence of another record", refused.Conflicts);
                break;
            case Outcome.Unavailable unavailable:
                await Problems.UnavailableAsync(context, unavailable.Reason);
                break;
            default:
                throw new InvalidOperationException("an outcome without an answer");
        }
    }

    private async Task<(ImmutableArray<PreparedRecord> Records, bool IsBatch)> ReadAsync(HttpRequest request, RecordReader reader)
    {
        var type = (request.ContentType ?? "").Split(';')[0].Trim().ToLowerInvariant();
        if (request.Headers.ContainsKey("ce-specversion"))
            throw new RejectedException("unsupported-type", "CloudEvents in binary mode are not taken; send application/cloudevents+json", StatusCodes.Status415UnsupportedMediaType);
        using var body = type is "application/json" or "application/x-ndjson" or "application/cloudevents+json" or "application/cloudevents-batch+json"
            ? await bodies.ReadAsync(request)
            : throw new RejectedException(
                "unsupported-type", "Content-Type must be application/json, application/x-ndjson, application/cloudevents+json or application/cloudevents-batch+json",
                StatusCodes.Status415UnsupportedMediaType);
        return type switch
        {
            "application/json" => ([reader.ReadRecord(Limit(body.Content.Span))], false),
            "application/cloudevents+json" => ([reader.ReadCloudEvent(Limit(body.Content.Span))], false),
            "application/x-ndjson" => (Lines(body.Content.Span, reader), true),
            _ => (Events(body.Content.Span, reader), true),
        };
    }

    private ReadOnlySpan<byte> Limit(ReadOnlySpan<byte> record) => record.Length <= largestRecord
        ? record
        : throw new RejectedException("too-large", $"a record has {record.Length} bytes; the limit is {largestRecord}", StatusCodes.Status413PayloadTooLarge);

    private ImmutableArray<PreparedRecord> Lines(ReadOnlySpan<byte> body, RecordReader reader)
    {
        var records = ImmutableArray.CreateBuilder<PreparedRecord>();
        var number = 0;
        foreach (var range in body.Split((byte)'\n'))
        {
            number++;
            var line = body[range].TrimEnd((byte)'\r');
            if (line.IsEmpty)
                continue;
            try
            {
                Count(records.Count);
                records.Add(reader.ReadRecord(Limit(line)));
            }
            catch (RejectedException exception)
            {
                throw exception.AtLine(number);
            }
        }

        return NotEmpty(records);
    }

    private ImmutableArray<PreparedRecord> Events(ReadOnlySpan<byte> body, RecordReader reader)
    {
        var records = ImmutableArray.CreateBuilder<PreparedRecord>();
        // Strictly, and so that each event can be cut out of it.
        var canonical = CanonicalJson.Of(body);
        var json = CanonicalJson.Open(canonical);
        json.Read();
        if (json.TokenType != JsonTokenType.StartArray)
            throw new RejectedException("invalid-cloudevent", "a batch of CloudEvents must be an array");
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            var start = (int)json.TokenStartIndex;
            json.Skip();
            Count(records.Count);
            records.Add(reader.ReadCloudEvent(Limit(canonical.AsSpan(start, (int)json.BytesConsumed - start))));
        }

        return NotEmpty(records);
    }

    private static void Count(int count)
    {
        if (count >= MostRecords)
            throw new RejectedException("too-many-records", $"a request takes at most {MostRecords} records", StatusCodes.Status413PayloadTooLarge);
    }

    private static ImmutableArray<PreparedRecord> NotEmpty(ImmutableArray<PreparedRecord>.Builder records) =>
        records.Count > 0 ? records.ToImmutable() : throw new RejectedException("empty", "there is no record in the request");

    private static async Task StoredAsync(HttpContext context, string stream, ImmutableArray<PreparedRecord> records, Outcome.Stored stored, bool isBatch)
    {
        context.Response.StatusCode = StatusCodes.Status201Created;
        context.Response.ContentType = "application/json";
        var writer = new Utf8JsonWriter(context.Response.BodyWriter);
        writer.WriteStartObject();
        writer.WriteString("stream", stream);
        if (isBatch)
            writer.WriteStartArray("records");
        for (var index = 0; index < records.Length; index++)
        {
            if (isBatch)
                writer.WriteStartObject();
            writer.WriteString("id", records[index].Id);
            writer.WriteNumber("sequence", stored.Sequences[index]);
            if (isBatch)
                writer.WriteEndObject();
        }

        if (isBatch)
            writer.WriteEndArray();
        writer.WriteEndObject();
        await writer.FlushAsync(context.RequestAborted);
        await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
    }
}
