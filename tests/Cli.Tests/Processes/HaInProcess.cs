using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using HaCluster.Cli.Commands;
using HaCluster.Cli.Running;
using HaCluster.Cli.Terminal;
using HaCluster.Engine;
using Spectre.Console;

namespace HaCluster.Cli.Tests.Processes;

/// <summary>
/// The command line of <c>ha</c> in this process, as behind a pipe: for tests of what it answers. Starting and compiling it is half of what a run costs. What is
/// a matter of the process (pipes, signals, terminals, directories) is tested with the built program, and so is that a stack is planned alike every time: here its
/// program runs once for the same settings.
/// </summary>
internal static class HaInProcess
{
    /// <summary>As wide as a pipe.</summary>
    public const int Unwrapped = Terminals.Unwrapped;

    static HaInProcess() => StackRun.Engine = RememberedRuns.RunAsync;

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

/// <summary>Results of the stack's program by what it was given. A run takes seconds, and most tests look at the same two stacks.</summary>
internal static class RememberedRuns
{
    private static readonly ConcurrentDictionary<string, Lazy<Task<DeploymentResult>>> Known = new(StringComparer.Ordinal);

    public static Task<DeploymentResult> RunAsync(DeploymentRequest request, IProgress<EngineEvent>? progress, CancellationToken cancellationToken) =>
        Known.GetOrAdd(Key(request), _ => new Lazy<Task<DeploymentResult>>(() => EmbeddedEngine.RunAsync(request, progress, CancellationToken.None))).Value.WaitAsync(cancellationToken);

    private static string Key(DeploymentRequest request) => JsonSerializer.Serialize(request with
    {
        Config = new SortedDictionary<string, string>(request.Config.ToDictionary(), StringComparer.Ordinal),
        ConfigSecretKeys = [.. request.ConfigSecretKeys.Order(StringComparer.Ordinal)],
    });
}
