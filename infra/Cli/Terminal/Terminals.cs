using System.Globalization;
using System.Text;
using Spectre.Console;

namespace HaCluster.Cli.Terminal;

/// <summary>The outputs of a command: results on standard output, progress and errors on standard error.</summary>
/// <param name="OpenOutput">Standard output as bytes, for documents.</param>
internal sealed record Terminals(IAnsiConsole Out, IAnsiConsole Error, Func<Stream> OpenOutput)
{
    /// <summary>A file or a pipe has no width: wrapped lines would break programs that read it.</summary>
    public const int Unwrapped = 1_000_000;

    private const int UnknownWidth = 80;

    /// <summary>What the tables of the output need. A narrower terminal wraps the lines itself, which can be read; columns of one or two characters cannot.</summary>
    private const int MinWidth = 60;

    /// <summary>Findings of the command that <c>--strict</c> does not allow.</summary>
    public StrictProblems StrictProblems { get; } = new();

    /// <param name="isPlain">Without colours, as with <c>NO_COLOR</c> in the environment.</param>
    /// <param name="isQuiet">Nothing but errors, and documents that go to standard output.</param>
    public static Terminals OfProcess(bool isPlain, bool isQuiet) => new(
        isQuiet ? Create(TextWriter.Null, isRedirected: true, isPlain, isQuiet, MinWidth)
            : Create(Console.IsOutputRedirected ? Plain(Console.OpenStandardOutput(), "standard output", passesLinesOn: false) : Console.Out, Console.IsOutputRedirected, isPlain, isQuiet, MinWidth),
        Create(Console.IsErrorRedirected ? Plain(Console.OpenStandardError(), name: null, passesLinesOn: true) : Console.Error, Console.IsErrorRedirected, isPlain, isQuiet, minWidth: 1),
        Console.OpenStandardOutput);

    private static PlainWriter Plain(Stream stream, string? name, bool passesLinesOn) => new(new StreamWriter(stream, new UTF8Encoding(false), 1 << 16), name, passesLinesOn);

    /// <param name="minWidth">The line that shows progress is drawn again and again, and must know how wide the terminal really is.</param>
    private static IAnsiConsole Create(TextWriter writer, bool isRedirected, bool isPlain, bool isQuiet, int minWidth)
    {
        isPlain = isPlain || isRedirected || Environment.GetEnvironmentVariable("NO_COLOR") is { Length: > 0 } || Environment.GetEnvironmentVariable("TERM") == "dumb";
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(isPlain && !isRedirected ? new PlainWriter(writer, "the terminal", passesLinesOn: true) : writer),
            Ansi = isPlain ? AnsiSupport.No : AnsiSupport.Detect,
            ColorSystem = isPlain ? ColorSystemSupport.NoColors : ColorSystemSupport.Detect,
            // Whether there are colours does not say whether a person can answer.
            Interactive = isRedirected || isQuiet ? InteractionSupport.No : InteractionSupport.Detect,
        });
        var width = WidthAskedFor()
            ?? (isRedirected ? Unwrapped
                : !isPlain ? console.Profile.Width
                : Console.WindowWidth is > 0 and var columns ? columns : UnknownWidth);
        console.Profile.Width = Math.Max(minWidth, width);
        console.Pipeline.Attach(new ControlCharacters.Hook());
        return console;
    }

    private static int? WidthAskedFor() =>
        int.TryParse(Environment.GetEnvironmentVariable("COLUMNS"), CultureInfo.InvariantCulture, out var columns) && columns > 0 ? columns : null;
}

/// <summary>Warnings, and things that could not be understood. They fail the command only with <c>--strict</c>.</summary>
internal sealed class StrictProblems
{
    private readonly List<string> _warnings = [];
    private readonly List<string> _unknown = [];

    public IReadOnlyList<string> Warnings => _warnings;

    public IReadOnlyList<string> Unknown => _unknown;

    /// <summary>Whether the text of the command, which lists them, is not on standard output: a document is there in its place.</summary>
    public bool AreHidden { get; set; }

    public void Warn(IEnumerable<string> warnings) => _warnings.AddRange(warnings);

    public void NotUnderstood(IEnumerable<string> subjects) => _unknown.AddRange(subjects);
}
