using HaCluster.Simulation.Model;
using HaCluster.Simulation.Scheduling;

namespace HaCluster.Simulation.Running.Status;

/// <summary>A pod object in a run, as the API shows it.</summary>
/// <param name="Pod">The same object as long as the pod exists.</param>
/// <param name="Revision">Of its workload's template.</param>
public sealed record PodStatus(Pod Pod, int Revision)
{
    public required PodStage Stage { get; init; }

    /// <summary>Null while it is not scheduled.</summary>
    public string? Node { get; init; }

    public string Zone { get; init; } = "";

    /// <summary>The API reports it ready, which it does for a while after its node failed.</summary>
    public bool IsReady { get; init; }

    /// <summary>It answers, and requests are sent to it: its node is up, and its zone is not shifted away.</summary>
    public bool IsServing { get; init; }

    /// <summary>It has been ready for the workload's minReadySeconds.</summary>
    public bool IsAvailable { get; init; }

    public bool IsTerminating { get; init; }

    /// <summary>Why it waits: the scheduler's words, or what holds its volume; null when it does not.</summary>
    public string? Reason { get; init; }

    /// <summary>The node where it waits for preempted pods to end; null for none.</summary>
    public string? Nominated { get; init; }
}

public enum PodStage
{
    /// <summary>No node yet.</summary>
    Waiting,

    /// <summary>On a node; its volume is not attached yet.</summary>
    Attaching,

    /// <summary>On a node and not ready.</summary>
    Starting,

    Running,
}

/// <summary>A ReplicaSet of a Deployment, or the revision of another workload.</summary>
/// <param name="Target">Replicas that it is to have.</param>
/// <param name="Pods">The declaration that it was made from.</param>
public sealed record RevisionStatus(int Revision, int Target, PodSpec Pods, bool IsCurrent);

/// <summary>A claim of a pod.</summary>
/// <param name="Zone">Of its volume; empty when every zone reaches it, null when it has none.</param>
/// <param name="Volume">The volume that existed before; null for one that was created for the claim.</param>
/// <param name="HeldBy">The node that it stays attached to without a pod; null for none.</param>
public sealed record ClaimStatus(string Namespace, string Name, VolumeClaim Request, string? Zone, PersistentVolume? Volume, string? HeldBy);

/// <summary>A node that stopped answering, or whose object was deleted.</summary>
/// <param name="IsMarked">The control plane has noticed.</param>
/// <param name="IsGone">Its object is deleted.</param>
public sealed record LostNode(Node Node, TimeSpan FailedAt, LostInstances Instance, bool IsMarked, bool IsGone);
