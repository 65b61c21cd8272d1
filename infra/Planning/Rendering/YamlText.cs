using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace HaCluster.Planning.Rendering;

/// <summary>
/// Quotes a string so that every YAML reader returns the same string: kubectl's reader has the booleans, octals, base-60 numbers
/// and dates of YAML 1.1, others those of 1.2. A string is left unquoted only if no reader could read another type.
/// </summary>
internal static partial class YamlText
{
    private static readonly HashSet<string> Words = new(StringComparer.OrdinalIgnoreCase)
    {
        "y", "n", "yes", "no", "on", "off", "true", "false", "null", "nan", "inf", "infinity",
    };

    /// <summary>One line: the string itself, or the string in double quotes.</summary>
    public static string Inline(string text) => IsPlain(text) ? text : Quote(text);

    /// <summary>
    /// True when the string is more readable as a literal block and keeps its value as one: several lines, no control characters, and no blank
    /// line of spaces before its first word.
    /// </summary>
    public static bool IsBlock(string text) =>
        text.Contains('\n', StringComparison.Ordinal)
        && text.AsSpan().IndexOfAnyExcept('\n') >= 0
        && !text.Any(character => character != '\n' && character != '\t' && IsAwkward(character))
        && !text.TrimStart('\n').StartsWith('\t')
        && FirstWords(text).TrimStart(' ').Length > 0;

    /// <summary>The header of a literal block: its chomping indicator, and the indentation if its first line begins with a space.</summary>
    public static string BlockHeader(string text, int indent)
    {
        var depth = FirstWords(text).StartsWith(' ') ? indent.ToString(CultureInfo.InvariantCulture) : "";
        var end = !text.EndsWith('\n') ? "-" : text.EndsWith("\n\n", StringComparison.Ordinal) ? "+" : "";
        return "|" + depth + end;
    }

    private static string FirstWords(string text) => text.Split('\n').First(line => line.Length > 0);

    private static bool IsPlain(string text) =>
        !Words.Contains(text) && (PlainForm().IsMatch(text) || QuantityForm().IsMatch(text));

    private static string Quote(string text)
    {
        var quoted = new StringBuilder("\"");
        foreach (var character in text)
        {
            _ = character switch
            {
                '"' => quoted.Append("\\\""),
                '\\' => quoted.Append("\\\\"),
                '\n' => quoted.Append("\\n"),
                '\t' => quoted.Append("\\t"),
                '\r' => quoted.Append("\\r"),
                _ when IsAwkward(character) => quoted.Append(CultureInfo.InvariantCulture, $"\\u{(int)character:X4}"),
                _ => quoted.Append(character),
            };
        }

        return quoted.Append('"').ToString();
    }

    /// <summary>Not printable to YAML, or a line break to YAML 1.1.</summary>
    private static bool IsAwkward(char character) =>
        char.IsControl(character) || character is '\u0085' or '\u2028' or '\u2029' or '\uFEFF' or '\uFFFE' or '\uFFFF';

    // Begins with a letter, so it is not a number, date or indicator; a colon only where it cannot end a key, no '#', no trailing space.
    [GeneratedRegex(@"^[A-Za-z_/](?:[A-Za-z0-9_./@%+=(),*$-]|[:](?=[^\s:])|[ ](?=[A-Za-z0-9_./(]))*\z")]
    private static partial Regex PlainForm();

    // 500m, 16Gi: usually written unquoted, and never read as a number.
    [GeneratedRegex(@"^[0-9]{1,15}(?:\.[0-9]{1,9})?(?:m|Ki|Mi|Gi|Ti|Pi)\z")]
    private static partial Regex QuantityForm();
}
