using HaCluster.Simulation.Model;
using HaCluster.Twin.Storage;

namespace HaCluster.Twin.World;

/// <summary>What the world remembers of its workloads, and which writes are its own.</summary>
internal sealed class WorkloadRecords
{
    private readonly Dictionary<(string Kind, string Id), WorkloadRecord> _workloads = [];
    private readonly HashSet<long> _own = [];

    public IEnumerable<WorkloadRecord> All => _workloads.Values;

    public WorkloadRecord? Find(string kind, string id) => _workloads.GetValueOrDefault((kind, id));

    public WorkloadRecord? Find(Workload workload) => Find(workload.ObjectKind, workload.Id);

    public void Add(WorkloadRecord record) => _workloads[(record.Workload.ObjectKind, record.Id)] = record;

    public void Remove(WorkloadRecord record) => _workloads.Remove((record.Workload.ObjectKind, record.Id));

    /// <summary>A write of the world itself: it is not taken in again.</summary>
    public StoredObject Wrote(StoredObject written)
    {
        _own.Add(written.ResourceVersion);
        return written;
    }

    public bool IsOwn(WatchEvent change) => _own.Remove(change.ResourceVersion);
}
