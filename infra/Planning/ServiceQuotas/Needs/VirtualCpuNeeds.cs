using System.Collections.Immutable;
using HaCluster.Planning.Capacity;

namespace HaCluster.Planning.ServiceQuotas.Needs;

/// <summary>vCPUs by family group. Each node counts as the largest type of its group, because AWS chooses.</summary>
internal static class VirtualCpuNeeds
{
    public static IEnumerable<QuotaNeed> Of(ImmutableArray<NodeGroupDemand> groups, List<string> notes)
    {
        var shares = groups.SelectMany(group => SharesOf(group, notes)).ToList();
        return shares.GroupBy(share => share.Code).Select(quota => QuotaNeed.Of(
            "ec2",
            quota.Key,
            quota.Sum(share => share.Group.Desired * share.Size),
            quota.Sum(share => share.Group.AtMost * share.Size),
            "vCPUs, (maximum nodes + surge of an update) x vCPUs per node: "
                + string.Join(", ", quota.Select(share => $"{share.Group.Name} ({share.Group.Max}+{share.Group.Surge})x{share.Size}"))));
    }

    private static IEnumerable<(string Code, NodeGroupDemand Group, int Size)> SharesOf(NodeGroupDemand group, List<string> notes)
    {
        if (group.InstanceTypes.IsEmpty)
            notes.Add($"{group.Name}: AWS chooses its instance types; their vCPUs are not counted");
        var known = new List<(string Code, int Size)>();
        foreach (var name in group.InstanceTypes)
        {
            if (InstanceTypeCatalog.Find(name) is not { } type)
                notes.Add($"{group.Name}: {name} is not in the instance-type table; its vCPUs are not counted");
            else if (VirtualCpuQuotas.CodeOf(name, group.IsSpot) is not { } code)
                notes.Add($"{group.Name}: {name} counts against a quota that is not in the quota table");
            else
                known.Add((code, type.VirtualCpus));
        }

        return known.GroupBy(type => type.Code).Select(quota => (quota.Key, group, quota.Max(type => type.Size)));
    }
}
