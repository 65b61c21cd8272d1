using HaCluster.Engine.Graph;
using HaCluster.Planning.Costs.Estimates;
using HaCluster.Planning.Facts;
using HaCluster.Simulation.Model;

namespace HaCluster.Planning.Costs.Pricers;

/// <summary>Volumes that the EBS driver creates for the claims of the cluster.</summary>
internal static class ClaimCosts
{
    private const decimal Gib = 1024m * 1024 * 1024;

    public static void Add(CostSheet sheet)
    {
        var classes = new EbsClasses(sheet.Graph);
        foreach (var claim in sheet.Cluster.Claims)
        {
            if (claim.Source.Urn is { } urn && sheet.Find(urn) is { IsRead: false } owner)
                Add(owner, claim, classes, sheet);
        }
    }

    /// <param name="owner">The resource whose component pays.</param>
    private static void Add(ResourceNode owner, DeclaredClaim claim, EbsClasses classes, CostSheet sheet)
    {
        var name = claim.Owner;
        var what = $"{name}: volumes";
        if (!claim.IsSized)
        {
            sheet.Unknown(owner, what, "its claim has no size");
            return;
        }

        var gib = claim.Claim.Bytes / Gib;
        if (classes.Find(claim.Claim.StorageClass) is not { } parameters)
        {
            var size = QuotaUse.Show("requests.storage", claim.Claim.Bytes);
            sheet.Unknown(owner, what, $"storage class {claim.Claim.StorageClass ?? "by default"} is not in the plan; {claim.Count} of {size}");
            return;
        }

        foreach (var part in VolumeParts.Of(gib, parameters))
        {
            sheet.Add(owner, new CostItem($"{name}: {part.Name("volumes")}", part.Item, part.Amount * claim.Count)
            {
                Role = CostRole.Volume,
                Subject = name,
                Replicas = claim.Count,
                Zones = claim.Count > 1 ? sheet.Zones : [],
            });
        }

        SnapshotCosts.Add(owner, claim, gib * claim.Count, sheet);
    }
}
