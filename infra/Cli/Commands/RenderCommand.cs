using System.CommandLine;
using HaCluster.Cli.Running;
using HaCluster.Cli.Terminal;
using HaCluster.Cli.Views;
using HaCluster.Engine;
using HaCluster.Planning.Capacity;
using HaCluster.Planning.Modelling;
using HaCluster.Planning.Rendering;

namespace HaCluster.Cli.Commands;

/// <summary><c>ha render</c>: the Kubernetes objects of the plan as files for kubectl.</summary>
internal static class RenderCommand
{
    public static Command Create(StackOptions options, Terminals terminals)
    {
        var output = new Option<string>("--out")
        {
            Description = "The directory to write to; it must be empty, absent, or from an earlier render.",
            HelpName = "DIR",
            Required = true,
        };
        var force = new Option<bool>("--force") { Description = "Write into a directory that has other files; they are kept." };
        var command = new Command(
            "render",
            "Write the Kubernetes objects as YAML, one file each, for kubectl apply -f DIR. Values of Helm releases go to DIR/helm; rules, routes,"
            + " dashboards and other configuration go to directories of their own, in the format that promtool and similar tools read.");
        command.Options.Add(output);
        options.AddTo(command);
        command.Options.Add(force);
        command.SetAction((parsed, token) =>
            RunAsync(options.Read(parsed), parsed.GetRequiredValue(output), parsed.GetValue(force), terminals, token));
        return command;
    }

    private static async Task<int> RunAsync(
        StackChoice choice, string output, bool force, Terminals terminals, CancellationToken cancellationToken)
    {
        var directory = RenderDirectory.Open(output, force);
        var run = StackRun.Prepare(choice);
        var result = await RunProgress.WatchAsync(terminals.Error, run, cancellationToken);
        if (result.Outcome != ProgramOutcome.Succeeded)
            return FailureView.Show(terminals.Error, run, result);
        if (QuotaCheck.Shortfalls(ClusterModelReader.Of(result.Graph, run.Settings)) is { Count: > 0 } shortfalls)
            return FailureView.Refuse(terminals.Error, run, shortfalls);
        var render = Render.Of(result.Graph);
        try
        {
            RenderView.Show(terminals, output, render, directory.Write(render.Files, cancellationToken));
            return ExitCode.Success;
        }
        catch (IOException exception)
        {
            throw new OutputFailedException(exception.Message, exception);
        }
    }
}
