using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Diagnostics;
using HaCluster.Planning.Proof.Checks;
using HaCluster.Planning.Proof.Losses;
using HaCluster.Planning.Proof.Repairs;
using HaCluster.Planning.Proof.Report;
using HaCluster.Simulation.Model;
using HaCluster.Simulation.Scenarios;

namespace HaCluster.Planning.Proof;

/// <summary>Tries everything that can happen to a cluster, and says what breaks.</summary>
public static class Prover
{
    /// <param name="progress">Told from several threads at once.</param>
    public static ProofReport Prove(ClusterModel model, ProofOptions? options = null, IProgress<ProofProgress>? progress = null)
    {
        options ??= new ProofOptions();
        var clock = Stopwatch.StartNew();
        var context = new ProofContext(model, options);
        var results = Counted([.. Checks(context)], check => check.Run(), progress, isMending: false);
        var violations = Distinct(results.SelectMany(result => result.Violations));
        var repairs = new RepairSearch(model, options, violations);
        var seeksRepairs = options.SeeksRepairs && context.Nodes.Length <= options.MostNodesMended;
        return new ProofReport
        {
            Cluster = model,
            Nodes = context.Nodes.Length,
            Pods = context.Pods,
            Classes = [.. results.Select(result => result.Verdict)],
            SoughtRepairs = seeksRepairs,
            Violations = seeksRepairs ? Counted(violations, repairs.Mend, progress, isMending: true) : violations,
            Notes = [.. results.SelectMany(result => result.Notes)],
            Assumptions = ProofAssumptions.Of(context),
            Failover = FailoverStudy.Of(context),
            Elapsed = clock.Elapsed,
        };
    }

    /// <summary>Only what breaks, for a cluster that is tried out, as soon as it is found: whoever has seen enough stops asking.</summary>
    /// <param name="first">The class that is most likely to break.</param>
    internal static IEnumerable<Violation> Attempt(ClusterModel model, ProofOptions options, ScenarioClass first) =>
        Checks(new ProofContext(model, options)).OrderBy(check => check.Class != first).SelectMany(check => check.Run().Violations);

    /// <summary>Each is taken by the next core that is free; what comes of them stays in their order.</summary>
    private static ImmutableArray<TResult> Counted<T, TResult>(
        ImmutableArray<T> all, Func<T, TResult> work, IProgress<ProofProgress>? progress, bool isMending)
    {
        var done = 0;
        progress?.Report(new ProofProgress(isMending, done, all.Length));
        return
        [
            .. Partitioner.Create(all, EnumerablePartitionerOptions.NoBuffering).AsParallel().AsOrdered().Select(one =>
            {
                var result = work(one);
                progress?.Report(new ProofProgress(isMending, Interlocked.Increment(ref done), all.Length));
                return result;
            }),
        ];
    }

    private static IEnumerable<ICheck> Checks(ProofContext context)
    {
        var catalog = new ScenarioCatalog(context.Model, [.. context.Nodes.Select(node => node.Node)]);
        yield return new RestCheck(context, catalog);
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

    /// <summary>Of one invariant broken for one subject the smallest event is kept; the others are named.</summary>
    private static ImmutableArray<Violation> Distinct(IEnumerable<Violation> violations) =>
    [
        .. violations.GroupBy(violation => (violation.Invariant, violation.Subject))
            .Select(group => group.OrderBy(violation => SizeOf(violation.Scenario)).First() with
            {
                AlsoIn = [.. group.OrderBy(violation => SizeOf(violation.Scenario)).Select(violation => violation.Scenario.Subject).Distinct().Skip(1)],
            })
            .OrderBy(violation => violation.Invariant).ThenBy(violation => violation.Subject, StringComparer.Ordinal),
    ];

    /// <summary>A machine before what is done on purpose, that before a zone, one thing before two.</summary>
    private static int SizeOf(Scenario scenario) => scenario.Class switch
    {
        ScenarioClass.AtRest => 0,
        ScenarioClass.NodeLost => 1,
        ScenarioClass.NodePairLost or ScenarioClass.ZoneAndNodeLost => 1000 + scenario.Loss.Nodes.Length,
        _ => 2 + scenario.Loss.Nodes.Length,
    };
}
