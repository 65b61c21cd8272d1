using System.Collections.Immutable;
using HaCluster.Engine.Values;
using HaCluster.Planning.Facts;

namespace HaCluster.Planning.Modelling.Pods;

/// <summary>A pod's <c>resourceClaims</c> (https://kubernetes.io/docs/concepts/scheduling-eviction/dynamic-resource-allocation/), which are not modelled.</summary>
internal static class ResourceClaims
{
    public static ImmutableArray<string> Read(PropertyValue? podSpec) => [.. podSpec.At("resourceClaims").Items().Select(claim => claim.At("name").Text() ?? "")];

    public static string WhyUnknown(ImmutableArray<string> claims) =>
        $"its resource claims ({string.Join(", ", claims)}) are not modelled: which nodes have such devices free is not known";
}
