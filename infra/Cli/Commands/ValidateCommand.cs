using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Serialization;
using HaCluster.Cli.Running;
using HaCluster.Cli.Terminal;
using HaCluster.Cli.Views;
using HaCluster.Engine.Running;
using HaCluster.Planning;
using HaCluster.Planning.Policies;

namespace HaCluster.Cli.Commands;

/// <summary><c>ha validate</c>: checks the settings without planning anything.</summary>
internal static class ValidateCommand
{
    // The argument of the program for it: HaCluster.Stack.Settings.SettingsSource.CheckArgument.
    private const string Argument = "check";

    public static Command Create(StackOptions options, Terminals terminals)
    {
        var command = new Command(
            "validate",
            "Check only the settings of a stack, in about a second. Keys, types, limits and contradictions are checked; ha plan checks the cluster that they declare.");
        options.AddTo(command);
        command.SetAction((parsed, token) => RunAsync(options.Read(parsed), terminals, token));
        return command;
    }

    private static async Task<int> RunAsync(StackChoice choice, Terminals terminals, CancellationToken cancellationToken)
    {
        var run = StackRun.Prepare(choice);
        _ = PolicySettings.Read(run.Settings);
        var request = run.Request;
        var (problems, warnings) = Read(await ProgramQuery.AskAsync(run.Request.Program.Arguments[0], Argument, ProgramEnvironment.Settings(request), "check its settings", cancellationToken));
        warnings = [.. run.Settings.Warnings, .. warnings];
        if (problems.Length > 0)
            return FailureView.Refuse(terminals.Error, run, problems);
        terminals.StrictProblems.Warn(warnings);
        WarningsView.Show(terminals.Out, warnings);
        terminals.Out.ProseLineInterpolated($"[bold green]the settings of stack {request.Stack} are valid[/], {Wording.Count(warnings.Length, "warning")}");
        return ExitCode.Success;
    }

    private static (string[] Problems, string[] Warnings) Read(string json)
    {
        try
        {
            var answer = JsonSerializer.Deserialize(json, ProgramAnswer.Default.DictionaryStringStringArray)!;
            return (answer["problems"], answer["warnings"]);
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException)
        {
            throw new ProgramMissingException($"the program's answer about its settings is not understood: {exception.Message}; build it again: dotnet build infra/Stack");
        }
    }
}

[JsonSerializable(typeof(Dictionary<string, string[]>))]
internal sealed partial class ProgramAnswer : JsonSerializerContext;
