using HaCluster.Planning.Proof.Invariants;
using HaCluster.Planning.Proof.Playing;
using HaCluster.Planning.Proof.Report;
using HaCluster.Simulation.Running;
using HaCluster.Simulation.Scenarios;

namespace HaCluster.Planning.Proof.Checks;

/// <summary>Each node drained under the disruption budgets.</summary>
internal sealed class DrainCheck(ProofContext context, ScenarioCatalog catalog) : ICheck
{
    /// <summary>What EKS gives pods to leave a node of a group that it updates; a person is not more patient.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(15);

    private readonly WayToEvict _budgets = new(context);
    private readonly Playback _playback = new(context);

    public ScenarioClass Class => ScenarioClass.NodeDrained;

    public ClassResult Run() => ClassResult.OfEach(Class, catalog.Of(Class), Try);

    private Finding Try(Scenario scenario)
    {
        var drained = (Scenario.NodeDrained)scenario;
        var blocked = _budgets.Of(drained).ToList();
        var played = _playback.Of(new Disruption.NodeDrained(drained.Node, Patience), canLaunch: true);
        var violations = blocked.Concat(played.Short(scenario)).ToList();
        var end = played.Events.OfType<RunEvent.DrainEnded>().FirstOrDefault();
        if (blocked.Count == 0 && end?.Left is { } left)
            violations.Add(new Violation(Invariant.Eviction, scenario, scenario.Subject, $"not empty after {Wording.Time(Patience)}: {left}"));
        var refused = played.Events.OfType<RunEvent.EvictionRefused>().Count();
        var story = end is { Left: null }
            ? $"empty after {Wording.Time(end.At)}{(refused > 0 ? $", {Wording.Count(refused, "eviction")} put off by budgets" : "")}"
            : "never empty";
        return new Finding([.. violations], end is { Left: null } ? end.At.TotalSeconds : double.MaxValue, story);
    }
}
