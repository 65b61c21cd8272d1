using System.Text.Json;
using System.Text.Json.Serialization;
using HaCluster.Ledger.Records;

namespace HaCluster.Ledger.Archives;

/// <summary>A segment that was read and found to be whole: everything in it fits together.</summary>
/// <param name="Leaves">Hashes of its entries, one after the other.</param>
internal sealed record Segment(string Stream, long First, long Last, string Previous, string Head, DateTimeOffset FirstAt, DateTimeOffset LastAt, byte[] Leaves)
{
    private static readonly JsonSerializerOptions Strict = new(JsonSerializerOptions.Strict) { TypeInfoResolver = SegmentJson.Default };

    public delegate void EntryVisitor(in Entry entry, ReadOnlySpan<byte> line);

    /// <param name="visit">Sees each entry before it is known whether the rest is whole.</param>
    /// <exception cref="BreachException">It is not what the ledger wrote; says what was done to it, and to which record first.</exception>
    public static Segment Read(ReadOnlySpan<byte> content, EntryVisitor? visit = null)
    {
        var header = ReadHeader(content, out var start);
        var lines = LinesOf(content, start, header.First, out var footer);
        var leaves = new byte[lines.Count * Hash.Size];
        var previous = header.Previous;
        DateTimeOffset firstAt = default, lastAt = default, beforeLastAt = default;
        for (var index = 0; index < lines.Count; index++)
        {
            var sequence = header.First + index;
            var line = content[lines[index]];
            var entry = Parse(line, sequence);
            if (entry.Sequence != sequence)
                throw Misplaced(content, lines, index, sequence, entry.Sequence);
            if (entry.Previous != previous)
                throw Unlinked(sequence, index, entry.At, lastAt, beforeLastAt);
            if (entry.At < lastAt)
                throw new BreachException(Breach.BackDating, sequence, $"record {sequence} has the time {Entry.Format(entry.At)}, which is before that of record {sequence - 1}");
            if (entry.Stream != header.Stream)
                throw new BreachException(Breach.Edit, sequence, $"record {sequence} belongs to the stream {entry.Stream}");
            if (!Entry.IsCanonical(line))
                throw new BreachException(Breach.Edit, sequence, $"record {sequence} is not in its canonical form");
            visit?.Invoke(entry, line);
            var leaf = leaves.AsSpan(index * Hash.Size, Hash.Size);
            Hash.Leaf(line, leaf);
            previous = Hash.Hex(leaf);
            (beforeLastAt, lastAt) = (lastAt, entry.At);
            if (index == 0)
                firstAt = entry.At;
        }

        var last = header.First + lines.Count - 1;
        if (lines.Count < footer.Count)
            throw new BreachException(Breach.Deletion, last + 1, $"record {last + 1} is missing");
        if (lines.Count > footer.Count || lines.Count == 0)
            throw new BreachException(Breach.Edit, last, $"the object says that it has {footer.Count} records and has {lines.Count}");
        if (footer.Head != previous)
            throw Unlinked(last + 1, lines.Count, DateTimeOffset.MaxValue, lastAt, beforeLastAt);
        if (footer.Sha256 != Hash.HexOf(content[..EndOf(lines, start)]))
            throw new BreachException(Breach.Edit, 0, "the first or last line of the object was changed");
        return new Segment(header.Stream, header.First, last, header.Previous, previous, firstAt, lastAt, leaves);
    }

    private static Entry Parse(ReadOnlySpan<byte> line, long sequence)
    {
        try
        {
            return Entry.Parse(line);
        }
        catch (FormatException exception)
        {
            throw new BreachException(Breach.Edit, sequence, $"record {sequence} is not an entry: {exception.Message}");
        }
    }

    private static int EndOf(List<Range> lines, int start) => lines.Count > 0 ? lines[^1].End.Value + 1 : start;

    private static BreachException Misplaced(ReadOnlySpan<byte> content, List<Range> lines, int index, long expected, long found)
    {
        var isElsewhere = found < expected;
        for (var later = index + 1; later < lines.Count && !isElsewhere; later++)
            isElsewhere = Parse(content[lines[later]], expected).Sequence == expected;
        return isElsewhere
            ? new BreachException(Breach.Reordering, expected, $"record {found} is in the place of record {expected}")
            : new BreachException(Breach.Deletion, expected, $"record {expected} is missing; record {found} follows");
    }

    /// <summary>An entry does not name the hash of the one before: that one was changed, or it itself when it is the first.</summary>
    private static BreachException Unlinked(long sequence, int index, DateTimeOffset at, DateTimeOffset previousAt, DateTimeOffset beforeAt)
    {
        if (index == 0)
            return new BreachException(Breach.Edit, sequence, $"record {sequence} does not name the hash of the record before it");
        return previousAt < beforeAt || previousAt > at
            ? new BreachException(Breach.BackDating, sequence - 1, $"the time of record {sequence - 1} was changed")
            : new BreachException(Breach.Edit, sequence - 1, $"record {sequence - 1} is not what record {sequence} or the end of the object names the hash of");
    }

    private static SegmentHeader ReadHeader(ReadOnlySpan<byte> content, out int start)
    {
        var end = content.IndexOf((byte)'\n');
        if (end < 0)
            throw new BreachException(Breach.Truncation, 0, "the object ends within its first line");
        start = end + 1;
        try
        {
            var header = JsonSerializer.Deserialize<SegmentHeader>(content[..end], Strict);
            if (header is { Format: SegmentWriter.FormatName, First: > 0 } && Hash.IsHex(header.Previous) && Names.IsStream(header.Stream))
                return header;
        }
        catch (JsonException)
        {
            // Said below.
        }

        throw new BreachException(Breach.Edit, 0, $"the first line of the object is not that of the format {SegmentWriter.FormatName}");
    }

    private static List<Range> LinesOf(ReadOnlySpan<byte> content, int start, long first, out SegmentFooter footer)
    {
        var lines = new List<Range>();
        for (var from = start; from < content.Length;)
        {
            var length = content[from..].IndexOf((byte)'\n');
            if (length < 0)
                throw new BreachException(Breach.Truncation, first + lines.Count, $"the object ends within record {first + lines.Count} or its last line");
            lines.Add(from..(from + length));
            from += length + 1;
        }

        if (lines.Count == 0)
            throw new BreachException(Breach.Truncation, first, $"the object ends before record {first}");
        footer = ReadFooter(content[lines[^1]]) ?? throw NoFooter(content[lines[^1]], first + lines.Count - 1);
        lines.RemoveAt(lines.Count - 1);
        return lines;
    }

    private static SegmentFooter? ReadFooter(ReadOnlySpan<byte> line)
    {
        try
        {
            return JsonSerializer.Deserialize<SegmentFooter>(line, Strict);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static BreachException NoFooter(ReadOnlySpan<byte> line, long sequence)
    {
        try
        {
            Entry.Parse(line);
            return new BreachException(Breach.Truncation, sequence + 1, $"the object ends after record {sequence}, without its last line");
        }
        catch (FormatException)
        {
            return new BreachException(Breach.Edit, sequence, "the last line of the object is not the one that closes it");
        }
    }
}

internal sealed record SegmentHeader(
    [property: JsonPropertyName("first")] long First,
    [property: JsonPropertyName("format")] string Format,
    [property: JsonPropertyName("previous")] string Previous,
    [property: JsonPropertyName("stream")] string Stream,
    [property: JsonPropertyName("writer")] string Writer);

/// <param name="Sha256">Of all before this line.</param>
internal sealed record SegmentFooter(
    [property: JsonPropertyName("count")] long Count,
    [property: JsonPropertyName("head")] string Head,
    [property: JsonPropertyName("sha256")] string Sha256);

[JsonSerializable(typeof(SegmentHeader))]
[JsonSerializable(typeof(SegmentFooter))]
internal sealed partial class SegmentJson : JsonSerializerContext;
