using System.Runtime.CompilerServices;
using HaCluster.Simulation.Scheduling.Counting;

namespace HaCluster.Simulation.Scheduling.Filtering;

/// <summary>
/// Constraints of topology spread with <c>DoNotSchedule</c>: pods in the domain, with the new one, may exceed those of the emptiest
/// domain by
/// <c>maxSkew</c> at most. Mirrors
/// https://github.com/kubernetes/kubernetes/blob/v1.35.0/pkg/scheduler/framework/plugins/podtopologyspread/filtering.go.
/// </summary>
internal sealed class PodTopologySpread : INodeFilter
{
    private readonly DomainViews _views = new();

    public bool Prepare(in SchedulingCycle cycle)
    {
        _views.Clear();
        foreach (var rule in cycle.Template.RequiredSpread)
        {
            var view = _views.Add(cycle.State, rule.Counter);
            view.Limit = LimitOf(rule, cycle.State);
        }

        return _views.Count > 0;
    }

    public bool Passes(int node)
    {
        for (var at = 0; at < _views.Count; at++)
        {
            var view = _views[at];
            if (view.DomainOf(node) is not (var domain and >= 0) || view[domain] > view.Limit)
                return false;
        }

        return true;
    }

    [MethodImpl(HotPath.Options)]
    public int Keep(Span<int> nodes)
    {
        for (var at = 0; at < _views.Count; at++)
        {
            var domains = _views[at].Domains;
            var amounts = _views[at].Amounts;
            var (kept, limit) = (0, _views[at].Limit);
            foreach (var node in nodes)
            {
                if (domains[node] is var domain and >= 0 && amounts[domain] <= limit)
                    nodes[kept++] = node;
            }

            nodes = nodes[..kept];
        }

        return nodes.Length;
    }

    public void Explain(int node, Refusals refusals)
    {
        if (IsFinal(node))
            refusals.Add(FilterReason.SpreadLabelMissing, "node(s) didn't match pod topology spread constraints (missing required label)");
        else
            refusals.Add(FilterReason.Spread, "node(s) didn't match pod topology spread constraints");
    }

    /// <summary>Whether the first violated constraint is violated because of a missing label.</summary>
    public bool IsFinal(int node)
    {
        for (var at = 0; at < _views.Count; at++)
        {
            var view = _views[at];
            if (view.DomainOf(node) is not (var domain and >= 0))
                return true;
            if (view[domain] > view.Limit)
                return false;
        }

        return false;
    }

    /// <summary>Pods that a domain may have before the new one comes.</summary>
    private static int LimitOf(SpreadRule rule, ClusterState state)
    {
        var domains = state.NodesOf(rule.Scope).Domains;
        var fewest = domains < rule.MinDomains ? 0 : state.CountsOf(rule.Counter).Min(domains);
        return rule.MaxSkew - rule.SelfMatch + fewest;
    }
}
