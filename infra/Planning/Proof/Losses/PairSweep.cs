using System.Collections.Immutable;
using HaCluster.Simulation.Scenarios;
using HaCluster.Simulation.Scheduling;

namespace HaCluster.Planning.Proof.Losses;

/// <summary>
/// Every pair of machines lost at once. A pair is the same in either order. Where the pods that each of the two would lose go to different
/// places, or to places with room for both, and no rule ties them together, the two losses do not touch each other and their outcomes
/// simply add up; only pairs that touch are scheduled anew. What replicas are left is counted for each pair in any case.
/// </summary>
internal sealed class PairSweep
{
    private readonly LossStudy _study;
    private readonly ImmutableArray<NodeState> _nodes;
    private readonly SingleLoss[] _singles;
    private int _touching;

    public PairSweep(LossStudy study, ImmutableArray<NodeState> nodes)
    {
        _study = study;
        _nodes = nodes;
        _singles = new SingleLoss[nodes.Length];
        Parallel.For(0, nodes.Length, index => _singles[index] = SingleLoss.Of(nodes[index], study.Of(new Loss([], [nodes[index].Node.Name]))));
    }

    /// <summary>Pairs that had to be scheduled anew.</summary>
    public int Touching => _touching;

    /// <summary>Calls <paramref name="visit"/> once for each pair, from several threads.</summary>
    public void Run(Action<PairOutcome> visit) => Parallel.For(0, _nodes.Length, first =>
    {
        for (var second = first + 1; second < _nodes.Length; second++)
            visit(Of(first, second));
    });

    private PairOutcome Of(int first, int second)
    {
        var (one, other) = (_singles[first], _singles[second]);
        var displaced = one.DisplacedWith(other);
        if (one.IsApartFrom(other))
            return new PairOutcome(one.Node, other.Node, displaced, one.Stuck + other.Stuck);
        Interlocked.Increment(ref _touching);
        var outcome = _study.Of(new Loss([], [one.Node.Node.Name, other.Node.Node.Name]));
        return new PairOutcome(one.Node, other.Node, displaced, outcome.Stuck.Count(stuck => !Invariants.RoomToMove.MayWait(stuck.Pod.Workload)));
    }
}
