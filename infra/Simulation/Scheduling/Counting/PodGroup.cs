using System.Collections.Immutable;

namespace HaCluster.Simulation.Scheduling.Counting;

/// <summary>Pods of one workload in one revision, regardless of further labels.</summary>
internal sealed class PodRevision
{
    public List<PodGroup> Groups { get; } = [];

    /// <summary>Count all of them.</summary>
    public List<Counter> Counters { get; } = [];
}

/// <summary>Pods that are equal for every selector: those of one workload in one revision.</summary>
internal sealed class PodGroup(int id, PodRevision revision, string @namespace, ImmutableSortedDictionary<string, string> labels)
{
    public int Id { get; } = id;

    public PodRevision Revision { get; } = revision;

    public string Namespace { get; } = @namespace;

    public ImmutableSortedDictionary<string, string> Labels { get; } = labels;

    /// <summary>The counters that its pods count in. Replaced as a whole when it grows, because a clone may be reading it.</summary>
    public Counter[] CountedBy { get; private set; } = [];

    /// <summary>Its pods cannot be placed where these count anything.</summary>
    public Counter[] RefusedBy { get; private set; } = [];

    /// <summary>Where these count anything, its pods are preferred, or avoided below zero.</summary>
    public Counter[] PreferredBy { get; private set; } = [];

    public void Count(Counter counter) => CountedBy = [.. CountedBy, counter];

    public void Refuse(Counter counter) => RefusedBy = [.. RefusedBy, counter];

    public void Prefer(Counter counter) => PreferredBy = [.. PreferredBy, counter];
}
