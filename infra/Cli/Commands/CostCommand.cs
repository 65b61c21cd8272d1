using System.CommandLine;
using HaCluster.Cli.Running;
using HaCluster.Cli.Terminal;
using HaCluster.Cli.Views;
using HaCluster.Engine;
using HaCluster.Planning.Capacity;
using HaCluster.Planning.Costs.Differences;
using HaCluster.Planning.Costs.Documents;
using HaCluster.Planning.Costs.Estimates;
using HaCluster.Planning.Costs.Prices;
using HaCluster.Planning.Costs.Usage;
using HaCluster.Planning.Modelling;

namespace HaCluster.Cli.Commands;

/// <summary><c>ha cost</c>: the monthly cost of the plan by component and redundancy measure, and the difference from another plan.</summary>
internal static class CostCommand
{
    public static Command Create(StackOptions options, Terminals terminals)
    {
        var against = new Option<string?>("--against")
        {
            Description = "Show the difference from another plan: a file written by 'ha plan --json', or the name of a stack.",
            HelpName = StackChoice.PlanOrStack,
        };
        var prices = new Option<string?>("--prices")
        {
            Description = $"Your own prices, as CSV lines of {PriceFile.Heading}. Each overrides the built-in price of its region and item.",
            HelpName = "FILE",
        };
        var assume = new Option<string[]>("--assume")
        {
            Description = "Override an assumed amount of usage, such as nat-gb=500; the output lists the names. May be repeated.",
            HelpName = "NAME=AMOUNT",
        };
        var command = new Command("cost", "Show what the stack costs per month, by component and by redundancy measure.");
        options.AddTo(command);
        var document = new DocumentOptions(command, "Write the estimate as JSON (hacluster.cost/1) to this file, or to standard output without one.");
        command.Options.Add(against);
        command.Options.Add(prices);
        command.Options.Add(assume);
        command.SetAction((parsed, token) => RunAsync(
            options.Read(parsed),
            new CostOptions(document.Read(parsed), parsed.GetValue(against), parsed.GetValue(prices), parsed.GetValue(assume) ?? []),
            terminals,
            token));
        return command;
    }

    private static async Task<int> RunAsync(StackChoice choice, CostOptions options, Terminals terminals, CancellationToken cancellationToken)
    {
        // Files are read before the program runs, so that a mistake in one is reported at once.
        var usage = UsageAssumptions.Parse(options.Assumptions);
        var prices = options.Prices is { } path ? PriceList.Default.With(PriceFile.ReadOwn(path)) : PriceList.Default;
        var recorded = options.Against is { } file && RecordedPlan.IsFile(file) ? RecordedPlan.Read(file, "--against ") : null;

        var (after, failure) = await EstimateAsync(choice, prices, usage, terminals, cancellationToken);
        if (after is null)
            return failure;
        CostDifference? difference = null;
        if (recorded is not null)
        {
            difference = new CostDifference(CostEstimate.Of(recorded, ClusterModelReader.Of(recorded), region: null, prices, usage), after);
        }
        else if (options.Against is { } stack)
        {
            var other = choice with { Stack = stack, SettingsPath = null };
            var (before, failed) = await EstimateAsync(other, prices, usage, terminals, cancellationToken);
            if (before is null)
                return failed;
            difference = new CostDifference(before, after);
        }

        terminals.StrictProblems.NotUnderstood(after.Unpriced.Select(unpriced => $"{unpriced.Component}, {unpriced.What}: {unpriced.Reason}"));
        Show(new CostDocument(after, difference), options.Json, terminals);
        return ExitCode.Success;
    }

    private static async Task<(CostEstimate? Estimate, int Failure)> EstimateAsync(
        StackChoice choice, PriceList prices, UsageAssumptions usage, Terminals terminals, CancellationToken cancellationToken)
    {
        var run = StackRun.Prepare(choice);
        var result = await RunProgress.WatchAsync(terminals.Error, run, cancellationToken);
        if (result.Outcome != ProgramOutcome.Succeeded)
            return (null, FailureView.Show(terminals.Error, run, result));
        var cluster = ClusterModelReader.Of(result.Graph, run.Settings);
        if (QuotaCheck.Shortfalls(cluster) is { Count: > 0 } shortfalls)
            return (null, FailureView.Refuse(terminals.Error, run, shortfalls));
        return (CostEstimate.Of(result.Graph, cluster, run.Settings.Config.GetValueOrDefault("aws:region"), prices, usage), ExitCode.Success);
    }

    private static void Show(CostDocument document, OutputFile json, Terminals terminals)
    {
        json.Write(terminals, stream => CostDocumentWriter.Write(stream, document));
        if (json.IsStandardOutput)
            return;
        if (document.Difference is { } difference)
            CostDifferenceView.Show(terminals.Out, difference);
        else
            CostView.Show(terminals.Out, document.Estimate);
        json.Mention(terminals.Out);
    }

    /// <summary>The options of the command besides the stack.</summary>
    private sealed record CostOptions(OutputFile Json, string? Against, string? Prices, IReadOnlyList<string> Assumptions);
}
