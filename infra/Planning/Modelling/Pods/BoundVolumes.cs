using System.Collections.Immutable;
using HaCluster.Engine.Values;
using HaCluster.Planning.Facts;
using HaCluster.Simulation.Model;

namespace HaCluster.Planning.Modelling.Pods;

/// <summary>Volumes that exist already hold their pods where they are.</summary>
internal static class BoundVolumes
{
    /// <summary>The node affinity of each volume that has one.</summary>
    public static ImmutableArray<ImmutableArray<NodeAffinityTerm>> Read(PropertyValue? podSpec, NamespaceContext context) =>
    [
        .. podSpec.At("volumes").Items()
            .Select(volume => volume.At("persistentVolumeClaim", "claimName").Text())
            .OfType<string>()
            .Select(claim => context.Claims.GetValueOrDefault(claim).At("spec", "volumeName").Text())
            .OfType<string>()
            .Select(volume => AffinityReader.Terms(context.Volumes.GetValueOrDefault(volume).At("spec", "nodeAffinity", "required")))
            .Where(terms => !terms.IsEmpty),
    ];
}
