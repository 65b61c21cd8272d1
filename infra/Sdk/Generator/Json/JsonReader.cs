using System.Globalization;
using System.Text;
using Microsoft.CodeAnalysis.Text;

namespace HaCluster.Sdk.Generator.Json;

/// <summary>Reads one JSON document. A generator cannot bring a JSON library along, and needs positions that most do not keep.</summary>
internal sealed class JsonReader
{
    private readonly string _text;
    private int _next;
    private int _line;
    private int _lineStart;

    private JsonReader(string text) => _text = text;

    private LinePosition Position => new(_line, _next - _lineStart);

    /// <exception cref="SchemaException">The text is not JSON.</exception>
    public static JsonValue Read(string text)
    {
        var reader = new JsonReader(text);
        reader.SkipWhiteSpace();
        var value = reader.ReadValue();
        reader.SkipWhiteSpace();
        return reader._next == text.Length ? value : throw reader.Unexpected("the end of the document");
    }

    private JsonValue ReadValue()
    {
        var position = Position;
        switch (Peek())
        {
            case '{': return ReadObject(position);
            case '[': return ReadArray(position);
            case '"': return JsonValue.Scalar(JsonKind.Text, ReadString(), position);
            case 't': return ReadWord("true", JsonKind.Boolean, position);
            case 'f': return ReadWord("false", JsonKind.Boolean, position);
            case 'n': return ReadWord("null", JsonKind.Null, position);
            default: return ReadNumber(position);
        }
    }

    private JsonValue ReadObject(LinePosition position)
    {
        var members = new List<KeyValuePair<string, JsonValue>>();
        foreach (var _ in Entries('}'))
        {
            var name = ReadString();
            SkipWhiteSpace();
            Expect(':');
            SkipWhiteSpace();
            members.Add(new(name, ReadValue()));
        }

        return JsonValue.Object(members, position);
    }

    private JsonValue ReadArray(LinePosition position)
    {
        var items = new List<JsonValue>();
        foreach (var _ in Entries(']'))
            items.Add(ReadValue());

        return JsonValue.Array(items, position);
    }

    // One step for each entry up to the closing bracket; the caller reads the entry itself.
    private IEnumerable<int> Entries(char close)
    {
        _next++;
        SkipWhiteSpace();
        if (Peek() == close)
        {
            _next++;
            yield break;
        }

        for (var index = 0; ; index++)
        {
            yield return index;
            SkipWhiteSpace();
            if (Peek() == close)
            {
                _next++;
                yield break;
            }

            Expect(',');
            SkipWhiteSpace();
        }
    }

    private string ReadString()
    {
        Expect('"');
        var text = new StringBuilder();
        for (; Peek() != '"'; _next++)
        {
            if (Peek() < ' ')
                throw Unexpected("the end of a string");

            text.Append(Peek() == '\\' ? ReadEscape() : Peek());
        }

        _next++;
        return text.ToString();
    }

    // Ends on the last character of the escape.
    private char ReadEscape()
    {
        _next++;
        switch (Peek())
        {
            case '"' or '\\' or '/': return Peek();
            case 'b': return '\b';
            case 'f': return '\f';
            case 'n': return '\n';
            case 'r': return '\r';
            case 't': return '\t';
            case 'u' when _next + 4 < _text.Length
                && ushort.TryParse(_text.Substring(_next + 1, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code):
                _next += 4;
                return (char)code;
            default: throw Unexpected("an escape");
        }
    }

    private JsonValue ReadWord(string word, JsonKind kind, LinePosition position)
    {
        if (string.CompareOrdinal(_text, _next, word, 0, word.Length) != 0)
            throw Unexpected("a value");

        _next += word.Length;
        return JsonValue.Scalar(kind, word, position);
    }

    private JsonValue ReadNumber(LinePosition position)
    {
        var start = _next;
        while (_next < _text.Length && (char.IsDigit(_text[_next]) || _text[_next] is '-' or '+' or '.' or 'e' or 'E'))
            _next++;

        var text = _text.Substring(start, _next - start);
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out _)
            ? JsonValue.Scalar(JsonKind.Number, text, position)
            : throw Unexpected("a value");
    }

    private void SkipWhiteSpace()
    {
        for (; Peek() is ' ' or '\t' or '\r' or '\n'; _next++)
        {
            if (_text[_next] == '\n')
            {
                _line++;
                _lineStart = _next + 1;
            }
        }
    }

    private char Peek() => _next < _text.Length ? _text[_next] : '\0';

    private void Expect(char c)
    {
        if (Peek() != c)
            throw Unexpected($"'{c}'");

        _next++;
    }

    private SchemaException Unexpected(string wanted)
        => new(SchemaDiagnostics.NotJson, Position, $"{wanted} is expected here");
}
