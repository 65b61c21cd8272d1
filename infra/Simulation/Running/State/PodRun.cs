using System.Collections.Immutable;
using HaCluster.Simulation.Running.Status;
using HaCluster.Simulation.Scheduling;

namespace HaCluster.Simulation.Running.State;

/// <summary>A pod object in a run.</summary>
internal sealed class PodRun(Pod pod, int workload, int revision, long sequence)
{
    public Pod Pod { get; } = pod;

    /// <summary>Index of its workload in <see cref="RunState.Workloads"/>.</summary>
    public int Workload { get; } = workload;

    /// <summary>The revision of its workload's template.</summary>
    public int Revision { get; } = revision;

    /// <summary>A number by age: older pods have smaller ones.</summary>
    public long Sequence { get; } = sequence;

    public PodStage Phase { get; set; }

    /// <summary>The name of its node; kept after the node is lost.</summary>
    public string? Node { get; set; }

    public string Zone { get; set; } = "";

    /// <summary>The target node of a DaemonSet pod.</summary>
    public string? Target { get; init; }

    /// <summary>Whether it serves: its probe passes and its node is up.</summary>
    public bool IsReady { get; set; }

    /// <summary>Whether the API reports it ready, so that endpoints list it and budgets count it: still true for a while after its node failed.</summary>
    public bool IsListed { get; set; }

    public bool IsAvailable { get; set; }

    /// <summary>Whether it is deleted; the object remains until the kubelet has ended it.</summary>
    public bool IsTerminating { get; set; }

    /// <summary>Whether its node no longer exists.</summary>
    public bool IsOrphan { get; set; }

    /// <summary>Whether a quota counts it.</summary>
    public bool IsCharged { get; set; }

    public string? WaitReason { get; set; }

    /// <summary>The reason of its last scheduling failure.</summary>
    public ImmutableArray<RefusedNodes> Refusals { get; set; } = [];

    public int Attempts { get; set; }

    public TimeSpan RetryAt { get; set; }

    /// <summary>Value of <see cref="RunState.RoomVersion"/> at its last scheduling failure.</summary>
    public int TriedAt { get; set; } = -1;

    /// <summary>Preempted pods that are still ending.</summary>
    public ImmutableArray<Pod> Victims { get; set; } = [];

    /// <summary>Its nominated node.</summary>
    public string? Nominated { get; set; }

    public Recovery? Recovery { get; set; }

    public PodRun Clone() => (PodRun)MemberwiseClone();

    public override string ToString() => Pod.ToString();
}

/// <summary>A volume that stays attached to the last node of its deleted pod until this time.</summary>
internal readonly record struct VolumeHold(string Node, TimeSpan FreeAt);
