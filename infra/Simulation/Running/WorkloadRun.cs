using HaCluster.Simulation.Model;
using HaCluster.Simulation.Scheduling;

namespace HaCluster.Simulation.Running;

/// <summary>A workload in a run: its pods and the memory of its controller.</summary>
internal sealed class WorkloadRun(Workload workload, int index)
{
    public Workload Workload { get; } = workload;

    public int Index { get; } = index;

    /// <summary>Existing pod objects, including terminating ones, oldest first.</summary>
    public List<PodRun> Pods { get; private set; } = [];

    /// <summary>Template of new pods, with the label of its revision.</summary>
    public PodSpec Template { get; set; } = PodFactory.OfRevision(workload, workload.Pods, 0);

    public PodSpec OldTemplate { get; set; } = workload.Pods;

    public int Revision { get; set; }

    public bool IsUpdating { get; set; }

    /// <summary>Replicas of a Deployment's current ReplicaSet.</summary>
    public int NewTarget { get; set; } = workload.Replicas;

    /// <summary>Replicas of the old ReplicaSet during an update.</summary>
    public int OldTarget { get; set; }

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
