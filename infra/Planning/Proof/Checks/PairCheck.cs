using System.Collections.Immutable;
using System.Globalization;
using HaCluster.Planning.Proof.Losses;
using HaCluster.Planning.Proof.Report;
using HaCluster.Simulation.Scenarios;

namespace HaCluster.Planning.Proof.Checks;

/// <summary>Every pair of nodes.</summary>
internal sealed class PairCheck(ProofContext context) : ICheck
{
    private readonly List<PairOutcome> _broken = [];
    private int _tried;
    private int _waiting;
    private PairOutcome? _worst;

    public ScenarioClass Class => ScenarioClass.NodePairLost;

    public ClassResult Run()
    {
        foreach (var outcome in new PairSweep(context.Losses, context.Nodes).Outcomes())
            Visit(outcome);
        var violations = _broken.SelectMany(Broken).ToImmutableArray();
        ImmutableArray<string> notes = _waiting == 0
            ? []
            : [string.Create(CultureInfo.InvariantCulture, $"two nodes lost: after {_waiting:N0} of {_tried:N0} pairs some pods wait for a new instance")];
        return new ClassResult(new ClassVerdict(Class, _tried, _broken.Count, Summary()), violations, notes);
    }

    private void Visit(PairOutcome outcome)
    {
        _tried++;
        _waiting += outcome.Stuck > 0 ? 1 : 0;
        if (Broken(outcome).Any())
            _broken.Add(outcome);
        if (_worst is null || Severity(outcome) > Severity(_worst))
            _worst = outcome;
    }

    private int Severity(PairOutcome outcome) => (100 * Pausing(outcome).Count()) + outcome.Stuck;

    private IEnumerable<string> Pausing(PairOutcome outcome) =>
        outcome.Displaced.Where(lost => DoubleLoss.Pauses(context, lost.Key, lost.Value)).Select(lost => lost.Key.ToString()).Order(StringComparer.Ordinal);

    private IEnumerable<Violation> Broken(PairOutcome outcome)
    {
        var scenario = ScenarioOf(outcome);
        return outcome.Displaced.Select(lost => DoubleLoss.Of(context, scenario, lost.Key, lost.Value)).OfType<Violation>();
    }

    private string Summary() => _worst is null ? "" : $"{ScenarioOf(_worst).Subject}: {DoubleLoss.Summary([.. Pausing(_worst)], _worst.Stuck)}";

    private static Scenario.NodePairLost ScenarioOf(PairOutcome outcome) => new(outcome.First.Node.Name, outcome.Second.Node.Name);
}
