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
