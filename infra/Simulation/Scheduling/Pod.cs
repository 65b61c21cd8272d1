using HaCluster.Simulation.Model;
using HaCluster.Simulation.Scheduling.Counting;

namespace HaCluster.Simulation.Scheduling;

/// <summary>One pod of a workload. Identity counts: two pods are never equal.</summary>
/// <param name="ordinal">Number within the workload; for a StatefulSet the one in its name.</param>
/// <param name="name">Of a pod that exists; else it is named after the workload.</param>
public sealed class Pod(Workload workload, int ordinal, PodSpec spec, string? name = null)
{
    public Workload Workload { get; } = workload;

    public int Ordinal { get; } = ordinal;

    public PodSpec Spec { get; } = spec;

    public string Namespace => Workload.Namespace;

    public string Name { get; } = name is not null
        ? name
        : workload.Kind == WorkloadKind.Pod
        ? workload.Name
        : string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{workload.Name}-{ordinal}");

    /// <summary>What a cluster worked out about it; another cluster does so anew.</summary>
    internal PodTemplate? Template { get; set; }

    public override string ToString() => $"{Namespace}/{Name}";
}
