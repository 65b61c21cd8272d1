using System.Runtime.CompilerServices;
using HaCluster.Simulation.Scheduling.Counting;

namespace HaCluster.Simulation.Scheduling.Scoring;

/// <summary>
/// Preferred affinity and anti-affinity between pods: the preferences of the new pod and of running pods, and their required affinity.
/// Mirrors
/// https://github.com/kubernetes/kubernetes/blob/v1.35.0/pkg/scheduler/framework/plugins/interpodaffinity/scoring.go; weight 2.
/// </summary>
internal sealed class PreferredPodAffinity : INodeScore
{
    private const int Weight = 2;

    private readonly DomainView _view = new();
    private readonly Scratch<long> _scores = new();

    [MethodImpl(HotPath.Options)]
    public void AddTo(Span<long> totals, ReadOnlySpan<int> nodes, in SchedulingCycle cycle)
    {
        var template = cycle.Template;
        if (template.PreferredPods.IsEmpty && template.Group.PreferredBy.Length == 0)
            return;
        var scores = _scores.Take(nodes.Length);
        scores.Clear();
        foreach (var preferred in template.PreferredPods)
            Add(scores, nodes, cycle.State, preferred.Counter, preferred.Amount);
        foreach (var counter in template.Group.PreferredBy)
            Add(scores, nodes, cycle.State, counter, 1);
        var (min, max) = (long.MaxValue, long.MinValue);
        foreach (var score in scores)
        {
            min = Math.Min(min, score);
            max = Math.Max(max, score);
        }

        if (max == min)
            return;
        for (var at = 0; at < nodes.Length; at++)
            totals[at] += Weight * (long)(Normalisation.MaxScore * ((double)(scores[at] - min) / (max - min)));
    }

    [MethodImpl(HotPath.Options)]
    private void Add(Span<long> scores, ReadOnlySpan<int> nodes, ClusterState state, Counter counter, int weight)
    {
        var counts = state.CountsOf(counter);
        if (counts.Used == 0)
            return;
        _view.Load(state.TopologyOf(counter.Key), counts);
        var domains = _view.Domains;
        var amounts = _view.Amounts;
        for (var at = 0; at < nodes.Length; at++)
        {
            if (domains[nodes[at]] is var domain and >= 0)
                scores[at] += weight * amounts[domain];
        }
    }
}
