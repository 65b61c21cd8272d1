using System.Collections.Immutable;
using HaCluster.Engine.Values;

namespace HaCluster.Engine.Graph;

/// <summary>One registered (or read) resource: everything the program said about it, and what the engine answered.</summary>
public sealed record ResourceNode
{
    public required string Urn { get; init; }

    /// <summary>The type token, such as <c>aws:ec2/subnet:Subnet</c>.</summary>
    public required string Type { get; init; }

    /// <summary>The logical name, unique for the type under one parent.</summary>
    public required string Name { get; init; }

    /// <summary>Null only for the stack itself.</summary>
    public string? Parent { get; init; }

    /// <summary>True for a resource of a provider, false for a component.</summary>
    public required bool IsCustom { get; init; }

    /// <summary>True when the program read an existing resource instead of declaring one.</summary>
    public bool IsRead { get; init; }

    /// <summary>The id the engine answered with; null for components and, in a preview, while unknown.</summary>
    public string? Id { get; init; }

    public required ImmutableSortedDictionary<string, PropertyValue> Inputs { get; init; }

    /// <summary>The state the engine answered with, or the outputs a component registered.</summary>
    public ImmutableSortedDictionary<string, PropertyValue> Outputs { get; init; } = ImmutableSortedDictionary<string, PropertyValue>.Empty;

    /// <summary>URNs, sorted.</summary>
    public ImmutableArray<string> Dependencies { get; init; } = [];

    /// <summary>URNs by input property, sorted; a property without dependencies has an empty entry.</summary>
    public ImmutableSortedDictionary<string, ImmutableArray<string>> PropertyDependencies { get; init; } =
        ImmutableSortedDictionary<string, ImmutableArray<string>>.Empty;

    /// <summary>The explicit or inherited provider, as <c>urn::id</c>; null for the default one.</summary>
    public string? Provider { get; init; }

    public ResourceNodeOptions Options { get; init; } = ResourceNodeOptions.None;
}
