using System.Collections.Immutable;
using HaCluster.Simulation.Scenarios;
using HaCluster.Simulation.Scheduling;

namespace HaCluster.Planning.Proof.Losses;

/// <summary>
/// Every pair of machines lost at once. A pair is the same in either order. Where the pods that each of the two would lose go to different
/// places, or to places with room for both, and no rule ties them together (replicas of one workload that come back in their own zone, on
/// different nodes, keep every rule), the two losses do not touch each other and their outcomes
/// simply add up; only pairs that touch are scheduled anew. What replicas are left is counted for each pair in any case.
/// </summary>
internal sealed class PairSweep
{
    private readonly LossStudy _study;
    private readonly ImmutableArray<NodeState> _nodes;
    private readonly SingleLoss[] _singles;

    public PairSweep(LossStudy study, ImmutableArray<NodeState> nodes)
    {
        _study = study;
        _nodes = nodes;
        _singles = [.. nodes.Select(node => SingleLoss.Of(node, study.Of(new Loss([], [node.Node.Name]))))];
    }

    /// <summary>Pairs that had to be scheduled anew.</summary>
    public int Touching { get; private set; }

    public IEnumerable<PairOutcome> Outcomes()
    {
        for (var first = 0; first < _nodes.Length; first++)
        {
            for (var second = first + 1; second < _nodes.Length; second++)
                yield return Of(first, second);
        }
    }

    private PairOutcome Of(int first, int second)
    {
        var (one, other) = (_singles[first], _singles[second]);
        var displaced = one.DisplacedWith(other);
        if (one.IsApartFrom(other))
            return new PairOutcome(one.Node, other.Node, displaced, one.Stuck + other.Stuck);
        Touching++;
        var outcome = _study.Of(new Loss([], [one.Node.Node.Name, other.Node.Node.Name]));
        return new PairOutcome(one.Node, other.Node, displaced, outcome.Stuck.Count(stuck => !Invariants.RoomToMove.MayWait(stuck.Pod.Workload)));
    }
}
