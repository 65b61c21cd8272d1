using System.Collections.Immutable;
using HaCluster.Planning.Proof.Disruptions;
using HaCluster.Planning.Proof.Invariants;
using HaCluster.Planning.Proof.Losses;
using HaCluster.Simulation.Model;
using HaCluster.Simulation.Running;
using HaCluster.Simulation.Scenarios;

namespace HaCluster.Planning.Proof.Checks;

/// <summary>One zone or one node is lost, and AWS launches no replacement.</summary>
internal sealed class LossCheck(ProofContext context, ScenarioCatalog catalog, ScenarioClass kind) : ICheck
{
    private readonly ServingAfterLoss _serving = new(context);
    private readonly ReplicaSeparation _apart = new(context, kind == ScenarioClass.ZoneLost ? Labels.Zone : Labels.Host);
    private readonly CapacityAfterLoss _room = new(context);
    private readonly WaitingVolumes _volumes = new(context);
    private readonly NetworkPaths _ways = new(context);
    private readonly QuorumKept _voters = new(context);
    private readonly DisruptionRunner _disruptions = new(context);

    public ScenarioClass Class => kind;

    public ClassResult Run()
    {
        var result = ClassResult.OfEach(Class, catalog.Of(Class), Try);
        ImmutableArray<string> preferred = kind == ScenarioClass.ZoneLost ? [.. ReplicaSeparation.OnlyPreferred(context)] : [];
        return preferred.IsEmpty ? result : result with
        {
            Notes = result.Notes.Add($"spread by a preferred rule only, which held in all of {SimulatedStarts.Number} simulated starts: {Wording.Some(preferred)}"),
        };
    }

    private Finding Try(Scenario scenario)
    {
        var outcome = context.Losses.Of(scenario.Loss);
        var recovery = _disruptions.Run(DisruptionOf(scenario), canLaunch: false);
        var violations = _serving.Of(scenario, outcome)
            .Concat(_apart.Of(scenario, outcome))
            .Concat(_room.Of(scenario, outcome))
            .Concat(_volumes.Of(scenario, outcome))
            .Concat(scenario is Scenario.ZoneLost lost ? [.. _ways.Of(scenario), .. _voters.OfZone(scenario, lost.Zone)] : [])
            .Concat(recovery.Late(scenario, context.Model.Objectives));
        return new Finding([.. violations], outcome.Moves.Count + (1000 * outcome.Stuck.Length), Summary(outcome, recovery), recovery.Slowest?.Total, Note(outcome));
    }

    private static Disruption DisruptionOf(Scenario scenario) => scenario is Scenario.ZoneLost lost
        ? new Disruption.ZoneLost(lost.Zone)
        : new Disruption.NodesLost(scenario.Loss.Nodes);

    private string Summary(LossOutcome outcome, DisruptionOutcome recovery)
    {
        var moved = outcome.Moves.Count == 0 ? "no pod is rescheduled" : $"{Wording.Count(outcome.Moves.Count, "pod")} {Wording.Verb(outcome.Moves.Count, "is", "are")} rescheduled";
        var back = recovery.Slowest is { } slowest ? $", the last ready after {Wording.Time(slowest.Total)} ({DisruptionOutcome.Phases(slowest)})" : "";
        return string.Join("; ", new[] { moved + back }.Concat(_volumes.Summaries(outcome).Take(1)));
    }

    private static string? Note(LossOutcome outcome)
    {
        var waiting = outcome.Stuck.Where(stuck => stuck.Pod.Workload.MayWait).Select(stuck => stuck.Pod.Workload.ToString()).Distinct().Order(StringComparer.Ordinal).ToImmutableArray();
        return waiting.IsEmpty ? null : $"waits by design while capacity is missing: {string.Join(", ", waiting)}";
    }
}
