using System.CommandLine;
using System.CommandLine.Help;
using System.Runtime.CompilerServices;
using HaCluster.Cli.Running;
using HaCluster.Cli.Terminal;
using HaCluster.Cli.Views;
using HaCluster.Engine.Validation;
using HaCluster.Planning.Stacks;
using Spectre.Console;

namespace HaCluster.Cli.Commands;

/// <summary>The command line of <c>ha</c>.</summary>
internal static class HaCommandLine
{
    /// <summary>How long an interrupted command may take to stop its program and to remove its files; a second signal ends it at once.</summary>
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(15);

    public static async Task<int> RunAsync(string[] arguments, Terminals terminals, CancellationToken cancellationToken)
    {
        using var stop = new CancellationTokenSource();
        // Not disposed: a command that is left behind still asks it.
        var interrupted = new CancellationTokenSource();
        await using var registration = cancellationToken.Register(() =>
        {
            // First, and not after what the command does when it is interrupted: that may block, too.
            stop.CancelAfter(StopTimeout);
            _ = interrupted.CancelAsync();
        });
        // In a thread of the pool: a call that blocks in the kernel, such as opening a FIFO without a writer, ends with the process.
        var command = Task.Run(() => FinishAsync(arguments, terminals, interrupted.Token), CancellationToken.None);
        try
        {
            return await command.WaitAsync(stop.Token);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return ShowInterruption(terminals);
        }
    }

    private static async Task<int> FinishAsync(string[] arguments, Terminals terminals, CancellationToken cancellationToken)
    {
        try
        {
            var exitCode = await AnswerAsync(arguments, terminals, cancellationToken);
            terminals.Out.Profile.Out.Writer.Flush();
            return exitCode;
        }
        catch (OutputFailedException exception)
        {
            ErrorView.Show(terminals.Error, exception.Message);
            return ExitCode.OutputFailed;
        }
        catch (IOException) when (IsCurrentDirectoryGone())
        {
            ErrorView.Show(terminals.Error, "the current directory does not exist any more; change to another one");
            return ExitCode.WrongUsage;
        }
        catch (Exception) when (cancellationToken.IsCancellationRequested)
        {
            return ShowInterruption(terminals);
        }
        catch (Exception exception)
        {
            // One line, as for every error; the report of the defect needs the rest.
            var trace = FailureView.Keep("defect", exception.ToString().ReplaceLineEndings("\n").Split('\n'));
            ErrorView.Show(terminals.Error, $"this is a defect of ha, please report it{(trace is null ? "" : $" with {trace}")}: {exception.GetType().Name}: {exception.Message.ReplaceLineEndings(" ")}");
            return ExitCode.Failed;
        }
    }

    private static int ShowInterruption(Terminals terminals)
    {
        terminals.Error.MarkupLine("[yellow]interrupted[/]");
        return ExitCode.Interrupted;
    }

    private static bool IsCurrentDirectoryGone()
    {
        try
        {
            return !Directory.Exists(Directory.GetCurrentDirectory());
        }
        catch (IOException)
        {
            return true;
        }
    }

    private static async Task<int> AnswerAsync(string[] arguments, Terminals terminals, CancellationToken cancellationToken)
    {
        try
        {
            var root = Create(terminals);
            var parsed = root.Parse(OptionRules.WordsOf(root, arguments), Parsing);
            if (parsed.Errors.Count > 0)
                return ShowUsageError(parsed, arguments, terminals);
            var configuration = new InvocationConfiguration
            {
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = null,
                Output = terminals.Out.Profile.Out.Writer,
                Error = terminals.Error.Profile.Out.Writer,
            };
            return GlobalOptions.Answer(parsed, await parsed.InvokeAsync(configuration, cancellationToken), terminals);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return ShowInterruption(terminals);
        }
        catch (RefusedSettingsException exception)
        {
            ErrorView.Show(terminals.Error, "the settings are refused", exception.Errors);
            return ExitCode.Refused;
        }
        catch (UnreadableInputException exception)
        {
            ErrorView.Show(terminals.Error, exception.Message);
            return ExitCode.WrongUsage;
        }
        catch (ProgramMissingException exception)
        {
            ErrorView.Show(terminals.Error, exception.Message);
            return ExitCode.Failed;
        }
    }

    /// <summary>
    /// Options are read by their whole names before this (<see cref="GlobalOptions.TerminalsFor"/>), so <c>-qs</c> is not <c>-q -s</c>. A word that begins with
    /// <c>@</c> is a name like any other, not that of a file with more of the command line.
    /// </summary>
    private static readonly ParserConfiguration Parsing = new() { EnablePosixBundling = false, ResponseFileTokenReplacer = null };

    internal static RootCommand Create(Terminals terminals)
    {
        var options = new StackOptions();
        var root = new RootCommand(RootHelp.Description)
        {
            PlanCommand.Create(options, terminals),
            RenderCommand.Create(options, terminals),
            QuotaCommand.Create(options, terminals),
            CostCommand.Create(options, terminals),
            ProveCommand.Create(options, terminals),
            ScheduleCommand.Create(terminals),
            // The twin finds its kinds by reflection over the models of Kubernetes, so a program compiled ahead of time (Cli.csproj) has none.
            RuntimeFeature.IsDynamicCodeSupported ? TwinCommand.Create(options, terminals) : TwinCommand.Missing,
            ImagesCommand.Create(options, terminals),
            DiffCommand.Create(options, terminals),
            ValidateCommand.Create(options, terminals),
            ExplainCommand.Create(options, terminals),
            SchemaCommand.Create(options, terminals),
            VersionCommand.Create(terminals),
        };
        root.Subcommands.Add(CompletionCommand.Create(root, terminals));
        foreach (var option in GlobalOptions.All)
            root.Options.Add(option);
        root.Options.OfType<HelpOption>().Single().Action = new RootHelp();
        foreach (var flag in root.Subcommands.Append(root).SelectMany(command => command.Options).Where(option => option.ValueType == typeof(bool)))
            flag.Arity = ArgumentArity.Zero;
        foreach (var command in root.Subcommands)
            OptionRules.CheckPaths(command);
        root.SetAction((_, token) => PlanCommand.RunAsync(StackChoice.Default, new OutputFile(null), terminals, token, proves: true));
        return root;
    }

    private static int ShowUsageError(ParseResult parsed, string[] arguments, Terminals terminals)
    {
        var command = parsed.CommandResult.Command;
        var name = command is RootCommand ? "ha" : $"ha {command.Name}";
        // Of several words that do not fit, the first is the mistake.
        var problem = FlagWithValue(command, arguments) is { } flag ? $"{flag} takes no value"
            : parsed.UnmatchedTokens.Count > 0 ? Unknown(parsed.UnmatchedTokens[0], name, command, arguments)
            : string.Join('\n', parsed.Errors.Select(error => error.Message).Distinct());
        ErrorView.Show(terminals.Error, problem);
        terminals.Error.MarkupLineInterpolated($"[grey]Run {name} --help for usage.[/]");
        return ExitCode.WrongUsage;
    }

    private static string? FlagWithValue(Command command, string[] arguments) => arguments.TakeWhile(argument => argument != "--")
        .Where(argument => argument.Contains('=', StringComparison.Ordinal)).Select(argument => argument.Split('=')[0])
        .FirstOrDefault(name => command.Options.Concat(GlobalOptions.All).Any(option => option.ValueType == typeof(bool) && option.Aliases.Append(option.Name).Contains(name)));

    private static string Unknown(string word, string name, Command command, string[] arguments)
    {
        var isOption = word.StartsWith('-');
        if (word.Split('=')[0] is "--json" or "--output" or "-o" && command is not RootCommand)
        {
            return $"'{name}' has no option '{word}'; " + (command.Options.Any(option => option.Name == "--out") ? "did you mean '--out'?"
                : command.Options.Any(option => option.Name == "--output") ? "did you mean '-o json'?"
                : "its answer has no JSON form");
        }

        var known = isOption
            ? command.Options.Concat(GlobalOptions.All).SelectMany(option => option.Aliases.Append(option.Name))
            : command.Subcommands.Select(subcommand => subcommand.Name);
        // After 'ha --stack' the missing part is the command.
        var hint = (NearestName.Find(word.Split('=')[0], known, 1) is [var nearest, ..] ? nearest : null)
            ?? (isOption && command is RootCommand ? command.Subcommands.Select(sub => $"{sub.Name} {word}").FirstOrDefault() : null)
            ?? (isOption ? null : OptionRules.Attached(command, arguments));
        var kind = isOption ? "option" : command.Subcommands.Count > 0 ? "command" : "argument";
        return $"'{name}' has no {kind} '{word}'" + (hint is null ? "" : $"; did you mean '{hint}'?");
    }
}
