using System.Collections.Immutable;
using HaCluster.Engine.Graph;
using HaCluster.Engine.Values;

namespace HaCluster.Planning.Differences;

/// <summary>What becomes of a resource.</summary>
public enum ResourceChange
{
    Added,
    Removed,

    /// <summary>Changed in place.</summary>
    Updated,

    /// <summary>Created again and deleted: what is changed cannot be changed in place.</summary>
    Replaced,

    /// <summary>Changed, and whether in place is not known here: <c>pulumi preview</c> asks the provider.</summary>
    MaybeReplaced,
}

/// <summary>A value that is not the same in both plans.</summary>
/// <param name="Path">Such as <c>vpcConfig.subnetIds[2]</c>.</param>
/// <param name="Before">Null where it was not set.</param>
/// <param name="After">Null where it is not set any more.</param>
/// <param name="Effect">What a change of it does to the resource.</param>
/// <param name="Because">The resource whose replacement is the reason, of a value that is the same until then.</param>
public sealed record PropertyDifference(string Path, PropertyValue? Before, PropertyValue? After, ReplacementEffect Effect, string? Because = null);

/// <summary>A resource that is not the same in both plans.</summary>
/// <param name="Label"><c>Subnet network-private-a</c>.</param>
/// <param name="Node">As it is after the change; of one that is removed, as it was.</param>
public sealed record ResourceDifference(string Label, ResourceNode Node, ResourceChange Change, ImmutableArray<PropertyDifference> Properties);

/// <summary>
/// How two plans differ. Ids, ARNs and addresses that a plan makes up differ between stacks and mean the same: they are compared as references to
/// the resource they belong to.
/// </summary>
public sealed record PlanDifference(ResourceGraph Before, ResourceGraph After, ImmutableArray<ResourceDifference> Resources, int Unchanged)
{
    public static PlanDifference Of(ResourceGraph before, ResourceGraph after) => new PlanComparison(before, after).Compare();

    public int Count(ResourceChange change) => Resources.Count(resource => resource.Change == change);
}
