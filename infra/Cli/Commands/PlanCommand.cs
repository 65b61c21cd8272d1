using System.CommandLine;
using HaCluster.Cli.Running;
using HaCluster.Cli.Terminal;
using HaCluster.Cli.Views;
using HaCluster.Engine;
using HaCluster.Planning.Capacity;
using HaCluster.Planning.Documents;
using HaCluster.Planning.Plans;
using HaCluster.Planning.Policies;
using HaCluster.Planning.Stacks;
using Spectre.Console;

namespace HaCluster.Cli.Commands;

/// <summary><c>ha plan</c>: what <c>pulumi up</c> would create, as a tree with what is notable, or as a document.</summary>
internal static class PlanCommand
{
    private const string StandardOutput = "-";

    public static Command Create(StackOptions options, Terminals terminals)
    {
        var json = new Option<string?>("--json")
        {
            Description = "Write the whole plan as JSON (hacluster.plan/1) to this file, or to standard output with '-'. Secrets are withheld.",
            HelpName = "FILE|-",
        };
        var command = new Command("plan", "Show the cluster that 'pulumi up' would create.");
        options.AddTo(command);
        command.Options.Add(json);
        command.SetAction((parsed, token) => RunAsync(options.Read(parsed), parsed.GetValue(json), terminals, token));
        return command;
    }

    public static async Task<int> RunAsync(StackChoice choice, string? jsonTarget, Terminals terminals, CancellationToken cancellationToken)
    {
        if (jsonTarget is not (null or StandardOutput))
            RequireDirectoryOf(jsonTarget);
        var run = StackRun.Prepare(choice);
        // A mistyped policy is said before the run, not after it.
        _ = PolicySettings.Read(run.Settings);
        var result = await RunProgress.WatchAsync(terminals.Error, run, cancellationToken);
        if (result.Outcome != ProgramOutcome.Succeeded)
            return FailureView.Show(terminals.Error, run, result);
        if (QuotaCheck.Shortfalls(result.Graph) is { Count: > 0 } shortfalls)
            return FailureView.Refuse(terminals.Error, run, shortfalls);
        var plan = Plan.Of(result.Graph, run.Settings, result.Elapsed);
        switch (jsonTarget)
        {
            case null:
                PlanView.Show(terminals.Out, plan);
                break;
            case StandardOutput:
                await using (var output = new BufferedStream(terminals.OpenOutput(), 1 << 16))
                    Write(output, plan);
                break;
            default:
                WriteFile(jsonTarget, plan);
                PlanView.Show(terminals.Out, plan);
                terminals.Out.MarkupLineInterpolated($"Written: {jsonTarget}");
                break;
        }

        return PolicyView.Refuse(terminals.Error, run, plan.Policies, isShown: jsonTarget != StandardOutput);
    }

    private static void Write(Stream stream, Plan plan) => PlanDocumentWriter.Write(stream, new PlanDocument(plan.Graph, plan.Warnings) { Policies = plan.Policies });

    /// <summary>Said before the run, not after it.</summary>
    private static void RequireDirectoryOf(string path)
    {
        if (Directory.Exists(path))
            throw new UnreadableInputException($"{path} is a directory; --json takes a file");
        if (Path.GetDirectoryName(Path.GetFullPath(path)) is not { } directory || !Directory.Exists(directory))
            throw new UnreadableInputException($"{path} cannot be written: its directory does not exist");
    }

    /// <summary>The file is replaced whole: whoever reads it never sees half a plan.</summary>
    private static void WriteFile(string path, Plan plan)
    {
        var partial = path + ".partial";
        try
        {
            using (var file = File.Create(partial))
                Write(file, plan);
            File.Move(partial, path, overwrite: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new UnreadableInputException($"{path} cannot be written: {exception.Message}", exception);
        }
    }
}
