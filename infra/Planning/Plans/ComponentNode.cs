using System.Collections.Immutable;

namespace HaCluster.Planning.Plans;

/// <summary>A component of the program: its own resources counted by type, and the components inside it.</summary>
/// <param name="Type">The type token, such as <c>hacluster:network:Network</c>.</param>
/// <param name="Resources">Resources of providers whose nearest component is this one.</param>
public sealed record ComponentNode(
    string Name, string Type, ImmutableArray<TypeCount> Resources, ImmutableArray<ComponentNode> Children)
{
    /// <summary>Resources of providers in this component and below.</summary>
    public int Total => Resources.Sum(count => count.Count) + Children.Sum(child => child.Total);
}
