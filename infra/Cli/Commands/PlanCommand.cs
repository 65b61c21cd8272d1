using System.CommandLine;
using HaCluster.Cli.Running;
using HaCluster.Cli.Terminal;
using HaCluster.Cli.Views;
using HaCluster.Engine;
using HaCluster.Planning.Capacity;
using HaCluster.Planning.Modelling;
using HaCluster.Planning.Plans;
using HaCluster.Planning.Plans.Documents;
using HaCluster.Planning.Policies;
using HaCluster.Planning.Proof;
using Spectre.Console;

namespace HaCluster.Cli.Commands;

/// <summary><c>ha plan</c>: what <c>pulumi up</c> would create, as a tree with the notable facts, or as a document.</summary>
internal static class PlanCommand
{
    public static Command Create(StackOptions options, Terminals terminals)
    {
        var command = new Command("plan", "Show the cluster that 'pulumi up' would create.");
        options.AddTo(command);
        var document = new DocumentOptions(command, "Write the whole plan as JSON (hacluster.plan/1) to this file, or to standard output without one. Secrets are withheld.");
        command.SetAction((parsed, token) => RunAsync(options.Read(parsed), document.Read(parsed), terminals, token));
        return command;
    }

    /// <param name="proves">Whether to run the proof as well, whose verdict is then the exit code of a plan that is not refused.</param>
    public static async Task<int> RunAsync(
        StackChoice choice, OutputFile json, Terminals terminals, CancellationToken cancellationToken, bool proves = false)
    {
        var run = StackRun.Prepare(choice);
        // A mistyped policy is reported before the run, not after it.
        _ = PolicySettings.Read(run.Settings);
        var result = await RunProgress.WatchAsync(terminals.Error, run, cancellationToken);
        if (result.Outcome != ProgramOutcome.Succeeded)
            return FailureView.Show(terminals.Error, run, result);
        // Refuses objectives for workloads that do not exist.
        var cluster = ClusterModelReader.Of(result.Graph, run.Settings);
        if (QuotaCheck.Shortfalls(cluster) is { Count: > 0 } shortfalls)
            return FailureView.Refuse(terminals.Error, run, shortfalls);
        var plan = Plan.Of(result.Graph, cluster, run.Settings, result.Elapsed);
        terminals.StrictProblems.Warn(plan.Warnings);
        terminals.StrictProblems.NotUnderstood(plan.Policies.Where(policy => policy.Status == PolicyStatus.Incomplete).Select(policy => $"policy {policy.Id} is incomplete"));
        json.Write(terminals, stream => PlanDocumentWriter.Write(stream, new PlanDocument(plan.Graph, plan.Warnings) { Policies = plan.Policies, FirstUp = plan.FirstUp }));
        if (!json.IsStandardOutput)
        {
            PlanView.Show(terminals.Out, plan);
            json.Mention(terminals.Out);
        }

        var refused = PolicyView.Refuse(terminals.Error, run, plan.Policies, isShown: !json.IsStandardOutput);
        if (!proves || refused != ExitCode.Success)
            return refused;
        var report = await ProveCommand.ProveAsync(cluster, new ProofOptions { FixTime = TimeSpan.Zero }, terminals, cancellationToken);
        ProofView.ShowVerdict(terminals.Out, report);
        if (!report.Holds || !report.IsComplete)
            terminals.Out.WriteRaw($"ha prove --stack {run.Request.Stack} shows them, and how to fix each");
        return ProveCommand.Answer(report, acceptsIncomplete: false);
    }
}
