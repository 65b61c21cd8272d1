using Spectre.Console;

namespace HaCluster.Cli.Terminal;

/// <summary>The two places a command writes to: results to standard output, progress and complaints to standard error.</summary>
internal sealed record Terminals(IAnsiConsole Out, IAnsiConsole Error, Func<Stream> OpenOutput)
{
    private const int PlainWidth = 80;

    public static Terminals OfProcess() => new(
        Create(Console.Out, Console.IsOutputRedirected),
        Create(Console.Error, Console.IsErrorRedirected),
        Console.OpenStandardOutput);

    private static IAnsiConsole Create(TextWriter writer, bool isRedirected)
    {
        var isPlain = isRedirected || Environment.GetEnvironmentVariable("NO_COLOR") is { Length: > 0 } || Environment.GetEnvironmentVariable("TERM") == "dumb";
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(isPlain ? new TrailingSpaceTrimmer(writer) : writer),
            Ansi = isPlain ? AnsiSupport.No : AnsiSupport.Detect,
            ColorSystem = isPlain ? ColorSystemSupport.NoColors : ColorSystemSupport.Detect,
            // Colours are one thing, a person who answers another.
            Interactive = isRedirected ? InteractionSupport.No : InteractionSupport.Detect,
        });
        if (isRedirected)
            console.Profile.Width = WidthAskedFor() ?? PlainWidth;
        else if (isPlain)
            console.Profile.Width = Console.WindowWidth is > 0 and var width ? width : PlainWidth;
        return console;
    }

    private static int? WidthAskedFor() =>
        int.TryParse(Environment.GetEnvironmentVariable("COLUMNS"), out var columns) && columns >= 40 ? columns : null;
}
