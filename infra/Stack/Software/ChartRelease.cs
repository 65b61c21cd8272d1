using System.Collections.Immutable;
using Pulumi;
using Pulumi.Kubernetes.Types.Inputs.Helm.V3;
using Kubernetes = Pulumi.Kubernetes;

namespace HaCluster.Stack.Software;

/// <summary>Input of <see cref="ChartRelease.Declare"/>.</summary>
public sealed record ChartReleaseArgs
{
    public required Chart Chart { get; init; }

    /// <summary>Name of the release in the cluster.</summary>
    public required string Name { get; init; }

    public required string Namespace { get; init; }

    /// <summary>Values, with the chart's own names; what is not given stays as the chart has it.</summary>
    public required Dictionary<string, object> Values { get; init; }

    public required Kubernetes.Provider Provider { get; init; }

    /// <summary>What must be there before it starts.</summary>
    public required ImmutableArray<Resource> After { get; init; }

    /// <summary>How long its pods may take to become ready.</summary>
    public int TimeoutSeconds { get; init; } = 600;
}

/// <summary>Installs charts, each in the same way: pinned, and rolled back when it does not become ready.</summary>
public static class ChartRelease
{
    /// <param name="name">Name of the Pulumi resource.</param>
    public static Kubernetes.Helm.V3.Release Declare(string name, ChartReleaseArgs args, Resource parent)
    {
        var release = new ReleaseArgs
        {
            Name = args.Name,
            Namespace = args.Namespace,
            Chart = args.Chart.Name,
            Version = args.Chart.Version,
            Atomic = true,
            Timeout = args.TimeoutSeconds,
            Values = args.Values,
        };
        if (args.Chart.Repository is { } repository)
            release.RepositoryOpts = new RepositoryOptsArgs { Repo = repository };
        return new Kubernetes.Helm.V3.Release(
            name, release, new CustomResourceOptions { Parent = parent, Provider = args.Provider, DependsOn = args.After });
    }
}

/// <summary>A Helm chart, pinned.</summary>
/// <param name="Name">Name in the repository; for an OCI registry the whole <c>oci://</c> address.</param>
/// <param name="Version">Version of the chart, not of what it installs.</param>
/// <param name="Repository">Address of the repository; null for an OCI registry.</param>
public sealed record Chart(string Name, string Version, string? Repository);
