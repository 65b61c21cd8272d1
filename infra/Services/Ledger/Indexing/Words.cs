using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace HaCluster.Ledger.Indexing;

/// <summary>
/// The words of a record's data, which is what a search finds. Both indexes get them ready made, so that they find the same: a word is a run of letters and digits, in lower
/// case; runs joined by punctuation as in <c>pay-17</c>, <c>12.00</c> or <c>a@example.com</c> are a word too, and so is each of them.
/// </summary>
internal sealed class Words
{
    /// <summary>Characters of a word; of a longer one, its beginning counts.</summary>
    public const int Longest = 256;

    /// <summary>Characters that join runs.</summary>
    public const string Joiners = ".-_@:/+#";

    private static readonly SearchValues<char> Joining = SearchValues.Create(Joiners);

    private readonly StringBuilder _text = new();
    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);
    private char[] _buffer = new char[256];

    /// <summary>The words that a person asks for; of joined runs, only the whole.</summary>
    public static ImmutableArray<string> Of(string question)
    {
        var words = new Words();
        words.Add(question, withParts: false);
        return [.. words._seen];
    }

    /// <summary>Takes the words of a value, and of all that is in it.</summary>
    /// <param name="reader">At the first token of the value; afterwards at its last.</param>
    public void Add(ref Utf8JsonReader reader)
    {
        var depth = reader.CurrentDepth;
        do
        {
            if (reader.TokenType is JsonTokenType.String or JsonTokenType.Number)
                AddScalar(ref reader);
            else if (reader.TokenType is JsonTokenType.True or JsonTokenType.False)
                Add(reader.TokenType == JsonTokenType.True ? "true" : "false", withParts: true);
        }
        while (!(reader.CurrentDepth == depth && reader.TokenType is not (JsonTokenType.StartObject or JsonTokenType.StartArray)) && reader.Read());
    }

    /// <summary>What was added, each word once, and begins anew.</summary>
    public string Take()
    {
        var text = _text.ToString();
        _text.Clear();
        _seen.Clear();
        return text;
    }

    private void AddScalar(ref Utf8JsonReader reader)
    {
        if (_buffer.Length < reader.ValueSpan.Length)
            _buffer = new char[Math.Max(reader.ValueSpan.Length, 2 * _buffer.Length)];
        var length = reader.TokenType == JsonTokenType.String ? reader.CopyString(_buffer) : Encoding.ASCII.GetChars(reader.ValueSpan, _buffer);
        Add(_buffer.AsSpan(0, length), withParts: true);
    }

    private void Add(ReadOnlySpan<char> text, bool withParts)
    {
        for (var start = 0; start < text.Length;)
        {
            if (!IsOfWord(text[start]))
            {
                start++;
                continue;
            }

            var (end, part, isJoined) = (start, start, false);
            for (; end < text.Length; end++)
            {
                if (IsOfWord(text[end]))
                    continue;
                if (!Joining.Contains(text[end]) || end + 1 == text.Length || !IsOfWord(text[end + 1]))
                    break;
                if (withParts)
                    AddWord(text[part..end]);
                (part, isJoined) = (end + 1, true);
            }

            if (isJoined && withParts)
                AddWord(text[part..end]);
            AddWord(text[start..end]);
            start = end;
        }
    }

    private void AddWord(ReadOnlySpan<char> word)
    {
        if (word.Length > Longest)
            word = word[..(char.IsHighSurrogate(word[Longest - 1]) ? Longest - 1 : Longest)];
        Span<char> lower = stackalloc char[Longest];
        word.ToLowerInvariant(lower);
        lower = lower[..word.Length];
        if (!_seen.GetAlternateLookup<ReadOnlySpan<char>>().Add(lower))
            return;
        if (_text.Length > 0)
            _text.Append(' ');
        _text.Append(lower);
    }

    private static bool IsOfWord(char character) => char.IsLetterOrDigit(character) || char.IsSurrogate(character)
        || (character >= 0x300 && char.GetUnicodeCategory(character) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark);
}
