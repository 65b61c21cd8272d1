using System.Text.Json;
using HaCluster.Ledger.Archives;
using HaCluster.Ledger.Records;

namespace HaCluster.Ledger.Indexing;

/// <summary>The records of a segment, ready for the index.</summary>
/// <param name="Records">Their data are slices of the object.</param>
internal sealed record SegmentRecords(long First, long Last, IReadOnlyList<IndexRecord> Records)
{
    /// <exception cref="BreachException">It is not what the ledger wrote: nothing of it is to be shown as a record.</exception>
    public static SegmentRecords Read(string stream, byte[] content)
    {
        var segment = Segment.Read(content);
        if (segment.Stream != stream)
            throw new BreachException(Breach.Reordering, segment.First, $"the object is one of the stream {segment.Stream}");
        var records = new List<IndexRecord>((int)(segment.Last - segment.First + 1));
        var (words, previous) = (new Words(), (IndexRecord?)null);
        var start = content.AsSpan().IndexOf((byte)'\n') + 1;
        for (var sequence = segment.First; sequence <= segment.Last; sequence++)
        {
            var length = content.AsSpan(start).IndexOf((byte)'\n');
            previous = Read(content.AsMemory(start, length), sequence, segment.Leaves.AsMemory((int)(sequence - segment.First) * Hash.Size, Hash.Size), words, previous);
            records.Add(previous);
            start += length + 1;
        }

        return new SegmentRecords(segment.First, segment.Last, records);
    }

    /// <summary>Reads a line that is known to be a whole entry.</summary>
    /// <param name="previous">Often has the same time and producer, which then are in memory once.</param>
    private static IndexRecord Read(ReadOnlyMemory<byte> line, long sequence, ReadOnlyMemory<byte> hash, Words words, IndexRecord? previous)
    {
        var reader = CanonicalJson.Open(line.Span);
        string at = "", id = "", producer = "";
        string? time = null;
        long? own = null;
        DateTimeOffset? happened = null;
        ReadOnlyMemory<byte> data = default;
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.ValueSpan;
            var isData = name.SequenceEqual("data"u8);
            if (isData)
            {
                reader.Read();
                var start = (int)reader.TokenStartIndex;
                words.Add(ref reader);
                data = line[start..(int)reader.BytesConsumed];
                continue;
            }

            var (isAt, isId, isProducer, isOwn, isTime) = (
                name.SequenceEqual("at"u8), name.SequenceEqual("id"u8), name.SequenceEqual("producer"u8), name.SequenceEqual("producerSequence"u8), name.SequenceEqual("time"u8));
            reader.Read();
            if (isAt)
            {
                at = Text(ref reader, previous?.At);
            }
            else if (isId)
            {
                id = reader.GetString()!;
            }
            else if (isProducer)
            {
                producer = Text(ref reader, previous?.Producer);
            }
            else if (isOwn)
            {
                own = reader.GetInt64();
            }
            else if (isTime)
            {
                time = Text(ref reader, previous?.Time);
                happened = reader.TryGetDateTimeOffset(out var parsed) ? parsed : null;
            }
        }

        return new IndexRecord
        {
            Sequence = sequence,
            Id = id,
            Producer = producer,
            At = at,
            Time = time,
            ProducerSequence = own,
            Event = EventTime.Of(happened ?? Entry.ParseTime(at)),
            Data = data,
            Hash = hash,
            Words = words.Take(),
        };
    }

    private static string Text(ref Utf8JsonReader reader, string? likely) => likely is not null && reader.ValueTextEquals(likely) ? likely : reader.GetString()!;
}
