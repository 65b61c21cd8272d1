using System.Collections.Immutable;
using HaCluster.Planning.Proof.Checks;
using HaCluster.Simulation.Model;
using HaCluster.Simulation.Scenarios;
using HaCluster.Simulation.Scheduling;

namespace HaCluster.Planning.Proof.Losses;

/// <summary>
/// Every pair of nodes lost at once, in either order. If the displaced pods of the two nodes go to different
/// nodes, or to nodes with room for both, and no rule connects them (replicas of one workload that come back in their own zone, on
/// different nodes, keep every rule), the two losses are independent and their outcomes
/// add up; only dependent pairs are scheduled again. The remaining replicas are counted for each pair in any case.
/// </summary>
internal sealed class PairSweep
{
    private readonly LossStudy _study;
    private readonly SingleLoss[] _singles;

    public PairSweep(LossStudy study, ImmutableArray<NodeState> nodes)
    {
        _study = study;
        _singles = [.. nodes.AsParallel().AsOrdered().Select(node => SingleLoss.Of(node, Alone(node)))];
    }

    /// <summary>In order of the nodes, the first of the pair before the second.</summary>
    public IEnumerable<PairOutcome> Outcomes() =>
        _singles.Select((one, at) => (one, at)).AsParallel().AsOrdered().SelectMany(entry => PairsOf(entry.one, entry.at));

    private IEnumerable<PairOutcome> PairsOf(SingleLoss one, int at)
    {
        var alone = new Lazy<LossOutcome>(() => Alone(one.Node));
        return _singles.Skip(at + 1).Select(other => Of(one, other, alone));
    }

    private LossOutcome Alone(NodeState node) => _study.Of(new Loss([], [node.Node.Name]));

    private PairOutcome Of(SingleLoss one, SingleLoss other, Lazy<LossOutcome> alone)
    {
        var displaced = one.DisplacedWith(other);
        var stuck = one.IsApartFrom(other) ? one.Stuck + other.Stuck : DoubleLoss.StuckIn(_study.Then(alone.Value, other.Node.Node.Name));
        return new PairOutcome(one.Node, other.Node, displaced, stuck);
    }
}

/// <summary>The outcome of losing two nodes.</summary>
/// <param name="Displaced">Replicas lost by workload, for workloads with replicas on both nodes or all on one.</param>
/// <param name="Stuck">Pods that wait for a new instance.</param>
internal sealed record PairOutcome(NodeState First, NodeState Second, IReadOnlyList<KeyValuePair<Workload, int>> Displaced, int Stuck);
