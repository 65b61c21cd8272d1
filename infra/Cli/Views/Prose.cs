using System.Globalization;
using HaCluster.Cli.Terminal;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace HaCluster.Cli.Views;

/// <summary>
/// Text that is wrapped at spaces only, whatever its colours: a comma never begins a line. A name that is too long for a line is wrapped after a
/// <c>/</c>, <c>-</c>, <c>.</c> or similar; Spectre would wrap it, and between two colours, at any character.
/// </summary>
internal sealed class Prose(IRenderable text) : Renderable
{
    private const string Seams = "/-._:=,;@";

    public Prose(string text, Style? style = null)
        : this(new Text(text, style)) { }

    public static Prose OfMarkup(string markup) => new(new Markup(markup));

    /// <summary>A table that does not fit, or a padding, may leave no column at all: what is not on the screen is lost, so one is taken nevertheless.</summary>
    private static int AtLeastOne(int width) => Math.Max(1, width);

    protected override Measurement Measure(RenderOptions options, int maxWidth)
    {
        maxWidth = AtLeastOne(maxWidth);
        var lines = Lines(options);
        var longest = lines.Count == 0 ? 0 : lines.Max(line => line.Sum(word => word.Width + 1) - 1);
        var word = lines.SelectMany(line => line).Select(word => word.Width).DefaultIfEmpty(0).Max();
        return new Measurement(Math.Min(word, maxWidth), Math.Min(Math.Max(longest, 0), maxWidth));
    }

    protected override IEnumerable<Segment> Render(RenderOptions options, int maxWidth)
    {
        maxWidth = AtLeastOne(maxWidth);
        var isFirst = true;
        foreach (var line in Lines(options))
        {
            if (!isFirst)
                yield return Segment.LineBreak;
            isFirst = false;
            var column = 0;
            foreach (var part in line.SelectMany(word => word.Parts(maxWidth)))
            {
                if (column > 0 && column + 1 + part.Width > maxWidth)
                {
                    yield return Segment.LineBreak;
                    column = 0;
                }
                else if (column > 0)
                {
                    yield return new Segment(" ", part.Segments[0].Style);
                    column++;
                }

                foreach (var segment in part.Segments)
                    yield return segment;
                column += part.Width;
            }
        }
    }

    private List<List<Word>> Lines(RenderOptions options)
    {
        var lines = new List<List<Word>> { new() };
        var word = new List<Segment>();
        foreach (var segment in text.Render(options, Terminals.Unwrapped))
        {
            if (segment.IsControlCode)
                continue;
            if (segment.IsLineBreak)
            {
                EndWord();
                lines.Add([]);
                continue;
            }

            foreach (var (index, piece) in segment.Text.Split(' ').Index())
            {
                if (index > 0)
                    EndWord();
                if (piece.Length > 0)
                    word.Add(new Segment(piece, segment.Style));
            }
        }

        EndWord();
        if (lines[^1].Count == 0)
            lines.RemoveAt(lines.Count - 1);
        return lines;

        void EndWord()
        {
            if (word.Count > 0)
                lines[^1].Add(new Word([.. word]));
            word.Clear();
        }
    }

    private sealed record Word(List<Segment> Segments)
    {
        public int Width { get; } = Segments.Sum(segment => segment.CellCount());

        private int Length => Segments.Sum(segment => segment.Text.Length);

        /// <summary>The word itself where it fits on a line.</summary>
        public IEnumerable<Word> Parts(int maxWidth)
        {
            var rest = this;
            while (rest.Width > maxWidth && rest.Seam(maxWidth) is var seam && seam < rest.Length)
            {
                var (head, tail) = rest.Split(seam);
                yield return head;
                rest = tail;
            }

            yield return rest;
        }

        /// <summary>After how many characters it is wrapped: at the last separator that leaves more than punctuation behind.</summary>
        private int Seam(int maxWidth)
        {
            var all = string.Concat(Segments.Select(segment => segment.Text));
            var fitting = Fitting(all, maxWidth);
            for (var length = fitting; length > 1; length--)
            {
                if (Seams.Contains(all[length - 1], StringComparison.Ordinal) && !all[length..].All(char.IsPunctuation))
                    return length;
            }

            return fitting;
        }

        /// <summary>How many of its characters fit: at least what is seen as one, and never half of that; some take two columns.</summary>
        private static int Fitting(string text, int maxWidth)
        {
            var length = StringInfo.GetNextTextElementLength(text);
            while (length < text.Length)
            {
                var longer = length + StringInfo.GetNextTextElementLength(text, length);
                if (new Segment(text[..longer]).CellCount() > maxWidth)
                    break;
                length = longer;
            }

            return length;
        }

        private (Word Head, Word Tail) Split(int length)
        {
            var (head, tail) = (new List<Segment>(), new List<Segment>());
            foreach (var segment in Segments)
            {
                var taken = Math.Clamp(length, 0, segment.Text.Length);
                if (taken > 0)
                    head.Add(new Segment(segment.Text[..taken], segment.Style));
                if (taken < segment.Text.Length)
                    tail.Add(new Segment(segment.Text[taken..], segment.Style));
                length -= taken;
            }

            return (new Word(head), new Word(tail));
        }
    }
}

/// <summary>Lines of prose.</summary>
internal static class ProseLines
{
    public static void ProseLine(this IAnsiConsole console, string markup)
    {
        console.Write(Prose.OfMarkup(markup));
        console.WriteLine();
    }

    public static void ProseLineInterpolated(this IAnsiConsole console, FormattableString markup)
    {
        console.Write(new Prose(Markup.FromInterpolated(markup)));
        console.WriteLine();
    }
}
