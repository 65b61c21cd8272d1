using System.Collections.Immutable;
using HaCluster.Engine.Graph;
using HaCluster.Planning.Capacity;
using HaCluster.Planning.Facts;
using HaCluster.Simulation.Model;

namespace HaCluster.Planning.ServiceQuotas.Needs;

/// <summary>
/// EBS volumes in TiB by type: disks of nodes, claims of the cluster. Databases and OpenSearch domains have disks that AWS
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

    public static IEnumerable<QuotaNeed> Of(ResourceGraph graph, ClusterModel cluster, ImmutableArray<NodeGroupDemand> groups, List<string> notes)
    {
        var classes = new EbsClasses(graph);
        var claims = cluster.Claims
            .Select(claim => (Type: classes.TypeOf(claim.Claim.StorageClass) ?? Assume(claim.Claim.StorageClass, notes), Gib: claim.Count * claim.Claim.Bytes / Gib))
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
                $"disks of nodes {Quantity.Bytes(atMost * Gib)} at the maximum of nodes, claims {Quantity.Bytes(claimed * Gib)}");
        }
    }

    private static string Assume(string? name, List<string> notes)
    {
        notes.Add($"storage class {name ?? "(the default one)"} is not declared here; its volumes are counted as {UnknownType}");
        return UnknownType;
    }
}
