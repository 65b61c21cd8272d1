using HaCluster.Engine.Values;
using HaCluster.Planning.Capacity;
using HaCluster.Planning.Facts;
using HaCluster.Planning.Modelling.Pods;

namespace HaCluster.Planning.Modelling.Objects;

/// <summary>Values that the API server accepts, at most with a warning, and that fail later.</summary>
internal static class ObjectNotes
{
    private static readonly string[] ContainerLists = ["initContainers", "containers"];
    private static readonly string[] Sides = ["requests", "limits"];
    private static readonly string[] InBytes = ["memory", "ephemeral-storage"];

    /// <summary>Amounts of bytes with a fraction (https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/#meaning-of-memory).</summary>
    public static IEnumerable<string> OfAmounts(ClusterObject subject) =>
        from list in ContainerLists
        from container in PodTemplates.SpecOf(subject).At(list).Items()
        from side in Sides
        from resource in InBytes
        let value = container.At("resources", side, resource)
        let amount = ContainerDefaults.Amount(value)
        where amount is not null && amount != decimal.Truncate(amount.Value)
        select $"{side}.{resource} of container {container.At("name").Text()} is {Manifests.FieldTypes.Show(value!)}, which is {Quantity.Number(amount!.Value)} of a byte: "
            + $"m means thousandths, {LikelyAmount(value)} was probably meant{(side == "limits" && resource == "memory" ? "; with this limit its pods are OOM killed at once" : "")}";

    private static string LikelyAmount(PropertyValue? value) => value.Text() is { } text && text.EndsWith('m') ? $"{text[..^1]}Mi" : "a whole number of bytes";
}
