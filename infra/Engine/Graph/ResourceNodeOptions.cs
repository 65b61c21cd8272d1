using System.Collections.Immutable;
using HaCluster.Engine.Values;

namespace HaCluster.Engine.Graph;

/// <summary>The resource options that travel with a registration; null and empty mean "not set".</summary>
public sealed record ResourceNodeOptions
{
    public static readonly ResourceNodeOptions None = new();

    public bool? Protect { get; init; }

    public bool? RetainOnDelete { get; init; }

    public bool? DeleteBeforeReplace { get; init; }

    public string? DeletedWith { get; init; }

    public string? ImportId { get; init; }

    public string? Version { get; init; }

    public string? PluginDownloadUrl { get; init; }

    public ImmutableArray<string> IgnoreChanges { get; init; } = [];

    public ImmutableArray<string> ReplaceOnChanges { get; init; } = [];

    /// <summary>URNs of resources whose replacement replaces this one too.</summary>
    public ImmutableArray<string> ReplaceWith { get; init; } = [];

    /// <summary>A value whose change replaces the resource.</summary>
    public PropertyValue? ReplacementTrigger { get; init; }

    /// <summary>Paths of properties whose differences are not shown.</summary>
    public ImmutableArray<string> HideDiffs { get; init; } = [];

    public ImmutableArray<string> AdditionalSecretOutputs { get; init; } = [];

    /// <summary>Former names, each as a URN or as <c>name=..;type=..;parent=..;project=..;stack=..</c> with the parts that were given; <c>parent=none</c> when there was none.</summary>
    public ImmutableArray<string> Aliases { get; init; } = [];

    /// <summary>Go durations by operation: <c>create</c>, <c>update</c>, <c>delete</c>, <c>read</c>.</summary>
    public ImmutableSortedDictionary<string, string> CustomTimeouts { get; init; } = ImmutableSortedDictionary<string, string>.Empty;
}
