using System.Globalization;
using System.Text;

namespace HaCluster.Planning.Stacks;

/// <summary>A line of a file with a caret below one of its characters, wherever a terminal shows that.</summary>
internal static class Excerpt
{
    private const int WidestLine = 100;
    private const string Gap = "...";

    // https://www.unicode.org/reports/tr11/, as far as terminals agree.
    private static readonly (int First, int Last)[] Wide =
    [
        (0x1100, 0x115f), (0x231a, 0x231b), (0x2e80, 0x303e), (0x3041, 0xa4cf), (0xa960, 0xa97c), (0xac00, 0xd7a3), (0xf900, 0xfaff), (0xfe30, 0xfe6f),
        (0xff01, 0xff60), (0xffe0, 0xffe6), (0x1f300, 0x1f64f), (0x1f680, 0x1f6ff), (0x1f900, 0x1f9ff), (0x1fa70, 0x1faff), (0x20000, 0x3fffd),
    ];

    /// <param name="number">Of the line, shown before it.</param>
    /// <param name="caret">The index of the character in <paramref name="line"/>.</param>
    public static string Of(string line, long number, int caret)
    {
        List<Element> elements = [.. Elements(line)];
        var marked = elements.FindIndex(element => element.End > caret) is >= 0 and var found ? found : elements.Count;
        var (first, last) = Around(elements, marked);
        var shown = new StringBuilder(first > 0 ? Gap : "").AppendJoin("", elements[first..last].Select(element => element.Shown)).Append(last < elements.Count ? Gap : "");
        var indent = new StringBuilder(first > 0 ? new string(' ', Gap.Length) : "").AppendJoin("", elements[first..marked].Select(element => element.Indent))
            .Append(' ', Math.Max(0, caret - line.Length));
        var gutter = $"{number,5} | ";
        return $"{gutter}{shown}\n{new string(' ', gutter.Length - 2)}| {indent}^";
    }

    /// <summary>The part of a long line around the caret.</summary>
    private static (int First, int Last) Around(List<Element> elements, int marked)
    {
        var ends = new List<int> { 0 };
        foreach (var element in elements)
            ends.Add(ends[^1] + element.Indent.Length);
        if (ends[^1] <= WidestLine)
            return (0, elements.Count);
        var start = Math.Clamp(ends[marked] - (WidestLine / 2), 0, ends[^1] - WidestLine);
        return (ends.FindIndex(end => end >= start), ends.FindLastIndex(end => end <= start + WidestLine));
    }

    private static IEnumerable<Element> Elements(string line)
    {
        for (var at = 0; at < line.Length;)
        {
            var text = line.Substring(at, StringInfo.GetNextTextElementLength(line, at));
            at += text.Length;
            // A tab stays one, so that the caret is below its character however wide a terminal shows it.
            var isShown = text.Length > 1 || text == "\t" || char.GetUnicodeCategory(text[0]) is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate);
            var shown = isShown ? text : $"\\u{(int)text[0]:x4}";
            yield return new Element(shown, text == "\t" ? text : new string(' ', isShown ? Width(text) : shown.Length), at);
        }
    }

    private static int Width(string element)
    {
        _ = Rune.TryGetRuneAt(element, 0, out var rune);
        return Array.Exists(Wide, range => range.First <= rune.Value && rune.Value <= range.Last) ? 2 : Rune.GetUnicodeCategory(rune) == UnicodeCategory.NonSpacingMark ? 0 : 1;
    }

    /// <summary>What a reader takes for one character.</summary>
    /// <param name="Shown">Control characters are shown as <c>\u001b</c>: a terminal would execute them.</param>
    /// <param name="Indent">Blanks of the same width.</param>
    /// <param name="End">The index behind it.</param>
    private readonly record struct Element(string Shown, string Indent, int End);
}
