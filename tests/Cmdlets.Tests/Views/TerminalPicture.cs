using System.Globalization;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;

namespace HaCluster.Cmdlets.Tests.Views;

/// <summary>A picture, as SVG, of what a terminal shows.</summary>
internal static partial class TerminalPicture
{
    private const double CharacterWidth = 8.4;
    private const int LineHeight = 18;
    private const int Margin = 16;

    /// <param name="text">With control sequences for colours.</param>
    /// <param name="columns">Of the terminal.</param>
    public static string Draw(string title, string text, int columns)
    {
        var lines = text.ReplaceLineEndings("\n").TrimEnd('\n').Split('\n');
        var (width, height) = ((int)(columns * CharacterWidth) + 2 * Margin, lines.Length * LineHeight + 2 * Margin);
        var picture = new StringBuilder();
        picture.Append($"""
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img" aria-label="{title}">
            <title>{title}</title>
            <rect width="{width}" height="{height}" rx="8" fill="#0d1117"/>
            <g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, monospace" font-size="14" fill="#c9d1d9" xml:space="preserve">

            """.ReplaceLineEndings("\n"));
        foreach (var (at, line) in lines.Select(Coloured).Index().Where(line => line.Item.Length > 0))
            picture.Append(CultureInfo.InvariantCulture, $"<text x=\"{Margin}\" y=\"{Margin + 12 + at * LineHeight}\">{line}</text>\n");
        return picture.Append("</g>\n</svg>\n").ToString();
    }

    /// <summary>Runs of one colour; sequences that change nothing to see leave no trace.</summary>
    private static string Coloured(string line)
    {
        var text = new StringBuilder();
        string? colour = null;
        var from = 0;
        void Run(int to)
        {
            if (from < to)
                text.Append(colour is null ? WebUtility.HtmlEncode(line[from..to]) : $"<tspan fill=\"{colour}\">{WebUtility.HtmlEncode(line[from..to])}</tspan>");
        }

        foreach (Match sequence in Sequence().Matches(line))
        {
            Run(sequence.Index);
            colour = sequence.Groups["code"].Value switch
            {
                "31" => "#f85149",
                "32" => "#3fb950",
                "33" => "#d29922",
                "90" => "#8b949e",
                "0" => null,
                var other => throw new InvalidOperationException($"control sequence {other} has no colour here"),
            };
            from = sequence.Index + sequence.Length;
        }

        Run(line.Length);
        return text.ToString().TrimEnd();
    }

    [GeneratedRegex("\e\\[(?<code>[0-9;]*)m")]
    private static partial Regex Sequence();
}
