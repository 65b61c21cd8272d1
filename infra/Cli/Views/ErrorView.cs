using HaCluster.Cli.Terminal;
using Spectre.Console;

namespace HaCluster.Cli.Views;

/// <summary>A complaint on standard error: what is wrong, then each detail on a line of its own. Lines are never wrapped or cut.</summary>
internal static class ErrorView
{
    public static void Show(IAnsiConsole console, string problem, IEnumerable<string>? details = null)
    {
        console.Write(new Markup("[red bold]error:[/] ").Overflow(Overflow.Fold));
        console.WriteRaw(problem);
        foreach (var detail in details ?? [])
            console.WriteRaw("  " + detail.ReplaceLineEndings("\n  "));
    }
}
