using HaCluster.Simulation.Model;
using HaCluster.Simulation.Scheduling;

namespace HaCluster.Planning.Proof.Losses;

/// <summary>The loss of one node, in a form that is quick to combine with another loss.</summary>
internal sealed class SingleLoss
{
    private readonly Dictionary<Workload, int> _displaced;
    private readonly Dictionary<Workload, HashSet<int>?> _ruled;
    private readonly Dictionary<int, Resources> _arrivals;
    private readonly Dictionary<int, int> _arrivalCounts;
    private readonly bool _isAloneInZone;

    private SingleLoss(NodeState node, LossOutcome outcome)
    {
        Node = node;
        Stuck = outcome.Stuck.Count(stuck => !stuck.Pod.Workload.MayWait);
        HasPreempted = outcome.Preempted > 0;
        _displaced = outcome.Displaced.Where(lost => lost.Key.Kind != WorkloadKind.Job).ToDictionary();
        var movesOf = outcome.Moves.ToLookup(move => move.Key.Workload, move => move.Value);
        _ruled = _displaced.Keys.Where(HasRequiredRule)
            .ToDictionary(workload => workload, workload => NeutralTargets(workload, [.. movesOf[workload]], node.Node.Zone));
        _arrivals = [];
        _arrivalCounts = [];
        foreach (var (pod, target) in outcome.Moves)
        {
            _arrivals[target.Index] = _arrivals.GetValueOrDefault(target.Index) + pod.Spec.Requests;
            _arrivalCounts[target.Index] = _arrivalCounts.GetValueOrDefault(target.Index) + 1;
        }

        FreeAfter = outcome.Moves.Select(move => move.Value).DistinctBy(target => target.Index)
            .ToDictionary(target => target.Index, target => (target.Free, Pods: target.Node.MaxPods - target.PodCount));
        _isAloneInZone = outcome.After.Nodes.Count(other => other.Node.Zone == node.Node.Zone) < 2;
    }

    public NodeState Node { get; }

    public int Stuck { get; }

    private bool HasPreempted { get; }

    /// <summary>By node index: free resources after the displaced pods have arrived.</summary>
    private Dictionary<int, (Resources Free, int Pods)> FreeAfter { get; }

    public static SingleLoss Of(NodeState node, LossOutcome outcome) => new(node, outcome);

    /// <summary>Replicas lost together, for workloads that lose some on both nodes, or have all on one of the two.</summary>
    public List<KeyValuePair<Workload, int>> DisplacedWith(SingleLoss other)
    {
        var both = new List<KeyValuePair<Workload, int>>();
        foreach (var (workload, lost) in _displaced)
        {
            if (other._displaced.TryGetValue(workload, out var more))
                both.Add(KeyValuePair.Create(workload, lost + more));
            else if (lost >= workload.Replicas)
                both.Add(KeyValuePair.Create(workload, lost));
        }

        foreach (var (workload, lost) in other._displaced)
        {
            if (lost >= workload.Replicas && !_displaced.ContainsKey(workload))
                both.Add(KeyValuePair.Create(workload, lost));
        }

        return both;
    }

    /// <summary>Whether neither loss changes the placement of the other's pods.</summary>
    public bool IsApartFrom(SingleLoss other)
    {
        if (HasPreempted || other.HasPreempted || _isAloneInZone || other._isAloneInZone
            || _arrivals.ContainsKey(other.Node.Index) || other._arrivals.ContainsKey(Node.Index) || !KeepsRulesWith(other))
            return false;
        foreach (var (target, amount) in other._arrivals)
        {
            if (FreeAfter.TryGetValue(target, out var left) && (!amount.FitsInto(left.Free) || other._arrivalCounts[target] > left.Pods))
                return false;
        }

        return true;
    }

    /// <summary>A workload under a required rule that loses replicas in both: they come back in the zones they were in, and on different nodes.</summary>
    private bool KeepsRulesWith(SingleLoss other)
    {
        foreach (var (workload, targets) in _ruled)
        {
            if (other._ruled.TryGetValue(workload, out var others) && (targets is null || others is null || targets.Overlaps(others)))
                return false;
        }

        return true;
    }

    /// <summary>Where its lost replicas went, if all stayed in their zone, so that the counts per zone are unchanged; otherwise null.</summary>
    private HashSet<int>? NeutralTargets(Workload workload, List<NodeState> targets, string zone) =>
        workload.Pods.Affinity.Near.IsEmpty && targets.Count == _displaced[workload] && targets.TrueForAll(target => target.Node.Zone == zone)
            ? [.. targets.Select(target => target.Index)]
            : null;

    private static bool HasRequiredRule(Workload workload) =>
        !workload.Pods.Affinity.Apart.IsEmpty || !workload.Pods.Affinity.Near.IsEmpty || !workload.Pods.HostPorts.IsEmpty
        || !workload.Pods.Volumes.IsEmpty || workload.Pods.Spread.Any(spread => spread.IsRequired);
}
