using Spectre.Console;

namespace HaCluster.Cli.Terminal;

/// <summary>An error on standard error: the problem, then each detail on its own line. Lines are never wrapped or cut.</summary>
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
