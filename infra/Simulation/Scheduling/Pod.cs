using HaCluster.Simulation.Model;
using HaCluster.Simulation.Scheduling.Counting;
using HaCluster.Simulation.Scheduling.Volumes;

namespace HaCluster.Simulation.Scheduling;

/// <summary>One pod of a workload. Compared by identity: two pods are never equal.</summary>
/// <param name="ordinal">Number within the workload; for a StatefulSet the one in its name.</param>
/// <param name="name">The name of an existing pod; others are named after the workload.</param>
public sealed class Pod(Workload workload, int ordinal, PodSpec spec, string? name = null)
{
    private static long _unnamed;

    private ClaimKey[]? _claims;

    public Workload Workload { get; } = workload;

    public int Ordinal { get; } = ordinal;

    public PodSpec Spec { get; } = spec;

    /// <summary>The place of its workload in a run, which keeps it; -1 for a pod outside of a run.</summary>
    internal int Slot { get; init; } = -1;

    public string Namespace => Workload.Namespace;

    public string Name { get; } = name is not null
        ? name
        : workload.Kind == WorkloadKind.Pod
        ? workload.Name
        : string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{workload.Name}-{ordinal}");

    /// <summary>Its claim objects, in the order of <see cref="PodSpec.Volumes"/>.</summary>
    internal ClaimKey[] Claims => _claims ?? Interlocked.CompareExchange(ref _claims, Spec.Volumes.IsEmpty ? [] : [.. Spec.Volumes.Select(Key)], null) ?? _claims;

    /// <summary>Cached data of one cluster; another cluster computes its own.</summary>
    internal PodTemplate? Template { get; set; }

    public override string ToString() => $"{Namespace}/{Name}";

    /// <summary>A replacement has the ordinal of the replaced pod here, but in a cluster not its name or ephemeral claims.</summary>
    private ClaimKey Key(VolumeClaim claim) => claim.Owner == ClaimOwner.Pod && name is null && Workload.Kind is (WorkloadKind.Deployment or WorkloadKind.Job)
        ? new ClaimKey(Namespace, string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Name}-{Interlocked.Increment(ref _unnamed)}-{claim.Name}"))
        : new ClaimKey(Namespace, claim.ObjectName(Name));
}
