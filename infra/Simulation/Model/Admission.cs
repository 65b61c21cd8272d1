using System.Collections.Immutable;

namespace HaCluster.Simulation.Model;

/// <summary>A RuntimeClass, with the additions of admission to its pods (https://kubernetes.io/docs/concepts/containers/runtime-class/).</summary>
/// <param name="Overhead">Resources of the runtime besides the containers, in base units, by the names Kubernetes gives resources.</param>
/// <param name="NodeSelector">Labels of the nodes that have the runtime.</param>
/// <param name="Tolerations">Of the taints of those nodes.</param>
public sealed record RuntimeClass(
    string Name,
    ImmutableSortedDictionary<string, decimal> Overhead,
    ImmutableSortedDictionary<string, string> NodeSelector,
    ImmutableArray<Toleration> Tolerations);

public sealed record PriorityClass(string Name, int Value, bool IsDefault, bool Preempts);

/// <summary>Default requests and limits of containers, in base units, by the names Kubernetes gives them.</summary>
public sealed record ContainerDefault(
    string Namespace, ImmutableSortedDictionary<string, decimal> Requests, ImmutableSortedDictionary<string, decimal> Limits)
{
    /// <summary>Bounds of the namespace's limit ranges for pods and containers.</summary>
    public ImmutableArray<LimitBound> Bounds { get; init; } = [];
}

/// <summary>The bounds of a LimitRange for one resource, in base units.</summary>
/// <param name="IsOfPod">Of all containers of a pod together; else of each.</param>
/// <param name="MaxRatio">Of the limit to the request.</param>
public sealed record LimitBound(bool IsOfPod, string Resource, decimal? Min, decimal? Max, decimal? MaxRatio);
