using HaCluster.Engine.Graph;
using HaCluster.Engine.Values;
using HaCluster.Planning.Capacity;
using HaCluster.Planning.Costs.Estimates;
using HaCluster.Planning.Facts;

namespace HaCluster.Planning.Costs.Pricers;

/// <summary>Volumes that the EBS driver makes for claims of pods.</summary>
internal static class ClaimCosts
{
    private const string ClassType = "kubernetes:storage.k8s.io/v1:StorageClass";
    private const string EbsDriver = "ebs.csi.aws.com";
    private const decimal Gib = 1024m * 1024 * 1024;

    public static void AddClaim(ResourceNode claim, CostSheet sheet) =>
        Add(claim, NameOf(claim), claim.Inputs.At("spec"), replicas: 1, sheet);

    public static void AddStatefulSet(ResourceNode set, CostSheet sheet)
    {
        foreach (var template in set.Inputs.At("spec", "volumeClaimTemplates").Items())
            Add(set, NameOf(set), template.At("spec"), set.Inputs.At("spec", "replicas").Integer() ?? 1, sheet);
    }

    /// <param name="owner">Whose volumes they are, and whose component pays.</param>
    public static void Add(ResourceNode owner, string name, PropertyValue? claimSpec, int replicas, CostSheet sheet)
    {
        var what = $"{name}: volumes";
        if (claimSpec.At("resources", "requests", "storage").Text() is not { } size || Quantity.Parse(size) is not { } bytes)
        {
            sheet.Unknown(owner, what, "its claim does not say how large they are");
            return;
        }

        var className = claimSpec.At("storageClassName").Text();
        if (ClassOf(className, sheet) is not { } found)
        {
            sheet.Unknown(owner, what, $"storage class {className ?? "by default"} is not in the plan; {replicas} of {size}");
            return;
        }

        foreach (var part in VolumeParts.Of(bytes / Gib, found.Inputs.At("parameters")))
        {
            sheet.Add(owner, new CostItem($"{name}: {part.Name("volumes")}", part.Item, part.Amount * replicas)
            {
                Role = CostRole.Volume,
                Subject = name,
                Replicas = replicas,
                Zones = replicas > 1 ? sheet.Zones : [],
            });
        }

        SnapshotCosts.Add(owner, name, bytes / Gib * replicas, sheet);
    }

    private static ResourceNode? ClassOf(string? name, CostSheet sheet) => sheet.OfType(ClassType)
        .Where(candidate => candidate.Inputs.At("provisioner").Text() == EbsDriver)
        .FirstOrDefault(candidate => name is null
            ? candidate.Inputs.At("metadata", "annotations", "storageclass.kubernetes.io/is-default-class").IsTrue()
            : NameOf(candidate) == name);

    private static string NameOf(ResourceNode resource) => resource.Inputs.At("metadata", "name").Text() ?? resource.Name;
}
