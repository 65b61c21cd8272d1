using System.Collections.Immutable;

namespace HaCluster.Simulation.Model;

/// <summary>What a pod asks of a node, and how it behaves there.</summary>
public sealed record PodSpec
{
    /// <summary>In the order of the pod, those of the start first.</summary>
    public ImmutableArray<Container> Containers { get; init; } = [];

    /// <summary>As the scheduler counts them: containers and restartable init containers together, or the largest other init container; with overhead.</summary>
    public Resources Requests { get; init; }

    /// <summary>
    /// What scoring takes them for: with 100m and 200Mi for each container that does not speak of cpu or memory. Null to do so for the pod as a whole, when it
    /// asks for nothing.
    /// </summary>
    public Resources? AssumedRequests { get; init; }

    /// <summary>Zero where there is none.</summary>
    public Resources Limits { get; init; }

    /// <summary>Every container has a memory limit: what leaks is stopped at it.</summary>
    public bool LimitsMemory { get; init; } = true;

    /// <summary>Every container has a limit for local disk: whoever fills it is evicted alone.</summary>
    public bool LimitsEphemeral { get; init; } = true;

    /// <summary>Amounts of anything else, such as <c>nvidia.com/gpu</c>.</summary>
    public ImmutableSortedDictionary<string, long> Extended { get; init; } = ImmutableSortedDictionary.Create<string, long>(StringComparer.Ordinal);

    public ImmutableSortedDictionary<string, string> Labels { get; init; } = Model.Labels.None;

    /// <summary>What the selectors of the Services that select it ask for, all together.</summary>
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

    /// <summary>Names of its <c>resourceClaims</c>: devices that are handed out by dynamic resource allocation, of which the model knows nothing.</summary>
    public ImmutableArray<string> ResourceClaims { get; init; } = [];

    /// <summary>It comes from an API server, which has admitted it.</summary>
    public bool IsAdmitted { get; init; }

    /// <summary>Requests and limits of cpu and memory (<c>limits.memory</c>) that a container leaves out, and the pod as a whole too.</summary>
    public ImmutableArray<string> Unstated { get; init; } = [];

    /// <summary>Why admission refuses pods like this one; null when it takes them.</summary>
    public string? Refused { get; init; }

    /// <summary>From the request to end to the kill.</summary>
    public TimeSpan GracePeriod { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>From being placed to being ready, with the image on the node: an assumption, stated with every proof.</summary>
    public TimeSpan StartsWithin { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary><c>activeDeadlineSeconds</c> is set: it does not run without end.</summary>
    public bool HasDeadline { get; init; }

    /// <summary>No container asks for cpu or memory, or is limited in either.</summary>
    public bool IsBestEffort => Requests is { MilliCpu: 0, MemoryBytes: 0 } && Limits is { MilliCpu: 0, MemoryBytes: 0 };

    /// <summary>Who places it; null for kube-scheduler.</summary>
    public string? OtherScheduler { get; init; }

    /// <summary>Names of its <c>schedulingGates</c>: until they are gone nobody places it.</summary>
    public ImmutableArray<string> Gates { get; init; } = [];

    /// <summary>Already placed by whoever made the pod; null for the scheduler's choice.</summary>
    public string? NodeName { get; init; }

    /// <summary>Another pod's placement may be what it waits for.</summary>
    public bool LooksAtOthers => !Affinity.Near.IsEmpty || Spread.Any(spread => spread.IsRequired);
}
