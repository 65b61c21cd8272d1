using HaCluster.Simulation.Model;
using HaCluster.Simulation.Scheduling;

namespace HaCluster.Simulation.Running.State;

/// <summary>
/// The workloads of a run and their pods. Each identity (kind, namespace, name) has one place, its slot, also after it was deleted: one of the same name that
/// is created again finds the pods that are still ending. A copy shares the workloads with its original; each clones a workload when it first requests it by
/// slot, so that copies are cheap.
/// </summary>
internal sealed class WorkloadRuns
{
    private const byte Own = 1, Touched = 2;

    private WorkloadRun[] _all;
    private byte[] _marks;

    /// <summary>Replaced as a whole when a workload is added, because copies share it.</summary>
    private Dictionary<(string Kind, string Id), int> _slots;

    /// <exception cref="ArgumentException">Two have the same kind, namespace and name.</exception>
    public WorkloadRuns(IReadOnlyList<Workload> workloads)
    {
        _all = [.. workloads.Select((workload, slot) => new WorkloadRun(workload, slot))];
        _marks = new byte[_all.Length];
        Array.Fill(_marks, Own);
        _slots = new Dictionary<(string, string), int>(_all.Length);
        foreach (var run in _all)
        {
            if (!_slots.TryAdd(KeyOf(run.Workload), run.Index))
                throw new ArgumentException($"the model has {run.Workload.ObjectKind} {run.Workload.Id} twice; names must be unique", nameof(workloads));
        }
    }

    private WorkloadRuns(WorkloadRuns source)
    {
        _all = [.. source._all];
        _marks = new byte[_all.Length];
        _slots = source._slots;
    }

    /// <summary>Read-only: other runs may share them. Those that were deleted stay in it, without replicas.</summary>
    public IReadOnlyList<WorkloadRun> ForReading => _all;

    /// <summary>May be changed by this run.</summary>
    public WorkloadRun this[int slot]
    {
        get
        {
            if (_marks[slot] == (Own | Touched))
                return _all[slot];
            if ((_marks[slot] & Own) == 0)
                _all[slot] = _all[slot].Clone();
            _marks[slot] = Own | Touched;
            return _all[slot];
        }
    }

    /// <summary>False if it cannot have changed since the run was copied.</summary>
    public bool IsOwn(int slot) => (_marks[slot] & Own) != 0;

    /// <summary>Null for one that never existed.</summary>
    public int? SlotOf(string kind, string id) => _slots.TryGetValue((kind, id), out var slot) ? slot : null;

    public WorkloadRun Add(Workload workload)
    {
        var slot = _all.Length;
        _slots = new Dictionary<(string, string), int>(_slots) { { KeyOf(workload), slot } };
        _all = [.. _all, new WorkloadRun(workload, slot)];
        _marks = [.. _marks, Own | Touched];
        return _all[slot];
    }

    /// <summary>The slots of those that may have changed since the last call, in order.</summary>
    public List<int> TakeTouched()
    {
        var touched = new List<int>();
        for (var slot = 0; slot < _marks.Length; slot++)
        {
            if ((_marks[slot] & Touched) == 0)
                continue;
            _marks[slot] &= Own;
            touched.Add(slot);
        }

        return touched;
    }

    /// <summary>Null when it no longer exists.</summary>
    public PodRun? Find(Pod pod)
    {
        var slot = pod.Slot;
        var pods = _all[slot].Pods;
        for (var at = 0; at < pods.Count; at++)
        {
            if (pods[at].Pod == pod)
                return this[slot].Pods[at];
        }

        return null;
    }

    /// <summary>Several threads may copy the same run at once, as long as none changes it.</summary>
    public WorkloadRuns Clone()
    {
        var marks = new byte[_all.Length];
        for (var slot = 0; slot < marks.Length; slot++)
            marks[slot] = (byte)(_marks[slot] & Touched);
        _marks = marks;
        return new WorkloadRuns(this);
    }

    private static (string Kind, string Id) KeyOf(Workload workload) => (workload.ObjectKind, workload.Id);
}
