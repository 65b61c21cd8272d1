using System.Text.Json;

namespace HaCluster.Ledger.Records;

/// <summary>Reads what a producer sends: records of our own shape, and CloudEvents in their structured mode.</summary>
/// <remarks>
/// CloudEvents are not read by the package CloudNative.CloudEvents: it makes objects of them, and kept is the canonical form of what came, with all its attributes, and refused is a name that comes twice.
/// </remarks>
/// <param name="producer">Who sends.</param>
/// <param name="stream">The stream of records that name none; null: they have to.</param>
/// <param name="check">Throws a <see cref="RejectedException"/> for a record that is well formed and must not be stored.</param>
internal sealed class RecordReader(string producer, string? stream, Action<PreparedRecord>? check = null)
{
    private const string Members = "data, id, sequence, stream, time";

    /// <exception cref="RejectedException">It cannot be kept as it is.</exception>
    public PreparedRecord ReadRecord(ReadOnlySpan<byte> json)
    {
        var reader = CanonicalJson.Open(json);
        return CanonicalJson.Guard(ref reader, ReadRecord);
    }

    /// <exception cref="RejectedException">It cannot be kept as it is.</exception>
    public PreparedRecord ReadCloudEvent(ReadOnlySpan<byte> json)
    {
        // An entry has the event one level deeper.
        var canonical = CanonicalJson.Of(json, CanonicalJson.MaxDepth - 1);
        var reader = CanonicalJson.Open(canonical);
        return CanonicalJson.Guard(ref reader, (ref reader) => ReadCloudEvent(ref reader, canonical));
    }

    /// <summary>A document of Elasticsearch, which becomes the data; its <c>@timestamp</c> is also the time.</summary>
    /// <exception cref="RejectedException">It cannot be kept as it is.</exception>
    public PreparedRecord ReadDocument(string id, ReadOnlySpan<byte> json)
    {
        // An entry has the document one level deeper.
        var canonical = CanonicalJson.Of(json, CanonicalJson.MaxDepth - 1);
        var reader = CanonicalJson.Open(canonical);
        return Prepare(null, id, null, TimestampOf(ref reader), canonical);
    }

    /// <summary>What software of this project says, such as a syslog message.</summary>
    /// <param name="data">Canonical.</param>
    /// <exception cref="RejectedException">It must not be stored.</exception>
    public PreparedRecord ReadParsed(string id, string? time, ReadOnlySpan<byte> data) => Prepare(null, id, null, time, data);

    private PreparedRecord ReadRecord(ref Utf8JsonReader reader)
    {
        Begin(ref reader, "a record");
        string? id = null, name = null, time = null;
        long? sequence = null;
        byte[]? data = null;
        var seen = 0;
        for (CanonicalJson.Next(ref reader); reader.TokenType != JsonTokenType.EndObject; CanonicalJson.Next(ref reader))
        {
            var member = reader.GetString()!;
            CanonicalJson.Next(ref reader);
            var bit = member switch { "data" => 1, "id" => 2, "sequence" => 4, "stream" => 8, "time" => 16, _ => throw Unknown(member) };
            if ((seen & bit) != 0)
                throw new RejectedException("duplicate-name", $"the record has the member {member} twice");
            seen |= bit;
            switch (member)
            {
                case "data":
                    data = reader.TokenType == JsonTokenType.StartObject
                        ? CanonicalJson.Value(ref reader).ToArray()
                        : throw new RejectedException("invalid-record", "data must be an object");
                    break;
                case "sequence":
                    sequence = Sequence(ref reader);
                    break;
                case "id":
                    id = Text(ref reader, member);
                    break;
                case "stream":
                    name = Text(ref reader, member);
                    break;
                case "time":
                    time = Time(ref reader);
                    break;
            }
        }

        End(ref reader);
        return Prepare(name, id, sequence, time, data ?? throw new RejectedException("invalid-record", "data is missing; put the content of the record into this object"));
    }

    // https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/formats/json-format.md
    private PreparedRecord ReadCloudEvent(ref Utf8JsonReader reader, byte[] canonical)
    {
        Begin(ref reader, "a CloudEvent");
        string? id = null, source = null, version = null, type = null, time = null, name = null;
        for (CanonicalJson.Next(ref reader); reader.TokenType != JsonTokenType.EndObject; CanonicalJson.Next(ref reader))
        {
            var member = reader.GetString()!;
            CanonicalJson.Next(ref reader);
            switch (member)
            {
                case "id": id = Text(ref reader, member); break;
                case "source": source = Text(ref reader, member); break;
                case "specversion": version = Text(ref reader, member); break;
                case "type": type = Text(ref reader, member); break;
                case "stream": name = Text(ref reader, member); break;
                case "time": time = Time(ref reader); break;
                default: reader.Skip(); break;
            }
        }

        if (version != "1.0")
            throw new RejectedException("invalid-cloudevent", "specversion is missing or not 1.0");
        foreach (var (attribute, value) in new[] { ("id", id), ("source", source), ("type", type) })
        {
            if (value is not { Length: > 0 })
                throw new RejectedException("invalid-cloudevent", $"{attribute} is missing or empty");
        }

        // Source and id together identify an event.
        var identity = $"{source} {id}";
        return Prepare(name, identity.Length <= Names.LongestId ? identity : Hash.HexOf(System.Text.Encoding.UTF8.GetBytes(identity)), null, time, canonical);
    }

    private PreparedRecord Prepare(string? name, string? id, long? sequence, string? time, ReadOnlySpan<byte> data)
    {
        name ??= stream ?? throw new RejectedException("invalid-record", "stream is missing; name the stream in the record or as ?stream=NAME");
        if (!Names.IsStream(name))
            throw new RejectedException("unknown-stream", $"stream is not a name of a stream: {Names.StreamRule}");
        id ??= sequence is { } number ? $"{number}" : throw new RejectedException("invalid-record", "id is missing; send an id, or a sequence that takes its place, so that a repeated record is recognised");
        if (!Names.IsId(id))
            throw new RejectedException("invalid-record", $"id must have 1 to {Names.LongestId} characters, none of them a control character");
        var record = PreparedRecord.Of(name, producer, id, sequence, time, data);
        check?.Invoke(record);
        return record;
    }

    private static void Begin(ref Utf8JsonReader reader, string what)
    {
        CanonicalJson.Next(ref reader);
        if (reader.TokenType != JsonTokenType.StartObject)
            throw new RejectedException("invalid-record", $"{what} must be an object");
    }

    private static void End(ref Utf8JsonReader reader)
    {
        if (reader.Read())
            throw new RejectedException("invalid-json", "there is more than one JSON value");
    }

    private static string Text(ref Utf8JsonReader reader, string member) => reader.TokenType == JsonTokenType.String
        ? reader.GetString()!
        : throw new RejectedException("invalid-record", $"{member} must be a string");

    private static long Sequence(ref Utf8JsonReader reader) =>
        reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var value) && value is >= 0 and <= PreparedRecord.LargestSequence
            ? value
            : throw new RejectedException("invalid-record", $"sequence must be a whole number from 0 to {PreparedRecord.LargestSequence}");

    private static string Time(ref Utf8JsonReader reader) => TryTime(ref reader)
        ?? throw new RejectedException("invalid-record", "time must be an RFC 3339 time with its zone, such as 2026-01-31T12:00:00Z");

    // https://www.rfc-editor.org/rfc/rfc3339#section-5.6: the reader also takes a date alone and a time without a zone.
    private static string? TryTime(ref Utf8JsonReader reader) =>
        reader.TokenType == JsonTokenType.String && reader.TryGetDateTimeOffset(out _) && reader.GetString() is { Length: >= 20 } text
            && text.IndexOf('T', StringComparison.Ordinal) == 10 && (text[^1] == 'Z' || text[^6] is '+' or '-')
            ? text
            : null;

    private static string? TimestampOf(ref Utf8JsonReader reader)
    {
        Begin(ref reader, "a document");
        for (reader.Read(); reader.TokenType != JsonTokenType.EndObject; reader.Read())
        {
            var isTime = reader.ValueTextEquals("@timestamp"u8);
            reader.Read();
            // A time of another form stays in the data only.
            if (isTime)
                return TryTime(ref reader);
            reader.Skip();
        }

        return null;
    }

    private static RejectedException Unknown(string member) => new(
        "invalid-record", $"the record has {(member.Length <= 40 && !member.Any(char.IsControl) ? $"the member {member}" : "a member")} that is not known; known are {Members}; put everything else into data");
}
