using HaCluster.Planning.Proof.Disruptions;
using HaCluster.Planning.Proof.Invariants;
using HaCluster.Planning.Proof.Report;
using HaCluster.Simulation.Running;
using HaCluster.Simulation.Scenarios;

namespace HaCluster.Planning.Proof.Checks;

/// <summary>EKS replaces all nodes of a group, with a surge, under the budgets.</summary>
internal sealed class GroupUpdateCheck(ProofContext context, ScenarioCatalog catalog) : ICheck
{
    private readonly EvictionPossible _budgets = new(context);
    private readonly DisruptionRunner _disruptions = new(context);

    public ScenarioClass Class => ScenarioClass.GroupUpdated;

    public ClassResult Run() => ClassResult.OfEach(Class, catalog.Of(Class), Try);

    private Finding Try(Scenario scenario)
    {
        var outcome = _disruptions.Run(new Disruption.GroupUpdated(scenario.Subject), canLaunch: true);
        var violations = outcome.Short(scenario).ToList();
        var end = outcome.Events.OfType<RunEvent.GroupUpdateEnded>().FirstOrDefault();
        if (end is not { Failure: null })
        {
            var nodes = context.Nodes.Where(node => node.Node.Group == scenario.Subject).Select(node => node.Node.Name);
            var blocking = _budgets.Blocking(scenario, nodes).ToList();
            violations.AddRange(blocking.Count > 0 ? blocking :
            [
                new Violation(
                    Invariant.Eviction, Cause.DoesNotEnd, scenario, new Subject(SubjectKind.NodeGroup, scenario.Subject),
                    end?.Failure is { } failure ? $"the update fails: {failure}" : "the update does not complete"),
            ]);
        }

        return new Finding([.. violations], end?.At.TotalSeconds ?? double.MaxValue, end is { Failure: null } ? $"done after {Wording.Time(end.At)}" : "not done");
    }
}
