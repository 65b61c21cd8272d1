using System.Text.Json;
using System.Text.Unicode;

namespace HaCluster.Ledger.Records;

/// <summary>
/// Strict reading of JSON and its canonical form (JCS, https://www.rfc-editor.org/rfc/rfc8785). Refused: comments, trailing commas, NaN, invalid UTF-8, lone
/// surrogates, the same name twice in one object, more than 64 levels, and numbers that a double cannot hold exactly.
/// </summary>
internal sealed class CanonicalJson
{
    public const int MaxDepth = 64;

    // One more than is accepted, so that the reader is not the one that refuses it.
    private static readonly JsonReaderOptions Options = new() { MaxDepth = MaxDepth + 1 };

    [ThreadStatic]
    private static CanonicalJson? _ofThread;

    private readonly List<Member> _members = [];
    private readonly MemberOrder _order;
    private byte[] _bytes = new byte[4096];
    private byte[] _scratch = [];
    private byte[] _names = new byte[256];
    private int _length;
    private int _namesLength;
    private int _depth;

    private CanonicalJson() => _order = new MemberOrder(this);

    private readonly record struct Member(int Name, int NameLength, int Start, int Length);

    /// <param name="depth">Levels of objects and arrays that are accepted.</param>
    /// <exception cref="RejectedException">It is not JSON, or JSON that cannot be kept exactly.</exception>
    public static byte[] Of(ReadOnlySpan<byte> json, int depth = MaxDepth)
    {
        var reader = Open(json);
        return Guard(ref reader, (ref reader) =>
        {
            Next(ref reader);
            var canonical = Value(ref reader, depth).ToArray();
            if (reader.Read())
                throw new RejectedException("invalid-json", "there is more than one JSON value");
            return canonical;
        });
    }

    /// <summary>A reader that accepts nothing beyond JSON.</summary>
    public static Utf8JsonReader Open(ReadOnlySpan<byte> json) => Utf8.IsValid(json)
        ? new Utf8JsonReader(json, Options)
        : throw new RejectedException("invalid-utf8", "the text is not valid UTF-8");

    /// <summary>Turns the faults of the reader into rejections.</summary>
    public static T Guard<T>(ref Utf8JsonReader reader, ReadingFunction<T> read)
    {
        try
        {
            return read(ref reader);
        }
        catch (JsonException exception)
        {
            throw new RejectedException("invalid-json", $"not valid JSON near byte {reader.BytesConsumed + (exception.BytePositionInLine is null ? 0 : 1)}");
        }
        catch (InvalidOperationException)
        {
            // What the reader says of an escape that is half of a surrogate pair.
            throw new RejectedException("invalid-json", $"a string near byte {reader.TokenStartIndex + 1} has half of a surrogate pair");
        }
    }

    public delegate T ReadingFunction<out T>(ref Utf8JsonReader reader);

    /// <summary>The canonical form of the value that the reader is at; valid until the next call on this thread.</summary>
    /// <param name="depth">Levels of objects and arrays that are accepted, those around the value included.</param>
    public static ReadOnlySpan<byte> Value(ref Utf8JsonReader reader, int depth = MaxDepth)
    {
        var writer = _ofThread ??= new CanonicalJson();
        (writer._length, writer._namesLength, writer._depth) = (0, 0, depth);
        writer._members.Clear();
        writer.Write(ref reader);
        return writer._bytes.AsSpan(0, writer._length);
    }

    /// <summary>Goes to the next token; there has to be one.</summary>
    public static void Next(ref Utf8JsonReader reader)
    {
        if (!reader.Read())
            throw new RejectedException("invalid-json", "the JSON text ends too early");
    }

    private void Write(ref Utf8JsonReader reader)
    {
        if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray && reader.CurrentDepth >= _depth)
            throw new RejectedException("too-deep", $"objects and arrays are nested deeper than {_depth} levels");
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                WriteObject(ref reader);
                break;
            case JsonTokenType.StartArray:
                WriteArray(ref reader);
                break;
            case JsonTokenType.String:
                WriteString(ref reader);
                break;
            case JsonTokenType.Number:
                Reserve(CanonicalNumber.MaxLength);
                _length += CanonicalNumber.Write(reader.ValueSpan, _bytes.AsSpan(_length));
                break;
            default:
                Append(reader.ValueSpan);
                break;
        }
    }

    private void WriteArray(ref Utf8JsonReader reader)
    {
        Append((byte)'[');
        var isFirst = true;
        for (Next(ref reader); reader.TokenType != JsonTokenType.EndArray; Next(ref reader))
        {
            if (!isFirst)
                Append((byte)',');
            isFirst = false;
            Write(ref reader);
        }

        Append((byte)']');
    }

    private void WriteObject(ref Utf8JsonReader reader)
    {
        var (first, names, isOrdered) = (_members.Count, _namesLength, true);
        Append((byte)'{');
        for (Next(ref reader); reader.TokenType != JsonTokenType.EndObject; Next(ref reader))
        {
            var name = KeepName(ref reader);
            var start = _length;
            WriteString(ref reader);
            Append((byte)':');
            Next(ref reader);
            Write(ref reader);
            Append((byte)',');
            var member = new Member(name, _namesLength - name, start, _length - start);
            _members.Add(member);
            // Names of members inside of the value were given back: this one still ends where it did.
            isOrdered = isOrdered && (_members.Count == first + 1 || _order.Compare(_members[^2], member) < 0);
        }

        if (!isOrdered)
            Order(first);
        if (_members.Count > first)
            _bytes[_length - 1] = (byte)'}';
        else
            Append((byte)'}');
        _members.RemoveRange(first, _members.Count - first);
        _namesLength = names;
    }

    /// <summary>Puts the members of an object, which each end with a comma, into order.</summary>
    private void Order(int first)
    {
        var (start, end) = (_members[first].Start, _length);
        _members.Sort(first, _members.Count - first, _order);
        if (_scratch.Length < end - start)
            _scratch = new byte[Math.Max(2 * _scratch.Length, end - start)];
        var length = 0;
        for (var index = first; index < _members.Count; index++)
        {
            var member = _members[index];
            if (index > first && _order.Compare(_members[index - 1], member) == 0)
                throw new RejectedException("duplicate-name", "an object has the same name twice");
            _bytes.AsSpan(member.Start, member.Length).CopyTo(_scratch.AsSpan(length));
            length += member.Length;
        }

        _scratch.AsSpan(0, length).CopyTo(_bytes.AsSpan(start));
    }

    /// <summary>Keeps the name without escapes, for comparing.</summary>
    private int KeepName(ref Utf8JsonReader reader)
    {
        var start = _namesLength;
        if (_names.Length < start + reader.ValueSpan.Length)
            Array.Resize(ref _names, Math.Max(2 * _names.Length, start + reader.ValueSpan.Length));
        _namesLength += reader.CopyString(_names.AsSpan(start));
        return start;
    }

    private void WriteString(ref Utf8JsonReader reader)
    {
        Append((byte)'"');
        // Without a backslash JSON has nothing in a string that would need one.
        if (!reader.ValueIsEscaped)
            Append(reader.ValueSpan);
        else
            WriteUnescaped(ref reader);
        Append((byte)'"');
    }

    private void WriteUnescaped(ref Utf8JsonReader reader)
    {
        var text = new byte[reader.ValueSpan.Length];
        foreach (var character in text.AsSpan(0, reader.CopyString(text)))
        {
            switch (character)
            {
                case (byte)'"': Append("\\\""u8); break;
                case (byte)'\\': Append("\\\\"u8); break;
                case (byte)'\b': Append("\\b"u8); break;
                case (byte)'\t': Append("\\t"u8); break;
                case (byte)'\n': Append("\\n"u8); break;
                case (byte)'\f': Append("\\f"u8); break;
                case (byte)'\r': Append("\\r"u8); break;
                case < 0x20:
                    Append("\\u00"u8);
                    Append("0123456789abcdef"u8[character >> 4]);
                    Append("0123456789abcdef"u8[character & 15]);
                    break;
                default: Append(character); break;
            }
        }
    }

    private void Append(byte value)
    {
        Reserve(1);
        _bytes[_length++] = value;
    }

    private void Append(ReadOnlySpan<byte> values)
    {
        Reserve(values.Length);
        values.CopyTo(_bytes.AsSpan(_length));
        _length += values.Length;
    }

    private void Reserve(int count)
    {
        if (_bytes.Length < _length + count)
            Array.Resize(ref _bytes, Math.Max(2 * _bytes.Length, _length + count));
    }

    /// <summary>By UTF-16 code units (https://www.rfc-editor.org/rfc/rfc8785#section-3.2.3), of names in UTF-8.</summary>
    private sealed class MemberOrder(CanonicalJson writer) : IComparer<Member>
    {
        public int Compare(Member x, Member y)
        {
            var left = writer._names.AsSpan(x.Name, x.NameLength);
            var right = writer._names.AsSpan(y.Name, y.NameLength);
            var common = left.CommonPrefixLength(right);
            return common == left.Length || common == right.Length ? left.Length.CompareTo(right.Length) : Rank(left[common]).CompareTo(Rank(right[common]));
        }

        // UTF-8 orders as code points do. Surrogates (first byte F0 to F4) come before U+E000 to U+FFFF (EE and EF).
        private static int Rank(byte value) => value is 0xEE or 0xEF ? value + 0x10 : value;
    }
}
