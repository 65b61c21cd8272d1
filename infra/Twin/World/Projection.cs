using HaCluster.Simulation.Model;
using HaCluster.Simulation.Running;

namespace HaCluster.Twin.World;

/// <summary>Writes what the run does into the store, as the controllers and kubelets of a cluster would.</summary>
internal sealed class Projection
{
    private readonly World _world;
    private readonly Nodes _nodes;
    private readonly WorkloadObjects _workloads;
    private readonly Services _services;
    private readonly Budgets _budgets;
    private readonly Happenings _happenings;
    private bool _sawShift;

    public Projection(World world)
    {
        _world = world;
        _nodes = new Nodes(world);
        Volumes = new Volumes(world);
        _workloads = new WorkloadObjects(world, Volumes);
        _services = new Services(world);
        _budgets = new Budgets(world);
        _happenings = new Happenings(world);
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
        _budgets.Show(null);
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
            Volumes.Release();
            return;
        }

        _sawShift = isShifted;
        _nodes.Show();
        var namespaces = new HashSet<string>(StringComparer.Ordinal);
        foreach (var workload in changed)
        {
            if (_world.Records.Find(workload) is not { } record)
                continue;
            _workloads.Show(record);
            namespaces.Add(workload.Namespace);
        }

        Volumes.Release();
        _services.Show(namespaces);
        _budgets.Show(namespaces);
        _happenings.Show(events);
    }
}
