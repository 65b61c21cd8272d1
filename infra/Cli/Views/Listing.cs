using Spectre.Console;

namespace HaCluster.Cli.Views;

/// <summary>The layout of all tables and lists: a heading on its own line, no frame, numbers to the right.</summary>
internal static class Listing
{
    public static void Heading(IAnsiConsole console, string text)
    {
        console.WriteLine();
        console.MarkupLineInterpolated($"[bold underline]{text}[/]");
    }

    /// <summary>Prints nothing when there are no lines.</summary>
    public static void Bullets(IAnsiConsole console, string heading, IEnumerable<string> lines)
    {
        var list = new Grid().AddColumn(new GridColumn().NoWrap().PadRight(1)).AddColumn(new GridColumn().PadRight(0));
        foreach (var line in lines)
            list.AddRow(new Text("-"), new Prose(line));
        if (list.Rows.Count == 0)
            return;
        Heading(console, heading);
        console.Write(list);
    }

    /// <param name="columns">
    /// Their headings. One that begins with '&gt;' is aligned to the right, one that begins with '~' is broken where the page is too narrow; all
    /// others hold names and numbers, which stay in one piece.
    /// </param>
    public static Table Create(params ReadOnlySpan<string> columns)
    {
        var table = new Table().Border(TableBorder.None);
        foreach (var heading in columns)
        {
            var column = new TableColumn($"[grey]{Markup.Escape(heading.TrimStart('>', '~'))}[/]") { Padding = new Padding(0, 0, 2, 0), NoWrap = !heading.StartsWith('~') };
            table.AddColumn(heading.StartsWith('>') ? column.RightAligned() : column);
        }

        return table;
    }

    public static string Range(int from, int to) => from == to ? $"{from}" : $"{from}-{to}";
}
