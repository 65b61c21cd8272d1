using HaCluster.Engine.Values;
using HaCluster.Planning.Facts;
using HaCluster.Planning.Modelling.Objects;
using HaCluster.Planning.Modelling.Pods;
using HaCluster.Planning.Rendering;

namespace HaCluster.Planning.Modelling.Manifests;

/// <summary>
/// Finds values that the API server would refuse, in the fields that the model reads: a misread value would make the proof wrong.
/// </summary>
internal static class ManifestCheck
{
    private static readonly string[] BudgetBounds = ["spec.minAvailable", "spec.maxUnavailable"];
    private static readonly string[] ContainerLists = ["initContainers", "containers"];
    private static readonly string[] Sides = ["requests", "limits"];

    private const string QuantityAdvice = "write a quantity such as 500m, 2 or 16Gi";

    public static IEnumerable<string> Problems(KubernetesObject subject)
    {
        PropertyValue content = new PropertyValue.Map(subject.Content);
        var kind = ServedKinds.KindOf(subject);
        if (!ServedKinds.IsRead(subject))
            return [];
        var types = FieldTypes.Problems(content).ToList();
        // A wrong type is reported once, not twice.
        return types.Count > 0 ? types : kind switch
        {
            "Deployment" or "StatefulSet" or "ReplicaSet" or "ReplicationController" => Count(content, "spec.replicas").Concat(Pods(content, PodTemplates.PathOf(kind)!)),
            "ResourceQuota" => Quantities(content, "spec.hard"),
            "Node" => Quantities(content, "status.allocatable"),
            "HorizontalPodAutoscaler" => Count(content, "spec.minReplicas").Concat(Count(content, "spec.maxReplicas")),
            "PodDisruptionBudget" => Budget(content),
            _ => PodTemplates.PathOf(kind) is { } path ? Pods(content, path) : [],
        };
    }

    private static IEnumerable<string> Pods(PropertyValue content, string path)
    {
        var spec = Find(content, path);
        if (spec is not PropertyValue.Map)
        {
            yield return $"it has no {path}; without it there are no pods";
            yield break;
        }

        foreach (var list in ContainerLists)
        {
            foreach (var (container, index) in spec.At(list).Items().Select((container, index) => (container, index)))
            {
                foreach (var side in Sides)
                {
                    foreach (var problem in Quantities(container.At("resources", side), $"{path}.{list}[{index}].resources.{side}", QuantityAdvice))
                        yield return problem;
                }
            }
        }
    }

    private static IEnumerable<string> Quantities(PropertyValue content, string path) => Quantities(Find(content, path), path, QuantityAdvice);

    private static IEnumerable<string> Quantities(PropertyValue? amounts, string path, string advice) => amounts.Entries()
        .Where(entry => ContainerDefaults.Amount(entry.Value) is not >= 0)
        .Select(entry => $"{path}.{entry.Key} is {FieldTypes.Show(entry.Value)}; {advice}");

    private static IEnumerable<string> Count(PropertyValue content, string path) =>
        Find(content, path) is { } value && value.Integer() is not >= 0 ? [$"{path} is {FieldTypes.Show(value)}; write a whole number"] : [];

    private static IEnumerable<string> Budget(PropertyValue content)
    {
        var bounds = BudgetBounds.Where(path => Find(content, path) is not null).ToList();
        if (bounds.Count == 2)
            return ["it has minAvailable and maxUnavailable; Kubernetes takes one of them"];
        return bounds.Where(path => PodAmount.Of(Find(content, path)) is null)
            .Select(path => $"{path} is {FieldTypes.Show(Find(content, path)!)}; write a whole number or a share such as 50%");
    }

    private static PropertyValue? Find(PropertyValue content, string path) => content.At(path.Split('.'));
}
