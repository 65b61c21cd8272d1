using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Diagnostics;
using HaCluster.Planning.Proof.Checks;
using HaCluster.Planning.Proof.Fixes;
using HaCluster.Planning.Proof.Losses;
using HaCluster.Planning.Proof.Report;
using HaCluster.Simulation.Model;
using HaCluster.Simulation.Scenarios;

namespace HaCluster.Planning.Proof;

/// <summary>Tries all scenarios on a cluster and reports the violations.</summary>
public static class Prover
{
    /// <param name="progress">Called from several threads at once.</param>
    public static ProofReport Prove(ClusterModel model, ProofOptions? options = null, IProgress<ProofProgress>? progress = null)
    {
        options ??= new ProofOptions();
        var clock = Stopwatch.StartNew();
        var context = new ProofContext(model, options);
        var results = Counted([.. Checks(context)], check => check.Run(), progress, isFixing: false);
        var violations = Distinct(results.SelectMany(result => result.Violations).Select(context.WithRootCause));
        var report = new ProofReport
        {
            Cluster = model,
            Nodes = context.Nodes.Length,
            Pods = context.Pods,
            Classes = [.. results.Select(result => result.Verdict)],
            SoughtFixes = options.FixTime > TimeSpan.Zero,
            Violations = violations,
            Notes = [.. model.Notes.Select(note => $"{note.Subject}: {note.Text}"), .. results.SelectMany(result => result.Notes)],
            Assumptions = ProofAssumptions.Of(context),
            Failover = FailoverStudy.Of(context),
            Elapsed = clock.Elapsed,
        };
        return violations.IsEmpty || !report.SoughtFixes ? report : WithFixes(report, options, progress);
    }

    /// <summary>Yields only the violations of a candidate cluster, as soon as they are found, so that the caller can stop early.</summary>
    /// <param name="first">The class that is most likely to break.</param>
    /// <param name="onlyFirst">Try only that class.</param>
    internal static IEnumerable<Violation> Attempt(ClusterModel model, ProofOptions options, ScenarioClass first, bool onlyFirst, CancellationToken timeIsUp)
    {
        var context = new ProofContext(model, options);
        return Checks(context).OrderBy(check => check.Class != first).Take(onlyFirst ? 1 : int.MaxValue)
            .TakeWhile(_ => !timeIsUp.IsCancellationRequested)
            .SelectMany(check => check.Run().Violations).Select(context.WithRootCause);
    }

    private static ProofReport WithFixes(ProofReport report, ProofOptions options, IProgress<ProofProgress>? progress)
    {
        var clock = Stopwatch.StartNew();
        using var timer = new CancellationTokenSource(options.FixTime);
        var search = new FixSearch(report.Cluster, options, report.Violations, timer.Token);
        var found = Counted(report.Violations, search.Of, progress, isFixing: true);
        return report with
        {
            Fixes = search.Group(found),
            NotSearched = [.. found.Index().Where(one => one.Item.IsCutShort).Select(one => one.Index + 1)],
            FixElapsed = clock.Elapsed,
        };
    }

    /// <summary>Each check runs on the next free core; results keep the order of the checks.</summary>
    private static ImmutableArray<TResult> Counted<T, TResult>(
        ImmutableArray<T> all, Func<T, TResult> work, IProgress<ProofProgress>? progress, bool isFixing)
    {
        var done = 0;
        progress?.Report(new ProofProgress(isFixing, done, all.Length));
        return
        [
            .. Partitioner.Create(all, EnumerablePartitionerOptions.NoBuffering).AsParallel().AsOrdered().Select(one =>
            {
                var result = work(one);
                progress?.Report(new ProofProgress(isFixing, Interlocked.Increment(ref done), all.Length));
                return result;
            }),
        ];
    }

    private static IEnumerable<ICheck> Checks(ProofContext context)
    {
        var catalog = new ScenarioCatalog(context.Model, [.. context.Nodes.Select(node => node.Node)]);
        yield return new SteadyStateCheck(context, catalog);
        yield return new LossCheck(context, catalog, ScenarioClass.ZoneLost);
        yield return new LossCheck(context, catalog, ScenarioClass.NodeLost);
        yield return new PairCheck(context);
        yield return new ZoneAndNodeCheck(context, catalog);
        yield return new GroupLossCheck(context, catalog);
        yield return new NatCheck(context, catalog);
        yield return new WriterCheck(context, catalog);
        yield return new MasterCheck(catalog);
        yield return new ReplicaCheck(context, catalog);
        yield return new DrainCheck(context, catalog);
        yield return new GroupUpdateCheck(context, catalog);
        yield return new WorkloadUpdateCheck(context, catalog);
        yield return new UpdateThenLossCheck(context, catalog);
        yield return new ContainmentCheck(context, catalog, ScenarioClass.MemoryLeaked);
        yield return new ContainmentCheck(context, catalog, ScenarioClass.DiskFilled);
    }

    /// <summary>For each subject and cause the smallest scenario is kept; the others are listed.</summary>
    private static ImmutableArray<Violation> Distinct(IEnumerable<Violation> violations) =>
    [
        .. violations.GroupBy(violation => violation.Key).Select(group => group.OrderBy(violation => SizeOf(violation.Scenario)).ToList())
            .Select(group => group[0] with
            {
                AlsoIn = [.. group.Select(violation => violation.Scenario).DistinctBy(scenario => (scenario.Class, scenario.Subject)).Skip(1)],
            })
            .OrderBy(violation => violation.Invariant).ThenBy(violation => violation.Subject.Name, StringComparer.Ordinal).ThenBy(violation => violation.Cause),
    ];

    /// <summary>Node losses first, then planned work, then zone losses, then double losses.</summary>
    private static int SizeOf(Scenario scenario) => scenario.Class switch
    {
        ScenarioClass.SteadyState => 0,
        ScenarioClass.NodeLost => 1,
        ScenarioClass.NodePairLost or ScenarioClass.ZoneAndNodeLost => 1000 + scenario.Loss.Nodes.Length,
        _ => 2 + scenario.Loss.Nodes.Length,
    };
}
