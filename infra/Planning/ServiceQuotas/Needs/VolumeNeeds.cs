using System.Collections.Immutable;
using HaCluster.Engine.Graph;
using HaCluster.Engine.Values;
using HaCluster.Planning.Capacity;
using HaCluster.Planning.Facts;
using HaCluster.Planning.Rendering;

namespace HaCluster.Planning.ServiceQuotas.Needs;

/// <summary>
/// EBS volumes in TiB by type: disks of nodes, claims of StatefulSets and of charts. Databases and OpenSearch domains have disks that AWS
/// does not count here.
/// </summary>
internal static class VolumeNeeds
{
    private const decimal Gib = 1024m * 1024 * 1024;
    private const decimal GibInATib = 1024;
    private const string UnknownType = "gp3";

    private static readonly ImmutableSortedDictionary<string, string> Codes = new Dictionary<string, string>
    {
        ["gp2"] = "L-D18FCD1D",
        ["gp3"] = "L-7A658B76",
        ["io1"] = "L-FD252861",
        ["io2"] = "L-09BD8365",
    }.ToImmutableSortedDictionary(StringComparer.Ordinal);

    public static IEnumerable<QuotaNeed> Of(ResourceGraph graph, ImmutableArray<NodeGroupDemand> groups, List<string> notes)
    {
        var classes = new StorageClassTypes(graph);
        var claims = Claims(graph)
            .Select(claim => (Type: classes.TypeOf(claim.Class) ?? Assume(claim.Class, notes), claim.Gib))
            .GroupBy(claim => claim.Type)
            .ToDictionary(type => type.Key, type => type.Sum(claim => claim.Gib));
        foreach (var (type, code) in Codes)
        {
            var disks = groups.Select(group => (group, Gib: group.Disks.GetValueOrDefault(type))).ToList();
            var claimed = claims.GetValueOrDefault(type);
            var atMost = disks.Sum(disk => disk.group.AtMost * disk.Gib);
            yield return QuotaNeed.Of(
                "ebs",
                code,
                (disks.Sum(disk => disk.group.Desired * disk.Gib) + claimed) / GibInATib,
                (atMost + claimed) / GibInATib,
                $"disks of nodes {Quantity.Bytes(atMost * Gib)} at the most nodes, claims {Quantity.Bytes(claimed * Gib)}");
        }
    }

    private static IEnumerable<(string? Class, decimal Gib)> Claims(ResourceGraph graph) =>
    [
        .. graph.OfType("kubernetes:apps/v1:StatefulSet").SelectMany(set => set.Inputs.At("spec", "volumeClaimTemplates").Items()
            .Select(claim => OfClaim(claim.At("spec"), set.Inputs.At("spec", "replicas").Integer() ?? 1))),
        .. graph.OfType("kubernetes:core/v1:PersistentVolumeClaim").Select(claim => OfClaim(claim.Inputs.At("spec"), 1)),
        .. HelmRelease.Of(graph).SelectMany(release => ChartClaims(new PropertyValue.Map(release.Values), replicas: 1)),
    ];

    /// <summary>
    /// Charts spell their volumes in two ways: a <c>volumeClaimTemplate</c>, or <c>persistence</c> that is enabled and has a size; the
    /// number
    /// of replicas stands beside it or further out.
    /// </summary>
    private static IEnumerable<(string? Class, decimal Gib)> ChartClaims(PropertyValue? value, int replicas)
    {
        if (value is PropertyValue.List list)
            return list.Items.SelectMany(item => ChartClaims(item, replicas));
        if (value is not PropertyValue.Map map)
            return [];
        var here = map.At("replicas").Integer() ?? map.At("replicaCount").Integer() ?? replicas;
        var claims = map.Entries.Where(entry => entry.Key != "volumeClaimTemplate").SelectMany(entry => ChartClaims(entry.Value, here));
        if (map.At("volumeClaimTemplate", "spec") is { } template)
            claims = claims.Append(OfClaim(template, here));
        if (map.At("persistence", "enabled").IsTrue() && map.At("persistence", "size").Text() is { } size)
            claims = claims.Append((map.At("persistence", "storageClass").Text() ?? map.At("persistence", "storageClassName").Text(), here * GibOf(size)));
        return claims;
    }

    private static (string? Class, decimal Gib) OfClaim(PropertyValue? spec, int count) =>
        (spec.At("storageClassName").Text(), count * GibOf(spec.At("resources", "requests", "storage").Text() ?? "0"));

    private static decimal GibOf(string quantity) => (Quantity.Parse(quantity) ?? 0) / Gib;

    private static string Assume(string? name, List<string> notes)
    {
        notes.Add($"storage class {name ?? "(the default one)"} is not declared here; its volumes are counted as {UnknownType}");
        return UnknownType;
    }
}
