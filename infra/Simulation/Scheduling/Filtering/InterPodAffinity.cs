using HaCluster.Simulation.Scheduling.Counting;

namespace HaCluster.Simulation.Scheduling.Filtering;

/// <summary>
/// Required affinity and anti-affinity between pods, also that of the pods that run already. Mirrors
/// https://github.com/kubernetes/kubernetes/blob/v1.35.0/pkg/scheduler/framework/plugins/interpodaffinity/filtering.go.
/// </summary>
internal sealed class InterPodAffinity : INodeFilter
{
    private readonly DomainViews _near = new();
    private readonly DomainViews _apart = new();
    private readonly DomainViews _refusing = new();

    /// <summary>
    /// No pod matches all the terms yet, but the pod itself does: the first pod of such a group must be placed somewhere.
    /// </summary>
    private bool _isFirst;

    public bool Prepare(in SchedulingCycle cycle)
    {
        _near.Clear();
        _isFirst = cycle.Template.IsNearItself;
        foreach (var counter in cycle.Template.Near)
        {
            _near.Add(cycle.State, counter);
            _isFirst &= cycle.State.CountsOf(counter).Used == 0;
        }

        Load(_apart, cycle, cycle.Template.Apart.AsSpan());
        Load(_refusing, cycle, cycle.Template.Group.RefusedBy);
        return _near.Count + _apart.Count + _refusing.Count > 0;
    }

    public bool Passes(int node) => IsNear(node) && IsApart(_apart, node) && IsApart(_refusing, node);

    public void Explain(int node, Refusals refusals)
    {
        if (!IsNear(node))
            refusals.Add(FilterReason.PodAffinity, "node(s) didn't match pod affinity rules");
        else if (!IsApart(_apart, node))
            refusals.Add(FilterReason.PodAntiAffinity, "node(s) didn't match pod anti-affinity rules");
        else
            refusals.Add(FilterReason.ExistingAntiAffinity, "node(s) didn't satisfy existing pods anti-affinity rules");
    }

    public bool IsFinal(int node) => !IsNear(node);

    /// <summary>Counters without any pod cannot refuse a node.</summary>
    private static void Load(DomainViews views, in SchedulingCycle cycle, ReadOnlySpan<Counter> counters)
    {
        views.Clear();
        foreach (var counter in counters)
        {
            if (cycle.State.CountsOf(counter).Used > 0)
                views.Add(cycle.State, counter);
        }
    }

    private bool IsNear(int node)
    {
        for (var at = 0; at < _near.Count; at++)
        {
            var view = _near[at];
            if (view.DomainOf(node) is not (var domain and >= 0) || (view[domain] <= 0 && !_isFirst))
                return false;
        }

        return true;
    }

    private static bool IsApart(DomainViews views, int node)
    {
        for (var at = 0; at < views.Count; at++)
        {
            var view = views[at];
            if (view.DomainOf(node) is var domain and >= 0 && view[domain] > 0)
                return false;
        }

        return true;
    }
}
