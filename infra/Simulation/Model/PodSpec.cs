using System.Collections.Immutable;

namespace HaCluster.Simulation.Model;

/// <summary>The scheduling requirements and runtime behaviour of a pod.</summary>
public sealed record PodSpec
{
    /// <summary>Init containers first, in the order of the pod.</summary>
    public ImmutableArray<Container> Containers { get; init; } = [];

    /// <summary>As the scheduler counts them: containers and sidecars together, or the largest init container; including overhead.</summary>
    public Resources Requests { get; init; }

    /// <summary>
    /// The requests for scoring: 100m and 200Mi for each container without cpu or memory requests. Null applies these to the pod as a whole, when it
    /// has no requests.
    /// </summary>
    public Resources? AssumedRequests { get; init; }

    /// <summary>Zero where there is none.</summary>
    public Resources Limits { get; init; }

    /// <summary>Whether every container has a memory limit, which stops a leak.</summary>
    public bool LimitsMemory { get; init; } = true;

    /// <summary>Whether every container has a limit for local disk, so that only a pod that exceeds it is evicted.</summary>
    public bool LimitsEphemeral { get; init; } = true;

    /// <summary>Amounts of anything else, such as <c>nvidia.com/gpu</c>.</summary>
    public ImmutableSortedDictionary<string, long> Extended { get; init; } = ImmutableSortedDictionary.Create<string, long>(StringComparer.Ordinal);

    public ImmutableSortedDictionary<string, string> Labels { get; init; } = Model.Labels.None;

    /// <summary>The combined requirements of the Services that select it.</summary>
    public ImmutableSortedDictionary<string, string> ServiceSelector { get; init; } = Model.Labels.None;

    public ImmutableSortedDictionary<string, string> NodeSelector { get; init; } = Model.Labels.None;

    public Affinity Affinity { get; init; } = Affinity.None;

    public ImmutableArray<TopologySpread> Spread { get; init; } = [];

    public ImmutableArray<Toleration> Tolerations { get; init; } = [];

    public ImmutableArray<HostPort> HostPorts { get; init; } = [];

    public ImmutableArray<VolumeClaim> Volumes { get; init; } = [];

    public int Priority { get; init; }

    /// <summary>Its own, or the cluster's default one; null without either.</summary>
    public string? PriorityClass { get; init; }

    /// <summary>False for <c>preemptionPolicy: Never</c>.</summary>
    public bool Preempts { get; init; } = true;

    /// <summary>Names of its <c>resourceClaims</c>: devices of dynamic resource allocation, which are not modelled.</summary>
    public ImmutableArray<string> ResourceClaims { get; init; } = [];

    /// <summary>Whether it comes from an API server, which has admitted it.</summary>
    public bool IsAdmitted { get; init; }

    /// <summary>Requests and limits of cpu and memory (<c>limits.memory</c>) that neither a container nor the pod as a whole sets.</summary>
    public ImmutableArray<string> Unstated { get; init; } = [];

    /// <summary>Why admission refuses pods like this one; null when it takes them.</summary>
    public string? Refused { get; init; }

    /// <summary>The time between SIGTERM and SIGKILL.</summary>
    public TimeSpan GracePeriod { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>From scheduled to ready, with the image on the node: an assumption, stated with every proof.</summary>
    public TimeSpan StartsWithin { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>A value of <see cref="StartsWithin"/>: it never becomes ready.</summary>
    public static readonly TimeSpan NeverStarts = Timeout.InfiniteTimeSpan;

    /// <summary>Whether <c>activeDeadlineSeconds</c> is set, so that it ends.</summary>
    public bool HasDeadline { get; init; }

    /// <summary>Whether no container has requests or limits of cpu or memory.</summary>
    public bool IsBestEffort => Requests is { MilliCpu: 0, MemoryBytes: 0 } && Limits is { MilliCpu: 0, MemoryBytes: 0 };

    /// <summary>Its scheduler; null for kube-scheduler.</summary>
    public string? OtherScheduler { get; init; }

    /// <summary>Names of its <c>schedulingGates</c>: it is not scheduled until they are removed.</summary>
    public ImmutableArray<string> Gates { get; init; } = [];

    /// <summary>The node set by the creator of the pod; null for the scheduler's choice.</summary>
    public string? NodeName { get; init; }

    /// <summary>Whether it may wait for the placement of another pod.</summary>
    public bool LooksAtOthers => !Affinity.Near.IsEmpty || Spread.Any(spread => spread.IsRequired);
}
