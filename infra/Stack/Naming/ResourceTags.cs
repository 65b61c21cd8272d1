using System.Collections.Immutable;
using Pulumi;

namespace HaCluster.Stack.Naming;

/// <summary>
/// The tags of every AWS resource: creator, stack and component. They are set on each resource, not on an explicit provider, so
/// that all <c>aws:*</c> settings of the user (profile, assumed role ...) keep their meaning.
/// </summary>
public sealed class ResourceTags
{
    private readonly ImmutableSortedDictionary<string, string> _common;

    private ResourceTags(ImmutableSortedDictionary<string, string> common) => _common = common;

    public static ResourceTags For(string project, string stack, string cluster, IReadOnlyDictionary<string, string> users) => new(
        ImmutableSortedDictionary.CreateRange(StringComparer.Ordinal, users)
            .SetItem("Project", project)
            .SetItem("Stack", stack)
            .SetItem("Cluster", cluster)
            .SetItem("ManagedBy", "Pulumi"));

    /// <summary>The same tags with the name of a component.</summary>
    public ResourceTags Of(string component) => new(_common.SetItem("Component", component));

    /// <summary>The tags of a resource called <paramref name="name"/>, with any that only this one needs.</summary>
    public InputMap<string> Named(string name, params ReadOnlySpan<(string Key, string Value)> others) => Plain(name, others);

    /// <summary>As <see cref="Named"/>, for what needs the tags as plain text.</summary>
    public ImmutableDictionary<string, string> Plain(string name, params ReadOnlySpan<(string Key, string Value)> others)
    {
        var tags = _common.SetItem("Name", name).ToBuilder();
        foreach (var (key, value) in others)
            tags[key] = value;
        return tags.ToImmutableDictionary();
    }
}
