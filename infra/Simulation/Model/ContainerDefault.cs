using System.Collections.Immutable;

namespace HaCluster.Simulation.Model;

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
