using HaCluster.Planning.Proof.Disruptions;
using HaCluster.Planning.Proof.Invariants;
using HaCluster.Planning.Proof.Report;
using HaCluster.Simulation.Running;
using HaCluster.Simulation.Scenarios;

namespace HaCluster.Planning.Proof.Checks;

/// <summary>Each node drained under the disruption budgets.</summary>
internal sealed class DrainCheck(ProofContext context, ScenarioCatalog catalog) : ICheck
{
    private readonly EvictionPossible _budgets = new(context);
    private readonly DisruptionRunner _disruptions = new(context);

    public ScenarioClass Class => ScenarioClass.NodeDrained;

    public ClassResult Run() => ClassResult.OfEach(Class, catalog.Of(Class), Try);

    private Finding Try(Scenario scenario)
    {
        var drained = (Scenario.NodeDrained)scenario;
        var broken = _budgets.Of(drained).ToList();
        var outcome = _disruptions.Run(new Disruption.NodeDrained(drained.Node, EvictionPossible.Timeout), canLaunch: true);
        var violations = broken.Concat(outcome.Short(scenario)).ToList();
        var end = outcome.Events.OfType<RunEvent.DrainEnded>().FirstOrDefault();
        if (end?.Left is { } left && broken.All(violation => violation.Cause is Cause.NoBudget or Cause.WideBudget))
        {
            var group = context.Nodes.Single(node => node.Node.Name == drained.Node).Node.Group ?? drained.Node;
            violations.Add(new Violation(
                Invariant.Eviction, Cause.DoesNotEnd, scenario, new Subject(SubjectKind.NodeGroup, group), $"{drained.Node} is not drained after {Wording.Time(EvictionPossible.Timeout)}: {left}"));
        }

        var refused = outcome.Events.OfType<RunEvent.EvictionRefused>().Count();
        var summary = end is { Left: null }
            ? $"drained after {Wording.Time(end.At)}{(refused > 0 ? $", {Wording.Count(refused, "eviction")} delayed by budgets" : "")}"
            : "never drained";
        return new Finding([.. violations], end is { Left: null } ? end.At.TotalSeconds : double.MaxValue, summary);
    }
}
