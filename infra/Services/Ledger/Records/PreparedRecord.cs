using System.Text;
using System.Text.Json;

namespace HaCluster.Ledger.Records;

/// <summary>A record that was read and checked: the parts of its entry that do not depend on its place in the stream.</summary>
internal sealed class PreparedRecord
{
    /// <summary>The largest integer that every reader of JSON keeps (https://www.rfc-editor.org/rfc/rfc7493#section-2.2).</summary>
    public const long LargestSequence = (1L << 53) - 1;

    // From "data" to the text before the hash of the previous entry, from there to the sequence, and the end.
    private readonly byte[] _parts;
    private readonly int _second;
    private readonly int _third;

    private PreparedRecord(string id, string stream, string producer, long? producerSequence, byte[] parts, int second, int third)
    {
        (Id, Stream, Producer, ProducerSequence) = (id, stream, producer, producerSequence);
        (_parts, _second, _third) = (parts, second, third);
        Key = KeyOf(producer, id);
        Content = Hash.Short(parts);
    }

    public string Id { get; }

    public string Stream { get; }

    public string Producer { get; }

    /// <summary>The producer's own number of this record; null when it does not number.</summary>
    public long? ProducerSequence { get; }

    /// <summary>Of producer and id.</summary>
    public UInt128 Key { get; }

    /// <summary>Of all that the producer sent.</summary>
    public UInt128 Content { get; }

    /// <summary>The data in canonical form. No text inside of it can look like the member that follows: quotation marks are escaped there.</summary>
    public ReadOnlyMemory<byte> Data => _parts.AsMemory(0, _parts.AsSpan(0, _second).LastIndexOf(",\"id\":"u8));

    public ReadOnlySpan<byte> First => _parts.AsSpan(0, _second);

    public ReadOnlySpan<byte> Second => _parts.AsSpan(_second, _third - _second);

    public ReadOnlySpan<byte> Third => _parts.AsSpan(_third);

    public int Size => _parts.Length;

    public static UInt128 KeyOf(string producer, string id) => Hash.Short(Encoding.UTF8.GetBytes($"{producer}\0{id}"));

    /// <summary>The record of an entry, to be stored at another place.</summary>
    public static PreparedRecord Of(in Entry entry, ReadOnlySpan<byte> line)
    {
        var (first, second, third) = entry.PartsOf(line);
        byte[] parts = [.. line[first], .. line[second], .. line[third]];
        var end = parts.Length - line[third].Length;
        return new PreparedRecord(entry.Id, entry.Stream, entry.Producer, entry.ProducerSequence, parts, end - line[second].Length, end);
    }

    /// <param name="data">Canonical.</param>
    /// <param name="time">When it happened, as the producer wrote it.</param>
    public static PreparedRecord Of(string stream, string producer, string id, long? producerSequence, string? time, ReadOnlySpan<byte> data)
    {
        var idText = CanonicalJson.Of(JsonSerializer.SerializeToUtf8Bytes(id, RecordJson.Default.String));
        var second = Encoding.UTF8.GetBytes($"\",\"producer\":\"{producer}\"{(producerSequence is { } own ? $",\"producerSequence\":{own}" : "")},\"sequence\":");
        var third = Encoding.UTF8.GetBytes($",\"stream\":\"{stream}\"{(time is null ? "" : $",\"time\":\"{time}\"")}}}");
        byte[] parts = [.. data, .. ",\"id\":"u8, .. idText, .. ",\"previous\":\""u8, .. second, .. third];
        return new PreparedRecord(id, stream, producer, producerSequence, parts, parts.Length - second.Length - third.Length, parts.Length - third.Length);
    }
}

[System.Text.Json.Serialization.JsonSerializable(typeof(string))]
internal sealed partial class RecordJson : System.Text.Json.Serialization.JsonSerializerContext;
