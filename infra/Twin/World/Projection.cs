using HaCluster.Twin.Kubernetes.Admission;

namespace HaCluster.Twin.World;

/// <summary>Writes what the run does into the store, as the controllers and kubelets of a cluster would.</summary>
internal sealed class Projection
{
    private readonly World _world;
    private readonly Nodes _nodes;
    private readonly WorkloadObjects _workloads;
    private readonly Services _services;
    private readonly DisruptionController _budgets;
    private readonly EventObjects _events;
    private bool _sawShift;

    public Projection(World world)
    {
        _world = world;
        _nodes = new Nodes(world);
        Volumes = new Volumes(world);
        _workloads = new WorkloadObjects(world, Volumes);
        _services = new Services(world);
        _budgets = new DisruptionController(world.Store);
        _events = new EventObjects(world);
    }

    public Volumes Volumes { get; }

    /// <summary>Everything, at the start.</summary>
    public void ShowAll()
    {
        _world.Run.TakeEvents();
        _world.Run.TakeChanged();
        _nodes.Show();
        foreach (var record in _world.Records.All.ToList())
            _workloads.Show(record);
        _services.Show(null);
        ShowBudgets(null);
    }

    /// <param name="namespaces">Those whose pods changed; null for all. Budgets that wait for pods to go are among them always.</param>
    private void ShowBudgets(HashSet<string>? namespaces)
    {
        foreach (var budget in _world.Store.List(_world.Store.Kinds["poddisruptionbudgets.policy"]).Items)
        {
            if ((namespaces is null || namespaces.Contains(budget.Namespace!) || DisruptionBudget.IsWaiting(budget)) && _budgets.Reconcile(budget) is { } written)
                _world.Records.Wrote(written);
        }
    }

    /// <summary>Deployments whose progress deadline has passed meanwhile.</summary>
    private void ShowLate()
    {
        foreach (var record in _world.Records.All.Where(record => record.Workload.ObjectKind == "Deployment" && record.CompletedRevision != record.CurrentRevision).ToList())
            _workloads.Show(record);
    }

    /// <summary>What changed since the last call.</summary>
    public void Show()
    {
        var run = _world.Run;
        var events = run.TakeEvents();
        var changed = run.TakeChanged();
        var isShifted = !run.ShiftedZones.IsEmpty;
        if (changed.IsEmpty && events.IsEmpty && isShifted == _sawShift)
        {
            ShowLate();
            ShowBudgets([]);
            Volumes.Release();
            return;
        }

        _sawShift = isShifted;
        _nodes.Show();
        var records = changed.Select(_world.Records.Find).OfType<WorkloadRecord>().Union(_workloads.Refused).ToList();
        // Pods that are gone make room in quotas for others.
        foreach (var record in records)
            _workloads.Remove(record);
        foreach (var record in records)
        {
            _workloads.Show(record);
            _world.Jobs.Show(record);
        }

        var namespaces = records.Select(record => record.Workload.Namespace).ToHashSet(StringComparer.Ordinal);

        Volumes.Release();
        _services.Show(namespaces);
        ShowBudgets(namespaces);
        _events.Show(events);
        _world.AnnounceChange();
    }
}
