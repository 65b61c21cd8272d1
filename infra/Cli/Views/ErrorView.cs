using Spectre.Console;

namespace HaCluster.Cli.Views;

/// <summary>A complaint on standard error: what is wrong, then each detail on a line of its own. Lines are never wrapped or cut.</summary>
internal static class ErrorView
{
    public static void Show(IAnsiConsole console, string problem, IEnumerable<string>? details = null)
    {
        console.Write(new Markup("[red bold]error:[/] ").Overflow(Overflow.Fold));
        WriteRaw(console, problem);
        foreach (var detail in details ?? [])
            WriteRaw(console, "  " + detail.ReplaceLineEndings("\n  "));
    }

    /// <summary>Past the layout: a key or path must stay in one piece to be searched and copied.</summary>
    private static void WriteRaw(IAnsiConsole console, string line) => console.Profile.Out.Writer.WriteLine(line);
}
