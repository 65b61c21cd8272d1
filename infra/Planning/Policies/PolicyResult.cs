using System.Collections.Immutable;
using HaCluster.Engine.Graph;

namespace HaCluster.Planning.Policies;

/// <summary>The result of a policy in a plan; the texts are those of the <see cref="Policy"/>.</summary>
public sealed record PolicyResult
{
    public required string Id { get; init; }

    public required string Title { get; init; }

    public required PolicyStatus Status { get; init; }

    /// <summary>Why it is off, or why resources are exempted; null otherwise.</summary>
    public string? Reason { get; init; }

    public required string Why { get; init; }

    public required string Source { get; init; }

    public required string Fix { get; init; }

    /// <summary>Violations, also while it is off.</summary>
    public ImmutableArray<Violation> Violations { get; init; } = [];

    /// <summary>Violations that the settings exempt.</summary>
    public ImmutableArray<Violation> Exempted { get; init; } = [];

    /// <summary>Things that it could not inspect, each with its kind as the first word: <c>chart velero</c>.</summary>
    public ImmutableArray<string> NotInspected { get; init; } = [];
}

/// <summary>One resource that violates a policy.</summary>
/// <param name="Resource">The short type and the logical name: <c>Cluster postgresql</c>.</param>
/// <param name="Problem">The problem.</param>
public sealed record Violation(string Urn, string Resource, string Problem)
{
    internal static Violation Of(Finding.Violated finding) => new(finding.Resource.Urn, NameOf(finding.Resource), finding.Problem);

    internal static string NameOf(ResourceNode resource) => $"{resource.Type[(resource.Type.LastIndexOf(':') + 1)..]} {resource.Name}";
}
