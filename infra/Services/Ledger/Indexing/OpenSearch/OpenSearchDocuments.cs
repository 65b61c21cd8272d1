using System.Buffers;
using System.Globalization;
using System.Text.Json;
using HaCluster.Ledger.Records;

namespace HaCluster.Ledger.Indexing.OpenSearch;

/// <summary>Records, dead letters and positions as documents, and back.</summary>
internal static class OpenSearchDocuments
{
    /// <summary>Fields that an answer needs.</summary>
    public static readonly string[] Fields = ["sequence", "event", "id", "producer", "at", "time", "producerSequence", "hash", "data"];

    /// <param name="generation">Of the build that writes it; 0: the service.</param>
    public static BulkItem Of(BulkAction action, string stream, IndexRecord record, long generation) => new(
        action,
        OpenSearchNames.IndexOf(stream, record),
        OpenSearchNames.IdOf(stream, record.Sequence),
        record.Sequence,
        Write(writer =>
        {
            writer.WriteString("@timestamp", EventTime.ToTime(record.Event).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture));
            writer.WriteString("stream", stream);
            writer.WriteNumber("sequence", record.Sequence);
            writer.WriteNumber("event", record.Event);
            writer.WriteString("id", record.Id);
            writer.WriteString("producer", record.Producer);
            writer.WriteString("at", record.At);
            if (record.Time is not null)
                writer.WriteString("time", record.Time);
            if (record.ProducerSequence is { } own)
                writer.WriteNumber("producerSequence", own);
            writer.WriteString("hash", Hash.Hex(record.Hash.Span));
            writer.WriteNumber("size", record.Data.Length);
            writer.WriteNumber("generation", generation);
            writer.WriteString("words", record.Words);
            writer.WritePropertyName("data");
            writer.WriteRawValue(record.Data.Span, skipInputValidation: true);
        }));

    public static BulkItem Of(string stream, IndexRecord record, string reason, DateTimeOffset at) => new(
        BulkAction.Index,
        OpenSearchNames.DeadLetters,
        OpenSearchNames.IdOf(stream, record.Sequence),
        record.Sequence,
        Write(writer =>
        {
            writer.WriteString("stream", stream);
            writer.WriteNumber("sequence", record.Sequence);
            writer.WriteString("id", record.Id);
            writer.WriteString("reason", reason);
            writer.WriteString("at", Entry.Format(at));
        }));

    /// <param name="source">Of a hit.</param>
    public static IndexRecord Read(JsonElement source) => new()
    {
        Sequence = source.GetProperty("sequence").GetInt64(),
        Event = source.GetProperty("event").GetInt64(),
        Id = source.GetProperty("id").GetString()!,
        Producer = source.GetProperty("producer").GetString()!,
        At = source.GetProperty("at").GetString()!,
        Time = source.TryGetProperty("time", out var time) ? time.GetString() : null,
        ProducerSequence = source.TryGetProperty("producerSequence", out var own) ? own.GetInt64() : null,
        Hash = Convert.FromHexString(source.GetProperty("hash").GetString()!),
        Data = CanonicalJson.Of(JsonSerializer.SerializeToUtf8Bytes(source.GetProperty("data"), DocumentJson.Default.JsonElement)),
    };

    public static DeadLetter ReadLetter(JsonElement source) => new(
        source.GetProperty("sequence").GetInt64(), source.GetProperty("id").GetString()!, source.GetProperty("reason").GetString()!, source.GetProperty("at").GetString()!);

    public static byte[] Write(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, RecordText.Json))
        {
            writer.WriteStartObject();
            write(writer);
            writer.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }
}

[System.Text.Json.Serialization.JsonSerializable(typeof(JsonElement))]
internal sealed partial class DocumentJson : System.Text.Json.Serialization.JsonSerializerContext;
