using HaCluster.Planning.Proof.Playing;
using HaCluster.Planning.Proof.Report;
using HaCluster.Simulation.Running;
using HaCluster.Simulation.Scenarios;

namespace HaCluster.Planning.Proof.Checks;

/// <summary>EKS replaces all machines of a group, with a surge, under the budgets.</summary>
internal sealed class GroupUpdateCheck(ProofContext context, ScenarioCatalog catalog) : ICheck
{
    private readonly Playback _playback = new(context);

    public ScenarioClass Class => ScenarioClass.GroupUpdated;

    public ClassResult Run() => ClassResult.OfEach(Class, catalog.Of(Class), Try);

    private Finding Try(Scenario scenario)
    {
        var played = _playback.Of(new Disruption.GroupUpdated(scenario.Subject), canLaunch: true);
        var violations = played.Short(scenario).ToList();
        var end = played.Events.OfType<RunEvent.GroupUpdateEnded>().FirstOrDefault();
        if (end?.Failure is { } failure)
            violations.Add(new Violation(Invariant.Eviction, scenario, scenario.Subject, $"the update fails: {failure}"));
        else if (end is null)
            violations.Add(new Violation(Invariant.Eviction, scenario, scenario.Subject, "the update does not end"));
        return new Finding([.. violations], end?.At.TotalSeconds ?? double.MaxValue, end is { Failure: null } ? $"done after {Wording.Time(end.At)}" : "not done");
    }
}
