using Spectre.Console;
using Spectre.Console.Rendering;

namespace HaCluster.Cli.Views;

/// <summary>The layout of all tables and lists: a heading on its own line, no frame, numbers to the right.</summary>
internal static class Listing
{
    /// <summary>A column that may be broken needs it to be readable, unless its longest text is shorter.</summary>
    private const int MinBrokenWidth = 12;

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

    /// <summary>A table, or where the page is too narrow for its columns, the cells of each row below each other: a table would cut them.</summary>
    public static void Write(IAnsiConsole console, Table table)
    {
        var options = RenderOptions.Create(console, console.Profile.Capabilities);
        if (table.Columns.Select((column, index) => WidthOf(options, table, column, index)).Sum() <= console.Profile.Width)
        {
            console.Write(table);
            return;
        }

        foreach (var row in table.Rows)
        {
            var cells = row.Zip(table.Columns).Where(cell => MaxWidth(options, cell.First) > 0).ToList();
            var list = new Grid().AddColumn(new GridColumn().NoWrap().PadRight(2)).AddColumn(new GridColumn().PadRight(0));
            foreach (var (cell, column) in cells)
                list.AddRow(column.Header, cell);
            console.Write(cells.Count == 1 ? cells[0].First : list);
            console.WriteLine();
        }
    }

    private static int WidthOf(RenderOptions options, Table table, TableColumn column, int index)
    {
        var longest = table.Rows.Select(row => row.ElementAt(index)).Append(column.Header).Max(cell => MaxWidth(options, cell));
        return (column.NoWrap ? longest : Math.Min(longest, MinBrokenWidth)) + (column.Padding?.Right ?? 0);
    }

    private static int MaxWidth(RenderOptions options, IRenderable cell) => cell.Measure(options, int.MaxValue / 2).Max;

    public static string Range(int from, int to) => from == to ? $"{from}" : $"{from}-{to}";
}
