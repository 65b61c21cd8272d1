using System.Collections.Immutable;

namespace HaCluster.Simulation.Model;

/// <summary>A container of a pod as it is after admission: with the defaults of its namespace.</summary>
/// <param name="Image">Null where the pod names none.</param>
/// <param name="Requests">In base units (cores, bytes, pieces), by the names Kubernetes gives them.</param>
/// <param name="Limits">Likewise; a resource without a limit is absent.</param>
public sealed record Container(
    string Name,
    string? Image,
    ContainerRole Role,
    ImmutableSortedDictionary<string, decimal> Requests,
    ImmutableSortedDictionary<string, decimal> Limits);

public enum ContainerRole
{
    Main,

    /// <summary>Runs to its end before the main containers start.</summary>
    Init,

    /// <summary>A native sidecar: an init container with <c>restartPolicy: Always</c>.</summary>
    Sidecar,
}

/// <summary>A host port. Two pods conflict on the same port and protocol, unless both name different addresses.</summary>
/// <param name="Address">"0.0.0.0" for all.</param>
public sealed record HostPort(int Port, string Protocol, string Address);
