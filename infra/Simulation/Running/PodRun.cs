using System.Collections.Immutable;
using HaCluster.Simulation.Scheduling;

namespace HaCluster.Simulation.Running;

/// <summary>A pod object in a run.</summary>
internal sealed class PodRun(Pod pod, int workload, int revision, long sequence)
{
    public Pod Pod { get; } = pod;

    /// <summary>Index of its workload in <see cref="RunState.Workloads"/>.</summary>
    public int Workload { get; } = workload;

    /// <summary>Which template of its workload it was made from.</summary>
    public int Revision { get; } = revision;

    /// <summary>Older pods have smaller ones.</summary>
    public long Sequence { get; } = sequence;

    public PodPhase Phase { get; set; }

    /// <summary>Name of its node; kept when the node is gone.</summary>
    public string? Node { get; set; }

    public string Zone { get; set; } = "";

    /// <summary>The node that a daemon is made for.</summary>
    public string? Target { get; init; }

    /// <summary>It answers: its probe passes and its node is there.</summary>
    public bool IsReady { get; set; }

    /// <summary>The API says that it is ready, so endpoints list it and budgets count it: true for a while after its node died.</summary>
    public bool IsListed { get; set; }

    public bool IsAvailable { get; set; }

    /// <summary>Told to end; the object remains until the kubelet has ended it.</summary>
    public bool IsTerminating { get; set; }

    /// <summary>Its node no longer exists.</summary>
    public bool IsOrphan { get; set; }

    /// <summary>A quota counts it.</summary>
    public bool IsCharged { get; set; }

    public string? WaitReason { get; set; }

    /// <summary>Why no node took it when it was last tried.</summary>
    public ImmutableArray<RefusedNodes> Refusals { get; set; } = [];

    public int Attempts { get; set; }

    public TimeSpan RetryAt { get; set; }

    /// <summary>Value of <see cref="RunState.RoomVersion"/> when no node could take it.</summary>
    public int TriedAt { get; set; } = -1;

    /// <summary>Pods that are ending to make room for it.</summary>
    public ImmutableArray<Pod> Victims { get; set; } = [];

    /// <summary>The node that it waits for them on.</summary>
    public string? Nominated { get; set; }

    public Recovery? Recovery { get; set; }

    public PodRun Clone() => (PodRun)MemberwiseClone();

    public override string ToString() => Pod.ToString();
}
