using System.CommandLine;
using HaCluster.Cli.Running;
using HaCluster.Cli.Terminal;
using HaCluster.Cli.Views;
using HaCluster.Planning.Stacks;

namespace HaCluster.Cli.Commands;

/// <summary><c>ha explain KEY</c>: describes a setting, as <c>kubectl explain</c> describes a field.</summary>
internal static class ExplainCommand
{
    // The namespace of keys without one: the name of the project in Pulumi.yaml.
    private const string Namespace = "ha-cluster";

    public static Command Create(StackOptions options, Terminals terminals)
    {
        var key = new Argument<string?>("KEY")
        {
            Description = "A setting or a section, such as nodePools.general.min or ha-cluster:edge. Without it, all sections are listed.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var command = new Command("explain", "Describe a setting with its type, default, limits, an example, and the command that sets it.");
        command.Arguments.Add(key);
        options.AddProgramTo(command);
        command.SetAction((parsed, token) => RunAsync(parsed.GetValue(key), options.ReadProgram(parsed), terminals, token));
        return command;
    }

    private static async Task<int> RunAsync(string? key, string? programPath, Terminals terminals, CancellationToken cancellationToken)
    {
        var guide = new SettingGuide(await SettingsDescription.ReadAsync(programPath, cancellationToken), Namespace);
        if (key is null)
        {
            SettingView.List(terminals.Out, guide.Top);
            return ExitCode.Success;
        }

        if (guide.Find(key) is { } setting)
        {
            SettingView.Show(terminals.Out, setting);
            return ExitCode.Success;
        }

        var suggestions = guide.Suggest(key);
        ErrorView.Show(
            terminals.Error,
            suggestions.Count == 0 ? $"'{key}' is not a setting; ha explain lists the sections" : $"'{key}' is not a setting; did you mean one of these?",
            suggestions);
        return ExitCode.WrongUsage;
    }
}
