using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace HaCluster.Ledger.Records;

/// <summary>An entry of a stream as the archive has it: a line of canonical JSON.</summary>
internal readonly record struct Entry(
    long Sequence, string Previous, DateTimeOffset At, string Stream, string Producer, string Id, long? ProducerSequence)
{
    private const string AtFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";

    public static string Format(DateTimeOffset at) => at.UtcDateTime.ToString(AtFormat, CultureInfo.InvariantCulture);

    /// <summary>The line of a record at its place, without the line break.</summary>
    public static void Write(IBufferWriter<byte> destination, PreparedRecord record, ReadOnlySpan<byte> at, ReadOnlySpan<byte> previous, long sequence)
    {
        destination.Write("{\"at\":\""u8);
        destination.Write(at);
        destination.Write("\",\"data\":"u8);
        destination.Write(record.First);
        destination.Write(previous);
        destination.Write(record.Second);
        Span<byte> digits = stackalloc byte[20];
        Utf8Formatter.TryFormat(sequence, digits, out var length);
        destination.Write(digits[..length]);
        destination.Write(record.Third);
    }

    /// <exception cref="FormatException">It is not an entry; the message says why.</exception>
    public static Entry Parse(ReadOnlySpan<byte> line)
    {
        try
        {
            var reader = CanonicalJson.Open(line);
            return CanonicalJson.Guard(ref reader, Parse);
        }
        catch (RejectedException exception)
        {
            throw new FormatException(exception.Message, exception);
        }
    }

    private static Entry Parse(ref Utf8JsonReader reader)
    {
        CanonicalJson.Next(ref reader);
        var at = ParseTime(Member(ref reader, "at"u8));
        Skip(ref reader, "data"u8);
        var id = Member(ref reader, "id"u8);
        var previous = Member(ref reader, "previous"u8);
        var producer = Member(ref reader, "producer"u8);
        CanonicalJson.Next(ref reader);
        long? own = null;
        if (reader.ValueTextEquals("producerSequence"u8))
        {
            own = Number(ref reader);
            CanonicalJson.Next(ref reader);
        }

        var sequence = reader.ValueTextEquals("sequence"u8) ? Number(ref reader) : throw new FormatException("sequence is missing");
        var stream = Member(ref reader, "stream"u8);
        CanonicalJson.Next(ref reader);
        if (reader.TokenType == JsonTokenType.PropertyName)
        {
            if (!reader.ValueTextEquals("time"u8))
                throw new FormatException("an unknown member");
            CanonicalJson.Next(ref reader);
            CanonicalJson.Next(ref reader);
        }

        if (reader.TokenType != JsonTokenType.EndObject || reader.Read())
            throw new FormatException("an unknown member");
        return new Entry(sequence, Hash.IsHex(previous) ? previous : throw new FormatException("previous is not a hash"), at, stream, producer, id, own);
    }

    /// <summary>Whether the line is the canonical form of itself.</summary>
    public static bool IsCanonical(ReadOnlySpan<byte> line)
    {
        try
        {
            return CanonicalJson.Of(line).AsSpan().SequenceEqual(line);
        }
        catch (RejectedException)
        {
            return false;
        }
    }

    /// <summary>The parts of the line around what the ledger gave: time, previous hash and sequence.</summary>
    public (Range First, Range Second, Range Third) PartsOf(ReadOnlySpan<byte> line)
    {
        var start = "{\"at\":\"\",\"data\":"u8.Length + Format(At).Length;
        // From the end, where no data can be mistaken for it.
        var sequence = line.LastIndexOf(Encoding.UTF8.GetBytes($"\"sequence\":{Sequence},\"stream\":"));
        var number = sequence + "\"sequence\":"u8.Length;
        var previous = line[..sequence].LastIndexOf(Encoding.UTF8.GetBytes($"\"previous\":\"{Previous}\"")) + "\"previous\":\""u8.Length;
        return (start..previous, (previous + Hash.HexSize)..number, (number + Digits(Sequence))..line.Length);
    }

    /// <summary>What <see cref="PreparedRecord.Content"/> was.</summary>
    public UInt128 ContentOf(ReadOnlySpan<byte> line)
    {
        var (first, second, third) = PartsOf(line);
        return Hash.Short([.. line[first], .. line[second], .. line[third]]);
    }

    private static int Digits(long value) => value.ToString(CultureInfo.InvariantCulture).Length;

    private static string Member(ref Utf8JsonReader reader, ReadOnlySpan<byte> name)
    {
        CanonicalJson.Next(ref reader);
        if (reader.TokenType != JsonTokenType.PropertyName || !reader.ValueTextEquals(name))
            throw new FormatException($"{Encoding.UTF8.GetString(name)} is missing");
        CanonicalJson.Next(ref reader);
        return reader.TokenType == JsonTokenType.String ? reader.GetString()! : throw new FormatException($"{Encoding.UTF8.GetString(name)} is not a string");
    }

    private static void Skip(ref Utf8JsonReader reader, ReadOnlySpan<byte> name)
    {
        CanonicalJson.Next(ref reader);
        if (reader.TokenType != JsonTokenType.PropertyName || !reader.ValueTextEquals(name))
            throw new FormatException($"{Encoding.UTF8.GetString(name)} is missing");
        reader.Skip();
    }

    private static long Number(ref Utf8JsonReader reader)
    {
        CanonicalJson.Next(ref reader);
        return reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var value) ? value : throw new FormatException("a sequence is not a whole number");
    }

    /// <exception cref="FormatException">It is not such a time.</exception>
    public static DateTimeOffset ParseTime(string text) =>
        DateTimeOffset.TryParseExact(text, AtFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var at)
            ? at
            : throw new FormatException("it is not a time");
}
