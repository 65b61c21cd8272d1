using System.Collections.Immutable;
using HaCluster.Engine.Values;
using HaCluster.Planning.Capacity;
using HaCluster.Planning.Facts;
using HaCluster.Simulation.Model;

namespace HaCluster.Planning.Modelling.Pods;

/// <summary>The volumes of a pod that are claimed; those that live and die with the pod on its node are none.</summary>
internal static class VolumeReader
{
    /// <param name="claims">The namespace's own claims by name.</param>
    public static IEnumerable<VolumeClaim> Read(PropertyValue? podSpec, IReadOnlyDictionary<string, PropertyValue> claims)
    {
        foreach (var volume in podSpec.At("volumes").Items())
        {
            if (volume.At("persistentVolumeClaim", "claimName").Text() is { } name)
                yield return Claim(name, claims.GetValueOrDefault(name).At("spec"));
            else if (volume.At("ephemeral", "volumeClaimTemplate", "spec") is { } spec)
                yield return Claim(volume.At("name").Text() ?? "", spec);
        }
    }

    public static ImmutableArray<VolumeClaim> Templates(PropertyValue? templates) =>
        [.. templates.Items().Select(template => Claim(template.At("metadata", "name").Text() ?? "", template.At("spec")))];

    /// <summary>What an object, or a template of one, claims.</summary>
    /// <param name="owner">Whose volumes they are, as people call it.</param>
    public static DeclaredClaim Declared(string @namespace, string owner, string name, PropertyValue? spec, int count, Origin source) => new(
        @namespace, owner, Claim(name, spec), count, source, ContainerDefaults.Amount(spec.At("resources", "requests", "storage")) is not null);

    public static VolumeClaim Claim(string name, PropertyValue? spec) => new(
        name,
        (long)(ContainerDefaults.Amount(spec.At("resources", "requests", "storage")) ?? 0),
        spec.At("storageClassName").Text());
}
