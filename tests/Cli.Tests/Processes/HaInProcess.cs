using System.Text;
using HaCluster.Cli.Commands;
using HaCluster.Cli.Terminal;
using Spectre.Console;

namespace HaCluster.Cli.Tests.Processes;

/// <summary>
/// The command line of <c>ha</c> in this process, as behind a pipe: for tests of what it answers. Starting and compiling it is half of what a run costs. What is
/// a matter of the process (pipes, signals, terminals, directories) is tested with the built program.
/// </summary>
internal static class HaInProcess
{
    /// <summary>As wide as a pipe.</summary>
    public const int Unwrapped = 10_000;

    public static HaResult Run(string program, int width, IReadOnlyList<string> arguments)
    {
        using var output = new MemoryStream();
        using var error = new MemoryStream();
        // A command closes it behind its document, after which its text can still be read.
        using var document = new MemoryStream();
        var terminals = new Terminals(Piped(output, "standard output", width), Piped(error, "standard error", width), () => document);
        // Away from xunit's own scheduler, whose threads wait here.
        var exitCode = Task.Run(() => HaCommandLine.RunAsync([.. arguments, .. Program(program, arguments, terminals)], terminals, CancellationToken.None)).GetAwaiter().GetResult();
        terminals.Error.Profile.Out.Writer.Flush();
        return new HaResult(exitCode, Text(output) + Text(document), Text(error));
    }

    /// <summary>Here the program of the stack is not where the build recorded it relative to the tool.</summary>
    private static IEnumerable<string> Program(string program, IReadOnlyList<string> arguments, Terminals terminals)
    {
        var name = arguments.Count > 0 ? arguments[0] : null;
        var command = HaCommandLine.Create(terminals).Subcommands.FirstOrDefault(command => command.Name == name);
        return command is not null && command.Options.Any(option => option.Name == "--program") && !arguments.Contains("--program") ? ["--program", program] : [];
    }

    private static IAnsiConsole Piped(Stream stream, string name, int width)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(new PlainWriter(new StreamWriter(stream, new UTF8Encoding(false)), name, passesLinesOn: true)),
            Ansi = AnsiSupport.No,
            ColorSystem = ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
        });
        console.Profile.Width = width;
        console.Pipeline.Attach(new ControlCharacters.Hook());
        return console;
    }

    private static string Text(MemoryStream stream) => Encoding.UTF8.GetString(stream.ToArray());
}
