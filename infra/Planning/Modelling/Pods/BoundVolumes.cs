using System.Collections.Immutable;
using HaCluster.Engine.Values;
using HaCluster.Planning.Facts;
using HaCluster.Simulation.Model;

namespace HaCluster.Planning.Modelling.Pods;

/// <summary>Volumes that exist already hold their pods where they are: the node affinity of a volume counts like one of the pod.</summary>
internal static class BoundVolumes
{
    public static Affinity Apply(Affinity affinity, PropertyValue? podSpec, NamespaceContext context)
    {
        foreach (var terms in Terms(podSpec, context))
        {
            // Each is a choice of terms, and all choices hold together: every pair of one term of each.
            affinity = affinity with
            {
                Nodes = affinity.Nodes.IsEmpty
                    ? terms
                    : [.. affinity.Nodes.SelectMany(own => terms.Select(term => new NodeAffinityTerm([.. own.Labels, .. term.Labels], [.. own.Names, .. term.Names])))],
            };
        }

        return affinity;
    }

    private static IEnumerable<ImmutableArray<NodeAffinityTerm>> Terms(PropertyValue? podSpec, NamespaceContext context) =>
        podSpec.At("volumes").Items()
            .Select(volume => volume.At("persistentVolumeClaim", "claimName").Text())
            .OfType<string>()
            .Select(claim => context.Claims.GetValueOrDefault(claim).At("spec", "volumeName").Text())
            .OfType<string>()
            .Select(volume => AffinityReader.Terms(context.Volumes.GetValueOrDefault(volume).At("spec", "nodeAffinity", "required")))
            .Where(terms => !terms.IsEmpty);
}
