using HaCluster.Planning.Proof.Report;
using HaCluster.Simulation.Model;
using HaCluster.Simulation.Running;
using HaCluster.Simulation.Scenarios;
using HaCluster.Simulation.Scheduling;

namespace HaCluster.Planning.Proof.Checks;

/// <summary>
/// Each workload is updated, then each zone is lost: the remaining replicas must meet the objective, and the promise of a required spread rule.
/// Under such a rule the worst order in which pods may start and end is computed (<see cref="ReleaseSeparation"/>), which no simulated rollout
/// can exceed; a preferred rule guarantees nothing, so the rollout is simulated to its end. Missing spread rules are reported by the loss checks.
/// Workloads from manifests are held to their objective only; a weaker spread after a release is a note.
/// </summary>
internal sealed class UpdateThenLossCheck(ProofContext context, ScenarioCatalog catalog) : ICheck
{
    /// <summary>Longer than any process that completes by itself.</summary>
    private static readonly TimeSpan Horizon = TimeSpan.FromHours(3);

    private (Workload Workload, Aftermath Aftermath)? _last;

    public ScenarioClass Class => ScenarioClass.UpdatedThenZoneLost;

    public ClassResult Run() => ClassResult.OfEach(Class, catalog.Of(Class), Try);

    private Finding Try(Scenario scenario)
    {
        var (workload, zone) = (Scenario.UpdatedThenZoneLost)scenario;
        // The catalog lists the zones of one workload after another.
        if (_last?.Workload != workload)
            _last = (workload, AftermathOf(workload));
        var after = _last.Value.Aftermath;
        if (after.InZone(zone) is not { } inZone)
            return new Finding([], double.NegativeInfinity, "not applicable: no rule spreads it, replicas are missing before the update, or its update does not end (other classes report that)");
        var left = Math.Max(0, workload.Replicas - inZone);
        var needed = workload.IsOfManifests ? workload.MinServing : Math.Max(workload.MinServing, after.Promised);
        var summary = $"{left} of {Wording.Count(workload.Replicas, "replica")} {Wording.Verb(left, "remains", "remain")}";
        return left >= needed
            ? new Finding([], -left, summary, Note: left < after.Promised ? NoteOf(workload, inZone) : null)
            : new Finding([new Violation(Invariant.Serving, CauseOf(after), scenario, Subject.Of(workload), Text(workload, zone, inZone, left, after))], workload.Replicas - left, summary);
    }

    private static string NoteOf(Workload workload, int inZone) =>
        $"after an update {inZone} of {Wording.Count(workload.Replicas, "replica")} of {workload} may be in one zone, because its spread rule counts old pods that the update "
        + $"terminates{(PodFactory.RevisionLabel(workload.Kind) is { } key ? $"; matchLabelKeys: [{key}] keeps them apart" : "")}";

    private static Cause CauseOf(Aftermath after) => after.CountsOld ? Cause.CountsOldPods : after.Promised > 0 ? Cause.NotKeptApart : Cause.PreferredOnly;

    private static string Text(Workload workload, string zone, int inZone, int left, Aftermath after)
    {
        var release = $"after an update {inZone} of its {Wording.Count(workload.Replicas, "replica")} may be in {Wording.Zone(zone)}, whose loss leaves {left}";
        var objective = left < workload.MinServing
            ? $"objective {workload.MinServing} ({workload.ServingReason})"
            : $"its spread rule promises {after.Promised}";
        return after.CountsOld
            ? $"{release}; {objective}: the rule counts old pods that the update terminates"
            : $"{release}; {objective}";
    }

    private Aftermath AftermathOf(Workload workload)
    {
        var domains = context.Nodes.Select(node => node.Node).Where(node => PodFactory.Suits(workload.Pods, node)).Select(node => node.Zone).Where(zone => zone.Length > 0).Distinct().Count();
        var fresh = Separation.Of(workload, Labels.Zone, domains);
        if (context.RunningOf(workload) < workload.Replicas)
            return new Aftermath(0, false, _ => null);
        if (fresh.AtWorst < workload.Replicas)
        {
            var worst = ReleaseSeparation.AtWorst(workload, Labels.Zone, domains, fresh);
            return new Aftermath(workload.Replicas - fresh.AtWorst, worst > fresh.AtWorst, _ => worst);
        }

        var held = fresh.IsPreferred ? Play(workload) : null;
        return new Aftermath(0, false, zone => held?.GetValueOrDefault(zone));
    }

    /// <summary>Replicas by zone after the update; null when it does not complete.</summary>
    private Dictionary<string, int>? Play(Workload workload)
    {
        var run = context.SteadyState.Fork(context.RunOptions);
        run.Apply(Disruption.WorkloadUpdated.Of(workload));
        run.RunUntilQuiet(Horizon);
        return !run.Events.OfType<RunEvent.WorkloadUpdateEnded>().Any()
            ? null
            : run.State.Nodes.SelectMany(node => node.Pods, (node, pod) => (node.Node.Zone, pod)).Where(one => one.pod.Workload == workload)
                .CountBy(one => one.Zone).ToDictionary(StringComparer.Ordinal);
    }

    /// <param name="Promised">Replicas that remain after the loss of any zone according to the workload's rules; zero without a rule that guarantees any.</param>
    /// <param name="CountsOld">A zone may hold more than before the update, because a rule counts old pods.</param>
    /// <param name="InZone">Replicas that a zone may hold after the update; null when that is not known.</param>
    private sealed record Aftermath(int Promised, bool CountsOld, Func<string, int?> InZone);
}
