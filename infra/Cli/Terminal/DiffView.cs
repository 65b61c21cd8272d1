using DiffPlex.DiffBuilder;
using DiffPlex.DiffBuilder.Model;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace HaCluster.Cli.Terminal;

/// <summary>A changed file as a diff: the lines that change with a few around them, never wrapped or cut.</summary>
internal static class DiffView
{
    private const int Around = 2;

    public static void Show(IAnsiConsole console, string path, string before, string after)
    {
        var lines = InlineDiffBuilder.Diff(before, after).Lines;
        console.MarkupLineInterpolated($"[bold]{path}[/]");
        var last = -1;
        for (var index = 0; index < lines.Count; index++)
        {
            if (!lines.Skip(Math.Max(0, index - Around)).Take((2 * Around) + 1).Any(line => line.Type != ChangeType.Unchanged))
                continue;
            if (last >= 0 && index > last + 1)
                console.MarkupLine("[grey]  ...[/]");
            last = index;
            var (sign, style) = lines[index].Type switch
            {
                ChangeType.Inserted => ("+ ", new Style(Color.Green)),
                ChangeType.Deleted => ("- ", new Style(Color.Red)),
                _ => ("  ", Style.Plain),
            };
            console.Write(new Line(sign + lines[index].Text, style));
            console.WriteLine();
        }
    }

    /// <summary>As long as it is: what is written is decided by what is shown.</summary>
    private sealed class Line(string text, Style style) : Renderable
    {
        protected override IEnumerable<Segment> Render(RenderOptions options, int maxWidth) => [new Segment(text, style)];
    }
}
