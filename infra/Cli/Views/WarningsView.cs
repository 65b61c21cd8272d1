using Spectre.Console;

namespace HaCluster.Cli.Views;

internal static class WarningsView
{
    public static void Show(IAnsiConsole console, IReadOnlyCollection<string> warnings)
    {
        foreach (var warning in warnings)
        {
            var line = new Grid().AddColumn(new GridColumn().NoWrap().PadRight(1)).AddColumn(new GridColumn().PadRight(0));
            line.AddRow(new Markup("[yellow]warning:[/]"), new Prose(warning));
            console.Write(line);
        }
    }
}
