using System.CommandLine;
using System.CommandLine.Help;
using System.Runtime.CompilerServices;
using HaCluster.Cli.Running;
using HaCluster.Cli.Terminal;
using HaCluster.Engine.Validation;
using HaCluster.Planning.Stacks;
using Spectre.Console;

namespace HaCluster.Cli.Commands;

/// <summary>The command line of <c>ha</c>.</summary>
internal static class HaCommandLine
{
    public static async Task<int> RunAsync(string[] arguments, Terminals terminals, CancellationToken cancellationToken)
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
    }

    private static async Task<int> AnswerAsync(string[] arguments, Terminals terminals, CancellationToken cancellationToken)
    {
        try
        {
            var parsed = Create(terminals).Parse(arguments);
            if (parsed.Errors.Count > 0)
                return ShowUsageError(parsed, terminals);
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
            terminals.Error.MarkupLine("[yellow]interrupted[/]");
            return ExitCode.Interrupted;
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
        root.SetAction((_, token) => PlanCommand.RunAsync(StackChoice.Default, new OutputFile(null), terminals, token, proves: true));
        return root;
    }

    private static int ShowUsageError(ParseResult parsed, Terminals terminals)
    {
        var command = parsed.CommandResult.Command;
        var name = command is RootCommand ? "ha" : $"ha {command.Name}";
        // Of several words that do not fit, the first is the mistake.
        var problem = parsed.UnmatchedTokens.Count > 0
            ? Unknown(parsed.UnmatchedTokens[0], name, command)
            : string.Join('\n', parsed.Errors.Select(error => error.Message).Distinct());
        ErrorView.Show(terminals.Error, problem);
        terminals.Error.MarkupLineInterpolated($"[grey]Run {name} --help for usage.[/]");
        return ExitCode.WrongUsage;
    }

    private static string Unknown(string word, string name, Command command)
    {
        var isOption = word.StartsWith('-');
        var known = isOption
            ? command.Options.Concat(GlobalOptions.All).SelectMany(option => option.Aliases.Append(option.Name))
            : command.Subcommands.Select(subcommand => subcommand.Name);
        // After 'ha --stack' the missing part is the command.
        var hint = (NearestName.Find(word.Split('=')[0], known, 1) is [var nearest, ..] ? nearest : null)
            ?? (isOption && command is RootCommand ? command.Subcommands.Select(sub => $"{sub.Name} {word}").FirstOrDefault() : null);
        var kind = isOption ? "option" : command.Subcommands.Count > 0 ? "command" : "argument";
        return $"'{name}' has no {kind} '{word}'" + (hint is null ? "" : $"; did you mean '{hint}'?");
    }
}
