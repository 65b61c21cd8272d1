using HaCluster.Simulation.Model;
using HaCluster.Simulation.Scheduling;

namespace HaCluster.Simulation.Running;

/// <summary>
/// The workloads of a run and their pods. A copy shares them with its original; each clones a workload when it first requests it by
/// index, so that copies are cheap.
/// </summary>
internal sealed class WorkloadRuns
{
    private readonly WorkloadRun[] _all;
    private readonly Dictionary<Workload, int> _indexes;
    private bool[] _isOwn;

    public WorkloadRuns(IReadOnlyList<Workload> workloads)
    {
        _all = [.. workloads.Select((workload, index) => new WorkloadRun(workload, index))];
        _isOwn = [.. workloads.Select(_ => true)];
        _indexes = new Dictionary<Workload, int>(ReferenceEqualityComparer.Instance);
        foreach (var workload in _all)
            _indexes.Add(workload.Workload, workload.Index);
    }

    private WorkloadRuns(WorkloadRuns source)
    {
        _all = [.. source._all];
        _isOwn = new bool[_all.Length];
        _indexes = source._indexes;
    }

    /// <summary>Read-only: other runs may share them.</summary>
    public IReadOnlyList<WorkloadRun> ForReading => _all;

    /// <summary>May be changed by this run.</summary>
    public WorkloadRun this[int index]
    {
        get
        {
            if (!_isOwn[index])
                (_all[index], _isOwn[index]) = (_all[index].Clone(), true);
            return _all[index];
        }
    }

    /// <summary>False if it cannot have changed since the run was copied.</summary>
    public bool IsOwn(int index) => _isOwn[index];

    /// <summary>Null when it no longer exists.</summary>
    public PodRun? Find(Pod pod)
    {
        var index = _indexes[pod.Workload];
        var pods = _all[index].Pods;
        for (var at = 0; at < pods.Count; at++)
        {
            if (pods[at].Pod == pod)
                return this[index].Pods[at];
        }

        return null;
    }

    /// <summary>Several threads may copy the same run at once, as long as none changes it.</summary>
    public WorkloadRuns Clone()
    {
        _isOwn = new bool[_all.Length];
        return new WorkloadRuns(this);
    }
}
