namespace HaCluster.Simulation.Scheduling.Counting;

/// <summary>The views for the current pod; reused for the next one.</summary>
internal sealed class DomainViews
{
    private readonly List<DomainView> _views = [];

    public int Count { get; private set; }

    public DomainView this[int index] => _views[index];

    public void Clear() => Count = 0;

    public DomainView Add(ClusterState state, Counter counter)
    {
        if (Count == _views.Count)
            _views.Add(new DomainView());
        var view = _views[Count++];
        view.Load(state.TopologyOf(counter.Key), state.CountsOf(counter));
        return view;
    }
}
