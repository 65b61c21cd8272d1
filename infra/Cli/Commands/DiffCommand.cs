using System.CommandLine;
using HaCluster.Cli.Running;
using HaCluster.Cli.Terminal;
using HaCluster.Cli.Views;
using HaCluster.Engine;
using HaCluster.Engine.Graph;
using HaCluster.Planning.Differences;
using HaCluster.Planning.Documents;

namespace HaCluster.Cli.Commands;

/// <summary><c>ha diff</c>: what one plan adds to, removes from, changes or replaces in another.</summary>
internal static class DiffCommand
{
    private const string Description = """
        Show how two plans differ, what is added, removed, changed in place and replaced. Each is a file written by 'ha plan --json' or the name of a stack.
        The provider of a resource decides whether a change replaces it. ha knows these rules for the types in use here; for others it says
        'maybe replaced', and only pulumi preview can tell. Values of secrets are not compared.
        """;

    public static Command Create(StackOptions options, Terminals terminals)
    {
        var before = new Argument<string>("BEFORE") { Description = "The plan to compare with: PLAN.json or the name of a stack." };
        var after = new Argument<string>("AFTER")
        {
            Description = "The changed plan.",
            DefaultValueFactory = _ => StackChoice.DefaultStack,
        };
        var all = new Option<bool>("--all") { Description = "Show all changed values of a resource, not only the first ones." };
        var command = new Command("diff", Description) { before, after, all };
        options.AddProgramTo(command);
        var document = new DocumentOptions(command, $"Write the difference as JSON ({PlanDifferenceWriter.Format}) to this file, or to standard output without one.");
        command.SetAction((parsed, token) => RunAsync(
            [parsed.GetRequiredValue(before), parsed.GetRequiredValue(after)], options.ReadProgram(parsed), parsed.GetValue(all), document.Read(parsed), terminals, token));
        return command;
    }

    private static async Task<int> RunAsync(
        string[] plans, string? programPath, bool showsAll, OutputFile json, Terminals terminals, CancellationToken cancellationToken)
    {
        var graphs = new ResourceGraph[plans.Length];
        // Files are read before the program runs, so that a mistake in one is reported at once.
        foreach (var (index, path) in plans.Index().Where(plan => RecordedPlan.IsFile(plan.Item)))
            graphs[index] = RecordedPlan.Read(path);
        foreach (var (index, stack) in plans.Index().Where(plan => !RecordedPlan.IsFile(plan.Item)))
        {
            var run = StackRun.Prepare(new StackChoice(stack, null, programPath));
            var result = await RunProgress.WatchAsync(terminals.Error, run, cancellationToken);
            if (result.Outcome != ProgramOutcome.Succeeded)
                return FailureView.Show(terminals.Error, run, result);
            graphs[index] = result.Graph;
        }

        var difference = PlanDifference.Of(SecretRedaction.Redact(graphs[0]), SecretRedaction.Redact(graphs[1]));
        terminals.StrictProblems.NotUnderstood(difference.Resources.Where(resource => resource.Change == ResourceChange.MaybeReplaced).Select(resource => $"whether {resource.Label} is replaced"));
        json.Write(terminals, stream => PlanDifferenceWriter.Write(stream, difference));
        if (!json.IsStandardOutput)
        {
            PlanDifferenceView.Show(terminals.Out, difference, showsAll);
            json.Mention(terminals.Out);
        }

        return ExitCode.Success;
    }
}
