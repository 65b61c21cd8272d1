using HaCluster.Simulation.Scheduling.Counting;

namespace HaCluster.Simulation.Scheduling.Scoring;

/// <summary>
/// Constraints of topology spread with <c>ScheduleAnyway</c>, or those of the cluster for pods that have none: domains with fewer pods are better. Mirrors
/// https://github.com/kubernetes/kubernetes/blob/v1.35.0/pkg/scheduler/framework/plugins/podtopologyspread/scoring.go; weight 2.
/// </summary>
internal sealed class PreferredSpread : INodeScore
{
    private const int Weight = 2;
    private const long Ignored = -1;

    private readonly DomainViews _views = new();
    private readonly Scratch<long> _scores = new();
    private readonly Scratch<double> _sums = new();
    private int[] _seen = [];
    private int _round;

    public void AddTo(Span<long> totals, ReadOnlySpan<int> nodes, in SchedulingCycle cycle)
    {
        // Constraints of the cluster do not ask for all keys: a node without a zone may still be chosen for its host.
        var own = cycle.Template.PreferredSpread;
        var (rules, needsAllKeys) = own.IsEmpty && cycle.Options.DefaultSpread ? (cycle.Template.DefaultSpread, false) : (own, true);
        if (rules.IsEmpty)
            return;
        _views.Clear();
        foreach (var rule in rules)
            _views.Add(cycle.State, rule.Counter);
        var scores = _scores.Take(nodes.Length);
        var sums = _sums.Take(nodes.Length);
        for (var at = 0; at < nodes.Length; at++)
            scores[at] = needsAllKeys && !HasAllKeys(nodes[at]) ? Ignored : 0;
        sums.Clear();
        for (var at = 0; at < rules.Length; at++)
            Sum(sums, nodes, _views[at], rules[at].MaxSkew, Math.Log(DomainsOf(_views[at], nodes, scores) + 2));
        for (var at = 0; at < nodes.Length; at++)
            scores[at] = scores[at] == Ignored ? Ignored : (long)Math.Round(sums[at], MidpointRounding.AwayFromZero);
        AddNormalised(totals, scores);
    }

    private static void Sum(Span<double> sums, ReadOnlySpan<int> nodes, DomainView view, int maxSkew, double weight)
    {
        var domains = view.Domains;
        var amounts = view.Amounts;
        for (var at = 0; at < nodes.Length; at++)
        {
            if (domains[nodes[at]] is var domain and >= 0)
                sums[at] += (amounts[domain] * weight) + (maxSkew - 1);
        }
    }

    private static void AddNormalised(Span<long> totals, ReadOnlySpan<long> scores)
    {
        var (min, max) = (long.MaxValue, 0L);
        foreach (var score in scores)
        {
            if (score == Ignored)
                continue;
            min = Math.Min(min, score);
            max = Math.Max(max, score);
        }

        for (var at = 0; at < scores.Length; at++)
        {
            if (scores[at] != Ignored)
                totals[at] += Weight * (max == 0 ? Normalisation.MaxScore : Normalisation.MaxScore * (max + min - scores[at]) / max);
        }
    }

    private bool HasAllKeys(int node)
    {
        for (var at = 0; at < _views.Count; at++)
        {
            if (_views[at].DomainOf(node) < 0)
                return false;
        }

        return true;
    }

    /// <summary>How many different domains the nodes are in.</summary>
    private int DomainsOf(DomainView view, ReadOnlySpan<int> nodes, ReadOnlySpan<long> scores)
    {
        var count = 0;
        var domains = view.Domains;
        _round++;
        for (var at = 0; at < nodes.Length; at++)
        {
            if (scores[at] == Ignored)
                continue;

            // Nodes that lack the key are one domain more, as they are in kube-scheduler, whose map has an entry for "".
            var seat = domains[nodes[at]] + 1;
            if (seat >= _seen.Length)
                Array.Resize(ref _seen, Math.Max(seat + 1, _seen.Length * 2));
            if (_seen[seat] == _round)
                continue;
            _seen[seat] = _round;
            count++;
        }

        return count;
    }
}
