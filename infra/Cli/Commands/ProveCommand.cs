using System.CommandLine;
using System.Globalization;
using System.Text;
using HaCluster.Cli.Running;
using HaCluster.Cli.Terminal;
using HaCluster.Cli.Views;
using HaCluster.Engine;
using HaCluster.Planning.Modelling;
using HaCluster.Planning.Proof;
using HaCluster.Planning.Proof.Documents;
using HaCluster.Planning.Proof.Fixes;
using HaCluster.Planning.Proof.Pictures;
using HaCluster.Planning.Proof.Report;
using HaCluster.Planning.Stacks;
using HaCluster.Simulation.Model;

namespace HaCluster.Cli.Commands;

/// <summary><c>ha prove</c>: whether the declared cluster survives, and how to fix it where it does not.</summary>
internal static class ProveCommand
{
    private const int DefaultFixSeconds = 10;

    /// <summary>A day.</summary>
    private const int MaxFixSeconds = 86_400;

    private const string AllFixes = "all";

    public static Command Create(StackOptions options, Terminals terminals)
    {
        var picture = DocumentOptions.FileOption("--picture", "Write an SVG picture of the zone loss that moves the most pods.");
        var manifests = new Option<string?>("--manifests")
        {
            Description = "Also prove the workloads of these Kubernetes manifests: a file, or a directory as kubectl apply -f reads it.",
            HelpName = "DIR",
        };
        var recursive = new Option<bool>("--recursive", "-R") { Description = "Also read the subdirectories of --manifests, as kubectl apply -R does." };
        var @namespace = NamespaceOption.Create();
        var fix = new Option<string?>("--fix")
        {
            Description = "Write fix N into the stack file; without N, all fixes that change settings without lowering an objective. Shows the diff and asks first.",
            HelpName = "N",
            Arity = ArgumentArity.ZeroOrOne,
            CustomParser = given => given.Tokens is [var number] ? number.Value : AllFixes,
        };
        var yes = new Option<bool>("--yes", "-y") { Description = "With --fix: do not ask." };
        var seconds = new Option<int>("--fix-seconds")
        {
            Description = "Time limit in seconds for finding fixes and verifying them with the program; 0 looks for none.",
            HelpName = "N",
            DefaultValueFactory = _ => DefaultFixSeconds,
        };
        var accept = new Option<bool>("--accept-incomplete") { Description = $"Exit with 0 instead of {ExitCode.Incomplete} if nothing breaks but not everything was understood." };
        var explain = new Option<bool>("--explain") { Description = "List the assumptions of the proof with their sources." };
        var command = new Command("prove", "Simulate every loss of a zone, a node, two nodes and more, and show whether the declared cluster survives.");
        options.AddTo(command);
        var document = new DocumentOptions(command, $"Write the proof as JSON ({ProofDocumentWriter.Format}) to this file, or to standard output without one.");
        foreach (var option in new Option[] { manifests, recursive, @namespace, picture, fix, yes, seconds, accept, explain })
            command.Options.Add(option);
        command.Require(yes, fix);
        command.Require(recursive, manifests);
        command.Require(@namespace, manifests);
        command.SetAction((parsed, token) => parsed.GetValue(accept) && GlobalOptions.IsStrict(parsed)
            ? throw new UnreadableInputException("--accept-incomplete and --strict contradict each other; give one of them")
            : new ProveRun(
            options.Read(parsed), new Manifests(parsed.GetValue(manifests), NamespaceOption.Read(parsed, @namespace), parsed.GetValue(recursive)), document.Read(parsed), OutputFile.Of(parsed.GetValue(picture), "--picture"),
            ReadFixTime(parsed.GetValue(seconds)), parsed.GetValue(accept), parsed.GetValue(explain), terminals)
            .RunAsync(parsed.GetValue(fix), parsed.GetValue(yes), token));
        return command;
    }

    private static TimeSpan ReadFixTime(int seconds) => seconds is >= 0 and <= MaxFixSeconds ? TimeSpan.FromSeconds(seconds)
        : throw new UnreadableInputException($"--fix-seconds takes a number from 0 to {MaxFixSeconds}, not {seconds}");

    public static Task<ProofReport> ProveAsync(ClusterModel model, ProofOptions options, Terminals terminals, CancellationToken cancellationToken) =>
        RunProgress.WatchAsync(
            terminals.Error, "proving", show => Prover.Prove(model, options, new Line(show)), cancellationToken);

    public static int Answer(ProofReport report, bool acceptsIncomplete) =>
        !report.Holds ? ExitCode.CheckFailed : report.IsComplete || acceptsIncomplete ? ExitCode.Success : ExitCode.Incomplete;

    private sealed class Line(Action<string> show) : IProgress<ProofProgress>
    {
        public void Report(ProofProgress value) => show(value.IsFixing
            ? $"looking for fixes: {value.Done} of {value.Total} violations done"
            : $"simulating failures: {value.Done} of {value.Total} classes of scenarios done");
    }

    /// <summary>One run of the command with its options.</summary>
    private sealed record ProveRun(
        StackChoice Choice, Manifests Manifests, OutputFile Json, OutputFile Picture, TimeSpan FixTime, bool AcceptsIncomplete, bool Explains, Terminals Terminals)
    {
        public async Task<int> RunAsync(string? fix, bool isAgreed, CancellationToken cancellationToken)
        {
            if (Json.IsSameAs(Picture))
                throw new UnreadableInputException($"the JSON document and --picture would both be written to {(Json.IsStandardOutput ? "standard output" : Json.Path)}; name another file for one of them");
            if (fix is not null && !isAgreed && (Console.IsInputRedirected || !Terminals.Error.Profile.Capabilities.Interactive))
                throw new UnreadableInputException("--fix shows what it changes and asks, but standard input is not a terminal; add --yes to write without asking");
            int? number = fix is null or AllFixes ? null
                : int.TryParse(fix, CultureInfo.InvariantCulture, out var given) && given > 0 ? given
                : throw new UnreadableInputException($"--fix takes the number of a fix, as 'ha prove' shows it, not '{fix}'");
            if (fix is not null && FixTime == TimeSpan.Zero)
                throw new UnreadableInputException("--fix needs time to look for fixes; --fix-seconds 0 leaves none");
            var run = StackRun.Prepare(Choice);
            var file = SettingsWriter.Of(run.File, isChanged: fix is not null);
            var trial = new StackTrial(run, file.Text, Manifests);
            var result = await RunProgress.WatchAsync(Terminals.Error, run, cancellationToken);
            if (result.Outcome != ProgramOutcome.Succeeded)
                return FailureView.Show(Terminals.Error, run, result);
            var report = await ProveAsync(run, Manifests.On(ClusterModelReader.Of(result.Graph, run.Settings)), trial, cancellationToken);
            if (fix is null || report.Holds)
                return Show(report, run);
            if (!Json.IsStandardOutput && !Picture.IsStandardOutput)
                ProofView.Show(Terminals.Out, report, run.Request.Stack, CommandFor(run), Explains);
            if (await TextWithAsync(report, number, OptionsFor(run), trial, cancellationToken) is not { } changed)
                return ExitCode.CheckFailed;
            return await file.WriteAsync(changed, isAgreed, Terminals, cancellationToken) ? await RunAsync(fix: null, isAgreed, cancellationToken) : Answer(report, AcceptsIncomplete);
        }

        private ProofOptions OptionsFor(StackRun run) =>
            new() { FixTime = FixTime, IsSet = path => run.File.Sets([$"{run.Project.Name}:{path[0]}", .. path[1..]]) };

        /// <summary>The command line that writes a fix.</summary>
        private string CommandFor(StackRun run) =>
            (Choice.SettingsPath is { } path ? $"ha prove --settings {ShellWord.Of(path)}" : $"ha prove --stack {run.Request.Stack}") + Manifests.Options;

        private async Task<ProofReport> ProveAsync(StackRun run, ClusterModel model, StackTrial trial, CancellationToken cancellationToken)
        {
            var options = OptionsFor(run);
            var report = await ProveCommand.ProveAsync(model, options, Terminals, cancellationToken);
            if (report.Fixes.All(fix => fix.Kind == FixKind.Manifest))
                return report;
            // Fixes found close to the time limit still get a run of the program.
            var left = TimeSpan.FromSeconds(Math.Max(FixTime.TotalSeconds - report.FixElapsed.TotalSeconds, Math.Min(10, FixTime.TotalSeconds)));
            using var timer = new CancellationTokenSource(left);
            return await RunProgress.WatchAsync(
                Terminals.Error, "verifying the fixes with the program", _ => FixVerification.RunAsync(report, options, trial, timer.Token, cancellationToken).GetAwaiter().GetResult(), cancellationToken);
        }

        /// <summary>Null when there is nothing to write; the reason is on standard error.</summary>
        private async Task<string?> TextWithAsync(ProofReport report, int? number, ProofOptions options, StackTrial trial, CancellationToken cancellationToken)
        {
            var fixes = report.Fixes.Where(fix => number is null ? fix is { Kind: FixKind.Setting, Refusal: null } : fix.Number == number).ToList();
            var problem = fixes switch
            {
                [] when number is null => "no fix changes a setting; nothing was written",
                [] => $"there is no fix {number}; nothing was written",
                [{ Kind: FixKind.Manifest } manifest] => $"fix {number} changes {manifest.Object}, which no setting controls: apply it yourself; nothing was written",
                [{ Refusal: { } why }] => $"fix {number} cannot be used: {why}; nothing was written",
                _ => null,
            };
            // This exact combination may not have been verified yet.
            if (problem is null && await FixVerification.ProblemAsync(report, fixes, options, trial, cancellationToken) is { } refusal)
                problem = $"{refusal}; nothing was written";
            cancellationToken.ThrowIfCancellationRequested();
            if (problem is null)
                return trial.TextWith(FixVerification.EditsOf(fixes));
            ErrorView.Show(Terminals.Error, problem);
            return null;
        }

        private int Show(ProofReport report, StackRun run)
        {
            Json.Write(Terminals, stream => ProofDocumentWriter.Write(stream, report, run.Request.Stack));
            var drawing = FailoverPicture.Of(report);
            if (drawing is not null)
                Picture.Write(Terminals, stream => stream.Write(Encoding.UTF8.GetBytes(drawing)));
            else if (Picture.Path is not null)
                ErrorView.Show(Terminals.Error, "there is no picture: a cluster of one zone has nowhere to fail over to");
            if (!Json.IsStandardOutput && !(Picture.IsStandardOutput && drawing is not null))
            {
                ProofView.Show(Terminals.Out, report, run.Request.Stack, CommandFor(run), Explains);
                Json.Mention(Terminals.Out);
                if (drawing is not null)
                    Picture.Mention(Terminals.Out);
            }

            return Answer(report, AcceptsIncomplete);
        }
    }
}
