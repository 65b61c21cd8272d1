using HaCluster.Engine.Values;
using HaCluster.Planning.Facts;
using HaCluster.Planning.Modelling.Charts.Building;
using HaCluster.Planning.Modelling.Volumes;
using HaCluster.Planning.Rendering;
using HaCluster.Simulation.Model;

namespace HaCluster.Planning.Modelling.Charts;

/// <summary>Volumes requested by the values of a chart that is not modelled, in the two forms that most charts use.</summary>
internal static class ChartValues
{
    /// <summary>
    /// A <c>volumeClaimTemplate</c>, or a <c>persistence</c> that is enabled, as <c>helm create</c> lays it out; the number of replicas is beside it or
    /// further out.
    /// </summary>
    public static IEnumerable<DeclaredClaim> Claims(HelmRelease release)
    {
        var name = release.Chart.Split('/')[^1];
        return Walk(name, new PropertyValue.Map(release.Values), 1, new Found(release.Namespace, new Origin.Chart(release.Urn, name, release.Version)));
    }

    private static IEnumerable<DeclaredClaim> Walk(string name, PropertyValue? values, int replicas, Found found)
    {
        var here = values.At("replicas").Integer() ?? values.At("replicaCount").Integer() ?? replicas;
        foreach (var (key, value) in values.Entries())
        {
            if (value.At("volumeClaimTemplate", "spec") is { } claim)
                yield return found.Claim(name, claim, here);
            else if (key is "persistence" or "persistentVolume" && value.At("enabled").IsTrue())
                yield return found.Claim(name, Spec(value), here);
            else
            {
                // prometheus.prometheusSpec is called prometheus.
                foreach (var inner in Walk(key.EndsWith("Spec", StringComparison.Ordinal) ? name : key, value, here, found))
                    yield return inner;
            }
        }
    }

    private static PropertyValue.Map Spec(PropertyValue persistence) => ObjectParts.Map(
        ("storageClassName", persistence.At("storageClassName") ?? persistence.At("storageClass")),
        ("resources", ObjectParts.Map(("requests", ObjectParts.Map(("storage", persistence.At("size")))))));

    private sealed record Found(string Namespace, Origin Source)
    {
        public DeclaredClaim Claim(string name, PropertyValue spec, int count) => VolumeReader.Declared(Namespace, name, name, spec, count, Source);
    }
}
