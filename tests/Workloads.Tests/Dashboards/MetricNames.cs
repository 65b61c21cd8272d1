namespace HaCluster.Workloads.Tests.Dashboards;

/// <summary>
/// Finds the metrics that PromQL names. It does not parse: it reads tokens, and leaves out what is no metric by its place: functions and
/// keywords, matchers in braces, ranges in brackets, lists of labels after <c>by</c> and its like, strings, numbers and comments.
/// </summary>
internal static class MetricNames
{
    // Followed by a list of labels in parentheses.
    private static readonly HashSet<string> BeforeLabels = new(StringComparer.OrdinalIgnoreCase) { "by", "without", "on", "ignoring", "group_left", "group_right" };

    private static readonly HashSet<string> Keywords = new(StringComparer.OrdinalIgnoreCase)
    {
        "and", "or", "unless", "offset", "bool", "atan2", "inf", "nan",
    };

    public static IReadOnlySet<string> In(string expression)
    {
        var names = new SortedSet<string>(StringComparer.Ordinal);
        var tokens = Tokens(expression).ToList();
        for (var i = 0; i < tokens.Count; i++)
        {
            var next = i + 1 < tokens.Count ? tokens[i + 1] : "";
            if (tokens[i] == "{")
                i = Skip(tokens, i, "{", "}", names);
            else if (tokens[i] == "[")
                i = Skip(tokens, i, "[", "]", names: null);
            else if (BeforeLabels.Contains(tokens[i]) && next == "(")
                i = Skip(tokens, i + 1, "(", ")", names: null);
            else if (IsName(tokens[i]) && !IsFunction(tokens[i], next) && !Keywords.Contains(tokens[i]) && !BeforeLabels.Contains(tokens[i]))
                names.Add(tokens[i]);
        }

        return names;
    }

    /// <summary>A name before a parenthesis is a function, and an aggregation when its labels come first: <c>sum by (a) (b)</c>.</summary>
    private static bool IsFunction(string name, string next) =>
        next == "(" || next.ToUpperInvariant() is "BY" or "WITHOUT";

    /// <summary>Index of the end of a bracketed part. A name can also stand in braces, as <c>__name__="x"</c>.</summary>
    private static int Skip(List<string> tokens, int start, string open, string close, SortedSet<string>? names)
    {
        var depth = 0;
        for (var i = start; i < tokens.Count; i++)
        {
            depth += tokens[i] == open ? 1 : tokens[i] == close ? -1 : 0;
            if (names is not null && tokens[i] == "__name__" && i + 2 < tokens.Count && tokens[i + 1] == "=")
                names.Add(tokens[i + 2].Trim('"', '\'', '`'));
            if (depth == 0)
                return i;
        }

        return tokens.Count;
    }

    private static bool IsName(string token) => char.IsLetter(token[0]) || token[0] is '_' or ':';

    private static IEnumerable<string> Tokens(string text)
    {
        for (var i = 0; i < text.Length;)
        {
            var start = i;
            if (char.IsWhiteSpace(text[i]))
            {
                i++;
                continue;
            }

            if (text[i] == '#')
            {
                i = text.IndexOf('\n', i) is >= 0 and var end ? end : text.Length;
                continue;
            }

            i = text[i] is '"' or '\'' or '`' ? EndOfString(text, i) : IsWord(text[i]) ? EndOfWord(text, i) : i + 1;
            yield return text[start..i];
        }
    }

    private static int EndOfString(string text, int start)
    {
        for (var i = start + 1; i < text.Length; i++)
        {
            if (text[i] == '\\' && text[start] != '`')
                i++;
            else if (text[i] == text[start])
                return i + 1;
        }

        return text.Length;
    }

    private static int EndOfWord(string text, int start)
    {
        var i = start;
        // A number keeps its fraction, a name its colons.
        while (i < text.Length && (IsWord(text[i]) || (char.IsDigit(text[start]) && text[i] == '.')))
            i++;
        return i;
    }

    private static bool IsWord(char character) => char.IsLetterOrDigit(character) || character is '_' or ':';
}
