using System.CommandLine;
using System.Text;
using HaCluster.Cli.Running;
using HaCluster.Cli.Terminal;
using HaCluster.Cli.Views;
using HaCluster.Engine;
using HaCluster.Planning.Modelling;
using HaCluster.Planning.Proof;
using HaCluster.Planning.Proof.Documents;
using HaCluster.Planning.Proof.Pictures;
using HaCluster.Planning.Proof.Report;
using HaCluster.Simulation.Model;

namespace HaCluster.Cli.Commands;

/// <summary><c>ha prove</c>: whether the declared cluster survives, and what mends it where it does not.</summary>
internal static class ProveCommand
{
    public static Command Create(StackOptions options, Terminals terminals)
    {
        var json = OutputFile.Option("--json", "Write the proof as JSON (hacluster.proof/1) to this file, or to standard output without one.");
        var picture = OutputFile.Option("--picture", "Draw the loss of the hardest zone as an SVG.");
        var manifests = new Option<string?>("--manifests")
        {
            Description = "Prove the workloads of this directory (or file) of Kubernetes manifests on the cluster as well.",
            HelpName = "DIR",
        };
        var @namespace = NamespaceOption.Create();
        var command = new Command("prove", "Try every loss of a zone, a node, two nodes, ... and say whether the declared cluster survives.");
        options.AddTo(command);
        command.Options.Add(manifests);
        command.Options.Add(@namespace);
        command.Options.Add(json);
        command.Options.Add(picture);
        command.SetAction((parsed, token) => RunAsync(
            options.Read(parsed), new Manifests(parsed.GetValue(manifests), NamespaceOption.Read(parsed, @namespace)), parsed.GetValue(json), parsed.GetValue(picture), terminals, token));
        return command;
    }

    private static async Task<int> RunAsync(
        StackChoice choice, Manifests manifests, string? jsonTarget, string? pictureTarget, Terminals terminals, CancellationToken cancellationToken)
    {
        var json = OutputFile.Of(jsonTarget, "--json");
        var picture = OutputFile.Of(pictureTarget, "--picture");
        var run = StackRun.Prepare(choice);
        var result = await RunProgress.WatchAsync(terminals.Error, run, cancellationToken);
        if (result.Outcome != ProgramOutcome.Succeeded)
            return FailureView.Show(terminals.Error, run, result);
        var declared = ClusterModelReader.Of(result.Graph, run.Settings);
        var model = manifests.Path is { } path ? ManifestModel.Add(declared, path, manifests.Namespace) : declared;
        var report = await ProveAsync(model, terminals, cancellationToken);
        json.Write(terminals, stream => ProofDocumentWriter.Write(stream, report, run.Request.Stack));
        if (FailoverPicture.Of(report) is { } drawing)
            picture.Write(terminals, stream => stream.Write(Encoding.UTF8.GetBytes(drawing)));
        if (!json.IsStandardOutput && !picture.IsStandardOutput)
        {
            ProofView.Show(terminals.Out, report, run.Request.Stack);
            json.Mention(terminals.Out);
            picture.Mention(terminals.Out);
        }

        return Answer(report);
    }

    public static Task<ProofReport> ProveAsync(ClusterModel model, Terminals terminals, CancellationToken cancellationToken) =>
        RunProgress.WatchAsync(
            terminals.Error, "proving", show => Prover.Prove(model, progress: new Line(show)), cancellationToken);

    public static int Answer(ProofReport report) => report.Holds ? ExitCode.Success : ExitCode.AnsweredNo;

    /// <summary>Workloads of others, and where those go that name no namespace.</summary>
    private sealed record Manifests(string? Path, string? Namespace);

    private sealed class Line(Action<string> show) : IProgress<ProofProgress>
    {
        public void Report(ProofProgress value) => show(value.IsMending
            ? $"seeking changes that mend: {value.Done} of {value.Total} violations done"
            : $"trying what can happen: {value.Done} of {value.Total} kinds of scenarios done");
    }
}
