using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using HaCluster.Cli.Running;
using HaCluster.Cli.Terminal;
using HaCluster.Cli.Views;
using HaCluster.Engine.Running;
using HaCluster.Planning;
using HaCluster.Planning.Policies;
using HaCluster.Planning.Stacks;

namespace HaCluster.Cli.Commands;

/// <summary><c>ha validate</c>: checks the settings without planning anything.</summary>
internal static class ValidateCommand
{
    // The argument of the program for it: HaCluster.Stack.Settings.SettingsSource.CheckArgument.
    private const string Argument = "check";

    private const string Format = "hacluster.validation/1";

    public static Command Create(StackOptions options, Terminals terminals)
    {
        var command = new Command(
            "validate",
            "Check only the settings of a stack, in about a second. Keys, types, limits and contradictions are checked; ha plan checks the cluster that they declare.");
        options.AddTo(command);
        var document = new DocumentOptions(command, $"Write the answer as JSON ({Format}) to this file, or to standard output without one.");
        command.SetAction((parsed, token) => RunAsync(options.Read(parsed), document.Read(parsed), terminals, token));
        return command;
    }

    private static async Task<int> RunAsync(StackChoice choice, OutputFile json, Terminals terminals, CancellationToken cancellationToken)
    {
        try
        {
            var run = StackRun.Prepare(choice);
            _ = PolicySettings.Read(run.Settings);
            var request = run.Request;
            var (problems, warnings) = Read(await ProgramQuery.AskAsync(request.Program.Arguments[0], Argument, ProgramEnvironment.Settings(request), "check its settings", cancellationToken));
            warnings = [.. run.Settings.Warnings, .. warnings];
            json.WriteJson(terminals, Document(problems.Select(run.Settings.AsWritten), warnings));
            if (problems.Length > 0)
                return FailureView.Refuse(terminals.Error, run, problems);
            terminals.StrictProblems.Warn(warnings);
            if (json.IsStandardOutput)
                return ExitCode.Success;
            WarningsView.Show(terminals.Out, warnings);
            terminals.Out.ProseLineInterpolated($"[bold green]the settings of stack {request.Stack} are valid[/], {Wording.Count(warnings.Length, "warning")}");
            json.Mention(terminals.Out);
            return ExitCode.Success;
        }
        catch (RefusedSettingsException exception)
        {
            json.WriteJson(terminals, Document(exception.Errors, []));
            throw;
        }
    }

    /// <summary>
    /// <code>
    /// { "format": "hacluster.validation/1",
    ///   "valid": false,
    ///   "problems": ["ha-cluster:zones is 1; ..."],   // each begins with its key
    ///   "warnings": [] }
    /// </code>
    /// </summary>
    private static JsonObject Document(IEnumerable<string> problems, IEnumerable<string> warnings)
    {
        var lists = (Problems: ArrayOf(problems), Warnings: ArrayOf(warnings));
        return new JsonObject { ["format"] = Format, ["valid"] = lists.Problems.Count == 0, ["problems"] = lists.Problems, ["warnings"] = lists.Warnings };

        static JsonArray ArrayOf(IEnumerable<string> lines) => new([.. lines.Select(line => (JsonNode?)line)]);
    }

    private static (string[] Problems, string[] Warnings) Read(string json)
    {
        try
        {
            var answer = JsonSerializer.Deserialize(json, ProgramAnswer.Default.DictionaryStringStringArray);
            return (ListOf("problems"), ListOf("warnings"));

            string[] ListOf(string name) => answer?.GetValueOrDefault(name) is { } lines && lines.All(line => line is not null) ? lines : throw new JsonException($"'{name}' is not a list of strings");
        }
        catch (JsonException exception)
        {
            throw new ProgramMissingException($"the program's answer about its settings is not understood: {exception.Message}; build it again: dotnet build infra/Stack");
        }
    }
}

[JsonSerializable(typeof(Dictionary<string, string[]>))]
internal sealed partial class ProgramAnswer : JsonSerializerContext;
