using System.Collections.Immutable;
using HaCluster.Engine.Values;
using HaCluster.Planning.Facts;
using HaCluster.Planning.Modelling.Pods;
using HaCluster.Simulation.Model;

namespace HaCluster.Planning.Modelling.Volumes;

/// <summary>The claimed volumes of a pod; those on the node (<c>emptyDir</c>, <c>hostPath</c>, configuration) are not.</summary>
/// <param name="classes">Storage classes of the cluster, for the default of claims that name none.</param>
internal sealed class VolumeReader(ClusterStorage classes)
{
    private const string ClassAnnotation = "volume.beta.kubernetes.io/storage-class";

    /// <param name="claims">The namespace's own claims by name.</param>
    public IEnumerable<VolumeClaim> Read(PropertyValue? podSpec, IReadOnlyDictionary<string, PersistentVolumeClaim> claims)
    {
        foreach (var volume in podSpec.At("volumes").Items())
        {
            if (volume.At("persistentVolumeClaim") is { } reference)
            {
                var name = reference.At("claimName").Text() ?? "";
                yield return (claims.GetValueOrDefault(name)?.Request ?? new VolumeClaim(name, 0, null) { Class = null }) with { Owner = ClaimOwner.Other };
            }
            else if (volume.At("ephemeral", "volumeClaimTemplate") is { } template)
            {
                yield return Claim(volume.At("name").Text() ?? "", template) with { Owner = ClaimOwner.Pod };
            }
            else if (volume.At("awsElasticBlockStore", "volumeID").Text() is { } id)
            {
                yield return new VolumeClaim(IdOf(id), 0, null) { Owner = ClaimOwner.None };
            }
        }
    }

    public ImmutableArray<VolumeClaim> Templates(PropertyValue? templates) =>
        [.. templates.Items().Select(template => Claim(template.At("metadata", "name").Text() ?? "", template))];

    /// <param name="claim">A claim, or a template of one: with <c>metadata</c> and <c>spec</c>.</param>
    public VolumeClaim Claim(string name, PropertyValue? claim)
    {
        var spec = claim.At("spec");
        var className = claim.At("metadata", "annotations", ClassAnnotation).Text() ?? spec.At("storageClassName").Text() ?? classes.DefaultClass?.Name;
        return new VolumeClaim(name, Bytes(spec.At("resources", "requests", "storage")), className)
        {
            Class = classes.ClassOf(className),
            Access = AccessModes(spec.At("accessModes")),
            IsBlock = spec.At("volumeMode").Text() == "Block",
            Selector = SelectorReader.Selector(spec.At("selector")),
        };
    }

    /// <summary>The claim of an object or template.</summary>
    /// <param name="owner">The name of the owner of the volumes.</param>
    /// <param name="spec">Of the claim.</param>
    public static DeclaredClaim Declared(string @namespace, string owner, string name, PropertyValue? spec, int count, Origin source)
    {
        var size = ContainerDefaults.Amount(spec.At("resources", "requests", "storage"));
        return new DeclaredClaim(@namespace, owner, new VolumeClaim(name, (long)(size ?? 0), spec.At("storageClassName").Text()), count, source, size is not null);
    }

    public static long Bytes(PropertyValue? quantity) => (long)(ContainerDefaults.Amount(quantity) ?? 0);

    public static VolumeAccess AccessModes(PropertyValue? modes) =>
        modes.Texts().Aggregate(VolumeAccess.None, (sum, mode) => sum | (Enum.TryParse<VolumeAccess>(mode, out var one) ? one : VolumeAccess.None));

    /// <summary>In-tree volumes write <c>aws://zone/vol-1</c>, too.</summary>
    public static string IdOf(string volumeId) => volumeId[(volumeId.LastIndexOf('/') + 1)..];
}
