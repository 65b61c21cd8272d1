using System.Collections.Immutable;
using HaCluster.Simulation.Model;
using HaCluster.Simulation.Scheduling;

namespace HaCluster.Simulation.Running.State;

/// <summary>A workload in a run: its pods and the memory of its controller.</summary>
internal sealed class WorkloadRun(Workload workload, int index)
{
    /// <summary>As it is declared now.</summary>
    public Workload Workload { get; set; } = workload;

    /// <summary>Its slot in <see cref="WorkloadRuns"/>.</summary>
    public int Index { get; } = index;

    /// <summary>Deleted: it has no controller, and its pods end.</summary>
    public bool IsDeleted { get; set; }

    /// <summary>Existing pod objects, including terminating ones, oldest first.</summary>
    public List<PodRun> Pods { get; private set; } = [];

    /// <summary>Template of new pods, with the label of its revision.</summary>
    public PodSpec Template { get; set; } = PodFactory.OfRevision(workload, workload.Pods, 0);

    public int Revision { get; set; }

    /// <summary>The highest revision so far: an update back to an earlier template has the revision of that.</summary>
    public int LastRevision { get; set; }

    /// <summary>During the update of a StatefulSet, the template and revision from before it.</summary>
    public PodSpec OldTemplate { get; set; } = workload.Pods;

    public int OldRevision { get; set; }

    /// <summary>The declared pods behind <see cref="OldTemplate"/>.</summary>
    public PodSpec OldPods { get; set; } = workload.Pods;

    public bool IsUpdating { get; set; }

    /// <summary>Whether the update in progress replaces every pod, as scenarios play it; otherwise <c>OnDelete</c> and the partition hold pods back.</summary>
    public bool IsFullUpdate { get; set; }

    /// <summary>The first ordinal that the update in progress reaches.</summary>
    public int FirstUpdated => IsFullUpdate ? 0 : Workload.Partition;

    /// <summary>Whether the update in progress waits for somebody to delete the old pods.</summary>
    public bool WaitsForDeletes => Workload.UpdatesOnDelete && !IsFullUpdate;

    /// <summary>Replicas of a Deployment's current ReplicaSet.</summary>
    public int NewTarget { get; set; } = workload.Replicas;

    /// <summary>A Deployment's earlier ReplicaSets, oldest first; they have replicas during an update only.</summary>
    public ImmutableArray<ReplicaSetRun> OldSets { get; set; } = [];

    /// <summary>Nodes without their DaemonSet pod.</summary>
    public List<string> NodesToFill { get; private set; } = [];

    /// <summary>The number of pods ever created, for names of DaemonSet pods.</summary>
    public int Made { get; set; }

    /// <summary>Pending recoveries without a replacement pod.</summary>
    public List<Recovery> Lost { get; private set; } = [];

    /// <summary>When its image is available on a node, by node name.</summary>
    public Dictionary<string, TimeSpan> Images { get; private set; } = new(StringComparer.Ordinal);

    /// <summary>Why the last pod was not created; null when it was.</summary>
    public string? Refusal { get; set; }

    public ServingHistory History { get; private set; } = new();

    public int Desired => Workload.Kind == WorkloadKind.DaemonSet ? Pods.Count(pod => !pod.IsOrphan) + NodesToFill.Count : Workload.Replicas;

    public WorkloadRun Clone()
    {
        var copy = (WorkloadRun)MemberwiseClone();
        copy.Pods = new List<PodRun>(Pods.Count);
        foreach (var pod in Pods)
            copy.Pods.Add(pod.Clone());
        copy.NodesToFill = [.. NodesToFill];
        copy.Lost = [.. Lost];
        copy.Images = new Dictionary<string, TimeSpan>(Images, StringComparer.Ordinal);
        copy.History = History.Clone();
        return copy;
    }
}
