using HaCluster.Operations.Kubernetes;
using HaCluster.Operations.Running;
using k8s.Models;

namespace HaCluster.Operations.Nodes;

/// <summary>Which zone the volumes of a pod tie it to.</summary>
internal static class ZonalVolumes
{
    // Older volumes of EBS carry the driver's own key.
    private static readonly string[] ZoneKeys = [NodeReading.ZoneLabel, "topology.ebs.csi.aws.com/zone"];

    /// <returns>Null when no volume of the pod is bound to a single zone.</returns>
    public static async Task<string?> ZoneOfAsync(StepContext context, V1Pod pod, CancellationToken cancellationToken)
    {
        foreach (var claimName in ClaimsOf(pod))
        {
            var claim = await context.Kubernetes.FindAsync(Kinds.PersistentVolumeClaims, pod.Metadata.NamespaceProperty, claimName, cancellationToken);
            if (claim?.Spec.VolumeName is { Length: > 0 } name
                && await context.Kubernetes.FindAsync(Kinds.PersistentVolumes, null, name, cancellationToken) is { } volume
                && ZoneOf(volume) is { } zone)
                return zone;
        }
        return null;
    }

    public static IEnumerable<string> ClaimsOf(V1Pod pod) =>
        from volume in pod.Spec.Volumes ?? []
        where volume.PersistentVolumeClaim is not null
        select volume.PersistentVolumeClaim.ClaimName;

    public static string? ZoneOf(V1PersistentVolume volume) =>
        (from term in volume.Spec.NodeAffinity?.Required?.NodeSelectorTerms ?? []
         from expression in term.MatchExpressions ?? []
         where ZoneKeys.Contains(expression.Key) && expression is { OperatorProperty: "In", Values.Count: 1 }
         select expression.Values[0]).FirstOrDefault();
}
