using HaCluster.Planning.Proof.Report;
using HaCluster.Simulation.Model;
using HaCluster.Simulation.Running;
using HaCluster.Simulation.Scenarios;
using HaCluster.Simulation.Scheduling;

namespace HaCluster.Planning.Proof.Checks;

/// <summary>
/// Each workload gets a new version, and each zone is lost when that is over. What a zone then holds is looked up in the rollout that was played, and worked
/// out for the worst order in which pods may come and go: the loss must leave what the objective asks for, and what a required spread rule promises.
/// </summary>
internal sealed class UpdateThenLossCheck(ProofContext context, ScenarioCatalog catalog) : ICheck
{
    /// <summary>Longer than anything that ends by itself takes.</summary>
    private static readonly TimeSpan Horizon = TimeSpan.FromHours(3);

    private (Workload Workload, Aftermath Aftermath)? _last;

    public ScenarioClass Class => ScenarioClass.UpdatedThenZoneLost;

    public ClassResult Run() => ClassResult.OfEach(Class, catalog.Of(Class), Try);

    private Finding Try(Scenario scenario)
    {
        var (workload, zone) = (Scenario.UpdatedThenZoneLost)scenario;
        // The catalog goes through the zones of one workload after the other.
        if (_last?.Workload != workload)
            _last = (workload, AftermathOf(workload));
        var after = _last.Value.Aftermath;
        if (after.Running is not { } running)
            return new Finding([], 0, "it is not whole before, or its update does not end");
        var inZone = Math.Max(running.GetValueOrDefault(zone), after.AtWorst);
        var left = Math.Max(0, workload.Replicas - inZone);
        var needed = Math.Max(workload.MinServing, after.Promised);
        var story = $"{left} of {Wording.Count(workload.Replicas, "replica")} {Wording.Verb(left, "is", "are")} left";
        return left >= needed
            ? new Finding([], -left, story)
            : new Finding([new Violation(Invariant.Serving, scenario, workload.Id, Text(workload, zone, inZone, left, after))], workload.Replicas - left, story);
    }

    private static string Text(Workload workload, string zone, int inZone, int left, Aftermath after)
    {
        var release = $"after an update {inZone} of its {Wording.Count(workload.Replicas, "replica")} may be in {Wording.Zone(zone)}, whose loss leaves {left}";
        var objective = left < workload.MinServing
            ? $"objective {workload.MinServing} ({workload.ServingReason})"
            : $"its spread rule promises {after.Promised}";
        return after.CountsOld
            ? $"{release}; {objective}: the rule counts the pods that the update is about to end; add matchLabelKeys: [{PodFactory.RevisionLabel(workload.Kind)}] to it"
            : $"{release}; {objective}";
    }

    private Aftermath AftermathOf(Workload workload)
    {
        var domains = context.Nodes.Select(node => node.Node).Where(node => PodFactory.Suits(workload.Pods, node)).Select(node => node.Zone).Where(zone => zone.Length > 0).Distinct().Count();
        var fresh = Separation.Of(workload, Labels.Zone, domains);
        var worst = ReleaseSeparation.AtWorst(workload, Labels.Zone, domains, fresh);
        var isSpread = fresh.AtWorst < workload.Replicas;
        return new Aftermath(isSpread ? workload.Replicas - fresh.AtWorst : 0, isSpread ? worst : 0, worst > fresh.AtWorst, Play(workload));
    }

    /// <summary>Ready replicas by zone when the update is over; null when it does not end, or when not everything ran before: other checks say so.</summary>
    private Dictionary<string, int>? Play(Workload workload)
    {
        if (context.RunningOf(workload) < workload.Replicas)
            return null;
        var run = context.Rest.Fork(context.RunOptions);
        run.Apply(new Disruption.WorkloadUpdated(workload.Id));
        run.RunUntilQuiet(Horizon);
        return !run.Events.OfType<RunEvent.WorkloadUpdateEnded>().Any()
            ? null
            : run.State.Nodes.SelectMany(node => node.Pods, (node, pod) => (node.Node.Zone, pod)).Where(one => one.pod.Workload == workload)
                .CountBy(one => one.Zone).ToDictionary(StringComparer.Ordinal);
    }

    /// <param name="Promised">Replicas that the loss of any zone leaves, by the workload's rules; zero when no rule promises anything.</param>
    /// <param name="AtWorst">Replicas that one zone may hold after an update; zero when no rule says.</param>
    /// <param name="CountsOld">It is more than before because a rule counts old pods.</param>
    /// <param name="Running">See <see cref="Play"/>.</param>
    private sealed record Aftermath(int Promised, int AtWorst, bool CountsOld, Dictionary<string, int>? Running);
}
