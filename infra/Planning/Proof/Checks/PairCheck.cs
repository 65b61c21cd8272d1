using System.Collections.Immutable;
using System.Globalization;
using HaCluster.Planning.Proof.Losses;
using HaCluster.Planning.Proof.Report;
using HaCluster.Simulation.Scenarios;

namespace HaCluster.Planning.Proof.Checks;

/// <summary>Every pair of machines.</summary>
internal sealed class PairCheck(ProofContext context) : ICheck
{
    private readonly Lock _gate = new();
    private readonly List<PairOutcome> _broken = [];
    private int _tried;
    private int _waiting;
    private PairOutcome? _worst;

    public ClassResult Run()
    {
        new PairSweep(context.Losses, context.Nodes).Run(Visit);
        var violations = _broken.OrderBy(Order).SelectMany(Broken).ToImmutableArray();
        ImmutableArray<string> notes = _waiting == 0
            ? []
            : [string.Create(CultureInfo.InvariantCulture, $"two nodes lost: after {_waiting:N0} of {_tried:N0} pairs some pods wait for a new instance")];
        return new ClassResult(new ClassVerdict(ScenarioClass.NodePairLost, _tried, _broken.Count, Story()), violations, notes);
    }

    private void Visit(PairOutcome outcome)
    {
        var breaks = outcome.Displaced.Count > 0 && Broken(outcome).Any();
        lock (_gate)
        {
            _tried++;
            _waiting += outcome.Stuck > 0 ? 1 : 0;
            if (breaks)
                _broken.Add(outcome);
            if (_worst is null || Compare(outcome, _worst) > 0)
                _worst = outcome;
        }
    }

    /// <summary>Of equally hard ones the first, whichever thread came to it.</summary>
    private int Compare(PairOutcome one, PairOutcome other) =>
        Severity(one) != Severity(other) ? Severity(one).CompareTo(Severity(other)) : Order(other).CompareTo(Order(one));

    private static (int, int) Order(PairOutcome outcome) => (outcome.First.Index, outcome.Second.Index);

    private int Severity(PairOutcome outcome) => (100 * Pausing(outcome).Count()) + outcome.Stuck;

    private IEnumerable<string> Pausing(PairOutcome outcome) =>
        outcome.Displaced.Where(lost => DoubleLoss.Pauses(context, lost.Key, lost.Value)).Select(lost => lost.Key.Id).Order(StringComparer.Ordinal);

    private IEnumerable<Violation> Broken(PairOutcome outcome)
    {
        var scenario = ScenarioOf(outcome);
        return outcome.Displaced.Select(lost => DoubleLoss.Of(context, scenario, lost.Key, lost.Value)).OfType<Violation>();
    }

    private string Story() => _worst is null ? "" : $"{ScenarioOf(_worst).Subject}: {DoubleLoss.Story([.. Pausing(_worst)], _worst.Stuck)}";

    private static Scenario.NodePairLost ScenarioOf(PairOutcome outcome) => new(outcome.First.Node.Name, outcome.Second.Node.Name);
}
